//! One tenant's scope neither sees nor changes another's rows.

use super::{super::*, *};
use app::credentials::Provider;

#[tokio::test]
async fn a_scope_reaches_its_own_rows_only() {
    on_both(async |store| {
        let a = signed_in(store, "aurora", 1).await;
        let b = signed_in(store, "barba", 2).await;
        for (scope, value) in [(&a, "of a"), (&b, "of b")] {
            for provider in Provider::ALL {
                store.save_credential(scope, provider, Some(0), &[field("key", value)], NOW).await.unwrap();
            }
        }
        raw(store, "update tenant_keys set ring_key = 'kb' where tenant_id = $1", *b.tenant().as_uuid()).await.unwrap();

        // Reading.
        for credential in store.list_credentials(&a).await.unwrap() {
            assert_eq!(credential.fields, [field("key", "of a")]);
            assert_eq!(credential.updated_by_name.as_deref(), Some("Pessoa aurora@demo.localhost"));
        }
        for provider in Provider::ALL {
            let found = store.find_credential(&a, provider).await.unwrap().unwrap();
            assert_eq!(found.fields, [field("key", "of a")]);
        }
        assert_eq!(store.find_tenant_key(&a).await.unwrap().unwrap().ring_key, "k1");
        assert_eq!(store.find_tenant_key(&b).await.unwrap().unwrap().ring_key, "kb");

        // Writing: saving and removing as A, everything, leaves B as it was. Both stand at the same versions throughout,
        // so that nothing but the tenant can tell their rows apart.
        for provider in Provider::ALL {
            store.save_credential(&b, provider, Some(1), &[], NOW).await.unwrap();
        }
        let before = store.list_credentials(&b).await.unwrap();
        for provider in Provider::ALL {
            store
                .save_credential(&a, provider, Some(1), &[field("key", "a2"), field("more", "a2")], NOW)
                .await
                .unwrap();
        }
        for (number, provider) in Provider::ALL.into_iter().enumerate() {
            match number % 2 {
                0 => store.remove_credential(&a, provider, 2, NOW).await.unwrap(),
                _ => drop(store.save_credential(&a, provider, None, &[field("key", "a3")], NOW).await.unwrap()),
            }
        }
        assert_eq!(store.list_credentials(&b).await.unwrap(), before);
        assert_eq!(store.list_credentials(&a).await.unwrap().len(), 3);

        // B's version is no use to A, who has nothing stored.
        assert_eq!(store.save_credential(&b, Provider::Supabase, Some(2), &[], NOW).await.unwrap(), 3);
        let crossed = store.save_credential(&a, Provider::Supabase, Some(3), &[], NOW).await;
        assert!(matches!(crossed, Err(StoreError::Conflict { current: 0 })));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_tenants_scope_reaches_and_makes_nothing() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        raw(store, "delete from tenants where id = $1", *scope.tenant().as_uuid()).await.unwrap();
        assert_eq!(store.list_credentials(&scope).await.unwrap(), []);
        assert_eq!(store.find_tenant_key(&scope).await.unwrap(), None);
        for expected in [None, Some(0)] {
            let saved = store.save_credential(&scope, Provider::N8n, expected, &[field("a", "1")], NOW).await;
            assert!(matches!(saved, Err(StoreError::Missing)));
        }
        assert_eq!(count(store, "select count(*) from credential_fields").await, 0);
    })
    .await;
}
