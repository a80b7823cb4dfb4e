//! What Painel's own checks know of a connection: where it stands and since when, what was found, and the latest checks as
//! a small strip. Nothing is asked of anybody here: the checks are made beside the pages.

use super::{ConnectionHealth, Provider, StripMark};
use crate::{tr, ui::Moment};
use leptos::prelude::*;

/// One card's health, when something is stored that can be tested.
#[component]
pub fn Health(
    /// Whose card it is.
    provider: Provider,
    /// The health of all cards.
    health: Signal<Vec<ConnectionHealth>>,
) -> impl IntoView {
    move || health.get().into_iter().find(|health| health.provider == provider).map(|health| view! { <Known health /> })
}

#[component]
fn Known(health: ConnectionHealth) -> impl IntoView {
    let ConnectionHealth { provider: _, status, since, checked, note, what, fix, strip, summary } = health;
    view! {
        <div class="health" data-tone=status.tone.as_str()>
            <p class="soft">
                {since.map(|when| view! { {tr!("não funciona desde ", "not working since ")} <Moment when /> " · " })}
                {match checked {
                    Some(when) => view! { {tr!("verificado ", "checked ")} <Moment when /> }.into_any(),
                    None => tr!("ainda não verificado", "not checked yet").into_any(),
                }}
            </p>
            {(!what.is_empty()).then(|| view! { <p class="health-what">{what}</p> })}
            {(!fix.is_empty()).then(|| view! { <p>{fix}</p> })}
            {(!note.is_empty()).then(|| view! { <p class="soft">{note}</p> })}
            {(!strip.is_empty()).then(|| view! { <Strip strip summary /> })}
        </div>
    }
}

/// One bar a check, the latest on the right. Colour, height and words say the same: the sum for screen readers, each one
/// on hover.
#[component]
fn Strip(strip: Vec<StripMark>, summary: String) -> impl IntoView {
    let label = summary.clone();
    let bars = strip
        .into_iter()
        .map(|mark| view! { <span class="strip-bar" data-tone=mark.tone.as_str() title=mark.words></span> })
        .collect_view();
    view! {
        <div class="strip" role="img" aria-label=label>{bars}</div>
        <p class="soft strip-words" aria-hidden="true">{summary}</p>
    }
}
