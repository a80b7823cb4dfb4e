//! An instant in words, with the exact one on hover and for machines.

use super::types::When;
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
