//! One figure with the one that it is compared to.

use super::{Figure, Trend};
use leptos::prelude::*;

/// A card with a large number, its change, and what else there is to say.
#[component]
pub(super) fn FigureCard(
    /// The figure.
    figure: Figure,
) -> impl IntoView {
    let Figure { label, now, change, notes, sample, link, failed } = figure;
    let change = change.map(|change| {
        let (trend, arrow) = match change.trend {
            Trend::Up => ("up", "▲"),
            Trend::Down => ("down", "▼"),
            Trend::Level => ("level", "="),
        };
        let good = match change.good {
            Some(true) => "good",
            Some(false) => "bad",
            None => "plain",
        };
        view! {
            <p class="figure-before">
                <span class="change" data-trend=trend data-good=good>
                    <span aria-hidden="true">{arrow}</span>
                    " "
                    {change.words}
                </span>
                " "
                <span>{format!("{}: {}", change.against, change.before)}</span>
            </p>
        }
    });
    view! {
        <div class="card figure" class:failed=failed>
            <p class="figure-label">{label}</p>
            <p class="figure-now">{now}</p>
            {change}
            {link.map(|(href, words)| view! { <p class="figure-note"><a href=href><bdi>{words}</bdi></a></p> })}
            {notes.into_iter().map(|note| view! { <p class="figure-note">{note}</p> }).collect_view()}
            {sample.map(|sample| view! { <p class="figure-note sample">{sample}</p> })}
        </div>
    }
}
