//! The soft lock of one account (kanidm's steps): the more wrong passwords in a row, the longer until the next may be
//! tried. A pure state machine: the store keeps the row, the caller brings the time.
//!
//! A guess counts when it is let in, not when it proves wrong: whoever calls runs `check` and `after_failure` in one
//! transaction *before* the slow comparison, and deletes the row after a success. Otherwise a hundred guesses sent at
//! once would all pass the first check.

use std::time::Duration;
use time::{Duration as Span, OffsetDateTime};

/// How long failures are remembered, from the first of them: the cap of [`MOST`] holds for this span.
const WINDOW: Span = Span::DAY;
/// Failures after which the account stays locked until the window ends (NIST 800-63B: at most 100 in a row).
const MOST: u32 = 100;

/// What an account's failures have led to. No row is an account without failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoftLock {
    /// Failures since `since`.
    pub failures: u32,
    /// The first of them.
    pub since: OffsetDateTime,
    /// No password is looked at before this instant.
    pub until: OffsetDateTime,
}

impl SoftLock {
    /// Whether a password may be tried now.
    ///
    /// # Errors
    /// The time until it may.
    pub fn check(lock: Option<&Self>, now: OffsetDateTime) -> Result<(), Duration> {
        match lock {
            Some(lock) if now < lock.until => Err((lock.until - now).unsigned_abs()),
            _ => Ok(()),
        }
    }

    /// The row after one more failure. A row whose window is over is forgotten: it counts from one again.
    pub fn after_failure(lock: Option<Self>, now: OffsetDateTime) -> Self {
        let (failures, since) = match lock {
            Some(lock) if now < end_of(lock.since) => (lock.failures.saturating_add(1), lock.since),
            _ => (1, now),
        };
        Self { failures, since, until: wait(failures).map_or(end_of(since), |wait| now.saturating_add(wait)) }
    }
}

fn end_of(since: OffsetDateTime) -> OffsetDateTime {
    since.saturating_add(WINDOW)
}

