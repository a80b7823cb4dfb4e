//! Users and signing in.

use super::{super::*, *};
use app::lang::Lang;

#[tokio::test]
async fn a_user_comes_back_as_they_were_made() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let id = member(store, "ana@x", aurora, Role::Agent).await;
        let found = store.find_user(&email("  ANA@X ")).await.unwrap().unwrap();
        let expected = User {
            id,
            email: email("ana@x"),
            name: "Pessoa ana@x".into(),
            disabled: false,
            last_login: None,
            created_at: NOW,
        };
        assert_eq!(found, expected);
        assert_eq!(store.find_user(&email("bia@x")).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_taken_address_or_a_missing_tenant_leaves_nothing() {
    on_both(async |store| {
        let (aurora, barba) = (tenant(store, "aurora").await, tenant(store, "barba").await);
        member(store, "ana@x", aurora, Role::Agent).await;
        let again = store.create_user(&act(), new_user("Ana@X", Some((barba, Role::Admin))), NOW).await;
        assert!(matches!(again, Err(StoreError::EmailTaken)));
        let nowhere = store.create_user(&act(), new_user("bia@x", Some((TenantId::new(), Role::Admin))), NOW).await;
        assert!(matches!(nowhere, Err(StoreError::Missing)));
        assert_eq!(count(store, "select count(*) from users").await, 1);
        assert_eq!(count(store, "select count(*) from memberships").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_login_holds_every_place_by_slug() {
    on_both(async |store| {
        let (barba, aurora) = (tenant(store, "barba").await, tenant(store, "aurora").await);
        let id = member(store, "ana@x", barba, Role::Viewer).await;
        member(store, "bia@x", aurora, Role::Viewer).await;
        store.add_membership(&scope_of(aurora), &act(), id, Role::Admin, NOW).await.unwrap();
        store
            .set_tenant_status(&agency(), &act(), &slug("barba"), TenantStatus::Suspended, Some("fatura"), NOW)
            .await
            .unwrap();
        let place = |tenant_id, name: &str, role, reason: Option<&str>| LoginMembership {
            tenant_id,
            tenant_name: format!("Cliente {name}"),
            slug: slug(name),
            colour: None,
            role,
            status: if reason.is_some() { TenantStatus::Suspended } else { TenantStatus::Active },
            suspended_reason: reason.map(str::to_owned),
        };
        let expected = Login {
            user_id: id,
            name: "Pessoa ana@x".into(),
            password_hash: "$argon2id$old".into(),
            disabled: false,
            second_factor: false,
            agency: None,
            language: None,
            password_changed_at: NOW,
            memberships: vec![
                place(aurora, "aurora", Role::Admin, None),
                place(barba, "barba", Role::Viewer, Some("fatura")),
            ],
        };
        assert_eq!(store.find_login(&email("ana@x")).await.unwrap(), Some(expected.clone()));
        assert_eq!(store.find_login_of(id).await.unwrap(), Some((email("ana@x"), expected)));
        store.set_language(id, Lang::En).await.unwrap();
        assert_eq!(store.find_login(&email("ana@x")).await.unwrap().unwrap().language, Some(Lang::En));
        assert_eq!(store.find_login_of(UserId::new()).await.unwrap(), None);
        assert_eq!(store.find_login(&email("nobody@x")).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_user_without_a_place_and_a_disabled_one_are_found_as_such() {
    on_both(async |store| {
        store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let login = store.find_login(&email("ana@x")).await.unwrap().unwrap();
        assert_eq!((login.disabled, login.memberships.len()), (false, 0));
        raw(store, "update users set disabled_at = 1", None).await.unwrap();
        assert!(store.find_login(&email("ana@x")).await.unwrap().unwrap().disabled);
        assert!(store.find_user(&email("ana@x")).await.unwrap().unwrap().disabled);
    })
    .await;
}

#[tokio::test]
async fn a_place_is_given_once_and_to_those_who_exist() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let id = member(store, "ana@x", aurora, Role::Viewer).await;
        let again = store.add_membership(&scope_of(aurora), &act(), id, Role::Admin, NOW).await;
        assert!(matches!(again, Err(StoreError::AlreadyMember)));
        let role = store.find_login(&email("ana@x")).await.unwrap().unwrap().memberships[0].role;
        assert_eq!(role, Role::Viewer, "the refused role was written");
        for (user, tenant) in [(UserId::new(), aurora), (id, TenantId::new())] {
            let nowhere = store.add_membership(&scope_of(tenant), &act(), user, Role::Admin, NOW).await;
            assert!(matches!(nowhere, Err(StoreError::Missing)));
        }
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_noted_to_the_microsecond_in_the_trail_and_ends_the_oldest_sessions() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let id = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let bia = store.create_user(&act(), new_user("bia@x", None), NOW).await.unwrap();
        store.create_session(new_session(9, Some(bia), None), NOW).await.unwrap();
        for number in 0..3 {
            let at = NOW - Duration::minutes(10 - i64::from(number));
            store.create_session(new_session(number, Some(id), None), at).await.unwrap();
        }
        let now = NOW + Duration::nanoseconds(1_999);
        let signed_in = || Event::new(EventKind::SignedIn, "Chrome");
        assert_eq!(store.record_login(id, Some(aurora), &act(), now, signed_in(), 2).await.unwrap(), 1);
        for (number, live) in [(0, false), (1, true), (2, true), (9, true)] {
            assert_eq!(caller(store, number, now).await.is_some(), live, "session {number}");
        }
        let newest = store.list_events(&scope_of(aurora), &AuditQuery::default(), 1).await.unwrap();
        assert_eq!((newest[0].kind, newest[0].subject.as_str()), (Some(EventKind::SignedIn), "Chrome"));
        let last_login = store.find_user(&email("ana@x")).await.unwrap().unwrap().last_login;
        assert_eq!(last_login, Some(NOW + Duration::microseconds(1)));
        assert_eq!(store.find_user(&email("bia@x")).await.unwrap().unwrap().last_login, None);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_replaced_only_by_who_knows_the_old_hash() {
    on_both(async |store| {
        let id = store.create_user(&act(), new_user("ana@x", None), NOW).await.unwrap();
        let bia = store.create_user(&act(), new_user("bia@x", None), NOW).await.unwrap();
        assert!(store.replace_password_hash(id, "$argon2id$old", "$argon2id$new").await.unwrap());
        assert!(!store.replace_password_hash(id, "$argon2id$old", "$argon2id$late").await.unwrap());
        let hash = async |address| store.find_login(&email(address)).await.unwrap().unwrap().password_hash;
        assert_eq!(hash("ana@x").await, "$argon2id$new");
        assert_eq!(hash("bia@x").await, "$argon2id$old", "for {bia}");
    })
    .await;
}

#[test]
fn hashes_are_not_shown() {
    let login = Login {
        user_id: UserId::new(),
        name: "Ana".into(),
        password_hash: "$argon2".into(),
        disabled: false,
        second_factor: false,
        agency: None,
        language: None,
        password_changed_at: NOW,
        memberships: vec![],
    };
    assert!(!format!("{:?} {login:?}", new_user("ana@x", None)).contains("$argon2"));
}
