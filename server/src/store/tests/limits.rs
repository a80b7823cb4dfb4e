//! Limits of several processes on one database: each has a handle of its own, and all count together.

use super::{super::*, *};
use futures::future::join_all;
use std::num::NonZeroU32;

const PROCESSES: usize = 3;
const TWENTY: Allowance = allowance(20, 0);
const TENANTS: Allowance = allowance(200, 5);

const fn allowance(a_minute: u32, least: u64) -> Allowance {
    Allowance { a_minute: NonZeroU32::new(a_minute).expect("not zero"), least: std::time::Duration::from_secs(least) }
}

fn key(kind: LimitKind, number: u8) -> LimitKey {
    LimitKey { kind, hash: hash(number) }
}

fn millis(millis: u64) -> std::time::Duration {
    std::time::Duration::from_millis(millis)
}

/// Runs a test on a database that several processes have open.
async fn with_processes(body: impl AsyncFn(&[Store])) {
    on_both_empty(async |ground| {
        ground.migrate().await;
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            processes.push(ground.connect().await);
        }
        body(&processes).await;
        for process in processes {
            process.close().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_of_a_source_in_all() {
    with_processes(async |processes| {
        let key = key(LimitKind::MachineRead, 1);
        let tries = (0..90).map(|number| {
            let store = processes[number % PROCESSES].clone();
            tokio::spawn(async move { store.take_of_limit(&key, TWENTY, NOW).await.unwrap() })
        });
        let told: Vec<_> = join_all(tries).await.into_iter().map(std::result::Result::unwrap).collect();
        let let_in = told.iter().filter(|wait| wait.is_none()).count();
        assert_eq!(let_in, 20);
        assert!(told.iter().flatten().all(|wait| *wait == millis(3_000)), "{told:?}");
        eprintln!("let in of 90 at once by {PROCESSES} processes: {let_in}");

        let take = async |process: usize, after| {
            let now = NOW + Duration::milliseconds(after);
            processes[process].take_of_limit(&key, TWENTY, now).await.unwrap()
        };
        assert_eq!(take(0, 2_999).await, Some(millis(1)));
        assert_eq!(take(1, 3_000).await, None);
        assert_eq!(take(2, 3_000).await, Some(millis(3_000)));
        // A whole minute of quiet, and all of it is back.
        let mut again = 0;
        for number in 0..30 {
            again += usize::from(take(number % PROCESSES, 64_000).await.is_none());
        }
        assert_eq!(again, 20);
    })
    .await;
}

#[tokio::test]
async fn kinds_and_keys_are_counted_apart() {
    with_processes(async |processes| {
        for (kind, number) in [(LimitKind::MachineRead, 1), (LimitKind::Test, 1), (LimitKind::Test, 2)] {
            let mut let_in = 0;
            for round in 0..30 {
                let taken = processes[round % PROCESSES].take_of_limit(&key(kind, number), TWENTY, NOW).await;
                let_in += usize::from(taken.unwrap().is_none());
            }
            assert_eq!(let_in, 20, "{kind:?} {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_failed_in_one_is_shut_in_all() {
    with_processes(async |processes| {
        let (source, other) = (key(LimitKind::Source, 1), key(LimitKind::Source, 2));
        let fail = async |process: usize, after| {
            let now = NOW + Duration::milliseconds(after);
            processes[process].count_against_limit(&source, TWENTY, now).await.unwrap()
        };
        for number in 0..20 {
            assert_eq!(fail(number % PROCESSES, 0).await, None, "failure {number}");
        }
        let shut = processes[0].find_shut(&[source], NOW).await.unwrap();
        assert!(shut.is_empty(), "the allowance is used up, and not more");
        assert_eq!(fail(0, 1_000).await, Some(millis(2_000)));
        let mut seen = 0;
        for process in processes {
            let at = |millis| NOW + Duration::milliseconds(millis);
            let found = process.find_shut(&[other, source], at(1_500)).await.unwrap();
            assert_eq!(found, [(source, millis(1_500))]);
            assert!(process.find_shut(&[source], at(3_000)).await.unwrap().is_empty());
            seen += 1;
        }
        eprintln!("a source shut by one process is shut in {seen} of {PROCESSES}");
        // The next one is let in and counted, and the one after it is too many again.
        assert_eq!(fail(1, 3_000).await, None);
        assert_eq!(fail(2, 3_000).await, Some(millis(3_000)));
    })
    .await;
}

#[tokio::test]
async fn a_tenant_that_is_guessed_at_stays_shut_until_it_was_quiet() {
    with_processes(async |processes| {
        let tenant = key(LimitKind::Tenant, 1);
        let mut shut = 0;
        // One each five milliseconds, wherever it comes to.
        for number in 0..300_usize {
            let now = NOW + Duration::milliseconds(i64::try_from(number).unwrap() * 5);
            let process = &processes[number % PROCESSES];
            shut += usize::from(process.count_against_limit(&tenant, TENANTS, now).await.unwrap().is_some());
        }
        // Within the second that two hundred take three come back; then it is shut, and what comes back later is no gap.
        assert_eq!(shut, 300 - 203);
        let last = NOW + Duration::milliseconds(299 * 5);
        for process in processes {
            let found = process.find_shut(&[tenant], last).await.unwrap();
            assert!(found.iter().all(|(_, wait)| *wait > millis(4_900) && *wait <= millis(5_000)), "{found:?}");
            assert_eq!(found.len(), 1);
            assert!(process.find_shut(&[tenant], last + Duration::seconds(5)).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn any_number_of_keys_is_asked_for() {
    with_processes(async |processes| {
        let keys: Vec<LimitKey> = (1..=20).map(|number| key(LimitKind::Tenant, number)).collect();
        // The same HMAC of another kind is another key.
        let others: Vec<LimitKey> = (1..=20).map(|number| key(LimitKind::Source, number)).collect();
        for key in &keys {
            for _ in 0..2 {
                processes[0].count_against_limit(key, allowance(1, 0), NOW).await.unwrap();
            }
        }
        for many in [0, 1, 7, 8, 9, 20] {
            let found = processes[1].find_shut(&keys[..many], NOW).await.unwrap();
            assert_eq!(found.len(), many);
            assert!(keys[..many].iter().all(|key| found.contains(&(*key, millis(60_000)))), "{found:?}");
            assert!(processes[1].find_shut(&others[..many], NOW).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn rows_at_rest_and_beyond_the_most_are_dropped() {
    on_both(async |store| {
        store.take_of_limit(&key(LimitKind::Test, 1), TWENTY, NOW).await.unwrap();
        for _ in 0..201 {
            store.count_against_limit(&key(LimitKind::Tenant, 1), TENANTS, NOW).await.unwrap();
        }
        assert_eq!(store.delete_old_limits(NOW + Duration::milliseconds(2_999)).await.unwrap(), 0);
        assert_eq!(store.delete_old_limits(NOW + Duration::seconds(3)).await.unwrap(), 1);
        assert_eq!(store.delete_old_limits(NOW + Duration::seconds(59)).await.unwrap(), 0, "shut no more, not at rest");
        assert_eq!(store.delete_old_limits(NOW + Duration::seconds(60)).await.unwrap(), 1);
        let crowd = match store.backend() {
            Backend::Sqlite => {
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200007) \
                 insert into limits select 'source', cast(printf('%032d', i) as blob), 1000000 + i, 0 from n"
            }
            Backend::Postgres => {
                "insert into limits select 'source', convert_to(lpad(i::text, 32, '0'), 'UTF8'), 1000000 + i, 0 \
                 from generate_series(1, 200007) i"
            }
        };
        raw(store, crowd, None).await.unwrap();
        assert_eq!(store.delete_old_limits(OffsetDateTime::UNIX_EPOCH).await.unwrap(), 7);
        assert_eq!(count(store, "select count(*) from limits").await, 200_000);
        assert_eq!(count(store, "select min(tat) from limits").await, 1_000_008, "those nearest to rest went");
    })
    .await;
}
