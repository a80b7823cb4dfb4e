//! A part of a page that is folded away until somebody wants it.

use leptos::prelude::*;

/// It begins open or closed; after that it is the reader's. A page that is read again would close what they opened if its
/// state stood there as an attribute that says no, so there is one only where it begins open.
#[component]
pub fn Fold(
    /// Whether it begins open.
    open: bool,
    /// The words that are always there.
    summary: &'static str,
    /// Classes of the whole.
    #[prop(optional)]
    class: Option<&'static str>,
    /// Classes of the words.
    #[prop(optional)]
    summary_class: Option<&'static str>,
    /// What is folded away.
    children: Children,
) -> impl IntoView {
    let inside = view! {
        <summary class=summary_class>{summary}</summary>
        {children()}
    };
    if open {
        view! { <details class=class open>{inside}</details> }.into_any()
    } else {
        view! { <details class=class>{inside}</details> }.into_any()
    }
}
