//! Migrating a database that has data in it keeps the data.

use super::{
    super::{
        schema::{POSTGRES, SQLITE},
        *,
    },
    *,
};
use app::credentials::Provider;
use sqlx::{Connection, PgConnection};

/// As the first version wrote it: a tenant, its key, a member who is signed in, a credential.
const DATA: [&str; 6] = [
    "insert into tenants (id, slug, name, timezone, status, suspended_reason, created_at, updated_at) \
     values ($1, 'aurora', 'SALÃO Água', 'America/Sao_Paulo', 'suspended', 'fatura', 5, 6)",
    "insert into tenant_keys (tenant_id, version, ring_key, wrapped, created_at) \
     select id, 1, 'k1', {}, 5 from tenants where id = $1",
    "insert into users (id, email, name, password_hash, created_at) values ($1, 'ana@x', 'Ana', '$argon2id$old', 7)",
    "insert into memberships (tenant_id, user_id, role, created_at) values ($1, $1, 'admin', 8)",
    "insert into credentials (tenant_id, provider, version, updated_at, updated_by) values ($1, 'n8n', 3, 9, $1)",
    "insert into credential_fields (tenant_id, provider, field, sealed, updated_at) values ($1, 'n8n', 'key', {}, 9)",
];

async fn first_version(ground: &Ground) {
    match (&ground.store.pools, &ground.owner) {
        (Pools::Sqlite { writer, .. }, _) => {
            let mut connection = writer.acquire().await.unwrap();
            SQLITE.run_direct(Some(1), &mut *connection, false).await.unwrap();
        }
        (Pools::Postgres(_), owner) => {
            let mut connection = PgConnection::connect(owner.as_deref().unwrap()).await.unwrap();
            POSTGRES.run_direct(Some(1), &mut connection, false).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_the_first_version_wrote_is_kept() {
    on_both_empty(async |ground| {
        first_version(ground).await;
        let store = &ground.store;
        // The same id for the tenant and the user: nothing forbids it.
        let id = Uuid::now_v7();
        let bytes = if store.backend() == Backend::Sqlite { "x'0102'" } else { "'\\x0102'" };
        for sql in DATA {
            let sql = sqlx::AssertSqlSafe(sql.replace("{}", bytes));
            run(store, sql, Some(id)).await.unwrap();
        }
        let older = Store::connect(ground.owner.as_ref().unwrap_or(&ground.url)).await.unwrap();
        let checked = older.check_schema().await;
        assert!(matches!(checked, Err(StoreError::SchemaOlder { found: 1, needed: 2.. })), "{checked:?}");
        older.close().await;
        ground.migrate().await;
        store.check_schema().await.unwrap();

        let tenant = store.find_tenant(&agency(), &slug("aurora")).await.unwrap().unwrap();
        assert_eq!((tenant.id, tenant.name.as_str()), (TenantId::from_uuid(id), "SALÃO Água"));
        assert_eq!((tenant.status, tenant.suspended_reason.as_deref()), (TenantStatus::Suspended, Some("fatura")));
        let scope = scope_of(tenant.id);
        let key = store.find_tenant_key(&scope).await.unwrap().unwrap();
        assert_eq!((key.ring_key.as_str(), key.wrapped), ("k1", vec![1, 2]));
        let credential = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((credential.version, credential.updated_by_name.as_deref()), (3, Some("Ana")));
        assert_eq!(credential.fields, [("key".to_owned(), vec![1, 2])]);
        let login = store.find_login(&email("ana@x")).await.unwrap().unwrap();
        assert_eq!((login.user_id, login.memberships[0].role), (UserId::from_uuid(id), Role::Admin));
        assert!(!login.second_factor && login.agency.is_none());
        // A password from before the column is as old as its account.
        let state = store.find_second_factor(login.user_id).await.unwrap().unwrap();
        assert_eq!(state.password_changed_at, OffsetDateTime::UNIX_EPOCH + Duration::microseconds(7));
        // Found by the console, and everything new works on it.
        let query = FleetQuery { search: "Salão água".into(), ..FleetQuery::default() };
        let found = store.list_fleet(&agency(), &query, 10).await.unwrap();
        assert_eq!((found.tenants.len(), found.tenants[0].members), (1, 1));
        store.save_credential(&scope, &act(), Provider::N8n, Some(3), &[field("a", "1")], NOW).await.unwrap();
        assert_eq!(store.verify_events(&scope).await.unwrap().unwrap().events, 1);
    })
    .await;
}
