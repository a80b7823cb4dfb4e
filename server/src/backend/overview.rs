//! The overview: three reads of the project, started together, put into figures and words.

use super::{RequestBackend, calendar, contact};
use crate::{
    mapping::{Appointment, Outcome},
    project::{AppointmentStart, Starts},
    store::Visitor,
    words::{self, Calendar, plus_days},
};
use app::{
    error::AppError,
    overview::{AppointmentPanel, ConversationPanel, DayCount, Figure, Overview, OverviewBackend, Trend, Upcoming},
    session::Permission,
};
use jiff::Timestamp;
use time::OffsetDateTime;

const DAYS: i64 = 30;
const UPCOMING: u32 = 8;

#[async_trait::async_trait]
impl OverviewBackend for RequestBackend {
    async fn overview(&self) -> Result<Overview, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let today = calendar.today();
        let (conversations, appointments, upcoming) = tokio::join!(
            project.conversation_starts(calendar.start_of(plus_days(today, 1 - DAYS))),
            project
                .appointment_starts(calendar.start_of(plus_days(today, -13)), calendar.start_of(plus_days(today, 1))),
            project.upcoming(calendar.now(), UPCOMING),
        );
        if let Ok(starts) = &conversations {
            self.note_last_data(visitor, starts.at.iter().max());
        }
        let reading = self.reading(visitor, &calendar, &project);
        Ok(Overview {
            today: calendar.full_day(today),
            as_of: reading.stale.as_ref().map_or_else(|| calendar.time(calendar.now()), |stale| stale.since.clone()),
            reading,
            conversations: conversations.map(|starts| conversation_panel(&calendar, &starts)).map_err(failed),
            appointments: appointments.map(|starts| appointment_panel(&calendar, &starts)).map_err(failed),
            upcoming: upcoming
                .map(|rows| rows.into_iter().map(|row| upcoming_row(&calendar, row)).collect())
                .map_err(failed),
        })
    }
}

impl RequestBackend {
    /// Notes for the agency how fresh the tenant's data is. Beside the page: it must not wait for that.
    fn note_last_data(&self, visitor: &Visitor, newest: Option<&Timestamp>) {
        let seen = newest.and_then(|at| OffsetDateTime::from_unix_timestamp(at.as_second()).ok());
        let (store, scope) = (self.state.store.clone(), visitor.scope);
        if let Some(seen) = seen {
            tokio::spawn(async move {
                if let Err(error) = store.note_last_data(&scope, seen).await {
                    tracing::warn!(%error, "cannot note the newest data");
                }
            });
        }
    }
}

fn conversation_panel(calendar: &Calendar, starts: &Starts) -> ConversationPanel {
    let today = calendar.today();
    let first = plus_days(today, 1 - DAYS);
    let mut counts = vec![0_u32; usize::try_from(DAYS).expect("a small number")];
    for instant in &starts.at {
        let index = first.until(calendar.date_of(*instant)).map_or(-1, |span| span.get_days());
        if let Some(count) = usize::try_from(index).ok().and_then(|index| counts.get_mut(index)) {
            *count += 1;
        }
    }
    let sum = |from: usize, to: usize| counts[from..to].iter().sum::<u32>();
    let last = counts.len();
    let yesterday = plus_days(today, -1);
    let until_now = (calendar.start_of(yesterday), calendar.same_time_on(yesterday));
    let yesterday_so_far =
        starts.at.iter().filter(|instant| **instant >= until_now.0 && **instant <= until_now.1).count();
    ConversationPanel {
        today: figure(counts[last - 1], u32::try_from(yesterday_so_far).unwrap_or(u32::MAX)),
        week: figure(sum(last - 7, last), sum(last - 14, last - 7)),
        days: (0_i64..)
            .zip(&counts)
            .map(|(index, count)| {
                let day = plus_days(first, index);
                DayCount { label: words::day_and_month(day), full: calendar.full_day(day), count: *count }
            })
            .collect(),
        sample: sample(starts.complete, starts.at.len()),
    }
}

