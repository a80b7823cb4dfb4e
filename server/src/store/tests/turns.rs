//! One try at a time for an account, however many processes there are.

use super::{super::*, *};
use futures::future::join_all;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

const PROCESSES: usize = 3;

/// Takes a turn at [`NOW`] for ten seconds.
async fn take(store: &Store, account: u8, holder: Uuid, after: Duration) -> bool {
    let now = NOW + after;
    store.take_turn(&hash(account), holder, now, now + Duration::seconds(10)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_let_one_in_at_a_time() {
    on_both_empty(async |ground| {
        ground.migrate().await;
        let (inside, most, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            processes.push(ground.connect().await);
        }
        let tries = (0..30).map(|number: usize| {
            let (store, inside, most, done) = (&processes[number % PROCESSES], &inside, &most, &done);
            async move {
                let holder = Uuid::new_v4();
                while !take(store, 1, holder, Duration::ZERO).await {
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
                most.fetch_max(inside.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                inside.fetch_sub(1, SeqCst);
                store.give_turn_back(&hash(1), holder).await.unwrap();
                done.fetch_add(1, SeqCst);
            }
        });
        join_all(tries).await;
        assert_eq!((done.load(SeqCst), most.load(SeqCst)), (30, 1));
        eprintln!("tries of an account at a time in {PROCESSES} processes: {}, of 30", most.load(SeqCst));
        assert_eq!(count(&ground.store, "select count(*) from turns").await, 0, "nothing is left");
        for process in processes {
            process.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_turn_that_nobody_gave_back_is_forgotten() {
    on_both(async |store| {
        let (dead, next, late) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
        assert!(take(store, 1, dead, Duration::ZERO).await);
        assert!(take(store, 2, dead, Duration::ZERO).await, "another account's");
        assert!(!take(store, 1, next, Duration::milliseconds(9_999)).await);
        assert!(take(store, 1, next, Duration::seconds(10)).await);
        // Whoever comes back after its time does not give away what is another's by now.
        store.give_turn_back(&hash(1), dead).await.unwrap();
        assert!(!take(store, 1, late, Duration::seconds(10)).await);
        store.give_turn_back(&hash(1), next).await.unwrap();
        assert!(take(store, 1, late, Duration::seconds(10)).await);
        assert_eq!(store.delete_old_turns(NOW + Duration::seconds(10)).await.unwrap(), 1, "the other account's");
        assert_eq!(store.delete_old_turns(NOW + Duration::seconds(20)).await.unwrap(), 1);
    })
    .await;
}
