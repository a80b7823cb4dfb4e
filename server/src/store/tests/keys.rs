//! Keys in the store: rotated, wrapped again, trimmed; and whoever saves at the same moment.

use super::{super::*, *};
use app::credentials::Provider;

/// Bytes as the vault lays them out: sealed with that version.
fn sealed(version: u32, text: &str) -> Vec<u8> {
    [&[1, 1][..], &version.to_be_bytes(), text.as_bytes()].concat()
}

fn set(version: u32, text: &str) -> [(String, Vec<u8>); 1] {
    [("token".to_owned(), sealed(version, text))]
}

fn new_key() -> NewTenantKey {
    NewTenantKey { ring_key: "k1".into(), wrapped: vec![9; 66] }
}

fn resealed(old: &str, from: u32, to: u32) -> [ResealedField; 1] {
    [ResealedField { provider: "n8n".into(), field: "token".into(), old: sealed(from, old), new: sealed(to, old) }]
}

async fn save(store: &Store, scope: &TenantScope, version: u32, text: &str) -> Result<i64> {
    store.save_credential(scope, &act(), Provider::N8n, None, &set(version, text), NOW).await
}

async fn value(store: &Store, scope: &TenantScope) -> Vec<u8> {
    store.find_credential_and_keys(scope, Provider::N8n).await.unwrap().0.unwrap().fields[0].1.clone()
}

async fn newest(store: &Store, scope: &TenantScope) -> u32 {
    u32::try_from(store.list_tenant_keys(scope).await.unwrap()[0].version).unwrap()
}

#[tokio::test]
async fn a_rotation_takes_all_or_is_overtaken() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        save(store, &scope, 1, "first").await.unwrap();
        let rotate = async |version, fields: &[ResealedField]| {
            store.rotate_tenant_key(&scope, &act(), version, &new_key(), fields, NOW).await.unwrap()
        };
        // Somebody saved since it was read, another field came, a version was skipped, another rotation was faster.
        assert_eq!(rotate(2, &resealed("older", 1, 2)).await, Rotated::Overtaken);
        assert_eq!(rotate(2, &[]).await, Rotated::Overtaken);
        assert_eq!(rotate(3, &resealed("first", 1, 3)).await, Rotated::Overtaken);
        assert_eq!(rotate(1, &resealed("first", 1, 1)).await, Rotated::Overtaken);
        assert_eq!(store.list_tenant_keys(&scope).await.unwrap().len(), 1, "nothing of them was kept");
        assert_eq!(value(store, &scope).await, sealed(1, "first"));

        let before = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!(rotate(2, &resealed("first", 1, 2)).await, Rotated::Done);
        assert_eq!(rotate(2, &resealed("first", 1, 2)).await, Rotated::Overtaken);
        let (found, keys) = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap();
        let found = found.unwrap();
        assert_eq!(found.fields[0].1, sealed(2, "first"));
        assert_eq!((found.version, found.updated_at), (before.version, before.updated_at), "an open form stays good");
        assert_eq!(keys.iter().map(|key| key.version).collect::<Vec<_>>(), [2, 1]);

        // Whoever sealed with the old key is told, and nothing of it is kept.
        assert!(matches!(save(store, &scope, 1, "late").await, Err(StoreError::KeyChanged)));
        assert_eq!(value(store, &scope).await, sealed(2, "first"));
        save(store, &scope, 2, "second").await.unwrap();
        assert_eq!(value(store, &scope).await, sealed(2, "second"));
    })
    .await;
}

