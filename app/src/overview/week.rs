//! A week by day and hour, as a table whose cells are the darker the more there is; the number stands in each.

use super::Week;
use crate::tr;
use leptos::prelude::*;

/// Every third hour has a head that shows; the others are told to screen readers alone.
const SHOWN_HEADS: usize = 3;

/// The table. It scrolls in its own box where there is no room for 24 hours.
#[component]
pub(super) fn WeekTable(
    /// What to show.
    week: Week,
) -> impl IntoView {
    let Week { summary, days, sample } = week;
    let heads = (0..24_usize)
        .map(|hour| {
            let shown = (hour % SHOWN_HEADS == 0).then_some(hour);
            let whole = if shown.is_some() {
                tr!(" h", ":00").to_owned()
            } else {
                tr!(format!("{hour} h"), format!("{hour}:00"))
            };
            view! { <th scope="col">{shown}<span class="visually-hidden">{whole}</span></th> }
        })
        .collect_view();
    let rows = days
        .into_iter()
        .map(|day| {
            let cells = day
                .hours
                .into_iter()
                .map(|(count, step)| {
                    view! { <td class=format!("heat heat-{step}")>{count}</td> }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row"><abbr title=day.full>{day.label}</abbr></th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="card-sub">{summary}</p>
        {sample.map(|sample| view! { <p class="sample">{sample}</p> })}
        <section
            class="week-box"
            tabindex="0"
            aria-label=tr!("Mensagens por dia da semana e hora", "Messages by weekday and hour")
        >
            <table class="week">
                <caption class="visually-hidden">
                    {tr!(
                        "Mensagens recebidas por dia da semana e hora do dia",
                        "Messages received by weekday and hour of the day"
                    )}
                </caption>
                <thead>
                    <tr><th scope="col"><span class="visually-hidden">{tr!("Dia", "Day")}</span></th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}
