//! From a session to a caller and a scope, and every way in which there is none.

use super::{super::*, *};

#[tokio::test]
async fn a_caller_is_all_a_page_needs_to_know() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        let ana = member(store, "ana@x", aurora, Role::Agent).await;
        store.create_session(new_session(1, Some(ana), Some(aurora)), NOW).await.unwrap();
        let expected = Caller {
            user: ana,
            email: email("ana@x"),
            name: "Pessoa ana@x".into(),
            agency: None,
            second_factor: false,
            second_factor_required: false,
            places: 1,
            visitor: Some(Arc::new(Visitor {
                scope: TenantScope::new(aurora, Some(ana)),
                role: Role::Agent,
                by_glass: false,
                glass: None,
                tenant_name: "Cliente aurora".into(),
                tenant_slug: slug("aurora"),
                hue: Hue::of_slug("aurora"),
                timezone: "America/Sao_Paulo".into(),
                tenant_status: TenantStatus::Active,
                suspended_reason: None,
                troubles: Vec::new(),
            })),
        };
        assert_eq!(caller(store, 1, NOW).await, Some(expected));

        let aurora = slug("aurora");
        let suspended = TenantStatus::Suspended;
        store.set_tenant_status(&agency(), &act(), &aurora, suspended, Some("fatura"), NOW).await.unwrap();
        let visitor = visitor(store, 1, NOW).await.unwrap();
        assert_eq!((visitor.tenant_status, visitor.suspended_reason.as_deref()), (suspended, Some("fatura")));
    })
    .await;
}

/// What remains of a visit after a cause.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    Nobody,
    NoTenant,
    Changed,
}

#[tokio::test]
async fn whatever_is_withdrawn_ends_the_visit_at_the_next_request() {
    const CAUSES: [(&str, Left); 14] = [
        ("signed out", Left::Nobody),
        ("session ended from elsewhere", Left::Nobody),
        ("all sessions ended", Left::Nobody),
        ("every session of the installation ended", Left::Nobody),
        ("expired", Left::Nobody),
        ("idle", Left::Nobody),
        ("user disabled", Left::Nobody),
        ("user deleted", Left::Nobody),
        ("another role", Left::Nobody),
        ("member removed", Left::Nobody),
        ("membership gone by hand", Left::NoTenant),
        ("tenant suspended", Left::Changed),
        ("tenant shredded", Left::Nobody),
        ("tenant shredded meanwhile", Left::NoTenant),
    ];
    on_both(async |store| {
        let (agency, act) = (agency(), act());
        for (number, (cause, left)) in (0..).zip(CAUSES) {
            let name = format!("t{number}");
            let scope = signed_in(store, &name, number).await;
            let user = scope.user().unwrap();
            let address = email(&format!("{name}@demo.localhost"));
            let mut at = NOW;
            match cause {
                "signed out" => store.delete_session(&hash(number), NOW).await.unwrap(),
                "session ended from elsewhere" => {
                    assert!(store.end_own_session(user, &act, &hash(number), NOW).await.unwrap());
                }
                "all sessions ended" => assert_eq!(store.end_own_sessions(user, &act, NOW).await.unwrap(), 1),
                "every session of the installation ended" => {
                    assert!(store.end_every_session(&agency, &act, NOW).await.unwrap() >= 1);
                }
                "expired" => {
                    // In use to the end.
                    for minutes in (0..24 * 60).step_by(50) {
                        assert!(visitor(store, number, NOW + Duration::minutes(minutes)).await.is_some());
                    }
                    at = NOW + Duration::hours(24);
                }
                "idle" => at = NOW + IDLE,
                "user disabled" => {
                    assert!(store.set_user_disabled(&agency, &act, &address, true, NOW).await.unwrap());
                    assert!(store.create_session(new_session(200, Some(user), None), NOW).await.is_ok());
                    assert_eq!(caller(store, 200, NOW).await, None, "a new session of a disabled user");
                }
                "user deleted" => {
                    raw(store, "delete from users where id = $1", *user.as_uuid()).await.map(drop).unwrap();
                }
                "another role" => assert!(store.set_role(&scope, &act, user, Role::Viewer, NOW).await.unwrap()),
                "member removed" => assert!(store.remove_member(&scope, &act, user, NOW).await.unwrap()),
                "membership gone by hand" => {
                    raw(store, "delete from memberships where user_id = $1", *user.as_uuid()).await.map(drop).unwrap();
                }
                "tenant suspended" => {
                    let (status, slug) = (TenantStatus::Suspended, slug(&name));
                    assert!(store.set_tenant_status(&agency, &act, &slug, status, None, NOW).await.unwrap());
                }
                "tenant shredded" => {
                    assert!(store.shred_tenant(&agency, &act, &slug(&name), NOW).await.unwrap().is_some());
                }
                _ => {
                    // As if the session had begun while the tenant was shredded.
                    let shred = "update tenants set shredded_at = 1 where id = $1";
                    raw(store, shred, *scope.tenant().as_uuid()).await.map(drop).unwrap();
                }
            }
            let found = match caller(store, number, at).await {
                None => Left::Nobody,
                Some(Caller { visitor: None, places: 0, .. }) => Left::NoTenant,
                Some(_) => Left::Changed,
            };
            assert_eq!(found, left, "although {cause}");
            // Others, who begin after the end of all sessions, do not suffer.
            let other = 100 + number;
            signed_in(store, &format!("t{other}"), other).await;
            if left == Left::Changed {
                assert_eq!(visitor(store, number, at).await.unwrap().tenant_status, TenantStatus::Suspended);
            }
        }
        for number in 100 + 4..100 + u8::try_from(CAUSES.len()).unwrap() {
            assert!(visitor(store, number, NOW).await.is_some(), "others suffered: {number}");
        }
        eprintln!("visits ended at the next request: {0} of {0} causes", CAUSES.len());
    })
    .await;
}

