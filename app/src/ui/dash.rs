//! A dash where a table or a list of facts has nothing to say: an empty place could be a fault.

use super::{Moment, types::When};
use leptos::prelude::*;

/// The text, or a dash.
pub fn or_dash(text: String) -> String {
    if text.is_empty() { "—".to_owned() } else { text }
}

/// The instant, or a dash.
pub fn instant(when: Option<When>) -> AnyView {
    match when {
        Some(when) => view! { <Moment when /> }.into_any(),
        None => view! { <span class="soft">"—"</span> }.into_any(),
    }
}
