//! How far a project's hints may be relied on: whether what looks find had been hinted. Pure: the clock is given.

use crate::mapping::Part;
use std::{mem, time::Duration};
use tokio::time::Instant;

/// A hint may come so long after the look that found the change: projects tell of it in their own time.
const LATE: Duration = Duration::from_secs(5);
/// The most changes in a row that must have been hinted before hints are relied on again.
const MOST: u32 = 64;

/// What a look found to be other than at the look before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Found {
    pub(super) conversations: bool,
    pub(super) appointments: bool,
}

/// What is known of one connection's hints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Trust {
    /// Whether every table is listened to.
    whole: bool,
    /// Listening has just begun: what changed before was hinted by nobody, so the next look only says how things stand.
    fresh: bool,
    /// The look under way is that one.
    first: bool,
    conversations: Side,
    appointments: Side,
}

/// The hints of one part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Side {
    /// There was one that no look has followed.
    hinted: bool,
    /// There was one that the look under way follows.
    followed: bool,
    /// Since when a change is known of which there was none.
    owed: Option<Instant>,
    /// Changes in a row that were hinted.
    proofs: u32,
    /// How many of them it takes. At first the proofs of the other part do: the project has said that it tells of both.
    needed: u32,
}

impl Trust {
    /// One more table is listened to, or one is again; `whole`, when all are. Says whether that is news.
    pub(super) fn listening(&mut self, whole: bool) -> bool {
        let known = self.fresh && self.whole == whole;
        (self.whole, self.fresh) = (whole, true);
        !known
    }

    /// Rows of a part changed. Says whether that is news.
    pub(super) fn hinted(&mut self, part: Part) -> bool {
        match part {
            Part::Conversations | Part::Messages => self.conversations.hint(),
            Part::Appointments => self.appointments.hint(),
        }
    }

    /// Whether something was hinted that no look has answered yet.
    pub(super) fn wants(&self) -> bool {
        let side = |side: &Side| side.hinted || side.followed;
        self.fresh || self.first || side(&self.conversations) || side(&self.appointments)
    }

    /// A look begins. Until one has come to an end with [`Trust::saw`], hints stay unanswered.
    pub(super) fn begins(&mut self) {
        self.first |= mem::take(&mut self.fresh);
        for side in [&mut self.conversations, &mut self.appointments] {
            side.followed |= mem::take(&mut side.hinted);
        }
    }

    /// A look has seen the project. `found`: what had changed, where it could be compared with the look before.
    pub(super) fn saw(&mut self, found: Option<Found>, now: Instant) {
        let first = mem::take(&mut self.first);
        let found = found.filter(|_| !first).unwrap_or_default();
        self.conversations.saw(found.conversations, now);
        self.appointments.saw(found.appointments, now);
    }

    /// Whether it may be relied on that changes are hinted: all tables are listened to, a change was hinted that a look
    /// found, and none was found of which nobody told.
    pub(super) fn is_good(&mut self, now: Instant) -> bool {
        let mut sides = [&mut self.conversations, &mut self.appointments];
        for side in &mut sides {
            side.settle(now);
        }
        self.whole && sides.iter().all(|side| side.is_good()) && sides.iter().any(|side| side.proofs > 0)
    }

    /// The connection is over. What was hinted is looked at all the same.
    pub(super) fn ends(&mut self) {
        *self = Self { fresh: self.wants(), ..Self::default() };
    }
}

impl Side {
    fn hint(&mut self) -> bool {
        if self.owed.take().is_some() {
            self.prove();
        }
        !mem::replace(&mut self.hinted, true)
    }

    fn saw(&mut self, changed: bool, now: Instant) {
        let hinted = mem::take(&mut self.followed) || self.hinted;
        if changed && hinted {
            self.prove();
        } else if changed {
            self.owed.get_or_insert(now);
        }
    }

    fn prove(&mut self) {
        self.proofs = self.proofs.saturating_add(1);
    }

    /// A change that is not hinted after all takes what was proven, and makes it harder to prove each time.
    fn settle(&mut self, now: Instant) {
        if self.owed.is_some_and(|since| now.duration_since(since) > LATE) {
            let needed = self.needed.saturating_mul(2).clamp(1, MOST);
            *self = Self { owed: None, proofs: 0, needed, ..self.clone() };
        }
    }

    fn is_good(&self) -> bool {
        self.owed.is_none() && self.proofs >= self.needed
    }
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
