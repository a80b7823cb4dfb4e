//! Wrong passwords, counted: at the same time, over a restart, and never without bound.

use super::{super::*, *};
use futures::future::join_all;

/// From the third failure on, an hour.
fn three(lock: Option<Lock>) -> Lock {
    let lock = lock.unwrap_or(Lock { failures: 0, since: NOW, until: NOW });
    let failures = lock.failures + 1;
    let until = if failures < 3 { NOW } else { NOW + Duration::hours(1) };
    Lock { failures, until, ..lock }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_at_the_same_time_are_all_counted() {
    on_both(async |store| {
        let mut whole = 0;
        for round in 0..10 {
            let failures = (0..20).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.count_failure(&hash(round), LockDevice::Any, three).await.unwrap() })
            });
            let mut seen: Vec<_> =
                join_all(failures).await.into_iter().map(|counted| counted.unwrap().failures).collect();
            seen.sort_unstable();
            // The first ones too wait for each other, although there is no row yet that they could lock.
            whole += u32::from(seen == (1..=20).collect::<Vec<_>>());
        }
        assert_eq!(whole, 10);
        eprintln!("20 failures at once counted as 20: {whole} of 10 rounds");
    })
    .await;
}

#[tokio::test]
async fn devices_and_accounts_are_counted_apart_and_a_right_password_forgets() {
    on_both(async |store| {
        let count = async |account, device| store.count_failure(&hash(account), device, three).await.unwrap().failures;
        assert_eq!(store.find_lock(&hash(1), LockDevice::Any).await.unwrap(), None);
        for number in 1..=3 {
            assert_eq!(count(1, LockDevice::Any).await, number);
        }
        assert_eq!(count(1, LockDevice::Known).await, 1);
        assert_eq!(count(2, LockDevice::Any).await, 1);
        let locked = Lock { failures: 3, since: NOW, until: NOW + Duration::hours(1) };
        assert_eq!(store.find_lock(&hash(1), LockDevice::Any).await.unwrap(), Some(locked));
        store.clear_lock(&hash(1), LockDevice::Any).await.unwrap();
        assert_eq!(store.find_lock(&hash(1), LockDevice::Any).await.unwrap(), None);
        assert!(store.find_lock(&hash(1), LockDevice::Known).await.unwrap().is_some());
        assert_eq!(count(1, LockDevice::Any).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_restart_forgets_no_lock() {
    on_both_empty(async |ground| {
        ground.migrate().await;
        for account in 0..10 {
            for _ in 0..3 {
                ground.store.count_failure(&hash(account), LockDevice::Any, three).await.unwrap();
            }
        }
        let store = ground.connect().await;
        let mut kept = 0;
        for account in 0..10 {
            let lock = store.find_lock(&hash(account), LockDevice::Any).await.unwrap();
            kept += u32::from(lock.is_some_and(|lock| lock.failures == 3 && lock.until == NOW + Duration::hours(1)));
        }
        store.close().await;
        assert_eq!(kept, 10);
        eprintln!("locks kept over a restart: {kept} of 10");
    })
    .await;
}

#[tokio::test]
async fn rows_are_dropped_after_a_day_and_beyond_the_most() {
    on_both(async |store| {
        store.count_failure(&hash(1), LockDevice::Any, three).await.unwrap();
        assert_eq!(store.delete_old_locks(NOW + Duration::days(1)).await.unwrap(), 0);
        assert_eq!(store.delete_old_locks(NOW + Duration::days(1) + Duration::seconds(1)).await.unwrap(), 1);
        let crowd = match store.backend() {
            Backend::Sqlite => {
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200007) \
                 insert into login_locks select cast(printf('%032d', i) as blob), 'any', 1, 1000000 + i, 0 from n"
            }
            Backend::Postgres => {
                "insert into login_locks select convert_to(lpad(i::text, 32, '0'), 'UTF8'), 'any', 1, 1000000 + i, 0 \
                 from generate_series(1, 200007) i"
            }
        };
        raw(store, crowd, None).await.unwrap();
        let soon = OffsetDateTime::UNIX_EPOCH + Duration::hours(1);
        assert_eq!(store.delete_old_locks(soon).await.unwrap(), 7);
        assert_eq!(count(store, "select count(*) from login_locks").await, 200_000);
        assert_eq!(count(store, "select min(since) from login_locks").await, 1_000_008, "the oldest stayed");
    })
    .await;
}
