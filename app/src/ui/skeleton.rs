//! Grey lines of the right height while a list loads, so that nothing moves when it comes.

use leptos::prelude::*;

/// `rows` grey lines; `label` is what a screen reader hears.
#[component]
pub fn Skeleton(
    /// How many lines.
    rows: usize,
    /// What is loading.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..rows).map(|_| view! { <span class="skeleton-row"></span> }).collect_view()}
        </div>
    }
}
