//! Newer and older: two links, so that paging works without script and a page can be shared.

use leptos::prelude::*;

/// Links to the neighbouring pages; a missing one is left out.
#[component]
pub fn Pager(
    /// What the list is called, for screen readers.
    #[prop(into)]
    label: String,
    /// Address and words of the newer page.
    newer: Option<(String, &'static str)>,
    /// Address and words of the older page.
    older: Option<(String, &'static str)>,
) -> impl IntoView {
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=label>
                {newer.map(|(href, words)| view! { <a class="button" rel="prev" href=href>{words}</a> })}
                <span class="pager-space"></span>
                {older.map(|(href, words)| view! { <a class="button" rel="next" href=href>{words}</a> })}
            </nav>
        }
    })
}
