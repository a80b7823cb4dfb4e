//! What goes when a tenant or a user goes.

use super::*;
use app::credentials::Provider;

const ROWS: [(&str, &str); 7] = [
    ("tenant_keys", "select count(*) from tenant_keys"),
    ("memberships", "select count(*) from memberships"),
    ("sessions", "select count(*) from sessions"),
    ("credentials", "select count(*) from credentials"),
    ("credential_fields", "select count(*) from credential_fields"),
    ("saved_filters", "select count(*) from saved_filters"),
    ("users", "select count(*) from users"),
];

async fn rows(store: &Store) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for (table, sql) in ROWS {
        rows.push((table, count(store, sql).await));
    }
    rows
}

#[tokio::test]
async fn a_deleted_tenant_takes_its_rows_and_no_others() {
    on_both(async |store| {
        let a = signed_in(store, "aurora", 1).await;
        let b = signed_in(store, "barba", 2).await;
        for scope in [&a, &b] {
            store
                .save_credential(scope, &act(), Provider::N8n, Some(0), &[field("a", "1"), field("b", "1")], NOW)
                .await
                .unwrap();
            store.save_filter(scope, "Robô", "status=bot", NOW).await.unwrap();
        }
        let of_two = [2, 2, 2, 2, 4, 2, 2];
        assert_eq!(rows(store).await.iter().map(|row| row.1).collect::<Vec<_>>(), of_two);
        raw(store, "delete from tenants where id = $1", *a.tenant().as_uuid()).await.unwrap();
        // The person stays: they may belong to other tenants.
        let of_one = [1, 1, 1, 1, 2, 1, 2];
        assert_eq!(rows(store).await.iter().map(|row| row.1).collect::<Vec<_>>(), of_one);
        assert_eq!(store.list_credentials(&b).await.unwrap()[0].fields.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_user_leaves_what_they_saved_without_their_name() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        store.save_credential(&scope, &act(), Provider::N8n, Some(0), &[field("a", "1")], NOW).await.unwrap();
        store.save_filter(&scope, "Robô", "status=bot", NOW).await.unwrap();
        let user = *scope.user().unwrap().as_uuid();
        raw(store, "delete from users where id = $1", user).await.unwrap();
        let found = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((found.version, found.updated_by_name), (1, None));
        assert_eq!(rows(store).await.iter().map(|row| row.1).collect::<Vec<_>>(), [1, 0, 0, 1, 1, 0, 0]);
    })
    .await;
}
