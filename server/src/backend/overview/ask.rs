//! What a project is asked for one overview: a period and the one before follow each other and are one question where they
//! are few enough, three questions run at a time, and a period that cannot be read whole is not compared.

use super::super::RequestBackend;
use crate::{
    mapping::{Appointment, Conversation},
    overview::{Both, Period, Read, Span},
    project::{Pace, Project, ProjectError, Sample, Timed, Want},
    store::Visitor,
    words::{self, Calendar, plus_days},
};
use jiff::Timestamp;

/// Appointments to come that are listed.
const UPCOMING: u32 = 8;
/// Days after a period in which its conversations' appointments are looked for.
const LATER: i64 = 180;

/// What came of asking.
pub(super) struct AskedFor {
    pub(super) read: Read,
    pub(super) upcoming: Result<Vec<Appointment>, ProjectError>,
    pub(super) waiting: Result<Option<Conversation>, ProjectError>,
}

impl AskedFor {
    /// The newest thing that was read.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        let talks = self.read.talks.iter().flat_map(|both| &both.now.rows).map(|talk| talk.at);
        let said = self.read.said.iter().flat_map(|both| &both.now.rows).map(|said| said.at);
        talks.chain(said).max()
    }
}

impl RequestBackend {
    pub(super) async fn ask_project(
        &self,
        visitor: &Visitor,
        project: &Project,
        version: i64,
        calendar: &Calendar,
        period: &Period,
    ) -> AskedFor {
        let pace = &Pace::new();
        let later = (period.now.1, calendar.start_of(plus_days(period.last, LATER + 1)));
        let waits = words::conversation_status_words("waiting").unwrap_or_default();
        // The messages first: they have the most pages. On the heap: these reads within each other would be a stack of their
        // own.
        let (said, talks, (bookings, later), upcoming, waiting) = tokio::join!(
            Box::pin(both(period, |want, span| project.utterances(pace, want, span))),
            Box::pin(both(period, |want, span| project.talks(pace, want, span))),
            Box::pin(both_and_later(period, later, |want, span| project.bookings(pace, want, span))),
            Box::pin(project.upcoming(pace, calendar.now(), UPCOMING)),
            Box::pin(project.longest_waiting(pace, &waits)),
        );
        let tenant = *visitor.scope.tenant().as_uuid();
        let sums = &self.state.sums;
        let cut = |complete: Option<bool>| complete == Some(false) && sums.may(tenant, version);
        let (mut said_totals, mut booking_totals) = (None, None);
        // Compared until the same time on the clock, like what is counted from rows.
        let before = (period.before.0, period.before_until);
        if cut(said.as_ref().ok().map(|both| both.now.complete)) {
            let (now, before) =
                tokio::join!(project.message_totals(pace, period.now), project.message_totals(pace, before));
            said_totals = sums.learn(tenant, version, now).map(|now| (now, before.ok().flatten()));
        }
        if cut(bookings.as_ref().ok().map(|both| both.now.complete)) {
            let (now, before) =
                tokio::join!(project.booking_totals(pace, period.now), project.booking_totals(pace, period.before));
            let boxed = |before: Option<Vec<_>>| before.map(Vec::into_boxed_slice);
            booking_totals =
                sums.learn(tenant, version, now).map(|now| (now.into_boxed_slice(), boxed(before.ok().flatten())));
        }
        let read = Read { talks, said, said_totals, bookings, booking_totals, later };
        AskedFor { read, upcoming, waiting }
    }
}

/// The period and the one before.
async fn both<T: Timed, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    period: &Period,
    read: impl Fn(Want, Span) -> F,
) -> Result<Both<T>, ProjectError> {
    match together(&read, (period.before.0, period.now.1)).await? {
        Some(all) => Ok(parted(all, period)),
        None => apart(period, read).await,
    }
}

/// The period, the one before, and what comes after it.
async fn both_and_later<T: Timed, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    period: &Period,
    later: Span,
    read: impl Fn(Want, Span) -> F,
) -> (Result<Both<T>, ProjectError>, Result<Sample<T>, ProjectError>) {
    match together(&read, (period.before.0, later.1)).await {
        Ok(Some(all)) => {
            let (later, both) = all.parted(later.0);
            (Ok(parted(both, period)), Ok(later))
        }
        Ok(None) => tokio::join!(apart(period, &read), read(Want::Newest, later)),
        Err(error) => (Err(error), Err(error)),
    }
}

/// All of spans that follow each other, or the newest of them where a page of it did not come; `None` where it is too much,
/// or takes the project too long.
async fn together<T, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    read: impl Fn(Want, Span) -> F,
    all: Span,
) -> Result<Option<Sample<T>>, ProjectError> {
    match read(Want::All, all).await {
        Ok(sample) => Ok(Some(sample).filter(|sample| sample.complete || sample.read > 0)),
        Err(ProjectError::Slow) => Ok(None),
        Err(error) => Err(error),
    }
}

