//! The list of conversations, newest first, 50 a page.

use super::{ConversationPage, ConversationRow, read_page};
use crate::ui::{Empty, Moment, Pager, Skeleton, StaleNotice, StatusBadge, Trouble};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/conversations?before=…|after=…`
#[component]
pub fn ConversationsPage() -> impl IntoView {
    let query = use_query_map();
    let page = Resource::new(
        move || query.with(|q| (q.get("before").unwrap_or_default(), q.get("after").unwrap_or_default())),
        |(before, after)| read_page(before, after),
    );
    view! {
        <Title text="Conversas" />
        <header class="page-head">
            <div>
                <h1>"Conversas"</h1>
                <p class="page-sub">"A mais recente primeiro."</p>
            </div>
        </header>
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=12 label="Carregando as conversas" /></section> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <List page /> }.into_any(),
                    Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(page: ConversationPage) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <StaleNotice stale=page.stale />
            <section class="card">
                <Empty
                    title="Nenhuma conversa aqui"
                    text="Quando alguém escrever para o seu negócio, a conversa aparece nesta lista."
                    step=("Ver as mais recentes", "/conversations")
                />
            </section>
        }
        .into_any();
    }
    let newer = page.newer.map(|cursor| (format!("/conversations?after={cursor}"), "← Mais recentes"));
    let older = page.older.map(|cursor| (format!("/conversations?before={cursor}"), "Mais antigas →"));
    view! {
        <StaleNotice stale=page.stale />
        <section class="card flush">
            <ul class="talks">{page.rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}</ul>
        </section>
        <Pager label="Páginas de conversas" newer older />
    }
    .into_any()
}

#[component]
fn Row(row: ConversationRow) -> impl IntoView {
    let named = row.who != row.phone;
    view! {
        <li>
            <a class="talk" href=format!("/conversations/{}", row.id)>
                <span class="face" aria-hidden="true">{row.initial}</span>
                <span class="talk-who">
                    <bdi class="strong cut">{row.who}</bdi>
                    {named.then(|| view! { <span class="soft phone">{row.phone}</span> })}
                </span>
                <bdi class="talk-last soft cut">{row.last_message}</bdi>
                <span class="talk-status"><StatusBadge status=row.status /></span>
                <span class="talk-when soft"><Moment when=row.updated /></span>
            </a>
        </li>
    }
}
