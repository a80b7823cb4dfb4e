//! One conversation: its messages as a thread, by day.

use super::{Author, Booked, Message, Thread, ThreadDay, read_thread};
use crate::{
    error::AppError,
    ui::{Empty, Moment, ReadingNotice, Skeleton, StatusBadge, Trouble},
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
                    Ok(thread) => view! { <Whole thread /> }.into_any(),
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
fn Whole(thread: Thread) -> impl IntoView {
    let href = thread.href;
    let older = thread.older.map(|before| format!("{href}?before={before}"));
    let empty = thread.days.is_empty() && thread.trouble.is_none();
    let named = thread.who != thread.phone;
    let reading = thread.reading;
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
            <div class="thread-body">
                {older
                    .map(|href| {
                        view! {
                            <p class="thread-more">
                                <a class="button" href=href>"Mensagens anteriores"</a>
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
                                <a class="button" href=href>"Mensagens mais recentes"</a>
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
        Ok(rows) if rows.is_empty() => view! { <p class="soft">"Nada marcado por este contato."</p> }.into_any(),
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
            <h2 id="booked">"Agenda deste contato"</h2>
            {body}
        </aside>
    }
    .into_any()
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
    let Message { author, text, media, at } = message;
    // Who wrote it is said to those who do not see the sides, and shown where robot and team can be told apart.
    let (class, author, shown) = match author {
        Author::Contact => ("bubble in", "Recebida: ", None),
        Author::Bot => ("bubble out bot", "Enviada pelo robô: ", Some("robô")),
        Author::Team => ("bubble out team", "Enviada pela equipe: ", Some("equipe")),
        Author::Business => ("bubble out", "Enviada pelo negócio: ", None),
    };
    let media = media.map(|media| view! { <p class="bubble-media">{media}</p> });
    let text = (!text.is_empty()).then(|| view! { <p class="bubble-text" dir="auto">{text}</p> });
    view! {
        <li class=class>
            <span class="visually-hidden">{author}</span>
            {media}
            {text}
            <span class="bubble-when">
                {shown.map(|shown| view! { <span class="bubble-who" aria-hidden="true">{shown}</span> })}
                {at.map(|when| view! { <Moment when /> })}
            </span>
        </li>
    }
}