#[tokio::test]
async fn only_what_nothing_is_sealed_with_is_trimmed() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        save(store, &scope, 1, "value").await.unwrap();
        let nothing: [ResealedField; 1] = [ResealedField {
            provider: "n8n".into(),
            field: "token".into(),
            old: sealed(1, "value"),
            new: sealed(1, "value"),
        }];
        for version in 2..=3 {
            // What does not open stays as it is.
            let done = store.rotate_tenant_key(&scope, &act(), version, &new_key(), &nothing, NOW).await.unwrap();
            assert_eq!(done, Rotated::Done);
        }
        let trim = async |below, plan| store.trim_tenant_keys(&scope, &act(), below, plan, NOW).await.unwrap();
        let left =
            async || store.list_tenant_keys(&scope).await.unwrap().iter().map(|key| key.version).collect::<Vec<_>>();
        assert_eq!(trim(Some(2), false).await, Err(TrimRefused::StillNeeded { version: 1, values: 1 }));
        assert_eq!(trim(Some(3), false).await, Err(TrimRefused::StillNeeded { version: 1, values: 1 }));
        assert_eq!(trim(Some(4), false).await, Err(TrimRefused::BeyondNewest { wanted: 4, newest: 3 }));
        assert_eq!(trim(Some(1), false).await, Err(TrimRefused::AlreadyGone(1)));
        assert_eq!(trim(Some(0), false).await, Err(TrimRefused::NoVersion(0)));
        let expected = Ok(Trimmed { dropped: vec![2], needed: vec![(1, 1)] });
        assert_eq!(trim(None, true).await, expected);
        assert_eq!(left().await, [3, 2, 1], "a plan drops nothing");
        assert_eq!(trim(None, false).await, expected);
        assert_eq!(left().await, [3, 1]);
        save(store, &scope, 3, "anew").await.unwrap();
        assert_eq!(trim(Some(3), false).await, Ok(Trimmed { dropped: vec![1], needed: vec![] }));
        assert_eq!(left().await, [3]);
        assert_eq!(trim(None, false).await, Ok(Trimmed::default()));
        // Whatever is no envelope keeps everything.
        store.save_credential(&scope, &act(), Provider::Evolution, None, &[field("token", "text")], NOW).await.unwrap();
        assert_eq!(trim(None, false).await, Err(TrimRefused::Unknown(1)));
        raw(store, "delete from tenant_keys where tenant_id = $1", *scope.tenant().as_uuid()).await.unwrap();
        assert_eq!(trim(None, false).await, Err(TrimRefused::NoKeys));
        assert!(matches!(save(store, &scope, 3, "x").await, Err(StoreError::KeyChanged)), "nor can anything be saved");
    })
    .await;
}

/// Savers with the newest key they know, rotations and trims at once: the last acknowledged value is there, and its key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_saves_rotations_and_trims_at_once_none_loses_a_value() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        save(store, &scope, 1, "0").await.unwrap();
        let saver = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut told = 0;
                for number in 1..=150 {
                    let text = number.to_string();
                    loop {
                        let version = newest(&store, &scope).await;
                        match save(&store, &scope, version, &text).await {
                            Ok(_) => break,
                            Err(StoreError::KeyChanged) => told += 1,
                            Err(error) => panic!("{error}"),
                        }
                    }
                    assert_eq!(value(&store, &scope).await[6..], *text.as_bytes(), "an acknowledged value is there");
                    // People pause, too: on a busy machine no rotation would ever get in between.
                    if number % 15 == 0 {
                        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    }
                }
                told
            })
        };
        let (mut rotated, mut overtaken) = (0, 0);
        while !saver.is_finished() {
            let version = newest(store, &scope).await + 1;
            let old = value(store, &scope).await;
            let new = sealed(version, str::from_utf8(&old[6..]).unwrap());
            let fields = [ResealedField { provider: "n8n".into(), field: "token".into(), old, new }];
            match store.rotate_tenant_key(&scope, &act(), version, &new_key(), &fields, NOW).await.unwrap() {
                Rotated::Done => rotated += 1,
                Rotated::Overtaken => overtaken += 1,
            }
            store.trim_tenant_keys(&scope, &act(), None, false, NOW).await.unwrap().unwrap();
            let (found, keys) = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap();
            let needed = found.unwrap().fields[0].1[5];
            assert!(keys.iter().any(|key| key.version % 256 == i64::from(needed)), "its key is there");
        }
        let told = saver.await.unwrap();
        eprintln!(
            "{:?}: {rotated} rotations, {overtaken} overtaken, {told} saves told of a newer key",
            store.backend()
        );
        assert!(rotated > 0);
        assert_eq!(value(store, &scope).await[6..], *b"150");
    })
    .await;
}

