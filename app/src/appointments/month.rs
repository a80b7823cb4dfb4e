//! A month as a table of weeks from Sunday on, as calendars in Brazil have it. On a phone a day shows how many there are.

use super::{Entry, MonthDay};
use crate::tr;
use leptos::prelude::*;

/// Short and in full.
fn weekdays() -> [(&'static str, &'static str); 7] {
    [
        tr!(("dom", "domingo"), ("Sun", "Sunday")),
        tr!(("seg", "segunda"), ("Mon", "Monday")),
        tr!(("ter", "terça"), ("Tue", "Tuesday")),
        tr!(("qua", "quarta"), ("Wed", "Wednesday")),
        tr!(("qui", "quinta"), ("Thu", "Thursday")),
        tr!(("sex", "sexta"), ("Fri", "Friday")),
        tr!(("sáb", "sábado"), ("Sat", "Saturday")),
    ]
}

/// The table.
#[component]
pub(super) fn Month(
    /// Seven days each.
    weeks: Vec<Vec<MonthDay>>,
    /// "novembro de 2026".
    title: String,
) -> impl IntoView {
    let heads = weekdays().map(|(short, full)| view! { <th scope="col"><abbr title=full>{short}</abbr></th> });
    let weeks = weeks
        .into_iter()
        .map(|week| view! { <tr>{week.into_iter().map(|day| view! { <Day day /> }).collect_view()}</tr> })
        .collect_view();
    view! {
        <div class="card flush">
            <table class="month">
                <caption class="visually-hidden">{title}</caption>
                <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Day(day: MonthDay) -> impl IntoView {
    let MonthDay { number, full, href, today, count, entries } = day;
    let Some(href) = href else {
        return view! { <td class="outside"><span class="month-number soft">{number}</span></td> }.into_any();
    };
    let hidden = usize::try_from(count).unwrap_or_default().saturating_sub(entries.len());
    let more = (hidden > 0).then(|| {
        let href = href.clone();
        view! { <li class="month-more"><a href=href>{format!("+{hidden}")}<span class="visually-hidden">{appointments(hidden)}</span></a></li> }
    });
    let entries = entries
        .into_iter()
        .map(|Entry { href, when, who, off, status, full, .. }| {
            let tone = status.as_ref().map(|status| status.tone.as_str());
            let word =
                status.map(|status| view! { <span class="visually-hidden">{format!(" · {}", status.label)}</span> });
            view! {
                <li>
                    <a class="month-entry" class:off=off href=href title=full data-tone=tone>
                        <span class="event-when">{when}</span>
                        <bdi class="cut">{who}</bdi>
                        {word}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <td data-today=today.to_string()>
            <a class="month-day" href=href title=full>
                <span class="month-number">{number}</span>
                {today.then(|| view! { <span class="month-today">{tr!("hoje", "today")}</span> })}
                {(count > 0)
                    .then(|| {
                        view! { <span class="month-count">{count.to_string()}<span class="visually-hidden">{appointments(count as usize)}</span></span> }
                    })}
            </a>
            {(count > 0).then(|| view! { <ul>{entries}{more}</ul> })}
        </td>
    }
    .into_any()
}

/// The word after a number of them.
fn appointments(count: usize) -> &'static str {
    if count == 1 { tr!(" agendamento", " appointment") } else { tr!(" agendamentos", " appointments") }
}
