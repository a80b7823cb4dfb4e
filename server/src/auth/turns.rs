//! One try at a time for an account. Without it a hundred guesses sent at once would all be let through before the first
//! wrong one is counted. `tries` has several processes take turns with each other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::OwnedMutexGuard;

/// How long a try waits for the one before it.
const WAIT: Duration = Duration::from_secs(10);

type Queues = HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>;

/// The queues of all accounts at hand. Cheap to clone; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<Queues>>);

/// The turn of one try; the next comes when it is dropped.
#[derive(Debug)]
pub struct Turn {
    guard: Option<OwnedMutexGuard<()>>,
    account: [u8; 32],
    turns: Turns,
}

impl Turns {
    /// Waits for the account's turn; `None` after 10 s, in which a hundred tries of one account pass.
    pub async fn take(&self, account: [u8; 32]) -> Option<Turn> {
        let queue = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(account).or_default());
        let guard = tokio::time::timeout(WAIT, queue.lock_owned()).await.ok()?;
        Some(Turn { guard: Some(guard), account, turns: self.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut queues = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else waits or holds it: only the map does.
        if queues.get(&self.account).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.account);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[tokio::test(flavor = "multi_thread")]
    async fn an_accounts_tries_come_one_by_one_and_leave_nothing() {
        let turns = Turns::default();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tries: Vec<_> = (0..50_u8)
            .map(|index| {
                let (turns, now, most) = (turns.clone(), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    let turn = turns.take([index % 2; 32]).await.expect("a turn");
                    if index % 2 == 0 {
                        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        now.fetch_sub(1, SeqCst);
                    }
                    drop(turn);
                })
            })
            .collect();
        for one in tries {
            one.await.unwrap();
        }
        assert_eq!(most.load(SeqCst), 1);
        assert!(turns.0.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_gets_none() {
        let turns = Turns::default();
        let held = turns.take([1; 32]).await;
        assert!(turns.take([1; 32]).await.is_none());
        assert!(turns.take([2; 32]).await.is_some());
        drop(held);
        assert!(turns.take([1; 32]).await.is_some());
    }
}
