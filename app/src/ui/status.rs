//! A status as a dot *and* a word: colour alone tells nothing to many people.

use super::types::Status;
use leptos::prelude::*;

/// The badge of one status.
#[component]
pub fn StatusBadge(
    /// Tone and word.
    status: Status,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=status.tone.as_str()>
            {status.label}
        </span>
    }
}
