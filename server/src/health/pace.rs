//! How often and how many at once, and when a connection or a change is due next. Pure: the time and the luck are given.

use crate::store::ConnectionRow;
use std::time::Duration as Wait;
use time::{Duration, OffsetDateTime};

/// How the watch goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From one check of a credential to the next, give or take [`Pace::spread`] percent.
    pub every: Duration,
    /// In percent of [`Pace::every`], so that not all credentials are looked at in the same second.
    pub spread: u32,
    /// The least time to the next check after one that failed; the most is twice that. A save is looked at after it, too.
    pub soon: Duration,
    /// Failures in a row after which a connection is looked at no more often than others.
    pub patience: u32,
    /// The least time between the check that found a connection otherwise and the one that may confirm it.
    pub confirm: Duration,
    /// Checks and deliveries at once, of all tenants, in one process.
    pub workers: usize,
    /// How long a piece of work may take before another process may take it: well above the longest test.
    pub lease: Duration,
    /// How long a change waits after the first try that failed; twice as long after each further one.
    pub tell_again: Duration,
    /// How often a change is tried.
    pub tell_tries: u32,
    /// The pause between two looks at what is due.
    pub look: Wait,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            every: Duration::minutes(15),
            spread: 20,
            soon: Duration::minutes(1),
            patience: 5,
            confirm: Duration::seconds(30),
            workers: 4,
            lease: Duration::minutes(1),
            tell_again: Duration::minutes(1),
            tell_tries: 10,
            look: Wait::from_secs(5),
        }
    }
}

impl Pace {
    /// A success older than this is none: nothing is green by it.
    pub fn stale(&self) -> Duration {
        self.every * 2
    }

    /// When a connection is looked at next, after a check at `now`. `luck` is drawn anew each time.
    pub fn next_check(&self, after: &ConnectionRow, now: OffsetDateTime, luck: u32) -> OffsetDateTime {
        let luck = f64::from(luck) / f64::from(u32::MAX);
        let wait = if (1..=self.patience).contains(&after.failures) {
            self.soon * (1.0 + luck)
        } else {
            let spread = f64::from(self.spread) / 100.0;
            self.every * (1.0 - spread + 2.0 * spread * luck)
        };
        now + wait
    }

    /// When a change is told again after its `attempts`-th try, or `None` when that was the last one.
    pub fn next_try(&self, attempts: u32, now: OffsetDateTime) -> Option<OffsetDateTime> {
        const LONGEST: Duration = Duration::hours(1);
        let wait = self.tell_again * 2_i32.saturating_pow(attempts.saturating_sub(1).min(16));
        (attempts < self.tell_tries).then(|| now + wait.min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ConnectionState;
    use proptest::prelude::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

    fn row(failures: u32) -> ConnectionRow {
        ConnectionRow {
            version: 1,
            state: ConnectionState::Unknown,
            since: NOW,
            told: ConnectionState::Unknown,
            doubted_at: None,
            checked_at: Some(NOW),
            healthy_at: None,
            failures,
            next_at: NOW,
            revision: 1,
        }
    }

    proptest! {
        #[test]
        fn a_check_comes_in_its_time(failures in 0_u32..40, luck: u32) {
            let pace = Pace::default();
            let wait = pace.next_check(&row(failures), NOW, luck) - NOW;
            let (least, most) = match failures {
                1..=5 => (Duration::minutes(1), Duration::minutes(2)),
                _ => (Duration::minutes(12), Duration::minutes(18)),
            };
            prop_assert!(least <= wait && wait <= most, "{wait} after {failures} failures");
            // Whatever the luck, one check may fail to be made before what is green turns grey.
            prop_assert!(wait < pace.stale());
        }

        #[test]
        fn a_change_waits_longer_each_time_and_is_given_up(attempts in 1_u32..1_000) {
            let pace = Pace::default();
            let wait = |attempts| pace.next_try(attempts, NOW).map(|next| next - NOW);
            match wait(attempts) {
                None => prop_assert!(attempts >= pace.tell_tries),
                Some(now) => {
                    prop_assert!(now >= Duration::minutes(1) && now <= Duration::hours(1));
                    prop_assert!(wait(attempts + 1).is_none_or(|next| next >= now));
                }
            }
        }
    }

    #[test]
    fn luck_spreads_the_checks() {
        let at = |luck| Pace::default().next_check(&row(0), NOW, luck) - NOW;
        assert_eq!((at(0), at(u32::MAX)), (Duration::minutes(12), Duration::minutes(18)));
        assert!(at(u32::MAX / 4) < at(u32::MAX / 2));
    }
}
