//! The list of conversations, newest first, 50 a page.

use super::{
    ConversationFilter, ConversationPage, ConversationRow,
    filter::{Filter, LIST},
    read_page,
};
use crate::error::AppError;
use crate::ui::{Empty, Moment, Pager, ReadingNotice, Skeleton, StatusBadge, Trouble, address};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/conversations?q=…&status=…&author=…&from=…&to=…&before=…|after=…`
#[component]
pub fn ConversationsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|map| {
            let given = |key| map.get(key).unwrap_or_default();
            let filter = ConversationFilter {
                q: given("q"),
                status: given("status"),
                author: given("author"),
                from: given("from"),
                to: given("to"),
            };
            (filter, given("before"), given("after"))
        })
    };
    let page = Resource::new(asked, |(filter, before, after)| read_page(filter, before, after));
    view! {
        <Title text="Conversas" />
        <header class="page-head">
            <div>
                <h1>"Conversas"</h1>
                <p class="page-sub">"A mais recente primeiro."</p>
            </div>
        </header>
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=12 label="Carregando as conversas" /></section> }>
            {move || {
                let (filter, ..) = asked();
                Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <List page filter /> }.into_any(),
                        Err(error @ AppError::Invalid(_)) => {
                            view! { <Filter filter statuses=Vec::new() authors=Vec::new() error /> }.into_any()
                        }
                        Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn List(page: ConversationPage, filter: ConversationFilter) -> impl IntoView {
    let ConversationPage { rows, statuses, authors, notes, newer, older, reading } = page;
    let looked = filter != ConversationFilter::default();
    let to = |key: &'static str, cursor: &str| {
        let ConversationFilter { q, status, author, from, to } = &filter;
        address(LIST, &[("q", q), ("status", status), ("author", author), ("from", from), ("to", to), (key, cursor)])
    };
    let (talks, said) = {
        let ConversationFilter { q, status, author, from, to } = &filter;
        let days = [("from", from.as_str()), ("to", to.as_str())];
        let all = [("q", q.as_str()), ("status", status), ("author", author), days[0], days[1]];
        (address("/files/conversas.csv", &all), address("/files/mensagens.csv", &days))
    };
    let newer = newer.map(|cursor| (to("after", &cursor), "← Mais recentes"));
    let older = older.map(|cursor| (to("before", &cursor), "Mais antigas →"));
    let list = match (rows.is_empty(), looked) {
        (true, true) => view! {
            <section class="card">
                <Empty
                    title="Nada encontrado"
                    text="Procure por parte do nome, do telefone ou de uma mensagem, ou tire um filtro."
                    step=("Ver todas as conversas", LIST)
                />
            </section>
        }
        .into_any(),
        (true, false) => view! {
            <section class="card">
                <Empty
                    title="Nenhuma conversa aqui"
                    text="Quando alguém escrever para o seu negócio, a conversa aparece nesta lista."
                    step=("Ver as mais recentes", LIST)
                />
            </section>
        }
        .into_any(),
        (false, _) => view! {
            <section class="card flush">
                <ul class="talks">{rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}</ul>
            </section>
        }
        .into_any(),
    };
    view! {
        <ReadingNotice reading />
        <Filter filter statuses authors />
        {notes.into_iter().map(|note| view! { <p class="soft find-note" role="note">{note}</p> }).collect_view()}
        {list}
        <Pager label="Páginas de conversas" newer older />
        // External: files, not pages of the application.
        <p class="list-end">
            <a class="button" href=talks download rel="external">"Baixar conversas (CSV)"</a>
            <a class="button" href=said download rel="external">"Baixar mensagens (CSV)"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Row(row: ConversationRow) -> impl IntoView {
    let named = row.who != row.phone;
    view! {
        <li>
            <a class="talk" href=row.href>
                <span class="face" aria-hidden="true">{row.initial}</span>
                <span class="talk-who">
                    <bdi class="strong cut">{row.who}</bdi>
                    {named.then(|| view! { <span class="soft phone">{row.phone}</span> })}
                </span>
                <bdi class="talk-last soft cut">{row.last_message}</bdi>
                <span class="talk-status">{row.status.map(|status| view! { <StatusBadge status /> })}</span>
                <span class="talk-when soft">{row.updated.map(|when| view! { <Moment when /> })}</span>
            </a>
        </li>
    }
}
