//! Many at once: one winner a version, nothing half done, nothing stuck.

use super::{super::*, *};
use app::credentials::Provider;
use futures::future::join_all;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_who_saw_the_same_version_one_wins() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        // From nothing, through nine versions, and once more from nothing after a removal.
        let mut seen = 0;
        for round in 0..12 {
            let writers = (0..20).map(|writer| {
                let store = store.clone();
                tokio::spawn(async move {
                    let set = [field("url", &format!("{round}/{writer}")), field("key", &format!("{round}/{writer}"))];
                    store.save_credential(&scope, &act(), Provider::N8n, Some(seen), &set, NOW).await
                })
            });
            let outcomes: Vec<_> = join_all(writers).await.into_iter().map(std::result::Result::unwrap).collect();
            let (won, lost): (Vec<_>, Vec<_>) = outcomes.iter().partition(|outcome| outcome.is_ok());
            assert_eq!((won.len(), lost.len()), (1, 19), "round {round}");
            let version = *won[0].as_ref().unwrap();
            for outcome in lost {
                assert!(matches!(outcome, Err(StoreError::Conflict { current }) if *current == version), "{outcome:?}");
            }
            let found = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
            assert_eq!(found.version, version);
            assert_eq!(found.fields[0].1, found.fields[1].1, "fields of two writers");
            seen = version;
            if round == 9 {
                store.remove_credential(&scope, &act(), Provider::N8n, seen, NOW).await.unwrap();
                seen = 0;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_writers_sees_version_and_fields_of_one_moment() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let writer = {
            let store = store.clone();
            tokio::spawn(async move {
                for version in 1..=100 {
                    let set = ["a", "b", "c"].map(|name| field(name, &version.to_string()));
                    assert_eq!(
                        store.save_credential(&scope, &act(), Provider::N8n, None, &set, NOW).await.unwrap(),
                        version
                    );
                }
            })
        };
        while !writer.is_finished() {
            for found in store.list_credentials(&scope).await.unwrap() {
                let version = found.version.to_string().into_bytes();
                assert!(found.fields.len() == 3 && found.fields.iter().all(|field| field.1 == version), "{found:?}");
            }
        }
        writer.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_who_go_away_leave_no_half_rows_and_no_lock() {
    on_both(async |store| {
        let scopes = [signed_in(store, "aurora", 1).await, signed_in(store, "barba", 2).await];
        let tasks = (0..200_u64).map(|number| {
            let store = store.clone();
            let scope = scopes[usize::from(number % 2 == 1)];
            tokio::spawn(async move {
                let value = format!("{} {number}", scope.tenant());
                let set = [field("a", &value), field("b", &value)];
                let act = act();
                let save = store.save_credential(&scope, &act, Provider::N8n, None, &set, NOW);
                // Dropped at many different points; some end.
                let patience = std::time::Duration::from_micros(number * 137 % 20_000);
                match tokio::time::timeout(patience, save).await {
                    Ok(saved) => drop(saved.unwrap()),
                    Err(_elapsed) => {}
                }
            })
        });
        join_all(tasks).await.into_iter().for_each(|task| task.unwrap());
        for scope in scopes {
            let whole = [field("a", "whole"), field("b", "whole")];
            if let Some(found) = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0 {
                let fields: BTreeMap<_, _> = found.fields.into_iter().collect();
                assert_eq!(fields["a"], fields["b"], "half a save");
                assert!(fields["a"].starts_with(scope.tenant().to_string().as_bytes()), "another tenant's value");
            }
            store.save_credential(&scope, &act(), Provider::N8n, None, &whole, NOW).await.unwrap();
            assert_eq!(store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap().fields, whole);
        }
    })
    .await;
}
