//! Credentials: versions, what is kept, what is removed.

use super::{super::*, *};
use app::credentials::Provider;

fn names(credential: &StoredCredential) -> Vec<(&str, &str)> {
    credential.fields.iter().map(|(name, value)| (name.as_str(), str::from_utf8(value).unwrap())).collect()
}

#[tokio::test]
async fn what_is_saved_is_found_with_who_and_when() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        assert_eq!(store.list_credentials(&scope).await.unwrap(), []);
        assert_eq!(store.find_credential_and_keys(&scope, Provider::Supabase).await.unwrap().0, None);
        let set = [field("url", "https://x"), ("key".to_owned(), vec![0, 255, 128])];
        assert_eq!(store.save_credential(&scope, &act(), Provider::Supabase, Some(0), &set, NOW).await.unwrap(), 1);
        let expected = StoredCredential {
            provider: "supabase".into(),
            version: 1,
            updated_at: NOW,
            updated_by_name: Some("Pessoa aurora@demo.localhost".into()),
            fields: vec![("key".into(), vec![0, 255, 128]), field("url", "https://x")],
        };
        assert_eq!(store.find_credential_and_keys(&scope, Provider::Supabase).await.unwrap().0, Some(expected.clone()));
        assert_eq!(store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0, None);
        assert_eq!(store.list_credentials(&scope).await.unwrap(), [expected]);
    })
    .await;
}

#[tokio::test]
async fn fields_that_are_not_sent_are_kept() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let save = async |expected, set: &[(String, Vec<u8>)], at| {
            store.save_credential(&scope, &act(), Provider::Evolution, Some(expected), set, at).await.unwrap()
        };
        save(0, &[field("a", "1"), field("b", "1")], NOW).await;
        let later = NOW + Duration::hours(1);
        assert_eq!(save(1, &[field("b", "2"), field("c", "2")], later).await, 2);
        assert_eq!(save(2, &[], later).await, 3);
        let found = store.find_credential_and_keys(&scope, Provider::Evolution).await.unwrap().0.unwrap();
        assert_eq!(names(&found), [("a", "1"), ("b", "2"), ("c", "2")]);
        assert_eq!((found.version, found.updated_at), (3, later));
    })
    .await;
}

#[tokio::test]
async fn another_version_is_a_conflict_and_writes_nothing() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let save = async |expected, value| {
            store.save_credential(&scope, &act(), Provider::N8n, Some(expected), &[field("url", value)], NOW).await
        };
        for never_stored in [1, -1, i64::MAX] {
            assert!(matches!(save(never_stored, "x").await, Err(StoreError::Conflict { current: 0 })));
        }
        assert_eq!(store.list_credentials(&scope).await.unwrap(), []);
        save(0, "first").await.unwrap();
        save(1, "second").await.unwrap();
        for stale in [0, 1, 3] {
            assert!(matches!(save(stale, "x").await, Err(StoreError::Conflict { current: 2 })), "version {stale}");
        }
        let found = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((found.version, names(&found)), (2, vec![("url", "second")]));
    })
    .await;
}

