//! Finished overviews, each for a minute: whoever looks at the same figures meanwhile costs the project nothing.
//!
//! One is known by its tenant, by the versions of everything it was read with, by its period and by its language: a
//! tenant never meets another's. Of several who ask at once one reads and the others wait. What could not be read whole
//! is not kept.

use app::lang::Lang;
use jiff::civil::Date;
use moka::future::Cache;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long one is shown.
const LIFE: Duration = Duration::from_secs(60);
/// How old one is at least that is read again on request.
const AGAIN: Duration = Duration::from_secs(5);
/// Of all tenants together; one is some ten kilobytes.
const ROOM: u64 = 2_000;

/// What an overview depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Whose it is.
    pub tenant: Uuid,
    /// The version of the credential.
    pub credential: i64,
    /// The version of the mapping.
    pub mapping: i64,
    /// The tenant's zone.
    pub zone: String,
    /// The tenant's business hours, as they are kept.
    pub hours: Option<String>,
    /// The period's word.
    pub period: &'static str,
    /// Its days.
    pub days: (Date, Date),
    /// The day on which it is looked at.
    pub today: Date,
    /// The language it is put into.
    pub lang: Lang,
}

/// An overview of one reading.
#[derive(Debug)]
pub struct Shown<T> {
    /// What the page shows, and the file tells.
    pub view: T,
    /// Whether everything could be read, just now.
    pub whole: bool,
    /// When it was read.
    pub at: Instant,
}

impl<T> Shown<T> {
    /// Seconds for which it is shown yet, rounded up; none where it is not kept.
    pub fn kept_for(&self) -> u32 {
        let left = LIFE.saturating_sub(self.at.elapsed());
        if self.whole { u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX) } else { 0 }
    }
}

/// The overviews of all tenants. Cheap to clone; clones share them.
pub struct Shelf<T>(Cache<Key, Arc<Shown<T>>>);

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Send + Sync + 'static> Default for Shelf<T> {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(ROOM).time_to_live(LIFE).build())
    }
}

impl<T: Send + Sync + 'static> Shelf<T> {
    /// The overview that is kept, or a new one. `again`: a new one unless the kept one is a few seconds old.
    pub async fn get(&self, key: Key, again: bool, read: impl Future<Output = Shown<T>>) -> Arc<Shown<T>> {
        if again && self.0.get(&key).await.is_some_and(|shown| shown.at.elapsed() >= AGAIN) {
            self.0.invalidate(&key).await;
        }
        let read = async {
            let shown = Arc::new(read.await);
            if shown.whole { Ok(shown) } else { Err(shown) }
        };
        self.0.try_get_with(key, read).await.unwrap_or_else(|shown| Arc::clone(&shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn key(tenant: u128, credential: i64, mapping: i64, period: &'static str) -> Key {
        let day = Date::constant(2026, 11, 24);
        let zone = "America/Sao_Paulo".to_owned();
        Key {
            tenant: Uuid::from_u128(tenant),
            credential,
            mapping,
            zone,
            hours: None,
            period,
            days: (day, day),
            today: day,
            lang: Lang::Pt,
        }
    }

    fn shown(label: &str, whole: bool) -> Shown<String> {
        Shown { view: label.to_owned(), whole, at: Instant::now() }
    }

    #[tokio::test]
    async fn nobody_meets_anothers() {
        let shelf = Shelf::default();
        let (mut mixed, mut all) = (0, 0);
        for round in 0..20 {
            for tenant in 0..125 {
                for (credential, mapping, period) in [(1, 0, "7"), (2, 0, "7"), (1, 1, "7"), (1, 0, "30")] {
                    let label = format!("{tenant} {credential} {mapping} {period}");
                    let again = round % 7 == 0;
                    let read = async { shown(&label, true) };
                    let found = shelf.get(key(tenant, credential, mapping, period), again, read).await;
                    mixed += usize::from(found.view != label);
                    all += 1;
                }
            }
        }
        eprintln!("overviews kept: {mixed} of {all} were somebody else's");
        assert_eq!((mixed, all), (0, 10_000));
    }

    #[tokio::test]
    async fn of_many_at_once_one_reads_and_what_failed_is_not_kept() {
        let shelf = Shelf::default();
        let reads = AtomicUsize::new(0);
        for (whole, expected) in [(false, 1), (false, 2), (true, 3), (true, 3)] {
            let asks = (0..50).map(|_| {
                shelf.get(key(1, 1, 1, "7"), false, async {
                    reads.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    shown("x", whole)
                })
            });
            let found = futures::future::join_all(asks).await;
            assert!(found.iter().all(|shown| shown.whole == whole));
            assert_eq!(reads.load(Ordering::SeqCst), expected);
        }
    }

    #[tokio::test]
    async fn one_is_read_again_on_request_but_not_every_moment() {
        let shelf = Shelf::default();
        let get = async |again, label: &str, age| {
            let read = async {
                let at = Instant::now().checked_sub(age).expect("the machine has run for longer");
                Shown { at, ..shown(label, true) }
            };
            shelf.get(key(1, 1, 1, "7"), again, read).await.view.clone()
        };
        assert_eq!(get(false, "first", AGAIN).await, "first");
        assert_eq!(get(false, "second", Duration::ZERO).await, "first");
        assert_eq!(get(true, "third", Duration::ZERO).await, "third");
        assert_eq!(get(true, "fourth", Duration::ZERO).await, "third");
    }
}
