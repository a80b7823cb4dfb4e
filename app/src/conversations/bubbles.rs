//! Messages as bubbles, day by day: in a thread and on paper.

use super::{Author, Message, ThreadDay};
use crate::{tr, ui::Moment};
use leptos::prelude::*;

/// The messages of one day, under its name.
#[component]
pub(super) fn Day(
    /// The day.
    day: ThreadDay,
) -> impl IntoView {
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
        Author::Contact => ("bubble in", tr!("Recebida: ", "Received: "), None),
        Author::Bot => ("bubble out", tr!("Enviada pelo robô: ", "Sent by the bot: "), Some(tr!("robô", "bot"))),
        Author::Team => ("bubble out", tr!("Enviada pela equipe: ", "Sent by the team: "), Some(tr!("equipe", "team"))),
        Author::Business => ("bubble out", tr!("Enviada pelo negócio: ", "Sent by the business: "), None),
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
