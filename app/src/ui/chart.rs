//! A bar chart as SVG, the same from server and browser, with its numbers in a table beneath: no script needed.
//!
//! The drawing stretches with its box; words stand outside of it as text, so they keep their size on a phone.

use crate::tr;
use leptos::prelude::*;

/// Labels beneath the bars at most.
const MOST_MARKS: usize = 7;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Below the axis: "24 nov".
    pub label: String,
    /// In full, for the tool tip and the table.
    pub full: String,
    /// The height.
    pub value: u32,
}

/// Bars oldest first; the last `strong` ones stand out.
#[component]
pub fn BarChart(
    /// The bars.
    bars: Vec<Bar>,
    /// How many of the last bars stand out.
    strong: usize,
    /// What the chart shows, in a sentence that holds the main figures.
    #[prop(into)]
    summary: String,
    /// The heads of the table's two columns.
    heads: (String, String),
) -> impl IntoView {
    let top = round_up(bars.iter().map(|bar| bar.value).max().unwrap_or(0));
    let first_strong = bars.len().saturating_sub(strong);
    let width = bars.len().max(1) * 10;
    // Some of the labels, always the last: as many as a phone has room for.
    let every = bars.len().div_ceil(MOST_MARKS).max(1);
    let marks: Vec<String> = bars.iter().rev().step_by(every).map(|bar| bar.label.clone()).collect();

    let shapes = bars
        .iter()
        .enumerate()
        .map(|(index, bar)| {
            let height = f64::from(bar.value) * 100.0 / f64::from(top);
            view! {
                <rect
                    class=bar_class(index >= first_strong)
                    x=(index * 10 + 1).to_string()
                    y=format!("{:.2}", 100.0 - height)
                    width="8"
                    height=format!("{height:.2}")
                >
                    <title>{format!("{}: {}", bar.full, bar.value)}</title>
                </rect>
            }
        })
        .collect_view();
    let rows = bars
        .into_iter()
        .rev()
        .map(|bar| {
            view! {
                <tr>
                    <th scope="row">{bar.full}</th>
                    <td class="number">{bar.value}</td>
                </tr>
            }
        })
        .collect_view();

    view! {
        <figure class="chart">
            <div class="chart-plot">
                <div class="chart-scale" aria-hidden="true">
                    <span>{top}</span>
                    <span>{top / 2}</span>
                    <span>"0"</span>
                </div>
                <svg
                    class="chart-drawing"
                    viewBox=format!("0 0 {width} 100")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=summary
                >
                    <path class="grid" d=format!("M0 0.5H{width}M0 50H{width}M0 99.5H{width}")></path>
                    {shapes}
                </svg>
            </div>
            <div class="chart-marks" aria-hidden="true">
                {marks.into_iter().rev().map(|mark| view! { <span>{mark}</span> }).collect_view()}
            </div>
            <details class="chart-table">
                <summary>{tr!("Ver como tabela", "View as a table")}</summary>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{heads.0}</th>
                            <th scope="col" class="number">{heads.1}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
}

fn bar_class(strong: bool) -> &'static str {
    if strong { "bar strong" } else { "bar" }
}

/// The top of the scale: an even, round number at or above the highest bar.
fn round_up(highest: u32) -> u32 {
    let steps = [2, 4, 6, 10, 20, 30, 40, 50, 60, 80];
    let mut unit = 1_u32;
    loop {
        if let Some(top) = steps.iter().map(|step| step * unit).find(|top| *top >= highest) {
            return top;
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn the_scale_ends_on_an_even_round_number_at_or_above_the_highest_bar() {
        for (highest, top) in [(0, 2), (1, 2), (5, 6), (7, 10), (49, 50), (81, 100), (101, 200), (999, 1000)] {
            assert_eq!(round_up(highest), top, "for {highest}");
        }
    }
}