#[tokio::test]
async fn wrappings_change_only_where_the_old_one_stands() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let old = store.list_tenant_keys(&scope).await.unwrap().remove(0);
        let new = NewTenantKey { ring_key: "k2".into(), wrapped: vec![7; 66] };
        let pairs = [(old.clone(), new.clone())];
        assert_eq!(store.rewrap_tenant_keys(&scope, &act(), &pairs, NOW).await.unwrap(), 1);
        assert_eq!(store.rewrap_tenant_keys(&scope, &act(), &pairs, NOW).await.unwrap(), 0, "once");
        let row = store.find_tenant_key(&scope).await.unwrap().unwrap();
        assert_eq!((row.version, row.ring_key.as_str(), row.wrapped), (old.version, "k2", vec![7; 66]));

        let key = AgencyKeyRow { version: 1, ring_key: "k1".into(), wrapped: vec![1; 66] };
        store.create_agency_key(&key, &[], NOW).await.unwrap();
        assert_eq!(store.list_ring_keys_in_use().await.unwrap(), ["k1", "k2"]);
        for name in ["k1", "k2"] {
            store.record_key_check(name, &[1; 16], NOW).await.unwrap();
        }
        let forget = async |name| store.forget_ring_key(&agency(), &act(), name, false, NOW).await.unwrap();
        assert_eq!(forget("k1").await, Err(ForgetRefused::StillWraps("k1".into())));
        assert!(store.rewrap_agency_key(&agency(), &act(), &key, &new, NOW).await.unwrap());
        assert!(!store.rewrap_agency_key(&agency(), &act(), &key, &new, NOW).await.unwrap(), "once");
        assert_eq!(store.forget_ring_key(&agency(), &act(), "k1", true, NOW).await.unwrap(), Ok(()));
        assert_eq!(store.list_key_checks().await.unwrap().len(), 2, "a plan forgets nothing");
        assert_eq!(forget("k1").await, Ok(()));
        assert_eq!(forget("k1").await, Err(ForgetRefused::Unknown("k1".into())));
        assert_eq!(forget("k2").await, Err(ForgetRefused::StillWraps("k2".into())));
        let kinds: Vec<_> = store
            .list_agency_events(&agency(), &AuditQuery::default(), 10)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.word)
            .collect();
        assert_eq!(kinds, ["ring_key_forgotten", "keys_rewrapped"]);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_open_is_told_once_an_hour_for_each_provider() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let tell =
            async |provider, at| store.record_unreadable(&scope, &act(), provider, &["a", "b"], at).await.unwrap();
        let told = [
            tell("n8n", NOW).await,
            tell("n8n", NOW + Duration::minutes(59)).await,
            tell("supabase", NOW).await,
            tell("n8n", NOW + Duration::minutes(61)).await,
        ];
        assert_eq!(told, [true, false, true, true]);
        let query = AuditQuery { kind: Some(EventKind::CredentialUnreadable), ..AuditQuery::default() };
        let events = store.list_events(&scope, &query, 10).await.unwrap();
        assert_eq!(events.len(), 3);
        assert_eq!((events[0].subject.as_str(), events[0].fields.as_str()), ("n8n", "a, b"));
    })
    .await;
}

#[tokio::test]
async fn the_mark_of_a_rotation_of_all_comes_and_goes() {
    on_both(async |store| {
        assert_eq!(store.find_rotation_of_all(&agency()).await.unwrap(), None);
        store.set_rotation_of_all(&agency(), Some(NOW)).await.unwrap();
        assert_eq!(store.find_rotation_of_all(&agency()).await.unwrap(), Some(NOW));
        store.set_rotation_of_all(&agency(), None).await.unwrap();
        assert_eq!(store.find_rotation_of_all(&agency()).await.unwrap(), None);
    })
    .await;
}
