//! Sessions: found while they live, dead for good afterwards.

use super::{super::*, *};

#[tokio::test]
async fn a_session_comes_back_as_it_was_begun() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let ana = member(store, "ana@x", aurora, Role::Viewer).await;
        store.create_session(new_session(1, Some(ana), Some(aurora)), NOW).await.unwrap();
        store.create_session(new_session(2, None, None), NOW).await.unwrap();
        let expected = SessionRow {
            user_id: Some(ana),
            tenant_id: Some(aurora),
            data: r#"{"a":"ã"}"#.into(),
            created_at: NOW,
            last_seen: NOW,
            expires_at: NOW + Duration::hours(24),
        };
        assert_eq!(store.find_session(&hash(1), NOW, IDLE).await.unwrap(), Some(expected));
        let anonymous = store.find_session(&hash(2), NOW, IDLE).await.unwrap().unwrap();
        assert_eq!((anonymous.user_id, anonymous.tenant_id), (None, None));
        assert_eq!(store.find_session(&hash(3), NOW, IDLE).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_id_serves_once_and_only_for_those_who_exist() {
    on_both(async |store| {
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        let again = store.create_session(new_session(1, None, None), NOW).await;
        assert!(matches!(again, Err(StoreError::SessionTaken)));
        store.delete_session(&hash(1), NOW).await.unwrap();
        let revived = store.create_session(new_session(1, None, None), NOW).await;
        assert!(matches!(revived, Err(StoreError::SessionTaken)));
        let nobody = store.create_session(new_session(2, Some(UserId::new()), None), NOW).await;
        assert!(matches!(nobody, Err(StoreError::Missing)));
    })
    .await;
}

#[tokio::test]
async fn updating_rewrites_one_live_session_and_never_its_end() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let ana = member(store, "ana@x", aurora, Role::Viewer).await;
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        store.create_session(new_session(2, None, None), NOW).await.unwrap();
        let before = store.find_session(&hash(1), NOW, IDLE).await.unwrap().unwrap();
        assert!(store.update_session(&hash(1), r#"{"b":1}"#, Some(ana), Some(aurora)).await.unwrap());
        let after = store.find_session(&hash(1), NOW, IDLE).await.unwrap().unwrap();
        let expected =
            SessionRow { data: r#"{"b":1}"#.into(), user_id: Some(ana), tenant_id: Some(aurora), ..before.clone() };
        assert_eq!(after, expected);
        assert!(!store.update_session(&hash(1), r#"{"b":1}"#, Some(ana), Some(aurora)).await.unwrap(), "nothing new");
        assert!(store.update_session(&hash(1), r#"{"b":1}"#, Some(ana), None).await.unwrap(), "another place");
        assert_eq!(store.find_session(&hash(2), NOW, IDLE).await.unwrap().unwrap(), before);
        assert!(!store.update_session(&hash(3), "{}", None, None).await.unwrap(), "an unknown session was made");
        assert_eq!(store.find_session(&hash(3), NOW, IDLE).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_not_revived_and_keeps_no_data() {
    on_both(async |store| {
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        store.delete_session(&hash(1), NOW).await.unwrap();
        store.delete_session(&hash(1), NOW).await.unwrap();
        store.delete_session(&hash(9), NOW).await.unwrap();
        assert!(!store.update_session(&hash(1), r#"{"late":1}"#, None, None).await.unwrap());
        assert_eq!(store.find_session(&hash(1), NOW, IDLE).await.unwrap(), None);
        assert_eq!(count(store, "select count(*) from sessions where data <> '{}'").await, 0);
        store.delete_dead_sessions(NOW, 10).await.unwrap();
        assert!(!store.update_session(&hash(1), "{}", None, None).await.unwrap(), "revived after the sweep");
        assert_eq!(count(store, "select count(*) from sessions").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_requests_racing_a_sign_out_revive_nothing() {
    on_both(async |store| {
        for number in 0..100 {
            store.create_session(new_session(number, None, None), NOW).await.unwrap();
            let slow = (0..4).map(|_| async { store.update_session(&hash(number), "{}", None, None).await.unwrap() });
            let out = async { store.delete_session(&hash(number), NOW).await.unwrap() };
            futures::join!(futures::future::join_all(slow), out);
            assert_eq!(store.find_session(&hash(number), NOW, IDLE).await.unwrap(), None, "round {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_by_itself_at_its_expiry_and_when_idle() {
    on_both(async |store| {
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        let mut session = new_session(2, None, None);
        session.expires_at = NOW + Duration::minutes(30);
        store.create_session(session, NOW).await.unwrap();
        let lives = async |number, at| store.find_session(&hash(number), at, IDLE).await.unwrap().is_some();
        let tick = Duration::microseconds(1);

        assert!(lives(2, NOW + Duration::minutes(30) - tick).await);
        assert!(!lives(2, NOW + Duration::minutes(30)).await);
        assert!(!lives(1, NOW + IDLE).await, "idle for an hour");
        assert!(lives(1, NOW + IDLE - tick).await);
        // That was a use: the hour begins again.
        assert!(lives(1, NOW + IDLE * 2 - tick * 2).await);
        // A use every 30 minutes does not carry it over its absolute end.
        for half_hours in 4..48 {
            assert!(lives(1, NOW + Duration::minutes(30) * half_hours).await, "after {half_hours} half hours");
        }
        assert!(!lives(1, NOW + Duration::hours(24)).await);
    })
    .await;
}

#[tokio::test]
async fn being_used_is_written_at_most_once_a_minute() {
    on_both(async |store| {
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        let last_seen = async |at| {
            let seen = store.find_session(&hash(1), at, IDLE).await.unwrap().unwrap().last_seen;
            let written = count(store, "select last_seen from sessions").await;
            assert_eq!(i128::from(written), seen.unix_timestamp_nanos() / 1_000);
            seen
        };
        let (second, minute) = (Duration::seconds(1), Duration::minutes(1));
        assert_eq!(last_seen(NOW + minute - second).await, NOW);
        assert_eq!(last_seen(NOW + minute).await, NOW + minute);
        assert_eq!(last_seen(NOW + minute + second).await, NOW + minute);
        // A request that comes late does not turn the clock back.
        assert_eq!(last_seen(NOW).await, NOW + minute);
    })
    .await;
}

#[tokio::test]
async fn the_sweep_takes_the_dead_only_and_no_more_than_asked() {
    on_both(async |store| {
        for number in 0..10 {
            store.create_session(new_session(number, None, None), NOW).await.unwrap();
        }
        for number in 0..3 {
            store.delete_session(&hash(number), NOW).await.unwrap();
        }
        assert_eq!(store.delete_dead_sessions(NOW, 2).await.unwrap(), 2);
        assert_eq!(store.delete_dead_sessions(NOW, 2).await.unwrap(), 1);
        assert_eq!(store.delete_dead_sessions(NOW, 2).await.unwrap(), 0);
        for number in 3..10 {
            assert!(store.find_session(&hash(number), NOW, IDLE).await.unwrap().is_some());
        }
        assert_eq!(store.delete_dead_sessions(NOW + Duration::hours(24), 100).await.unwrap(), 7);
    })
    .await;
}

#[tokio::test]
async fn one_of_ones_own_sessions_is_ended_and_nobody_elses() {
    on_both(async |store| {
        let ana = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let bia = store.create_user(&act(), new_user("bia@x", None), NOW).await.unwrap();
        for (number, user) in [(1, ana), (2, ana), (3, bia)] {
            store.create_session(new_session(number, Some(user), None), NOW).await.unwrap();
        }
        for foreign_or_unknown in [3, 9] {
            assert!(!store.end_own_session(ana, &act(), &hash(foreign_or_unknown), NOW).await.unwrap());
        }
        assert!(store.end_own_session(ana, &act(), &hash(1), NOW).await.unwrap());
        assert!(!store.end_own_session(ana, &act(), &hash(1), NOW).await.unwrap(), "ended twice");
        assert!(!store.update_session(&hash(1), "{}", Some(ana), None).await.unwrap(), "revived");
        let listed = store.list_sessions(ana, NOW, IDLE, 10).await.unwrap();
        assert_eq!(listed.len(), 1);
        let own = &listed[0];
        assert_eq!((own.id_hash.as_slice(), own.created_at, own.last_seen), (&hash(2)[..], NOW, NOW));
        assert_eq!((own.device.as_str(), own.source.as_str()), ("Firefox no Linux", "192.0.2.7"));
        assert!(caller(store, 3, NOW).await.is_some());
        assert_eq!(store.list_sessions(ana, NOW + IDLE, IDLE, 10).await.unwrap(), [], "idle ones are dead");
        let query = AuditQuery { kind: Some(EventKind::SessionEnded), ..AuditQuery::default() };
        assert_eq!(store.list_agency_events(&agency(), &query, 10).await.unwrap().len(), 1);
        assert!(store.verify_agency_events().await.unwrap().is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_oldest_sessions_beyond_ten_end_and_all_end_at_once() {
    on_both(async |store| {
        let ana = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let bia = store.create_user(&act(), new_user("bia@x", None), NOW).await.unwrap();
        store.create_session(new_session(100, Some(bia), None), NOW).await.unwrap();
        for number in 0..15 {
            let at = NOW + Duration::seconds(i64::from(number));
            store.create_session(new_session(number, Some(ana), None), at).await.unwrap();
        }
        let now = NOW + Duration::minutes(1);
        assert_eq!(store.end_sessions_beyond(ana, 10, now).await.unwrap(), 5);
        assert_eq!(store.end_sessions_beyond(ana, 10, now).await.unwrap(), 0);
        for number in 0..15 {
            assert_eq!(caller(store, number, now).await.is_some(), number >= 5, "session {number}");
        }
        assert_eq!(store.end_own_sessions(ana, &act(), now).await.unwrap(), 10);
        assert_eq!(store.end_own_sessions(ana, &act(), now).await.unwrap(), 0);
        assert_eq!(store.list_sessions(ana, now, IDLE, 100).await.unwrap(), []);
        assert!(caller(store, 100, now).await.is_some(), "somebody else's session ended");
        assert_eq!(
            count(store, "select count(*) from sessions where revoked_at is not null and data <> '{}'").await,
            0
        );
    })
    .await;
}
