//! Second factors and passwords of one's own: what is good once is good once.

use super::{super::*, *};
use futures::future::join_all;

/// A user with a second factor at step 100 and two recovery codes, signed in before it.
async fn protected(store: &Store) -> UserId {
    let user = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
    store.create_session(new_session(1, Some(user), None), NOW).await.unwrap();
    assert!(store.begin_second_factor(user, b"first").await.unwrap());
    assert!(store.begin_second_factor(user, b"pending").await.unwrap(), "drawn again before it was confirmed");
    assert!(store.enable_second_factor(user, &act(), b"sealed", &[hash(1), hash(2)], 100, NOW).await.unwrap());
    user
}

#[tokio::test]
async fn switching_on_and_off_ends_sessions_and_is_told() {
    on_both(async |store| {
        let nobody = UserId::new();
        assert_eq!(store.find_second_factor(nobody).await.unwrap(), None);
        assert!(!store.begin_second_factor(nobody, b"x").await.unwrap());
        let user = protected(store).await;
        assert_eq!(caller(store, 1, NOW).await, None, "a session without the second factor lives on");
        let state = store.find_second_factor(user).await.unwrap().unwrap();
        let expected = SecondFactorRow {
            sealed: Some(b"sealed".into()),
            since: Some(NOW),
            last_step: 100,
            pending: None,
            recovery_left: 2,
        };
        assert_eq!((state.factor, state.password_changed_at), (expected, NOW));
        assert!(store.find_login(&email("ana@x")).await.unwrap().unwrap().second_factor);
        // What is on can be neither begun nor switched on again.
        assert!(!store.begin_second_factor(user, b"again").await.unwrap());
        assert!(!store.enable_second_factor(user, &act(), b"other", &[hash(3)], 200, NOW).await.unwrap());

        store.create_session(new_session(2, Some(user), None), NOW).await.unwrap();
        assert!(store.disable_second_factor(user, &act(), NOW).await.unwrap());
        assert_eq!(caller(store, 2, NOW).await, None);
        let state = store.find_second_factor(user).await.unwrap().unwrap().factor;
        assert_eq!((state.sealed, state.since, state.recovery_left), (None, None, 0));
        assert_eq!(state.last_step, 100, "a code used before could be used again after switching on");
        let events = store.list_agency_events(&agency(), &AuditQuery::default(), 10).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.unwrap()).collect();
        assert_eq!(kinds, [EventKind::SecondFactorOff, EventKind::SecondFactorOn]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_good_for_one_of_two_requests() {
    on_both(async |store| {
        let user = protected(store).await;
        assert!(!store.use_step(user, 100).await.unwrap(), "the step it was switched on with");
        let mut once = 0;
        for step in 101..=200 {
            let uses = (0..2).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.use_step(user, step).await.unwrap() })
            });
            once += u32::from(join_all(uses).await.into_iter().filter(|used| *used.as_ref().unwrap()).count() == 1);
        }
        assert_eq!(once, 100);
        eprintln!("exactly 1 of 2 in {once} of 100");
        assert!(!store.use_step(user, 150).await.unwrap(), "an older code");
        assert!(!store.use_step(UserId::new(), 300).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_code_is_good_once_and_for_its_user() {
    on_both(async |store| {
        let user = protected(store).await;
        let uses = (0..8).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.use_recovery_code(user, &act(), &hash(1), NOW).await.unwrap() })
        });
        let used = join_all(uses).await.into_iter().filter(|used| *used.as_ref().unwrap()).count();
        assert_eq!(used, 1);
        eprintln!("a recovery code was taken by {used} of 8");
        assert_eq!(store.find_second_factor(user).await.unwrap().unwrap().factor.recovery_left, 1);
        let other = store.create_user(&act(), new_user("bia@x", None), NOW).await.unwrap();
        assert!(!store.use_recovery_code(other, &act(), &hash(2), NOW).await.unwrap());
        assert!(!store.use_recovery_code(user, &act(), &hash(3), NOW).await.unwrap());
        assert!(store.use_recovery_code(user, &act(), &hash(2), NOW).await.unwrap());
        let query = AuditQuery { kind: Some(EventKind::RecoveryCodeUsed), ..AuditQuery::default() };
        assert_eq!(store.list_agency_events(&agency(), &query, 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_sessions_and_withdraws_links() {
    on_both(async |store| {
        let user = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let link = NewLink {
            token_hash: hash(7),
            purpose: LinkPurpose::Reset { user },
            email: email("ana@x"),
            expires_at: NOW + Duration::hours(1),
        };
        store.create_reset(None, &act(), link, NOW).await.unwrap();
        store.create_session(new_session(1, Some(user), None), NOW).await.unwrap();
        let later = NOW + Duration::minutes(1);
        assert!(!store.change_password(user, &act(), "$wrong", "$argon2id$new", later).await.unwrap());
        assert!(caller(store, 1, NOW).await.is_some());
        assert!(store.change_password(user, &act(), "$argon2id$old", "$argon2id$new", later).await.unwrap());
        assert_eq!(caller(store, 1, NOW).await, None);
        assert_eq!(store.find_link(&hash(7), NOW).await.unwrap(), None);
        let login = store.find_login(&email("ana@x")).await.unwrap().unwrap();
        assert_eq!((login.password_hash.as_str(), login.password_changed_at), ("$argon2id$new", later));
    })
    .await;
}

#[test]
fn secrets_are_not_shown() {
    let row = SecondFactorRow {
        sealed: Some(vec![17, 18, 19]),
        since: None,
        last_step: 0,
        pending: Some(vec![17, 18, 19]),
        recovery_left: 0,
    };
    assert!(!format!("{row:?}").contains("17, 18"));
}
