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

/// All of spans that follow each other; `None` where that is too much, or takes the project too long.
async fn together<T, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    read: impl Fn(Want, Span) -> F,
    all: Span,
) -> Result<Option<Sample<T>>, ProjectError> {
    match read(Want::All, all).await {
        Ok(sample) => Ok(Some(sample).filter(|sample| sample.complete)),
        Err(ProjectError::Slow) => Ok(None),
        Err(error) => Err(error),
    }
}

fn parted<T: Timed>(all: Sample<T>, period: &Period) -> Both<T> {
    let (now, before) = all.parted(period.now.0);
    Both { now, before: Some(before), lost: false }
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