fn appointment_panel(calendar: &Calendar, starts: &Starts<AppointmentStart>) -> AppointmentPanel {
    let today = calendar.today();
    let day = |days: i64| calendar.start_of(plus_days(today, days));
    let count = |from: Timestamp, to: Timestamp, cancelled: bool| {
        let within = starts.at.iter().filter(|start| {
            start.at >= from && start.at < to && (start.outcome == Some(Outcome::Cancelled)) == cancelled
        });
        u32::try_from(within.count()).unwrap_or(u32::MAX)
    };
    AppointmentPanel {
        today: figure(count(day(0), day(1), false), count(day(-1), day(0), false)),
        week: figure(count(day(-6), day(1), false), count(day(-13), day(-6), false)),
        cancelled: count(day(-6), day(1), true),
        sample: sample(starts.complete, starts.at.len()),
    }
}

fn upcoming_row(calendar: &Calendar, row: Appointment) -> Upcoming {
    let (who, _) = contact(row.name.as_deref(), row.person.as_ref());
    let what = [row.service.as_deref(), row.professional.as_deref()];
    Upcoming {
        starts: calendar.soon(row.starts),
        who,
        what: what.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
    }
}

fn sample(complete: bool, counted: usize) -> Option<u32> {
    (!complete).then(|| u32::try_from(counted).unwrap_or(u32::MAX))
}

/// A figure with its change in words: "12%", "novo" when there was nothing before.
fn figure(now: u32, before: u32) -> Figure {
    let trend = match now.cmp(&before) {
        std::cmp::Ordering::Greater => Trend::Up,
        std::cmp::Ordering::Less => Trend::Down,
        std::cmp::Ordering::Equal => Trend::Level,
    };
    let change = match (now, before) {
        (now, before) if now == before => "igual".to_owned(),
        (_, 0) => "novo".to_owned(),
        (now, before) => {
            let percent = (f64::from(now.abs_diff(before)) * 100.0 / f64::from(before)).round();
            format!("{percent:.0}%")
        }
    };
    Figure { now, before, change, trend }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn headline_and_days_come_from_the_same_rows() {
        let calendar = Calendar::new("America/Sao_Paulo", at("2026-11-24T15:00:00Z"));
        let starts = Starts {
            at: vec![
                at("2026-11-24T14:00:00Z"), // today
                at("2026-11-24T03:00:00Z"), // today, the first instant of the day
                at("2026-11-24T02:59:59Z"), // yesterday, the last
                at("2026-11-23T12:00:00Z"), // yesterday, before this hour
                at("2026-11-12T12:00:00Z"), // the week before
                at("2026-10-26T03:00:00Z"), // the first of the 30 days
                at("2026-10-26T02:59:59Z"), // one second too old
            ],
            total: 7,
            complete: true,
        };
        let panel = conversation_panel(&calendar, &starts);
        assert_eq!((panel.today.now, panel.today.before), (2, 1));
        assert_eq!((panel.week.now, panel.week.before), (4, 1));
        assert_eq!(panel.days.len(), 30);
        assert_eq!(panel.days[0].count, 1);
        assert_eq!(panel.days[29].count, panel.today.now);
        assert_eq!(panel.days[23..].iter().map(|day| day.count).sum::<u32>(), panel.week.now);
        assert_eq!(panel.sample, None);
    }

    #[test]
    fn changes_are_told_in_words() {
        for (now, before, change, trend) in [
            (0, 0, "igual", Trend::Level),
            (3, 0, "novo", Trend::Up),
            (112, 100, "12%", Trend::Up),
            (94, 100, "6%", Trend::Down),
            (0, 4, "100%", Trend::Down),
        ] {
            assert_eq!(figure(now, before), Figure { now, before, change: change.to_owned(), trend });
        }
    }
}
