//! What is asked of the agenda: which days, and which of their appointments. What means nothing falls back.

use crate::{
    backend::typed_line,
    mapping::Appointment,
    words::{self, Calendar, plus_days},
};
use app::appointments::{AgendaQuery, View};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Days of the list.
const LISTED: i64 = 30;
/// Characters of a professional, service or status that can be chosen.
pub(super) const LONGEST_CHOICE: usize = 200;
/// Characters of a choice that are shown.
const LONGEST_LABEL: usize = 60;
/// Choices of one kind at most.
const MOST_CHOICES: usize = 200;

/// A question that makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::backend) struct Asked {
    /// Which view.
    pub(super) view: View,
    /// The day it is about.
    pub(super) date: Date,
    /// Whether a day has a column for each professional.
    pub(super) by_professional: bool,
    /// Which appointments.
    pub(in crate::backend) only: Only,
    dated: bool,
}

/// Which appointments of a span; what is empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::backend) struct Only {
    professional: String,
    service: String,
    status: String,
}

impl Only {
    /// Out of what somebody typed.
    pub(in crate::backend) fn read(professional: &str, service: &str, status: &str) -> Self {
        let [professional, service, status] = [professional, service, status].map(choice);
        Self { professional, service, status }
    }

    /// Whether an appointment is one of them.
    pub(in crate::backend) fn admits(&self, row: &Appointment) -> bool {
        let is = |wanted: &str, has: Option<&str>| wanted.is_empty() || has.is_some_and(|has| choice(has) == wanted);
        is(&self.professional, row.professional.as_deref())
            && is(&self.service, row.service.as_deref())
            && (self.status.is_empty() || status_of(row).is_some_and(|(name, _)| name == self.status))
    }
}

impl Asked {
    pub(in crate::backend) fn read(query: &AgendaQuery, calendar: &Calendar) -> Self {
        let date = words::plain_day(&query.date);
        Self {
            view: View::read(&query.view),
            date: date.unwrap_or_else(|| calendar.today()),
            by_professional: query.group == "professional",
            only: Only::read(&query.professional, &query.service, &query.status),
            dated: date.is_some(),
        }
    }

    /// The same as an address has it, without what means nothing.
    pub(super) fn query(&self) -> AgendaQuery {
        let Only { professional, service, status } = self.only.clone();
        AgendaQuery {
            view: self.view.as_str().to_owned(),
            date: if self.dated { self.date.to_string() } else { String::new() },
            professional,
            service,
            status,
            group: if self.by_professional { "professional".to_owned() } else { String::new() },
        }
    }

    /// The first day, and the day after the last.
    pub(in crate::backend) fn span(&self) -> (Date, Date) {
        let date = self.date;
        match self.view {
            View::Day => (date, plus_days(date, 1)),
            View::Week => {
                let sunday = sunday_before(date);
                (sunday, plus_days(sunday, 7))
            }
            View::Month => (date.first_of_month(), plus_days(date.last_of_month(), 1)),
            View::List => (date, plus_days(date, LISTED)),
        }
    }

    /// A day of the span before, and one of the span after.
    pub(super) fn steps(&self) -> (Date, Date) {
        let by = match self.view {
            View::Day => 1.day(),
            View::Week => 7.days(),
            View::Month => 1.month(),
            View::List => LISTED.days(),
        };
        let from = if self.view == View::Month { self.date.first_of_month() } else { self.date };
        (from.saturating_sub(by), from.saturating_add(by))
    }