/// How long to wait after so many failures; `None` is until the window ends.
fn wait(failures: u32) -> Option<Span> {
    match failures {
        0..3 => Some(Span::seconds(1)),
        3..9 => Some(Span::seconds(3)),
        9..25 => Some(Span::seconds(5)),
        25..MOST => Some(Span::seconds(10)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, OffsetDateTime, SoftLock, Span};
    use proptest::{prelude::*, test_runner::TestRunner};
    use time::macros::datetime;

    const CASES: u32 = 10_000;
    const START: OffsetDateTime = datetime!(2025-03-10 12:00 UTC);

    /// The row after so many failures, each as soon as it was allowed.
    fn failed(times: u32) -> (SoftLock, OffsetDateTime) {
        let mut now = START;
        let mut lock = SoftLock::after_failure(None, now);
        for _ in 1..times {
            now = lock.until;
            lock = SoftLock::after_failure(Some(lock), now);
        }
        (lock, now)
    }

    #[test]
    fn each_step_waits_as_long_as_it_says() {
        let steps = [(1, 1), (2, 1), (3, 3), (8, 3), (9, 5), (24, 5), (25, 10), (99, 10)];
        for (failures, seconds) in steps {
            let (lock, now) = failed(failures);
            assert_eq!((lock.failures, lock.since), (failures, START));
            assert_eq!(SoftLock::check(Some(&lock), now), Err(Duration::from_secs(seconds)), "after {failures}");
            let almost = lock.until - Span::nanoseconds(1);
            assert_eq!(SoftLock::check(Some(&lock), almost), Err(Duration::from_nanos(1)));
            assert_eq!(SoftLock::check(Some(&lock), lock.until), Ok(()));
        }
    }

    #[test]
    fn the_hundredth_failure_locks_until_the_window_ends() {
        let (lock, now) = failed(100);
        assert_eq!(lock.until, START + Span::DAY);
        assert!(SoftLock::check(Some(&lock), now).is_err());
        assert_eq!(SoftLock::check(Some(&lock), START + Span::DAY), Ok(()));
        // A guess that slips past the check makes it no shorter.
        assert_eq!(SoftLock::after_failure(Some(lock), now).until, lock.until);
    }

    #[test]
    fn after_the_window_it_counts_from_one() {
        let (lock, _) = failed(100);
        let later = START + Span::DAY;
        let fresh = SoftLock::after_failure(Some(lock), later);
        assert_eq!(fresh, SoftLock { failures: 1, since: later, until: later + Span::SECOND });
        let few = SoftLock::after_failure(Some(failed(50).0), later - Span::SECOND);
        assert_eq!((few.failures, few.since), (51, START), "the window is not over yet");
    }

    #[test]
    fn no_row_is_no_lock() {
        assert_eq!(SoftLock::check(None, START), Ok(()));
        let lock = SoftLock::after_failure(None, START);
        assert_eq!(lock, SoftLock { failures: 1, since: START, until: START + Span::SECOND });
    }

    #[test]
    fn ten_thousand_guesses_in_a_day_reach_the_password_a_hundred_times() {
        let (mut lock, mut let_through) = (None, 0);
        for guess in 0..10_000i32 {
            let now = START + Span::milliseconds(8_640) * guess;
            if SoftLock::check(lock.as_ref(), now).is_ok() {
                let_through += 1;
                lock = Some(SoftLock::after_failure(lock, now));
            }
        }
        eprintln!("soft lock: {let_through} of 10000 guesses in 24 h let through (at most 100)");
        assert_eq!(let_through, 100);
    }

    #[test]
    fn guesses_as_fast_as_allowed_are_a_hundred_a_day() {
        let (mut lock, mut now, mut let_through) = (None, START, 0);
        while now < START + Span::DAY {
            match SoftLock::check(lock.as_ref(), now) {
                Ok(()) => {
                    let_through += 1;
                    lock = Some(SoftLock::after_failure(lock, now));
                }
                Err(wait) => now += wait,
            }
        }
        assert_eq!(let_through, 100);
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for now in [datetime!(-9999-01-01 0:00 UTC), datetime!(9999-12-31 23:59:59 UTC)] {
            let lock = SoftLock::after_failure(Some(failed(100).0), now);
            let _ = SoftLock::check(Some(&lock), now);
        }
        let (lock, now) = failed(1);
        let worn = SoftLock { failures: u32::MAX, ..lock };
        assert_eq!(SoftLock::after_failure(Some(worn), now).until, START + Span::DAY);
    }

    /// The same rules, told by counting a list of instants.
    fn naive(failures: &[OffsetDateTime], now: OffsetDateTime) -> bool {
        let mut window: Vec<OffsetDateTime> = vec![];
        for &failure in failures {
            if window.first().is_some_and(|&first| failure - first >= Span::DAY) {
                window.clear();
            }
            window.push(failure);
        }
        let (Some(&first), Some(&last)) = (window.first(), window.last()) else { return true };
        let seconds = [(3, 1), (9, 3), (25, 5), (100, 10)];
        match seconds.iter().find(|(below, _)| window.len() < *below) {
            Some((_, seconds)) => now - last >= Span::seconds(*seconds),
            None => now - first >= Span::DAY,
        }
    }

    #[test]
    fn does_what_the_naive_model_does() {
        // Pauses that mostly are long enough, so that many cases reach the lock; a few outlast the window.
        let pause = prop_oneof![150 => 0..20_000i64, 1 => 0..90_000_000i64];
        let cases = (prop::collection::vec(pause, 1..200), prop::option::weighted(0.2, 0..200usize));
        let locked = std::cell::Cell::new(0);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
        let outcome = runner.run(&cases, |(pauses, forgiven)| {
            let (mut lock, mut failures, mut now) = (None, vec![], START);
            for (turn, pause) in pauses.into_iter().enumerate() {
                now += Span::milliseconds(pause);
                let open = SoftLock::check(lock.as_ref(), now);
                prop_assert_eq!(open.is_ok(), naive(&failures, now));
                if let Err(wait) = open {
                    prop_assert!(SoftLock::check(lock.as_ref(), now + wait).is_ok());
                } else if forgiven == Some(turn) {
                    (lock, failures) = (None, vec![]);
                } else {
                    lock = Some(SoftLock::after_failure(lock, now));
                    failures.push(now);
                }
            }
            locked.set(locked.get() + u32::from(lock.is_some_and(|lock| lock.failures >= super::MOST)));
            Ok(())
        });
        outcome.unwrap();
        eprintln!("soft lock: {CASES} of {CASES} histories as in the model, {} of them up to the lock", locked.get());
        assert!(locked.get() > CASES / 100);
    }
}
