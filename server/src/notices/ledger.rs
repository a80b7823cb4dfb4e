//! Which notices were acted upon. Pure: the time is given.
//!
//! Postgres gives a number when the notice is written and shows it when its transaction ends: a lower one may come after a
//! higher one. So nobody goes on from the highest: where a number is missing, it is read on from there until it came, or
//! until nothing that was under way then can be under way any more. SQLite's writers come one after the other; there no
//! number is missing but of what was swept.

use crate::store::Notice;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::{Duration, Instant},
};

/// How long a missing number is waited for: longer than a transaction takes. One whose transaction was undone never comes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Numbers before the newest one, at the start, whose transactions may be under way still.
const UNDER_WAY: i64 = 100;

/// Where reading has got to.
#[derive(Debug)]
pub(super) struct Ledger {
    /// All up to this number are done with.
    floor: i64,
    /// Numbers beyond it that were acted upon, and when each was first seen.
    beyond: BTreeMap<i64, Instant>,
}

impl Ledger {
    /// Nothing was acted upon yet, and this is the newest there is.
    pub(super) fn at(newest: i64) -> Self {
        Self { floor: (newest - UNDER_WAY).max(0), beyond: BTreeMap::new() }
    }

    /// What is to be read comes after this number.
    pub(super) fn floor(&self) -> i64 {
        self.floor
    }

    /// Those that were not seen before. They count as acted upon.
    pub(super) fn take(&mut self, page: Vec<Notice>, now: Instant) -> Vec<Notice> {
        page.into_iter()
            .filter(|notice| match self.beyond.entry(notice.id) {
                Entry::Vacant(place) if notice.id > self.floor => {
                    place.insert(now);
                    true
                }
                _ => false,
            })
            .collect()
    }

    /// Goes on as far as no number is missing that may still come.
    pub(super) fn settle(&mut self, now: Instant) {
        while let Some(lowest) = self.beyond.first_entry() {
            let follows = *lowest.key() == self.floor + 1;
            if !follows && now.saturating_duration_since(*lowest.get()) < PATIENCE {
                break;
            }
            self.floor = *lowest.key();
            lowest.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::About;

    fn notices(ids: &[i64]) -> Vec<Notice> {
        ids.iter().map(|id| Notice { id: *id, about: About::All }).collect()
    }

    /// Reads what is there at an instant, as the loop does; gives the numbers that were new.
    fn read(ledger: &mut Ledger, there: &[i64], now: Instant) -> Vec<i64> {
        let page: Vec<i64> = there.iter().copied().filter(|id| *id > ledger.floor()).collect();
        let fresh = ledger.take(notices(&page), now);
        ledger.settle(now);
        fresh.iter().map(|notice| notice.id).collect()
    }

    #[test]
    fn one_after_the_other_nothing_is_read_twice() {
        let (mut ledger, now) = (Ledger::at(0), Instant::now());
        assert_eq!(read(&mut ledger, &[1, 2, 3], now), [1, 2, 3]);
        assert_eq!((ledger.floor(), ledger.beyond.len()), (3, 0));
        assert!(read(&mut ledger, &[1, 2, 3], now).is_empty());
        assert_eq!(read(&mut ledger, &[3, 4], now), [4]);
        assert_eq!(ledger.floor(), 4);
    }

    #[test]
    fn what_commits_late_is_found_once() {
        let (mut ledger, now) = (Ledger::at(0), Instant::now());
        assert_eq!(read(&mut ledger, &[1, 3, 4, 6], now), [1, 3, 4, 6]);
        assert_eq!(ledger.floor(), 1, "2 may come");
        assert!(read(&mut ledger, &[1, 3, 4, 6], now + Duration::from_secs(20)).is_empty());
        assert_eq!(read(&mut ledger, &[1, 2, 3, 4, 6], now + Duration::from_secs(21)), [2]);
        assert_eq!(ledger.floor(), 4, "5 may come");
        assert_eq!(read(&mut ledger, &[4, 5, 6, 7], now + Duration::from_secs(22)), [5, 7]);
        assert_eq!((ledger.floor(), ledger.beyond.len()), (7, 0));
    }

    #[test]
    fn what_was_undone_is_waited_for_and_then_no_more() {
        let (mut ledger, now) = (Ledger::at(0), Instant::now());
        read(&mut ledger, &[1, 3], now);
        let later = now + PATIENCE / 2;
        assert_eq!(read(&mut ledger, &[3, 4, 6], later), [4, 6]);
        assert_eq!(ledger.floor(), 1);
        assert!(read(&mut ledger, &[3, 4, 6], now + PATIENCE).is_empty());
        assert_eq!(ledger.floor(), 4, "that 5 is missing was noticed later");
        assert!(read(&mut ledger, &[6], later + PATIENCE).is_empty());
        assert_eq!((ledger.floor(), ledger.beyond.len()), (6, 0));
        // However far a number jumps, as after a crash of the database.
        assert_eq!(read(&mut ledger, &[6, 1_000_000], later + PATIENCE), [1_000_000]);
        assert_eq!(ledger.beyond.len(), 1);
    }

    #[test]
    fn at_the_start_what_was_under_way_is_read() {
        let (mut ledger, now) = (Ledger::at(5_000), Instant::now());
        assert_eq!(ledger.floor(), 4_900);
        assert_eq!(read(&mut ledger, &[4_800, 4_950, 5_000], now), [4_950, 5_000]);
        assert_eq!(read(&mut ledger, &[4_950, 4_999, 5_000], now), [4_999]);
        assert_eq!(Ledger::at(40).floor(), 0);
    }

    #[test]
    fn a_flood_in_any_order_is_acted_upon_once_each() {
        let (mut ledger, now) = (Ledger::at(0), Instant::now());
        let (mut there, mut acted) = (Vec::new(), Vec::new());
        // Each comes up to 40 places late, in an order that 7 919 gives, which shares no factor with their number.
        for step in 0..2_000_i64 {
            there.push((step / 40 * 40) + (step % 40 * 7_919 % 40) + 1);
            if step % 17 == 0 {
                there.sort_unstable();
                acted.extend(read(&mut ledger, &there, now + Duration::from_millis(step.unsigned_abs())));
            }
        }
        there.sort_unstable();
        acted.extend(read(&mut ledger, &there, now + PATIENCE));
        acted.sort_unstable();
        assert_eq!(acted, (1..=2_000).collect::<Vec<_>>());
        assert_eq!((ledger.floor(), ledger.beyond.len()), (2_000, 0));
    }
}