    /// What there is to choose among some appointments, with what is chosen.
    pub(super) fn choices(&self, rows: &[Appointment]) -> Choices {
        let texts = |of: fn(&Appointment) -> Option<&str>, chosen: &str| {
            let found = rows.iter().filter_map(of).map(choice).chain([chosen.to_owned()]);
            let all: BTreeMap<String, String> = found.map(|text| (text.clone(), text)).collect();
            options(all, chosen)
        };
        let statuses = rows.iter().filter_map(status_of);
        let chosen = [(self.only.status.clone(), self.only.status.clone())];
        // A known status has its word from a row, or else its own name.
        let mut statuses: BTreeMap<String, String> = chosen.into_iter().chain(statuses).collect();
        if let Some(word) = crate::mapping::Outcome::read(&self.only.status)
            && let Some(status) = words::appointment_status(Some(word), None)
        {
            statuses.insert(self.only.status.clone(), status.label);
        }
        Choices {
            professionals: texts(|row| row.professional.as_deref(), &self.only.professional),
            services: texts(|row| row.service.as_deref(), &self.only.service),
            statuses: options(statuses, &self.only.status),
        }
    }
}

/// Values and words of what may be chosen.
pub(super) struct Choices {
    pub(super) professionals: Vec<(String, String)>,
    pub(super) services: Vec<(String, String)>,
    pub(super) statuses: Vec<(String, String)>,
}

/// What is chosen stays among them, however many there are.
fn options(all: BTreeMap<String, String>, chosen: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = all
        .into_iter()
        .filter(|(value, _)| !value.is_empty())
        .map(|(value, label)| (value, words::one_line(&label, LONGEST_LABEL)))
        .collect();
    all.sort_by_key(|(_, label)| label.to_lowercase());
    let kept = all.iter().skip(MOST_CHOICES).find(|(value, _)| value == chosen).cloned();
    all.truncate(MOST_CHOICES);
    all.extend(kept);
    all
}

/// A status as an address has it, and its word.
fn status_of(row: &Appointment) -> Option<(String, String)> {
    let status = words::appointment_status(row.outcome, row.status.as_deref())?;
    let name =
        row.outcome.map_or_else(|| choice(row.status.as_deref().unwrap_or_default()), |one| one.as_str().to_owned());
    Some((name, status.label))
}

/// A text of a table, or of an address, as something to choose.
fn choice(text: &str) -> String {
    typed_line(text).chars().take(LONGEST_CHOICE).collect()
}

/// The Sunday that a day's week begins with.
pub(super) fn sunday_before(day: Date) -> Date {
    plus_days(day, -i64::from(day.weekday().to_sunday_zero_offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(view: &str, date: &str) -> Asked {
        let calendar = Calendar::new("America/Sao_Paulo", "2026-11-26T15:00:00Z".parse().unwrap());
        Asked::read(&AgendaQuery { view: view.into(), date: date.into(), ..Default::default() }, &calendar)
    }

    #[test]
    fn each_view_has_its_span_and_its_steps() {
        for (view, date, span, steps) in [
            ("day", "2026-11-24", ("2026-11-24", "2026-11-25"), ("2026-11-23", "2026-11-25")),
            ("week", "2026-11-24", ("2026-11-22", "2026-11-29"), ("2026-11-17", "2026-12-01")),
            ("", "2026-11-22", ("2026-11-22", "2026-11-29"), ("2026-11-15", "2026-11-29")),
            ("month", "2026-12-31", ("2026-12-01", "2027-01-01"), ("2026-11-01", "2027-01-01")),
            ("list", "2026-11-24", ("2026-11-24", "2026-12-24"), ("2026-10-25", "2026-12-24")),
            // What means nothing is this week.
            ("ano", "24/11/2026", ("2026-11-22", "2026-11-29"), ("2026-11-19", "2026-12-03")),
        ] {
            let asked = asked(view, date);
            let texts = |(first, second): (Date, Date)| (first.to_string(), second.to_string());
            let told = |(first, second): (&str, &str)| (first.to_owned(), second.to_owned());
            assert_eq!((texts(asked.span()), texts(asked.steps())), (told(span), told(steps)), "{view} {date}");
        }
        assert_eq!(asked("ano", "ontem").query(), AgendaQuery::default());
    }
}
