//! One conversation: its messages as a thread, by day.

use super::{Message, Thread, ThreadDay, read_thread};
use crate::{
    error::AppError,
    ui::{Empty, Moment, Skeleton, StaleNotice, StatusBadge, Trouble},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/conversations/{id}?before=…`
#[component]
pub fn ThreadPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.with(|map| map.get("id").unwrap_or_default());
    let thread = Resource::new(
        move || (id(), query.with(|map| map.get("before").unwrap_or_default())),
        |(id, before)| read_thread(id, before),
    );
    view! {
        <Title text="Conversa" />
        <p class="back"><a href="/conversations">"← Conversas"</a></p>
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=10 label="Carregando a conversa" /></section> }>
            {move || Suspend::new(async move {
                match thread.await {
                    Ok(thread) => view! { <Whole thread id=params.with_untracked(|map| map.get("id").unwrap_or_default()) /> }.into_any(),
                    Err(AppError::NotFound) => view! { <Missing /> }.into_any(),
                    Err(error) => {
                        view! {
                            <h1 class="visually-hidden">"Conversa"</h1>
                            <section class="card"><Trouble error /></section>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <h1 class="empty-title">"Conversa não encontrada"</h1>
                <p class="empty-text">"Ela não existe ou não pertence a este painel."</p>
                <a class="button" href="/conversations">"Ver as conversas"</a>
            </div>
        </section>
    }
}

#[component]
fn Whole(thread: Thread, id: String) -> impl IntoView {
    let empty = thread.days.is_empty() && thread.trouble.is_none();
    let named = thread.who != thread.phone;
    view! {
        <StaleNotice stale=thread.stale />
        <section class="card flush thread">
            <header class="thread-head">
                <span class="face" aria-hidden="true">{thread.initial}</span>
                <div class="thread-who">
                    <h1><bdi>{thread.who}</bdi></h1>
                    {named.then(|| view! { <p class="soft phone">{thread.phone}</p> })}
                </div>
                <StatusBadge status=thread.status />
            </header>
            <div class="thread-body">
                {thread
                    .older
                    .map(|before| {
                        view! {
                            <p class="thread-more">
                                <a class="button" href=format!("/conversations/{id}?before={before}")>"Mensagens anteriores"</a>
                            </p>
                        }
                    })}
                {thread.days.into_iter().map(|day| view! { <Day day /> }).collect_view()}
                {empty.then(|| view! { <Empty title="Sem mensagens" text="Esta conversa ainda não tem mensagens." /> })}
                {thread.trouble.map(|error| view! { <Trouble error /> })}
                {thread
                    .partial
                    .then(|| {
                        view! {
                            <p class="thread-more">
                                <a class="button" href=format!("/conversations/{id}")>"Mensagens mais recentes"</a>
                            </p>
                        }
                    })}
            </div>
        </section>
    }
}

#[component]
fn Day(day: ThreadDay) -> impl IntoView {
    view! {
        <h2 class="thread-day"><span>{day.label}</span></h2>
        <ol class="bubbles">{day.messages.into_iter().map(|message| view! { <Bubble message /> }).collect_view()}</ol>
    }
}

#[component]
fn Bubble(message: Message) -> impl IntoView {
    let (class, author) =
        if message.outgoing { ("bubble out", "Enviada pelo negócio: ") } else { ("bubble in", "Recebida: ") };
    view! {
        <li class=class>
            <span class="visually-hidden">{author}</span>
            <p class="bubble-text" dir="auto">{message.text}</p>
            <span class="bubble-when"><Moment when=message.at /></span>
        </li>
    }
}
