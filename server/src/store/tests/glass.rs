//! The broken glass: who is let in, for how long, and what the tenant sees of it.

use super::{super::*, *};

#[tokio::test]
async fn the_glass_lets_one_person_in_to_look_and_closes_by_itself() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let tenant = scope.tenant();
        let (rui, agency) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 2).await;
        let (_, other) = staff(store, "eva@agencia.localhost", AgencyRole::Owner, 3).await;
        for number in [2, 3] {
            let user = caller(store, number, NOW).await.unwrap().user;
            assert!(store.update_session(&hash(number), "{}", Some(user), Some(tenant)).await.unwrap());
            assert_eq!(visitor(store, number, NOW).await, None, "in without breaking the glass");
        }
        let span = Duration::minutes(30);
        assert_eq!(store.break_glass(&agency, &act(), &slug("none"), "x", span, NOW).await.unwrap(), None);
        let line = store.operator_agency();
        assert_eq!(store.break_glass(&line, &act(), &slug("aurora"), "x", span, NOW).await.unwrap(), None);
        let broken = store.break_glass(&agency, &act(), &slug("aurora"), "chamado 12", span, NOW).await.unwrap();
        assert_eq!(broken, Some(tenant));

        let open = OpenGlass {
            user: rui,
            who: "Pessoa rui@agencia.localhost".into(),
            ends_at: NOW + span,
            reason: "chamado 12".into(),
        };
        let inside = visitor(store, 2, NOW).await.unwrap();
        assert_eq!((inside.role, inside.by_glass, inside.glass.as_ref()), (Role::Viewer, true, Some(&open)));
        // The tenant's own people see it, another of the agency is not let in by it.
        let own = visitor(store, 1, NOW).await.unwrap();
        assert_eq!((own.role, own.by_glass, own.glass.as_ref()), (Role::Admin, false, Some(&open)));
        assert_eq!(visitor(store, 3, NOW).await, None);
        // Who was let in later sees their own, not the other's.
        store.break_glass(&other, &act(), &slug("aurora"), "chamado 13", span * 2, NOW).await.unwrap();
        assert_eq!(visitor(store, 2, NOW).await.unwrap().glass.as_ref().map(|glass| glass.user), Some(rui));

        assert!(visitor(store, 2, NOW + span - Duration::microseconds(1)).await.is_some());
        assert_eq!(visitor(store, 2, NOW + span).await, None, "past its end");
        assert!(visitor(store, 3, NOW + span).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_ended_glass_lets_nobody_in_and_both_ends_stand_in_the_tenants_trail() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let tenant = scope.tenant();
        let (rui, agency) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 2).await;
        store.update_session(&hash(2), "{}", Some(rui), Some(tenant)).await.unwrap();
        let span = Duration::minutes(30);
        store.break_glass(&agency, &act(), &slug("aurora"), "chamado 12", span, NOW).await.unwrap();
        assert!(visitor(store, 2, NOW).await.is_some());
        let later = NOW + Duration::minutes(5);
        store.end_glass(&agency, &act(), tenant, later).await.unwrap();
        store.end_glass(&agency, &act(), tenant, later).await.unwrap();
        assert_eq!(visitor(store, 2, later).await, None);
        assert_eq!(visitor(store, 1, later).await.unwrap().glass, None);
        let listed = store.list_glass(&agency, &slug("aurora"), NOW).await.unwrap();
        let row = GlassRow {
            who: "Pessoa rui@agencia.localhost".into(),
            began_at: NOW,
            ended_at: later,
            reason: "chamado 12".into(),
        };
        assert_eq!(listed, [row]);
        assert_eq!(store.list_glass(&agency, &slug("aurora"), later).await.unwrap(), []);
        let events = store.list_events(&scope, &AuditQuery::default(), 2).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.unwrap()).collect();
        assert_eq!(kinds, [EventKind::GlassEnded, EventKind::GlassBroken]);
        assert_eq!(events[1].subject, "chamado 12");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_the_agency_leaves_every_tenant() {
    on_both(async |store| {
        let (rui, agency) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 9).await;
        for (number, name) in [(1, "aurora"), (2, "barba")] {
            signed_in(store, name, number).await;
            store.break_glass(&agency, &act(), &slug(name), "chamado", Duration::hours(1), NOW).await.unwrap();
            assert!(visitor(store, number, NOW).await.unwrap().glass.is_some());
        }
        assert!(store.remove_staff(&agency, &act(), rui, NOW).await.unwrap());
        for number in [1, 2] {
            assert_eq!(visitor(store, number, NOW).await.unwrap().glass, None);
        }
        // Taken back a minute later, they are not let in by the old glass.
        store.put_staff(&agency, &act(), rui, &email("rui@agencia.localhost"), AgencyRole::Owner, NOW).await.unwrap();
        let tenant = visitor(store, 1, NOW).await.unwrap().scope.tenant();
        store.create_session(new_session(3, Some(rui), Some(tenant)), NOW).await.unwrap();
        assert_eq!(visitor(store, 3, NOW).await, None);
    })
    .await;
}
