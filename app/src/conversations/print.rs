//! One conversation for paper: without the frame, black on white.

use super::{
    PrintedThread,
    asked::{Asked, use_asked},
    bubbles::Day,
    read_print,
    thread::NoConversation,
};
use crate::{
    error::AppError,
    tr,
    ui::{Empty, Skeleton, TroubleCard},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/conversations/{id}/print`
#[component]
pub fn PrintPage() -> impl IntoView {
    let (params, asked) = (use_params_map(), use_asked());
    let printed = Resource::new(move || params.with(|map| map.get("id").unwrap_or_default()), read_print);
    view! {
        <Title text=tr!("Conversa para imprimir", "Conversation to print") />
        <main class="paper" id="main">
            <Transition fallback=|| {
                view! { <Skeleton rows=10 label=tr!("Carregando a conversa", "Loading the conversation") /> }
            }>
                {move || {
                    let asked = asked.get();
                    Suspend::new(async move {
                        match printed.await {
                            Ok(printed) => view! { <Paper printed asked /> }.into_any(),
                            Err(AppError::NotFound) => view! { <NoConversation /> }.into_any(),
                            Err(error) => {
                                view! {
                                    <h1 class="visually-hidden">
                                        {tr!("Conversa para imprimir", "Conversation to print")}
                                    </h1>
                                    <TroubleCard error />
                                }
                                    .into_any()
                            }
                        }
                    })
                }}
            </Transition>
        </main>
    }
}

#[component]
fn Paper(printed: PrintedThread, asked: Asked) -> impl IntoView {
    let PrintedThread { href, who, phone, status, tenant, by, at, zone, left_out, days } = printed;
    let (named, empty, href) = (who != phone, days.is_empty(), asked.link(&href, &[]));
    let made = tr!(format!("Impresso em {at} ({zone}) por "), format!("Printed on {at} ({zone}) by "));
    view! {
        <p class="paper-tools">
            <a class="button" href=href rel="external">{tr!("← Voltar à conversa", "← Back to the conversation")}</a>
            <button class="button primary scripted" type="button" on:click=|_| print()>
                {tr!("Imprimir", "Print")}
            </button>
            <span class="soft unscripted">
                {tr!(
                    "Para imprimir, use o menu do navegador ou Ctrl+P.",
                    "To print, use the browser’s menu or Ctrl+P."
                )}
            </span>
        </p>
        <header class="paper-head">
            <p class="paper-tenant"><bdi>{tenant}</bdi></p>
            <h1>{tr!("Conversa com ", "Conversation with ")} <bdi>{who}</bdi></h1>
            <p>
                {named.then(|| view! { <span class="phone">{phone}</span> })}
                {status
                    .map(|status| {
                        let words = tr!(format!("Estado: {}", status.label), format!("Status: {}", status.label));
                        view! { <span class="paper-status">{words}</span> }
                    })}
            </p>
            <p class="soft">{made} <bdi>{by}</bdi></p>
            {left_out.map(|words| view! { <p class="paper-left" role="note">{words}</p> })}
        </header>
        {days.into_iter().map(|day| view! { <Day day /> }).collect_view()}
        {empty
            .then(|| {
                view! {
                    <Empty
                        title=tr!("Sem mensagens", "No messages")
                        text=tr!("Esta conversa ainda não tem mensagens.", "This conversation has no messages yet.")
                    />
                }
            })}
    }
    .into_any()
}

/// Asks the browser for its own dialogue.
fn print() {
    #[cfg(target_arch = "wasm32")]
    let _ = window().print();
}
