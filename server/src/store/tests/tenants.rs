//! Tenants and their keys.

use super::{super::*, *};
use app::credentials::Provider;

#[tokio::test]
async fn a_tenant_comes_back_as_it_was_made_with_its_key() {
    on_both(async |store| {
        let (new, key) = new_tenant("aurora");
        let id = store.create_tenant(&agency(), &act(), new.clone(), key, None, NOW).await.unwrap();
        assert_eq!(id, new.id);
        let found = store.find_tenant(&agency(), &slug("aurora")).await.unwrap().unwrap();
        let expected = Tenant {
            id,
            slug: new.slug,
            name: new.name,
            timezone: new.timezone,
            plan: "standard".into(),
            status: TenantStatus::Active,
            suspended_reason: None,
            created_at: NOW,
            updated_at: NOW,
        };
        assert_eq!(found, expected);
        assert_eq!(store.find_tenant(&agency(), &slug("other")).await.unwrap(), None);

        let scope = store.operator_scope(&slug("aurora")).await.unwrap().unwrap();
        assert_eq!((scope.tenant(), scope.user()), (id, None));
        assert_eq!(store.operator_scope(&slug("other")).await.unwrap(), None);
        let key = TenantKeyRow { version: 1, ring_key: "k1".into(), wrapped: vec![0, 1, 255] };
        assert_eq!(store.find_tenant_key(&scope).await.unwrap(), Some(key));
    })
    .await;
}

