//! The list of conversations, newest first, 50 a page.

use super::{ConversationFilter, ConversationPage, ConversationRow, LIST, asked::Asked};
use crate::session::{Permission, may};
use crate::tr;
use crate::ui::{Download, Empty, Moment, Pager, ReadingNotice, StatusBadge, address};
use leptos::prelude::*;
use leptos_router::location::Url;

/// One page of it, with what can be taken away below.
#[component]
pub(super) fn List(
    /// The page.
    page: ConversationPage,
    /// What was asked for.
    asked: Asked,
    /// The conversation that is open, by its path.
    open: Memo<Option<String>>,
) -> impl IntoView {
    let ConversationPage { rows, notes, newer, older, reading, .. } = page;
    let filter = asked.filter.clone();
    let looked = filter != ConversationFilter::default();
    let to = |key: &'static str, cursor: &str| {
        let mut pairs = filter.pairs().to_vec();
        pairs.push((key, cursor));
        address(LIST, &pairs)
    };
    let files = may(Permission::Export).then(|| {
        let talks = address("/files/conversas.csv", &filter.pairs());
        let said = address("/files/mensagens.csv", &[("from", &filter.from), ("to", &filter.to)]);
        view! {
            <div class="list-end">
                <Download href=talks label=tr!("Baixar conversas (CSV)", "Download conversations (CSV)") />
                <Download href=said label=tr!("Baixar mensagens (CSV)", "Download messages (CSV)") />
            </div>
        }
    });
    let newer = newer.map(|cursor| (to("after", &cursor), tr!("← Mais recentes", "← Newer")));
    let older = older.map(|cursor| (to("before", &cursor), tr!("Mais antigas →", "Older →")));
    let list = match (rows.is_empty(), looked) {
        (true, true) => view! {
            <section class="card">
                <Empty
                    title=tr!("Nada encontrado", "Nothing found")
                    text=tr!(
                        "Procure por parte do nome, do telefone ou de uma mensagem, ou tire um filtro.",
                        "Search for part of a name, phone number or message, or remove a filter."
                    )
                    step=(tr!("Ver todas as conversas", "See all conversations"), LIST)
                />
            </section>
        }
        .into_any(),
        (true, false) => view! {
            <section class="card">
                <Empty
                    title=tr!("Nenhuma conversa aqui", "No conversations here")
                    text=tr!(
                        "Quando alguém escrever para o seu negócio, a conversa aparece nesta lista.",
                        "When somebody writes to your business, the conversation appears in this list."
                    )
                    step=(tr!("Ver as mais recentes", "See the newest"), LIST)
                />
            </section>
        }
        .into_any(),
        (false, _) => {
            let rows = rows
                .into_iter()
                .map(|row| {
                    let href = asked.link(&row.href, &[]);
                    view! { <Row row href open /> }
                })
                .collect_view();
            view! { <section class="card flush"><ul class="talks">{rows}</ul></section> }.into_any()
        }
    };
    view! {
        {move || {
            let reading = reading.clone();
            // Beside a thread that tells how it was read itself.
            open.with(Option::is_none).then(|| view! { <ReadingNotice reading /> })
        }}
        {notes.into_iter().map(|note| view! { <p class="soft find-note" role="note">{note}</p> }).collect_view()}
        {list}
        <Pager label=tr!("Páginas de conversas", "Pages of conversations") newer older />
        {files}
    }
    .into_any()
}

#[component]
fn Row(row: ConversationRow, href: String, open: Memo<Option<String>>) -> impl IntoView {
    let named = row.who != row.phone;
    let path = Url::unescape(&row.href);
    let current = move || open.with(|open| open.as_deref() == Some(path.as_str())).then_some("page");
    view! {
        <li>
            <a class="talk" href=href aria-current=current data-row>
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
