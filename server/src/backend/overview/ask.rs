//! What a project is asked for one overview: all first pages start together, three questions run at a time, and a period that
//! cannot be read whole is not compared.

use super::super::RequestBackend;
use crate::{
    mapping::{Appointment, Conversation},
    overview::{Both, Period, Read},
    project::{Pace, Project, ProjectError, Sample},
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
        // On the heap: six reads within each other would be a stack of their own.
        let (talks, said, bookings, later, upcoming, waiting) = tokio::join!(
            Box::pin(both(project.talks(pace, period.now), || project.talks(pace, period.before))),
            Box::pin(both(project.utterances(pace, period.now), || project.utterances(pace, period.before))),
            Box::pin(both(project.bookings(pace, period.now), || project.bookings(pace, period.before))),
            Box::pin(project.bookings(pace, later)),
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

/// The period, and then the one before it if the period itself is whole: against a part there is nothing to compare.
async fn both<T, F: Future<Output = Result<Sample<T>, ProjectError>>>(
    now: impl Future<Output = Result<Sample<T>, ProjectError>>,
    before: impl FnOnce() -> F,
) -> Result<Both<T>, ProjectError> {
    let now = now.await?;
    let before = if now.complete { Some(before().await) } else { None };
    let lost = before.as_ref().is_some_and(Result::is_err);
    Ok(Both { now, before: before.and_then(Result::ok), lost })
}