fn parted<T: Timed>(all: Sample<T>, period: &Period) -> Both<T> {
    let (now, before) = all.parted(period.now.0);
    let lost = !before.complete;
    Both { now, before: Some(before).filter(|_| !lost), lost }
}

/// The period, and then the one before it if the period itself is whole: against a part there is nothing to compare.
async fn apart<T, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    period: &Period,
    read: impl Fn(Want, Span) -> F,
) -> Result<Both<T>, ProjectError> {
    let now = read(Want::Newest, period.now).await?;
    let before = if now.complete { Some(read(Want::Newest, period.before).await) } else { None };
    let lost = before.as_ref().is_some_and(Result::is_err);
    Ok(Both { now, before: before.and_then(Result::ok), lost })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overview::Asked;
    use std::sync::Mutex;

    struct Row(Timestamp);

    impl Timed for Row {
        fn at(&self) -> Timestamp {
            self.0
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Seven days until 24 November, and what comes after them.
    fn period() -> (Period, Span) {
        let calendar = Calendar::new("America/Sao_Paulo", at("2026-11-24T15:00:00Z"));
        let period = Period::read(Asked::default(), &calendar);
        let later = (period.now.1, at("2027-05-01T03:00:00Z"));
        (period, later)
    }

    /// A row of each day that was asked for, newest first.
    fn days((from, until): Span, complete: bool) -> Sample<Row> {
        let all = (0..400).map(|day| Row(at("2027-05-01T12:00:00Z") - jiff::SignedDuration::from_hours(24 * day)));
        let rows: Vec<Row> = all.filter(|row| (from..until).contains(&row.0)).collect();
        let read = rows.len() as u64;
        Sample { rows, read, total: read, complete }
    }

    fn nothing(total: u64) -> Sample<Row> {
        Sample { rows: Vec::new(), read: 0, total, complete: false }
    }

    #[tokio::test]
    async fn spans_that_follow_each_other_are_one_question() {
        let (period, later) = period();
        let asked = Mutex::new(Vec::new());
        let read = |want, span| {
            asked.lock().unwrap().push((want, span));
            async move { Ok(days(span, true)) }
        };
        let (both, after) = both_and_later(&period, later, read).await;
        let (both, after) = (both.unwrap(), after.unwrap());
        assert_eq!((both.now.rows.len(), both.before.unwrap().rows.len(), both.lost), (7, 7, false));
        assert_eq!((after.rows.len(), after.complete), (157, true));
        assert_eq!(*asked.lock().unwrap(), [(Want::All, (period.before.0, later.1))]);
    }

    #[tokio::test]
    async fn what_is_too_much_or_too_slow_is_asked_one_by_one() {
        let (period, later) = period();
        for too_slow in [false, true] {
            let asked = Mutex::new(Vec::new());
            let read = |want, span| {
                asked.lock().unwrap().push((want, span));
                async move {
                    match want {
                        Want::All if too_slow => Err(ProjectError::Slow),
                        Want::All => Ok(nothing(50_000)),
                        Want::Newest => Ok(days(span, true)),
                    }
                }
            };
            let (both, after) = both_and_later(&period, later, read).await;
            let both = both.unwrap();
            assert_eq!((both.now.rows.len(), both.before.unwrap().rows.len(), both.lost), (7, 7, false));
            assert!(after.unwrap().complete);
            let mut spans: Vec<Span> = asked.lock().unwrap().iter().map(|(_, span)| *span).collect();
            spans.sort_unstable();
            assert_eq!(spans, [period.before, (period.before.0, later.1), period.now, later]);
        }
    }

    #[tokio::test]
    async fn a_page_that_does_not_come_leaves_a_sample_and_is_not_asked_for_again() {
        let (period, _) = period();
        let questions = Mutex::new(0);
        let read = |_, span| {
            *questions.lock().unwrap() += 1;
            async move { Ok(days(span, false)) }
        };
        let found = both(&period, read).await.unwrap();
        assert_eq!(
            (found.now.rows.len(), found.now.complete, found.before.is_none(), found.lost),
            (7, false, true, true)
        );
        assert_eq!(*questions.lock().unwrap(), 1);
    }

    #[tokio::test]
    async fn a_project_that_is_away_is_asked_once_and_an_empty_one_is_whole() {
        let (period, later) = period();
        let away = ProjectError::NoAnswer(crate::egress::EgressError::Timeout);
        let questions = Mutex::new(0);
        let read = |_, _| {
            *questions.lock().unwrap() += 1;
            async move { Err::<Sample<Row>, _>(away) }
        };
        let (both, after) = both_and_later(&period, later, read).await;
        assert!(both.is_err() && after.is_err() && *questions.lock().unwrap() == 1);
        let none = |_, _| async { Ok(Sample::<Row> { rows: Vec::new(), read: 0, total: 0, complete: true }) };
        let (both, after) = both_and_later(&period, later, none).await;
        assert!(both.unwrap().before.unwrap().complete && after.unwrap().complete);
    }
}
