//! A thread whose end is in view follows what comes; for whoever reads further up there is a way down.

use crate::{error::AppError, tr};
use leptos::prelude::*;

/// The way down. Nothing until a message came that is out of view.
#[component]
pub fn NewBelow<T: super::state::Read>(
    /// What the thread is read by.
    thread: Resource<Result<T, AppError>>,
) -> impl IntoView {
    let below = RwSignal::new(false);
    #[cfg(target_arch = "wasm32")]
    browser::follow(thread, below);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = thread;
    move || {
        below.get().then(|| {
            view! {
                <p class="new-below">
                    <button class="button primary" type="button" on:click=move |_| to_the_end(below)>
                        {tr!("Nova mensagem ↓", "New message ↓")}
                    </button>
                </p>
            }
        })
    }
}

fn to_the_end(below: RwSignal<bool>) {
    below.set(false);
    #[cfg(target_arch = "wasm32")]
    browser::scroll_down();
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::super::{
        place::after_drawing,
        state::{Kind, Live},
    };
    use crate::error::AppError;
    use leptos::prelude::*;

    /// Pixels above the end that still count as the end.
    const NEAR: f64 = 160.0;

    /// What the thread ends with: how many messages, and the last one's words.
    type End = (u32, Option<String>);

    pub(super) fn follow<T: super::super::state::Read>(thread: Resource<Result<T, AppError>>, below: RwSignal<bool>) {
        let Some(live) = use_context::<Live>() else { return };
        // With the address: another page's end is no end of this one.
        let ended: StoredValue<Option<(String, End)>> = StoredValue::new(None);
        let near = StoredValue::new(false);
        // Before anything is read again: what is new makes the page longer.
        Effect::new(move |seen: Option<u32>| {
            let told = live.told(&[Kind::Conversations]);
            if seen.is_some_and(|seen| seen != told) {
                near.set_value(is_near_the_end());
                ended.set_value(Some((address(), end())));
            }
            told
        });
        Effect::new(move |_| {
            thread.track();
            after_drawing(move || {
                // Only what came by itself is followed, not a page that somebody went to.
                let Some((page, before)) = ended.try_get_value().flatten() else { return };
                let now = end();
                if page != address() || now.1.is_none() || now == before {
                    return;
                }
                let _ = ended.try_set_value(None);
                if near.try_get_value() == Some(true) {
                    scroll_down();
                } else {
                    let _ = below.try_set(true);
                }
            });
        });
        let listener = window_event_listener_untyped("scroll", move |_| {
            let at_the_end = is_near_the_end();
            if below.get_untracked() && at_the_end {
                below.set(false);
            }
            // What is read is on its way, or waits for somebody to leave a field: where they are now counts.
            near.set_value(at_the_end);
        });
        on_cleanup(move || listener.remove());
    }

    pub(super) fn scroll_down() {
        let height = document().document_element().map_or(0, |root| root.scroll_height());
        window().scroll_to_with_x_and_y(0.0, f64::from(height));
    }

    fn is_near_the_end() -> bool {
        let height = document().document_element().map_or(0.0, |root| f64::from(root.scroll_height()));
        let seen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        window().scroll_y().unwrap_or_default() + seen + NEAR >= height
    }

    fn address() -> String {
        window().location().href().unwrap_or_default()
    }

    fn end() -> End {
        let bubbles = document().get_elements_by_class_name("bubble");
        let last = bubbles.length().checked_sub(1).and_then(|last| bubbles.item(last));
        (bubbles.length(), last.and_then(|bubble| bubble.text_content()))
    }
}
