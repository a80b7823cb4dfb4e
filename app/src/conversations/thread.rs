//! One conversation: its messages as a thread, by day.

use super::{
    Booked, LIST, Thread,
    asked::{Asked, use_asked},
    bubbles::Day,
    jump::ToDay,
    read_thread,
};
use crate::session::{Permission, may};
use crate::{
    error::AppError,
    live::{Kind, NewBelow, read_patiently, refetch_on},
    tr,
    ui::{
        Empty, Missing, Moment, ReadingNotice, Skeleton, StatusBadge, Trouble, TroubleCard, address, status_of,
        use_query,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/conversations/{id}?older=…|newer=…|day=…`, and what the list beside it was asked for.
#[component]
pub fn ThreadPage() -> impl IntoView {
    let (params, query, asked) = (use_params_map(), use_query(), use_asked());
    let id = move || params.with(|map| map.get("id").unwrap_or_default());
    let thread = read_patiently(
        move || {
            let [older, newer, day] =
                query.with(|map| ["older", "newer", "day"].map(|key| map.get(key).unwrap_or_default()));
            (id(), older, newer, day)
        },
        |(id, older, newer, day)| read_thread(id, older, newer, day),
    );
    status_of(thread);
    refetch_on(&[Kind::Conversations, Kind::Appointments], thread, move || {
        query.with(|map| ["older", "newer", "day"].iter().all(|key| map.get(key).is_none_or(|given| given.is_empty())))
    });
    view! {
        <Title text=tr!("Conversa", "Conversation") />
        <p class="back">
            <a href=move || asked.with(|asked| asked.link(LIST, &[]))>{tr!("← Conversas", "← Conversations")}</a>
        </p>
        <Transition fallback=|| {
            view! {
                <section class="card">
                    <Skeleton rows=10 label=tr!("Carregando a conversa", "Loading the conversation") />
                </section>
            }
        }>
            {move || {
                let asked = asked.get();
                Suspend::new(async move {
                    match thread.await {
                        Ok(thread) => view! { <Whole thread asked /> }.into_any(),
                        Err(AppError::NotFound) => view! { <NoConversation /> }.into_any(),
                        Err(error) => {
                            view! {
                                <h1 class="visually-hidden">{tr!("Conversa", "Conversation")}</h1>
                                <TroubleCard error />
                            }
                                .into_any()
                        }
                    }
                })
            }}
        </Transition>
        <NewBelow thread />
    }
}

/// That there is no such conversation.
#[component]
pub(super) fn NoConversation() -> impl IntoView {
    view! {
        <Missing
            title=tr!("Conversa não encontrada", "Conversation not found")
            text=tr!(
                "Ela não existe ou não pertence a este painel.",
                "It does not exist or does not belong to this dashboard."
            )
            step=(tr!("Ver as conversas", "See the conversations"), LIST)
        />
    }
}

#[component]
fn Whole(thread: Thread, asked: Asked) -> impl IntoView {
    let href = thread.href;
    let older = thread.older.map(|cursor| asked.link(&href, &[("older", &cursor)]));
    let newer = thread.newer.map(|cursor| asked.link(&href, &[("newer", &cursor)]));
    let newest = thread.partial.then(|| asked.link(&href, &[]));
    let file = may(Permission::Export).then(|| address("/files/conversa.csv", &[("id", &thread.id)]));
    let print = asked.link(&format!("{href}/print"), &[]);
    let no_more = newest.is_some();
    let empty = thread.days.is_empty() && thread.trouble.is_none();
    let named = thread.who != thread.phone;
    let (reading, has_booked) = (thread.reading, thread.booked.is_some());
    let talk = view! {
        <section class="card flush thread">
            <header class="thread-head">
                <span class="face" aria-hidden="true">{thread.initial}</span>
                <div class="thread-who">
                    <h1><bdi>{thread.who}</bdi></h1>
                    {named.then(|| view! { <p class="soft phone">{thread.phone}</p> })}
                </div>
                {thread.status.map(|status| view! { <StatusBadge status /> })}
            </header>
            <div class="thread-tools">
                <ToDay jump=thread.jump href=href asked />
                // External: a page without the frame, and a file.
                <p class="thread-away">
                    {has_booked
                        .then(|| {
                            view! {
                                <a class="thread-booked" href="#booked" rel="external">
                                    {tr!("Agenda", "Appointments")}
                                </a>
                            }
                        })}
                    <a href=print rel="external">{tr!("Imprimir", "Print")}</a>
                    {file
                        .map(|file| {
                            view! {
                                <a href=file download rel="external">{tr!("Baixar (CSV)", "Download (CSV)")}</a>
                            }
                        })}
                </p>
            </div>
            <div class="thread-body">
                {older
                    .map(|href| {
                        view! {
                            <p class="thread-more">
                                <a class="button" href=href>{tr!("Mensagens anteriores", "Earlier messages")}</a>
                            </p>
                        }
                    })}
                {thread.days.into_iter().map(|day| view! { <Day day /> }).collect_view()}
                {empty.then(|| {
                    let text = if no_more {
                        tr!(
                            "Deste lado da conversa não há mais nada.",
                            "There is nothing more in this direction."
                        )
                    } else {
                        tr!("Esta conversa ainda não tem mensagens.", "This conversation has no messages yet.")
                    };
                    view! { <Empty title=tr!("Sem mensagens", "No messages") text /> }
                })}
                {thread.trouble.map(|error| view! { <Trouble error /> })}
                {(newer.is_some() || newest.is_some())
                    .then(|| {
                        view! {
                            <p class="thread-more">
                                {newer
                                    .map(|href| {
                                        view! {
                                            <a class="button" href=href>
                                                {tr!("Mensagens seguintes", "Later messages")}
                                            </a>
                                        }
                                    })}
                                {newest
                                    .map(|href| {
                                        view! {
                                            <a class="button" href=href>
                                                {tr!("Mensagens mais recentes", "Newest messages")}
                                            </a>
                                        }
                                    })}
                            </p>
                        }
                    })}
            </div>
        </section>
    }
    .into_any();
    let side = thread.booked.map(|booked| view! { <Side booked /> });
    view! {
        <ReadingNotice reading />
        <div class="talk-page">{talk} {side}</div>
    }
}

/// What the contact booked.
#[component]
fn Side(booked: Result<Vec<Booked>, AppError>) -> impl IntoView {
    let body = match booked {
        Err(error) => view! { <Trouble error /> }.into_any(),
        Ok(rows) if rows.is_empty() => view! {
            <p class="soft">{tr!("Nada marcado por este contato.", "Nothing booked by this contact.")}</p>
        }
        .into_any(),
        Ok(rows) => {
            let rows = rows
                .into_iter()
                .map(|Booked { starts, what, status, ahead }| {
                    view! {
                        <li class:ahead=ahead>
                            <span class="strong"><Moment when=starts /></span>
                            <bdi class="soft">{what}</bdi>
                            {status.map(|status| view! { <span><StatusBadge status /></span> })}
                        </li>
                    }
                })
                .collect_view();
            view! { <ol class="booked">{rows}</ol> }.into_any()
        }
    };
    view! {
        <aside class="card talk-side" aria-labelledby="booked">
            <h2 id="booked">{tr!("Agenda deste contato", "This contact’s appointments")}</h2>
            {body}
        </aside>
    }
    .into_any()
}