#[tokio::test]
async fn the_command_line_saves_over_whatever_is_there_and_has_no_name() {
    on_both(async |store| {
        let member = signed_in(store, "aurora", 1).await;
        let line = store.operator_scope(&slug("aurora")).await.unwrap().unwrap();
        let save = async |scope: &TenantScope, value| {
            let set = [field("url", value)];
            store.save_credential(scope, &act(), Provider::N8n, None, &set, NOW).await.unwrap()
        };
        assert_eq!(save(&line, "1").await, 1);
        assert_eq!(
            store.find_credential_and_keys(&member, Provider::N8n).await.unwrap().0.unwrap().updated_by_name,
            None
        );
        assert_eq!(save(&member, "2").await, 2);
        assert!(
            store.find_credential_and_keys(&line, Provider::N8n).await.unwrap().0.unwrap().updated_by_name.is_some()
        );
        assert_eq!(save(&line, "3").await, 3);
        let found = store.find_credential_and_keys(&line, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((names(&found), found.updated_by_name.clone()), (vec![("url", "3")], None));
    })
    .await;
}

#[tokio::test]
async fn removing_takes_all_fields_of_one_provider() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        for provider in Provider::ALL {
            store
                .save_credential(&scope, &act(), provider, Some(0), &[field("a", "1"), field("b", "1")], NOW)
                .await
                .unwrap();
        }
        let early = store.remove_credential(&scope, &act(), Provider::N8n, 2, NOW).await;
        assert!(matches!(early, Err(StoreError::Conflict { current: 1 })));
        store.remove_credential(&scope, &act(), Provider::N8n, 1, NOW).await.unwrap();
        assert_eq!(store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0, None);
        let left = store.list_credentials(&scope).await.unwrap();
        let left: Vec<_> =
            left.iter().map(|credential| (credential.provider.as_str(), credential.fields.len())).collect();
        // By provider; five of the six.
        let expected = ["evolution", "google_calendar", "google_meet", "supabase", "whatsapp"];
        assert_eq!(left, expected.map(|provider| (provider, 2)));
        assert_eq!(count(store, "select count(*) from credential_fields where provider = 'n8n'").await, 0);
        for version in [0, 1, 2] {
            let again = store.remove_credential(&scope, &act(), Provider::N8n, version, NOW).await;
            assert!(matches!(again, Err(StoreError::Conflict { current: 0 })), "removed twice at {version}");
        }
    })
    .await;
}

#[tokio::test]
async fn fields_are_set_and_dropped_in_one_step_or_not_at_all() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let provider = Provider::GoogleCalendar;
        let first = [field("id", "1"), field("token", "1"), field("since", "1")];
        store.save_credential(&scope, &act(), provider, Some(0), &first, NOW).await.unwrap();
        let set = [field("id", "2")];
        let change =
            CredentialChange { set: &set, drop: &["token", "since", "none"], kind: EventKind::GoogleDisconnected };
        let stale = store.change_credential(&scope, &act(), provider, Some(2), change, NOW).await;
        assert!(matches!(stale, Err(StoreError::Conflict { current: 1 })));
        let found = store.find_credential_and_keys(&scope, provider).await.unwrap().0.unwrap();
        assert_eq!(found.fields.len(), 3, "nothing was dropped");
        assert_eq!(store.change_credential(&scope, &act(), provider, Some(1), change, NOW).await.unwrap(), 2);
        let found = store.find_credential_and_keys(&scope, provider).await.unwrap().0.unwrap();
        assert_eq!(names(&found), [("id", "2")]);
        let told = "select count(*) from audit_events where kind = 'google_disconnected'";
        assert_eq!(count(store, told).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_form_filled_before_a_removal_matches_nothing_afterwards() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let save = async |expected, value| {
            store.save_credential(&scope, &act(), Provider::N8n, Some(expected), &[field("url", value)], NOW).await
        };
        assert_eq!(save(0, "old").await.unwrap(), 1);
        store.remove_credential(&scope, &act(), Provider::N8n, 1, NOW).await.unwrap();
        assert!(matches!(save(1, "stale").await, Err(StoreError::Conflict { current: 0 })));
        assert!(matches!(save(2, "guessed").await, Err(StoreError::Conflict { current: 0 })));
        assert_eq!(save(0, "new").await.unwrap(), 3);
        assert!(matches!(save(1, "stale").await, Err(StoreError::Conflict { current: 3 })));
        let found = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!(names(&found), [("url", "new")]);
        // The command line may, too.
        store.remove_credential(&scope, &act(), Provider::N8n, 3, NOW).await.unwrap();
        assert_eq!(store.save_credential(&scope, &act(), Provider::N8n, None, &[], NOW).await.unwrap(), 5);
        assert_eq!(store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap().fields, []);
    })
    .await;
}
