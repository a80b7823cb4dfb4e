//! What stands where a list would be, when there is nothing yet: why, and the next step.

use leptos::prelude::*;

/// An empty state with a title, a sentence and an optional next step.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Why, or what will bring it.
    #[prop(into)]
    text: String,
    /// The next step: label and address.
    #[prop(optional, into)]
    step: Option<(&'static str, &'static str)>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
            {step.map(|(label, href)| view! { <a class="button" href=href>{label}</a> })}
        </div>
    }
}
