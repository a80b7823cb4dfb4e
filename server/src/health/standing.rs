//! What follows from a check. A success counts at once; anything else only when a second check, a while later, does not
//! find the connection as it was: a host that was away for ten seconds is no news. Pure.

use super::Pace;
use crate::{
    providers::Standing,
    store::{ConnectionRow, ConnectionState, StandingRow},
};
use time::OffsetDateTime;

/// A test's outcome as the store keeps it.
pub fn seen(standing: Standing) -> ConnectionState {
    match standing {
        Standing::Healthy => ConnectionState::Healthy,
        Standing::Degraded => ConnectionState::Degraded,
        Standing::Expired => ConnectionState::Expired,
        Standing::Unreachable => ConnectionState::Unreachable,
        Standing::Unknown => ConnectionState::Unknown,
    }
}

/// A change that the tenant is to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) from: ConnectionState,
    pub(super) to: ConnectionState,
    pub(super) at: OffsetDateTime,
}

/// The connection after a check of the credential's `version` that found `state` at `now`, and the change that it makes.
///
/// There is a change when a confirmed state is another than the one told last. That nobody knows is never told; nor is
/// that a new connection works, which is what everybody expects.
pub(super) fn observe(
    before: &ConnectionRow,
    version: i64,
    state: ConnectionState,
    now: OffsetDateTime,
    pace: &Pace,
) -> (ConnectionRow, Option<Change>) {
    let mut row = before.clone();
    if row.version != version {
        // What was found of another credential says nothing of this one; what was told stays told.
        row = ConnectionRow {
            version,
            state: ConnectionState::Unknown,
            since: now,
            doubted_at: None,
            healthy_at: None,
            failures: 0,
            ..row
        };
    }
    row.checked_at = Some(now);
    if state == ConnectionState::Healthy {
        (row.healthy_at, row.failures) = (Some(now), 0);
    } else {
        row.failures = row.failures.saturating_add(1);
    }
    // An old doubt is none: nobody looked in between.
    let doubted = row.doubted_at.filter(|at| now - *at <= pace.stale());
    if state == row.state {
        row.doubted_at = None;
        return (row, None);
    }
    match (state, doubted) {
        (ConnectionState::Healthy, _) => row.since = now,
        (_, Some(first)) if now - first >= pace.confirm => row.since = first,
        (_, first) => {
            row.doubted_at = Some(first.unwrap_or(now));
            return (row, None);
        }
    }
    (row.state, row.doubted_at) = (state, None);
    let from = row.told;
    if state == from || state == ConnectionState::Unknown {
        return (row, None);
    }
    row.told = state;
    let expected = from == ConnectionState::Unknown && state == ConnectionState::Healthy;
    let change = Change { from, to: state, at: row.since };
    (row, (!expected).then_some(change))
}

/// Where a connection stands for whoever looks at `now`: nothing is green, or red, by what was found long ago or of
/// another version of the credential.
pub fn shown(row: &StandingRow, now: OffsetDateTime, pace: &Pace) -> ConnectionState {
    let recent = |at: Option<OffsetDateTime>| at.is_some_and(|at| now - at <= pace.stale());
    let proof = if row.state == ConnectionState::Healthy { row.healthy_at } else { row.checked_at };
    if row.current && recent(proof) { row.state } else { ConnectionState::Unknown }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
