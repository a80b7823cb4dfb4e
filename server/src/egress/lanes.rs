//! A lane per tenant: one noisy or stuck project never takes the places of the others.
//!
//! Four calls of a tenant and 64 of all are under way at once; the rest wait a moment in order of arrival, then are told
//! that it is busy. A tenant waits in its own queue first, so only calls that may run compete for the common places.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::error::EgressError;

/// Calls of one lane at a time.
const PER_LANE: usize = 4;
/// Calls of all lanes at a time.
const IN_ALL: usize = 64;
/// Longest wait for a place.
const QUEUE_WAIT: Duration = Duration::from_millis(500);

/// The places of all lanes.
pub(super) struct Lanes {
    all: Arc<Semaphore>,
    // Weak, so that a lane lives as long as somebody runs or waits in it.
    lanes: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
}

/// A place in a lane; dropping it frees the place.
pub(super) struct Place {
    _lane: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Lanes {
    pub(super) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(IN_ALL)), lanes: Mutex::default() }
    }

    /// Waits for a place, at most half a second.
    ///
    /// # Errors
    /// [`EgressError::Busy`] when none became free.
    pub(super) async fn enter(&self, lane: Uuid) -> Result<Place, EgressError> {
        let own = self.lane(lane);
        let both = async {
            let lane = own.acquire_owned().await?;
            let all = Arc::clone(&self.all).acquire_owned().await?;
            Ok::<_, tokio::sync::AcquireError>(Place { _lane: lane, _all: all })
        };
        match tokio::time::timeout(QUEUE_WAIT, both).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(EgressError::Busy),
        }
    }

    /// Calls under way.
    pub(super) fn under_way(&self) -> usize {
        IN_ALL - self.all.available_permits()
    }

    fn lane(&self, id: Uuid) -> Arc<Semaphore> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&id).and_then(Weak::upgrade) {
            return lane;
        }
        // A new lane is the moment to sweep out those nobody uses: the map is never larger than the lanes in use plus one.
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let lane = Arc::new(Semaphore::new(PER_LANE));
        lanes.insert(id, Arc::downgrade(&lane));
        lane
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fifth_call_waits_then_is_told_busy_and_others_pass() {
        let lanes = Lanes::new();
        let (noisy, quiet) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(lanes.enter(noisy).await.unwrap());
        }
        let started = tokio::time::Instant::now();
        assert_eq!(lanes.enter(noisy).await.err(), Some(EgressError::Busy));
        assert!(started.elapsed() >= QUEUE_WAIT && started.elapsed() < 2 * QUEUE_WAIT);
        let others = lanes.enter(quiet).await.unwrap();
        assert_eq!(lanes.enter(noisy).await.err(), Some(EgressError::Busy), "no new lane for whoever has one");
        assert_eq!(lanes.under_way(), 5);
        drop(others);
        held.pop();
        assert_eq!(lanes.under_way(), 3);
        assert!(lanes.enter(noisy).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn sixty_four_in_all() {
        let lanes = Lanes::new();
        let mut held = Vec::new();
        for call in 0..64 {
            held.push(lanes.enter(Uuid::from_u128(call / 4)).await.unwrap());
        }
        assert_eq!(lanes.enter(Uuid::from_u128(99)).await.err(), Some(EgressError::Busy));
        held.pop();
        assert!(lanes.enter(Uuid::from_u128(99)).await.is_ok());
    }

    #[tokio::test]
    async fn lanes_nobody_uses_are_swept_out() {
        let lanes = Lanes::new();
        for id in 0..10_000 {
            drop(lanes.enter(Uuid::from_u128(id)).await.unwrap());
        }
        assert!(lanes.lanes.lock().unwrap().len() <= 2);
    }
}
