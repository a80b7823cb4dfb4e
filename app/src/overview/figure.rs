//! One figure with the one it is compared to.

use super::{Figure, Trend};
use leptos::prelude::*;

/// A card with a large number, its change and what it is compared to.
#[component]
pub fn FigureCard(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// The numbers.
    figure: Figure,
    /// What `before` is: "ontem até esta hora".
    #[prop(into)]
    against: String,
) -> impl IntoView {
    let (trend, arrow) = match figure.trend {
        Trend::Up => ("up", "▲"),
        Trend::Down => ("down", "▼"),
        Trend::Level => ("level", "="),
    };
    view! {
        <div class="card figure">
            <p class="figure-label">{label}</p>
            <p class="figure-now">{figure.now}</p>
            <p class="figure-before">
                <span class="change" data-trend=trend>
                    <span aria-hidden="true">{arrow}</span>
                    " "
                    {figure.change}
                </span>
                " "
                <span>{format!("{against}: {}", figure.before)}</span>
            </p>
        </div>
    }
}
