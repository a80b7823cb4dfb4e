//! An instant in words, with the exact one on hover and for machines.

use super::types::When;
use crate::tr;
use leptos::prelude::*;

/// `<time>`: the words of [`When::text`], the exact instant as its title.
#[component]
pub fn Moment(
    /// The instant, formatted by the server.
    when: When,
) -> impl IntoView {
    view! {
        <time datetime=when.iso title=when.full>
            {when.text}
        </time>
    }
}

/// When it was last done, or that it never was.
pub fn last_time(when: Option<When>) -> AnyView {
    match when {
        Some(when) => view! { <Moment when /> }.into_any(),
        None => view! { <span class="soft">{tr!("nunca", "never")}</span> }.into_any(),
    }
}

/// Who did it then, after the instant; nothing when their account is gone.
pub fn by(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| tr!(format!(", por {name}"), format!(", by {name}")))
}