#[tokio::test]
async fn the_newest_key_is_found() {
    on_both(async |store| {
        let id = tenant(store, "aurora").await;
        let more = "insert into tenant_keys (tenant_id, version, ring_key, wrapped, created_at) \
                    select tenant_id, 10, 'k2', wrapped, created_at from tenant_keys where tenant_id = $1";
        raw(store, more, *id.as_uuid()).await.unwrap();
        let scope = store.operator_scope(&slug("aurora")).await.unwrap().unwrap();
        let key = store.find_tenant_key(&scope).await.unwrap().unwrap();
        assert_eq!((key.version, key.ring_key.as_str()), (10, "k2"));
        raw(store, "delete from tenant_keys where tenant_id = $1", *id.as_uuid()).await.unwrap();
        assert_eq!(store.find_tenant_key(&scope).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_taken_slug_is_refused_and_leaves_nothing() {
    on_both(async |store| {
        tenant(store, "aurora").await;
        let (again, key) = new_tenant("aurora");
        assert!(matches!(
            store.create_tenant(&agency(), &act(), again, key, None, NOW).await,
            Err(StoreError::SlugTaken)
        ));
        assert_eq!(count(store, "select count(*) from tenants").await, 1);
        assert_eq!(count(store, "select count(*) from tenant_keys").await, 1);
    })
    .await;
}

#[tokio::test]
async fn tenants_are_listed_by_slug_in_the_same_order_everywhere() {
    on_both(async |store| {
        for name in ["b", "a-b", "ab", "a1", "a-a", "zz"] {
            tenant(store, name).await;
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = store.list_tenants(&agency(), 4, after.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.slug.clone());
            seen.extend(page.iter().map(|tenant| tenant.slug.to_string()));
        }
        // The order of bytes; a server in Portuguese would ignore the hyphens.
        assert_eq!(seen, ["a-a", "a-b", "a1", "ab", "b", "zz"]);
        assert!(store.list_tenants(&agency(), 0, None).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn suspending_keeps_the_reason_and_resuming_drops_it() {
    on_both(async |store| {
        tenant(store, "aurora").await;
        tenant(store, "barba").await;
        let later = NOW + Duration::hours(1);
        let aurora = slug("aurora");
        assert!(
            store
                .set_tenant_status(&agency(), &act(), &aurora, TenantStatus::Suspended, Some("fatura"), later)
                .await
                .unwrap()
        );
        let found = store.find_tenant(&agency(), &aurora).await.unwrap().unwrap();
        assert_eq!((found.status, found.suspended_reason.as_deref()), (TenantStatus::Suspended, Some("fatura")));
        assert_eq!((found.created_at, found.updated_at), (NOW, later));
        assert_eq!(store.find_tenant(&agency(), &slug("barba")).await.unwrap().unwrap().status, TenantStatus::Active);

        assert!(
            store
                .set_tenant_status(&agency(), &act(), &aurora, TenantStatus::Active, Some("ignored"), later)
                .await
                .unwrap()
        );
        let found = store.find_tenant(&agency(), &aurora).await.unwrap().unwrap();
        assert_eq!((found.status, found.suspended_reason), (TenantStatus::Active, None));
        assert!(
            !store
                .set_tenant_status(&agency(), &act(), &slug("none"), TenantStatus::Active, None, later)
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn shredding_takes_keys_fields_places_and_sessions_and_no_others() {
    on_both(async |store| {
        let (a, b) = (signed_in(store, "aurora", 1).await, signed_in(store, "barba", 2).await);
        for scope in [&a, &b] {
            let set = [field("a", "1"), field("b", "1")];
            store.save_credential(scope, &act(), Provider::N8n, None, &set, NOW).await.unwrap();
        }
        let line = store.operator_agency();
        let shredded = store.shred_tenant(&line, &act(), &slug("aurora"), NOW).await.unwrap();
        assert_eq!(shredded, Some(Shredded { keys: 1, fields: 2, sessions: 1 }));
        assert_eq!(store.shred_tenant(&line, &act(), &slug("aurora"), NOW).await.unwrap(), None, "twice");
        assert_eq!(store.find_tenant_key(&a).await.unwrap(), None);
        assert_eq!(store.list_credentials(&a).await.unwrap(), []);
        assert_eq!(store.list_members(&a, 10).await.unwrap(), []);
        // It cannot be let work again, and its trail is whole.
        let active = TenantStatus::Active;
        assert!(!store.set_tenant_status(&agency(), &act(), &slug("aurora"), active, None, NOW).await.unwrap());
        let last = &store.list_events(&a, &AuditQuery::default(), 1).await.unwrap()[0];
        assert_eq!(last.kind, Some(EventKind::TenantShredded));
        assert!(store.verify_events(&a).await.unwrap().is_ok());
        assert!(store.find_tenant_key(&b).await.unwrap().is_some());
        assert_eq!(store.list_credentials(&b).await.unwrap()[0].fields.len(), 2);
        assert!(visitor(store, 2, NOW).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_first_check_value_of_a_ring_key_stands() {
    on_both(async |store| {
        assert_eq!(store.list_key_checks().await.unwrap(), []);
        store.record_key_check("k2", b"two", NOW).await.unwrap();
        store.record_key_check("k1", b"one", NOW).await.unwrap();
        store.record_key_check("k1", b"other", NOW).await.unwrap();
        let kept = store.list_key_checks().await.unwrap();
        let expected = [("k1", "one"), ("k2", "two")]
            .map(|(ring_key, value)| KeyCheck { ring_key: ring_key.into(), check_value: value.into() });
        assert_eq!(kept, expected);
    })
    .await;
}

#[tokio::test]
async fn the_database_refuses_what_the_types_forbid() {
    on_both(async |store| {
        let aurora = tenant(store, "aurora").await;
        member(store, "ana@x", aurora, Role::Viewer).await;
        store.create_session(new_session(1, None, None), NOW).await.unwrap();
        for sql in [
            "update tenants set status = 'closed'",
            "update tenants set suspended_reason = 'left behind'",
            "update tenants set name = null",
            "update memberships set role = 'owner'",
            "update tenant_keys set version = 0",
            "update sessions set data = null",
        ] {
            assert!(matches!(raw(store, sql, None).await, Err(StoreError::Database(_))), "accepted: {sql}");
        }
        let short = match store.backend() {
            Backend::Sqlite => "update sessions set id_hash = x'00'",
            Backend::Postgres => "update sessions set id_hash = '\\x00'",
        };
        assert!(matches!(raw(store, short, None).await, Err(StoreError::Database(_))));
    })
    .await;
}
