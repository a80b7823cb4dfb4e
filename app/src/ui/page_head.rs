//! The head of a page.

use leptos::prelude::*;

/// What a page is called, a sentence about it, and at its other end the ways on.
#[component]
pub fn PageHead(
    /// The heading.
    title: &'static str,
    /// The sentence below.
    sub: &'static str,
    /// Ways on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="page-sub">{sub}</p>
            </div>
            {children.map(|children| children())}
        </header>
    }
}
