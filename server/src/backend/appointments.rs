//! Appointments: one request for seven days.

use super::{RequestBackend, calendar, contact, conversations::address};
use crate::{
    mapping::Appointment,
    words::{self, Calendar, plus_days},
};
use app::{
    appointments::{Agenda, AgendaDay, AppointmentRow, AppointmentsBackend},
    error::AppError,
    session::Permission,
};
use jiff::civil::Date;

const DAYS: i64 = 7;
const MOST: u32 = 500;

#[async_trait::async_trait]
impl AppointmentsBackend for RequestBackend {
    async fn agenda(&self, from: &str) -> Result<Agenda, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let first = parse_day(from).unwrap_or_else(|| calendar.today());
        let after = plus_days(first, DAYS);
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let page = project
            .appointments_between(calendar.start_of(first), calendar.start_of(after), MOST)
            .await
            .map_err(failed)?;
        Ok(Agenda {
            title: calendar.span(first, plus_days(after, -1)),
            from: first.to_string(),
            last: plus_days(after, -1).to_string(),
            previous: plus_days(first, -DAYS).to_string(),
            next: after.to_string(),
            zone: calendar.zone_words(),
            total: u32::try_from(page.rows.len()).unwrap_or(u32::MAX),
            truncated: page.more,
            reading: self.reading(visitor, &calendar, &project),
            days: by_day(&calendar, first, page.rows),
        })
    }
}

/// An ISO date of this century or near it; anything else is no date.
pub(super) fn parse_day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| (1970..=2200).contains(&day.year()) && day.to_string() == text)
}

fn by_day(calendar: &Calendar, first: Date, rows: Vec<Appointment>) -> Vec<AgendaDay> {
    let mut days: Vec<AgendaDay> = (0..DAYS)
        .map(|index| plus_days(first, index))
        .map(|day| AgendaDay {
            label: calendar.full_day(day),
            today: day == calendar.today(),
            appointments: Vec::new(),
        })
        .collect();
    for row in rows {
        let index = first.until(calendar.date_of(row.starts)).map_or(-1, |span| span.get_days());
        if let Some(day) = usize::try_from(index).ok().and_then(|index| days.get_mut(index)) {
            day.appointments.push(slot(calendar, row));
        }
    }
    days
}

fn slot(calendar: &Calendar, row: Appointment) -> AppointmentRow {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    AppointmentRow {
        starts: calendar.time(row.starts),
        ends: row.ends.map(|ends| calendar.time(ends).text).unwrap_or_default(),
        who,
        phone,
        service: row.service.unwrap_or_default(),
        professional: row.professional.unwrap_or_default(),
        price: row.price.map(words::reais).unwrap_or_default(),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
        // A link from a tenant's table is shown only when it leads to a web page.
        meet_link: row.link.filter(|link| link.starts_with("https://")),
        conversation: row.conversation.as_deref().map(address),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_day;

    #[test]
    fn only_plain_dates_choose_a_week() {
        assert!(parse_day("2026-11-24").is_some());
        for text in ["", "2026-13-01", "24/11/2026", "2026-11-24T10:00", "9999-01-01", "-000001-01-01", "20261124"] {
            assert_eq!(parse_day(text), None, "for {text:?}");
        }
    }
}
