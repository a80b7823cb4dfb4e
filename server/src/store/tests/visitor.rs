//! From a session to a scope, and every way in which there is none.

use super::{super::*, *};

#[tokio::test]
async fn a_visitor_is_all_a_page_needs_to_know() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let ana = member(store, "ana@x", aurora, Role::Agent).await;
        store.create_session(new_session(1, Some(ana), Some(aurora)), NOW).await.unwrap();
        let visitor = store.find_visitor(&hash(1), NOW, IDLE).await.unwrap().unwrap();
        let expected = Visitor {
            scope: TenantScope::new(aurora, Some(ana)),
            email: email("ana@x"),
            name: "Pessoa ana@x".into(),
            role: Role::Agent,
            tenant_name: "Cliente aurora".into(),
            tenant_slug: slug("aurora"),
            timezone: "America/Sao_Paulo".into(),
            tenant_status: TenantStatus::Active,
            suspended_reason: None,
        };
        assert_eq!(visitor, expected);

        store.set_tenant_status(&slug("aurora"), TenantStatus::Suspended, Some("fatura"), NOW).await.unwrap();
        let visitor = store.find_visitor(&hash(1), NOW, IDLE).await.unwrap().unwrap();
        assert_eq!(
            (visitor.tenant_status, visitor.suspended_reason.as_deref()),
            (TenantStatus::Suspended, Some("fatura"))
        );
    })
    .await;
}

#[tokio::test]
async fn whatever_is_withdrawn_ends_the_visit_at_once() {
    on_both(async |store| {
        let id = |id: UserId| Some(*id.as_uuid());
        for (number, cause) in
            ["signed out", "expired", "idle", "disabled", "no member", "user deleted", "tenant deleted"]
                .iter()
                .enumerate()
        {
            let number = u8::try_from(number).unwrap();
            let scope = signed_in(store, &format!("t{number}"), number).await;
            let other = 100 + number;
            signed_in(store, &format!("t{other}"), other).await;
            let user = scope.user().unwrap();
            let mut at = NOW;
            match *cause {
                "signed out" => store.delete_session(&hash(number), NOW).await.unwrap(),
                "expired" => {
                    // In use to the end.
                    for minutes in (0..24 * 60).step_by(50) {
                        store
                            .find_visitor(&hash(number), NOW + Duration::minutes(minutes), IDLE)
                            .await
                            .unwrap()
                            .unwrap();
                    }
                    at = NOW + Duration::hours(24);
                }
                "idle" => at = NOW + IDLE,
                "disabled" => {
                    raw(store, "update users set disabled_at = 1 where id = $1", id(user)).await.map(drop).unwrap();
                }
                "no member" => {
                    raw(store, "delete from memberships where user_id = $1", id(user)).await.map(drop).unwrap();
                }
                "user deleted" => raw(store, "delete from users where id = $1", id(user)).await.map(drop).unwrap(),
                _ => {
                    let tenant = *scope.tenant().as_uuid();
                    raw(store, "delete from tenants where id = $1", tenant).await.map(drop).unwrap();
                }
            }
            assert_eq!(store.find_visitor(&hash(number), at, IDLE).await.unwrap(), None, "although {cause}");
            assert!(store.find_visitor(&hash(other), NOW, IDLE).await.unwrap().is_some(), "others suffered: {cause}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_gives_only_the_tenant_it_is_in() {
    on_both(async |store| {
        let (aurora, barba) = (tenant(store, "aurora").await, tenant(store, "barba").await);
        let ana = member(store, "ana@x", aurora, Role::Admin).await;
        // In a tenant of which she is no member; in none; nobody; unknown.
        store.create_session(new_session(1, Some(ana), Some(barba)), NOW).await.unwrap();
        store.create_session(new_session(2, Some(ana), None), NOW).await.unwrap();
        store.create_session(new_session(3, None, Some(aurora)), NOW).await.unwrap();
        for number in 1..=4 {
            assert_eq!(store.find_visitor(&hash(number), NOW, IDLE).await.unwrap(), None, "session {number}");
        }
        // With a role in each, she has the one of where she is.
        store.add_membership(ana, barba, Role::Viewer, NOW).await.unwrap();
        let visitor = store.find_visitor(&hash(1), NOW, IDLE).await.unwrap().unwrap();
        assert_eq!((visitor.scope.tenant(), visitor.role), (barba, Role::Viewer));
    })
    .await;
}

#[tokio::test]
async fn visiting_counts_as_use() {
    on_both(async |store| {
        signed_in(store, "aurora", 1).await;
        for tens in 1..20 {
            let at = NOW + Duration::minutes(10) * tens;
            assert!(store.find_visitor(&hash(1), at, IDLE).await.unwrap().is_some(), "after {tens}0 minutes");
        }
    })
    .await;
}