#[tokio::test]
async fn a_tenant_that_goes_away_leaves_a_session_of_nowhere() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        raw(store, "delete from tenants where id = $1", *scope.tenant().as_uuid()).await.unwrap();
        assert_eq!(caller(store, 1, NOW).await.and_then(|caller| caller.visitor), None);
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
            assert_eq!(visitor(store, number, NOW).await, None, "session {number}");
            assert_eq!(caller(store, number, NOW).await.map(|caller| caller.places), (number < 3).then_some(1));
        }
        // With a role in each, she has the one of where she is.
        store.add_membership(&scope_of(barba), &act(), ana, Role::Viewer, NOW).await.unwrap();
        let found = caller(store, 1, NOW).await.unwrap();
        assert_eq!(found.places, 2);
        let visitor = found.visitor.unwrap();
        assert_eq!((visitor.scope.tenant(), visitor.role), (barba, Role::Viewer));
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_due_when_the_agency_or_the_tenant_at_hand_demands_it() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        signed_in(store, "barba", 2).await;
        staff(store, "rui@agencia.localhost", AgencyRole::Support, 3).await;
        let due = async || {
            let mut due = [false; 3];
            for number in 1..=3 {
                due[usize::from(number) - 1] = caller(store, number, NOW).await.unwrap().second_factor_due();
            }
            due
        };
        assert_eq!(due().await, [false, false, false]);
        store.require_second_factor(&scope, &act(), true, NOW).await.unwrap();
        assert_eq!(due().await, [true, false, false]);
        store.require_staff_second_factor(&agency(), &act(), true, NOW).await.unwrap();
        assert!(store.staff_second_factor_required().await.unwrap());
        assert_eq!(due().await, [true, false, true]);
        let user = scope.user().unwrap();
        assert!(store.begin_second_factor(user, b"pending").await.unwrap());
        assert!(store.enable_second_factor(user, &act(), b"sealed", &[], 1, NOW).await.unwrap());
        store.create_session(new_session(4, Some(user), Some(scope.tenant())), NOW).await.unwrap();
        let found = caller(store, 4, NOW).await.unwrap();
        assert!(found.second_factor && found.second_factor_required && !found.second_factor_due());
        store.require_staff_second_factor(&agency(), &act(), false, NOW).await.unwrap();
        assert!(!caller(store, 3, NOW).await.unwrap().second_factor_due());
    })
    .await;
}

#[tokio::test]
async fn a_role_in_the_agency_is_gone_when_it_is_taken_away() {
    on_both(async |store| {
        let (user, scope) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 1).await;
        assert_eq!((scope.user(), scope.role()), (Some(user), AgencyRole::Owner));
        let listed = store.list_staff(&scope).await.unwrap();
        assert_eq!((listed.len(), listed[0].id, listed[0].role), (1, user, AgencyRole::Owner));
        // Another role ends the sessions, and so does none.
        store.put_staff(&scope, &act(), user, &email("rui@agencia.localhost"), AgencyRole::Support, NOW).await.unwrap();
        assert_eq!(caller(store, 1, NOW).await, None);
        store.create_session(new_session(2, Some(user), None), NOW).await.unwrap();
        assert_eq!(caller(store, 2, NOW).await.unwrap().agency.unwrap().role(), AgencyRole::Support);
        assert!(store.remove_staff(&scope, &act(), user, NOW).await.unwrap());
        assert!(!store.remove_staff(&scope, &act(), user, NOW).await.unwrap());
        assert_eq!(caller(store, 2, NOW).await, None);
        store.create_session(new_session(3, Some(user), None), NOW).await.unwrap();
        assert_eq!(caller(store, 3, NOW).await.unwrap().agency, None);
        let nobody = store.put_staff(&scope, &act(), UserId::new(), &email("x@x"), AgencyRole::Owner, NOW).await;
        assert!(matches!(nobody, Err(StoreError::Missing)));
    })
    .await;
}

#[tokio::test]
async fn visiting_counts_as_use() {
    on_both(async |store| {
        signed_in(store, "aurora", 1).await;
        for tens in 1..20 {
            let at = NOW + Duration::minutes(10) * tens;
            assert!(visitor(store, 1, at).await.is_some(), "after {tens}0 minutes");
        }
    })
    .await;
}
