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
    /// Whether a table of rows comes (`Rows`), which has a head and on a phone is cards.
    #[prop(optional)]
    table: bool,
) -> impl IntoView {
    view! {
        <div class=if table { "skeleton of-rows" } else { "skeleton" } role="status">
            <span class="visually-hidden">{label}</span>
            {lines(rows)}
        </div>
    }
}

/// A card of lines beside or below others: what is loading was said already.
#[component]
pub fn SkeletonCard(
    /// How many lines.
    rows: usize,
    /// One more class of the card.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <section class=format!("card {class}").trim_end().to_owned() aria-hidden="true">
            <div class="skeleton">{lines(rows)}</div>
        </section>
    }
}

fn lines(rows: usize) -> impl IntoView {
    (0..rows).map(|_| view! { <span class="skeleton-row"></span> }).collect_view()
}
