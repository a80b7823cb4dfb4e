//! A month in weeks from Sunday on. The days of its neighbours stand there as numbers alone.

use super::{
    asked::{Asked, sunday_before},
    entry::entry,
    place::is_long,
};
use crate::{
    mapping::Appointment,
    words::{Calendar, plus_days},
};
use app::{
    appointments::{AgendaQuery, Entry, MonthDay, View},
    tr,
};
use jiff::civil::Date;

/// Appointments of a day that are named.
const NAMED: usize = 3;

/// A card of a month has room for when it begins; the whole is its title.
fn begun(calendar: &Calendar, query: &AgendaQuery, row: &Appointment) -> Entry {
    let when = calendar.time(row.starts).text;
    Entry { when, ..entry(calendar, query, row, false, is_long(row.starts, row.ends)) }
}

pub(super) fn month(calendar: &Calendar, asked: &Asked, rows: &[Appointment]) -> Vec<Vec<MonthDay>> {
    let (first, after) = asked.span();
    let query = asked.query();
    let to_day = asked.query().seen_as(View::Day);
    let day = |day: Date| {
        let number = day.day().to_string();
        if day < first || day >= after {
            let full = calendar.full_day(day);
            return MonthDay { number, full, href: None, today: false, count: 0, entries: Vec::new() };
        }
        let own: Vec<&Appointment> = rows.iter().filter(|row| calendar.date_of(row.starts) == day).collect();
        let told = match own.len() {
            0 => String::new(),
            1 => tr!(", 1 agendamento", ", 1 appointment").to_owned(),
            many => tr!(format!(", {many} agendamentos"), format!(", {many} appointments")),
        };
        MonthDay {
            number,
            full: format!("{}{told}", calendar.full_day(day)),
            href: Some(to_day.on(&day.to_string()).href("/appointments")),
            today: day == calendar.today(),
            count: u32::try_from(own.len()).unwrap_or(u32::MAX),
            entries: own.iter().take(NAMED).map(|row| begun(calendar, &query, row)).collect(),
        }
    };
    let mut weeks = Vec::new();
    let mut sunday = sunday_before(first);
    while sunday < after {
        weeks.push((0..7).map(|index| day(plus_days(sunday, index))).collect());
        sunday = plus_days(sunday, 7);
    }
    weeks
}
