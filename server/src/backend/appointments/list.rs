//! Thirty days as a list. Days without anything are folded into one line; today always has its own.

use super::{asked::Asked, entry};
use crate::{
    mapping::Appointment,
    words::{Calendar, plus_days},
};
use app::{
    appointments::{AgendaDay, ListPart},
    tr,
};
use jiff::civil::Date;

/// `last_read`: the day after which nothing was read, where not everything was.
pub(super) fn list(
    calendar: &Calendar,
    asked: &Asked,
    rows: Vec<Appointment>,
    last_read: Option<Date>,
) -> Vec<ListPart> {
    let (first, after) = asked.span();
    let after = last_read.map_or(after, |last| after.min(plus_days(last, 1)));
    // Of some of the appointments alone it is not known whether a day is free.
    let words = |free| words(calendar, free, asked.query().narrowed());
    let query = asked.query();
    let mut rows = rows.into_iter().peekable();
    let mut parts = Vec::new();
    let mut free: Option<(Date, Date)> = None;
    let mut day = first;
    while day < after {
        let mut appointments = Vec::new();
        while let Some(row) = rows.next_if(|row| calendar.date_of(row.starts) <= day) {
            appointments.push(entry::row(calendar, &query, row));
        }
        let today = day == calendar.today();
        if appointments.is_empty() && !today {
            free = Some((free.map_or(day, |(begins, _)| begins), day));
        } else {
            parts.extend(free.take().map(|free| ListPart::Free(words(free))));
            parts.push(ListPart::Day(AgendaDay { label: calendar.full_day(day), today, appointments }));
        }
        day = plus_days(day, 1);
    }
    parts.extend(free.map(|free| ListPart::Free(words(free))));
    parts
}

fn words(calendar: &Calendar, (first, last): (Date, Date), narrowed: bool) -> String {
    let days = first.until(last).map_or(0, |span| span.get_days()) + 1;
    let which = if days == 1 { calendar.full_day(first) } else { calendar.span(first, last) };
    match (days, narrowed) {
        (1, false) => tr!(format!("1 dia livre: {which}"), format!("1 free day: {which}")),
        (1, true) => tr!(
            format!("1 dia sem nada do que se procura: {which}"),
            format!("1 day with nothing that matches: {which}")
        ),
        (days, false) => tr!(format!("{days} dias livres: {which}"), format!("{days} free days: {which}")),
        (days, true) => tr!(
            format!("{days} dias sem nada do que se procura: {which}"),
            format!("{days} days with nothing that matches: {which}")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::appointments::AgendaQuery;

    #[test]
    fn free_days_are_folded_and_today_is_not() {
        let calendar = Calendar::new("America/Sao_Paulo", "2026-11-26T15:00:00Z".parse().unwrap());
        let told = |status: &str, last_read: Option<&str>| -> Vec<String> {
            let (view, date) = ("list".into(), "2026-11-25".into());
            let query = AgendaQuery { view, date, status: status.into(), ..Default::default() };
            let last_read = last_read.map(|day| day.parse().unwrap());
            let parts = list(&calendar, &Asked::read(&query, &calendar), Vec::new(), last_read);
            let words = |part| match part {
                ListPart::Day(day) => format!("{} {}", day.label, day.today),
                ListPart::Free(words) => words,
            };
            parts.into_iter().map(words).collect()
        };
        assert_eq!(told("cancelled", None)[0], "1 dia sem nada do que se procura: quarta, 25 de novembro");
        // Days of which nothing was read are not said to be free.
        assert_eq!(told("", Some("2026-11-26")).len(), 2);
        assert_eq!(
            told("", None),
            [
                "1 dia livre: quarta, 25 de novembro",
                "quinta, 26 de novembro true",
                "28 dias livres: 27 de novembro a 24 de dezembro"
            ]
        );
    }
}
