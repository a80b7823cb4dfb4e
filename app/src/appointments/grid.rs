//! Hours down, days or professionals across. Cards stand in their place by classes of `style/hours.css`; on a narrow screen
//! a week becomes its days, one below the other.

use super::{AgendaQuery, Column, Entry, Grid, Mark, More, Placed, Spot, View, query::AGENDA};
use crate::{tr, ui::StatusBadge};
use leptos::prelude::*;

/// A day or a week.
#[component]
pub(super) fn Hours(
    /// What is drawn.
    grid: Grid,
    /// What is shown.
    asked: AgendaQuery,
) -> impl IntoView {
    let Grid { hours, columns, groups } = grid;
    let view = if View::read(&asked.view) == View::Day { "day" } else { "week" };
    let tall = hours.len();
    let hours = hours.into_iter().map(|hour| view! { <span>{hour}</span> }).collect_view();
    let columns =
        columns.into_iter().enumerate().map(|(index, column)| view! { <OneColumn column index tall /> }).collect_view();
    view! {
        {groups.then(|| view! { <Groups asked /> })}
        <div class="hours card flush" data-view=view>
            <div class="hours-all">
                <div class="hours-scale" aria-hidden="true">{hours}</div>
                {columns}
            </div>
        </div>
    }
    .into_any()
}

/// All of a day in one column, or a column for each professional.
#[component]
fn Groups(asked: AgendaQuery) -> impl IntoView {
    let all = [("", tr!("Todos juntos", "All together")), ("professional", tr!("Por profissional", "By professional"))];
    let links = all.map(|(group, label)| {
        let current = (asked.group == group).then_some("page");
        let href = AgendaQuery { group: group.to_owned(), ..asked.clone() }.href(AGENDA);
        view! { <a href=href aria-current=current>{label}</a> }
    });
    view! {
        <nav class="segments" aria-label=tr!("Colunas do dia", "Columns of the day")>
            {links.into_iter().collect_view()}
        </nav>
    }
}

#[component]
fn OneColumn(column: Column, index: usize, tall: usize) -> impl IntoView {
    let Column { label, full, today, href, long, placed, more, now } = column;
    let id = format!("column-{index}");
    let own = id.clone();
    let none = long.is_empty() && placed.is_empty() && more.is_empty();
    let head = match href {
        Some(href) => view! { <a href=href title=full>{label}</a> }.into_any(),
        None => view! { <bdi class="cut" title=full>{label}</bdi> }.into_any(),
    };
    let any = !(placed.is_empty() && more.is_empty());
    let long = (!long.is_empty()).then(|| {
        let long = long.into_iter().map(|placed| view! { <li class="event long"><Card placed /></li> }).collect_view();
        view! { <ul class="hours-long">{long}</ul> }
    });
    let placed = placed
        .into_iter()
        .map(|placed| {
            let class = classes("event", placed.spot);
            view! { <li class=class><Card placed /></li> }
        })
        .collect_view();
    let more = more
        .into_iter()
        .map(|More { count, href, spot }| {
            let words = tr!(format!("mais {count} neste horário"), format!("{count} more at this time"));
            let said = words.clone();
            view! {
                <li class=classes("event more", spot)>
                    <a href=href title=words>
                        <span aria-hidden="true">{format!("+{count}")}</span>
                        <span class="visually-hidden">{said}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let now = now.map(|Mark { hour, quarter }| {
        view! {
            <p class=format!("now at-{hour} past-{quarter}")>
                <span class="visually-hidden">{tr!("agora", "now")}</span>
            </p>
        }
    });
    view! {
        <section class="hours-column" aria-labelledby=id data-today=today.to_string()>
            <h2 class="hours-head" id=own>
                {head}
                {today.then(|| view! { <span class="badge" data-tone="info">{tr!("hoje", "today")}</span> })}
            </h2>
            {long}
            <div class=format!("hours-body for-{tall}")>
                {now}
                {none.then(|| view! { <p class="hours-none soft">{tr!("Nada marcado.", "Nothing booked.")}</p> })}
                {any.then(|| view! { <ol>{placed}{more}</ol> })}
            </div>
        </section>
    }
}

/// A card that leads to the appointment's own page.
#[component]
fn Card(placed: Placed) -> impl IntoView {
    let Placed { entry: Entry { href, when, who, what, status, off, full }, before, after, .. } = placed;
    let tone = status.as_ref().map(|status| status.tone.as_str());
    // Its end is left out where there is no room.
    let (begins, ends) = match when.split_once('–') {
        Some((begins, ends)) => (begins.to_owned(), Some(format!("–{ends}"))),
        None => (when, None),
    };
    view! {
        <a href=href title=full class="event-card" data-tone=tone class:off=off class:before=before class:after=after>
            <span class="event-when">{begins} {ends.map(|ends| view! { <span class="event-end">{ends}</span> })}</span>
            <bdi class="event-who strong">{who}</bdi>
            {status.map(|status| view! { <StatusBadge status /> })}
            <bdi class="soft">{what}</bdi>
        </a>
    }
}

fn classes(kind: &str, Spot { top, height, lane, lanes }: Spot) -> String {
    format!(
        "{kind} at-{} past-{} for-{} and-{} lane-{lane}-of-{lanes}",
        top.hour, top.quarter, height.hour, height.quarter
    )
}
