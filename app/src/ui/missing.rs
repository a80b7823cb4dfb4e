//! What stands where one thing would be that is not there: the page's heading, why, and the way on.

use leptos::prelude::*;

/// A page whose thing does not exist, or is another tenant's: it says the same of both.
#[component]
pub fn Missing(
    /// What was not found.
    title: &'static str,
    /// That it does not exist here.
    text: &'static str,
    /// Where the others are: label and address.
    step: (&'static str, &'static str),
) -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <h1 class="empty-title">{title}</h1>
                <p class="empty-text">{text}</p>
                <a class="button" href=step.1>{step.0}</a>
            </div>
        </section>
    }
}
