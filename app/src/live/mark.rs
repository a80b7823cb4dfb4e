//! The quiet mark: a dot and a word in the strip above the page, where nothing else ever stands.

use super::state::{Live, Standing};
use crate::tr;
use leptos::prelude::*;

/// The mark. Empty until a page listens, and without script.
#[component]
pub fn LiveMark() -> impl IntoView {
    let live = use_context::<Live>();
    let standing = move || live.map(|live| live.standing.get()).unwrap_or_default();
    let detail = move || live.map(|live| live.detail.get()).unwrap_or_default();
    view! {
        <p class="live" data-state=move || state(&standing()) title=detail>
            {move || words(&standing())}
        </p>
        // Only that it stopped is announced: each message would be too much.
        <p class="visually-hidden" aria-live="polite">
            {move || matches!(standing(), Standing::Stale(_)).then(|| words(&standing()))}
        </p>
    }
}

fn state(standing: &Standing) -> &'static str {
    match standing {
        Standing::Silent => "none",
        Standing::Live => "live",
        Standing::Stale(_) => "stale",
        Standing::Waiting | Standing::Reconnecting | Standing::Resting | Standing::Off => "idle",
    }
}

fn words(standing: &Standing) -> String {
    match standing {
        Standing::Silent => String::new(),
        Standing::Waiting => tr!("conectando…", "connecting…").to_owned(),
        Standing::Live => tr!("ao vivo", "live").to_owned(),
        Standing::Reconnecting => tr!("reconectando…", "reconnecting…").to_owned(),
        Standing::Stale(since) => since.clone(),
        Standing::Resting => tr!("em pausa até você voltar", "paused until you come back").to_owned(),
        Standing::Off => tr!("desligado", "off").to_owned(),
    }
}
