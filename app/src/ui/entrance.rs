//! A page without the frame, for people who are not in yet: the brand, a title and one small card.

use leptos::prelude::*;

/// The page; its content stands below the title.
#[component]
pub fn Entrance(
    /// The first heading.
    title: &'static str,
    /// What stands below it.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="log-in" id="main">
            <div class="log-in-card">
                <p class="brand"><span class="brand-mark" aria-hidden="true">"P"</span>"Painel"</p>
                <h1>{title}</h1>
                {children()}
            </div>
        </main>
    }
}
