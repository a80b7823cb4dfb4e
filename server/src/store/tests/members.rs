//! A tenant's members, as its admins see and change them.

use super::{super::*, *};

#[tokio::test]
async fn members_are_listed_by_name_with_how_they_stand() {
    on_both(async |store| {
        let (aurora, barba) = (tenant(store, "aurora").await, tenant(store, "barba").await);
        let bia = member(store, "bia@x", aurora, Role::Viewer).await;
        let ana = member(store, "ana@x", aurora, Role::Admin).await;
        member(store, "eva@x", barba, Role::Admin).await;
        store.record_login(ana, None, &act(), NOW, Event::new(EventKind::SignedIn, "Chrome"), 10).await.unwrap();
        store.begin_second_factor(bia, b"p").await.unwrap();
        store.enable_second_factor(bia, &act(), b"s", &[], 1, NOW).await.unwrap();
        store.set_user_disabled(&agency(), &act(), &email("bia@x"), true, NOW).await.unwrap();
        let scope = scope_of(aurora);
        let row = |id, address: &str, role| MemberRow {
            id,
            name: format!("Pessoa {address}"),
            email: address.into(),
            role,
            second_factor: id == bia,
            last_login: (id == ana).then_some(NOW),
            disabled: id == bia,
        };
        let expected = [row(ana, "ana@x", Role::Admin), row(bia, "bia@x", Role::Viewer)];
        assert_eq!(store.list_members(&scope, 10).await.unwrap(), expected);
        assert_eq!(store.list_members(&scope, 1).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn only_whose_one_place_is_here_stands_here_alone() {
    on_both(async |store| {
        let (aurora, barba) = (tenant(store, "aurora").await, tenant(store, "barba").await);
        let ana = member(store, "ana@x", aurora, Role::Admin).await;
        let (a, b) = (scope_of(aurora), scope_of(barba));
        let standing = |only_here| Some(MemberStanding { email: "ana@x".into(), only_here });
        assert_eq!(store.find_member_standing(&a, ana).await.unwrap(), standing(true));
        assert_eq!(store.find_member_standing(&b, ana).await.unwrap(), None);
        store.add_membership(&b, &act(), ana, Role::Viewer, NOW).await.unwrap();
        assert_eq!(store.find_member_standing(&a, ana).await.unwrap(), standing(false));
        store.remove_member(&b, &act(), ana, NOW).await.unwrap();
        assert_eq!(store.find_member_standing(&a, ana).await.unwrap(), standing(true));
        store.put_staff(&agency(), &act(), ana, &email("ana@x"), AgencyRole::Support, NOW).await.unwrap();
        assert_eq!(store.find_member_standing(&a, ana).await.unwrap(), standing(false));
    })
    .await;
}

#[tokio::test]
async fn changing_a_place_ends_sessions_there_alone_and_is_told() {
    on_both(async |store| {
        let (aurora, barba) = (tenant(store, "aurora").await, tenant(store, "barba").await);
        let ana = member(store, "ana@x", aurora, Role::Admin).await;
        let (a, b) = (scope_of(aurora), scope_of(barba));
        store.add_membership(&b, &act(), ana, Role::Viewer, NOW).await.unwrap();
        store.create_session(new_session(1, Some(ana), Some(aurora)), NOW).await.unwrap();
        store.create_session(new_session(2, Some(ana), Some(barba)), NOW).await.unwrap();
        assert!(store.set_role(&a, &act(), ana, Role::Agent, NOW).await.unwrap());
        assert_eq!(caller(store, 1, NOW).await, None);
        assert_eq!(visitor(store, 2, NOW).await.unwrap().role, Role::Viewer);
        store.create_session(new_session(3, Some(ana), Some(aurora)), NOW).await.unwrap();
        assert_eq!(visitor(store, 3, NOW).await.unwrap().role, Role::Agent);
        assert!(store.remove_member(&a, &act(), ana, NOW).await.unwrap());
        assert_eq!(caller(store, 3, NOW).await, None);
        assert!(visitor(store, 2, NOW).await.is_some());
        for gone in [ana, UserId::new()] {
            assert!(!store.set_role(&a, &act(), gone, Role::Admin, NOW).await.unwrap());
            assert!(!store.remove_member(&a, &act(), gone, NOW).await.unwrap());
        }
        let events = store.list_events(&a, &AuditQuery::default(), 10).await.unwrap();
        let told: Vec<_> = events.iter().map(|event| (event.kind.unwrap(), event.subject.as_str())).collect();
        let expected = [
            (EventKind::MemberRemoved, "ana@x"),
            (EventKind::RoleChanged, "ana@x"),
            (EventKind::MemberAdded, "ana@x"),
            (EventKind::TenantCreated, "aurora"),
        ];
        assert_eq!(told, expected);
    })
    .await;
}
