//! Moving in: a client is taken whole or not at all, nothing is overwritten, and the ledger outlives what it tells of.

use super::{super::*, *};
use app::credentials::Provider;

fn row(table: SourceTable, id: &str, part: &str) -> NewImportedRow {
    NewImportedRow { source: SourceRow { table, id: id.into(), part: part.into() }, digest: [7; 32] }
}

fn person(address: &str, hash: Option<&str>) -> ImportedMember {
    ImportedMember {
        email: email(address),
        name: "Pessoa".into(),
        password_hash: hash.map(str::to_owned),
        role: Role::Agent,
        last_login: Some(NOW),
        rows: vec![row(SourceTable::ClientUsers, address, "")],
    }
}

fn step(name: &str, members: Vec<ImportedMember>) -> ImportStep {
    let (tenant, key) = new_tenant(name);
    let tenant = NewTenant { plan: "pro".into(), domain: format!("{name}.com.br"), ..tenant };
    ImportStep {
        slug: slug(name),
        tenant: ImportedTenant::New { tenant, key, suspended: Some("Motivo".into()) },
        row: Some(row(SourceTable::Clients, name, "")),
        credentials: vec![ImportedCredential {
            provider: Provider::N8n,
            fields: vec![field("webhook_url", "selado")],
            row: row(SourceTable::Clients, name, "n8n_webhook_url"),
        }],
        members,
    }
}

async fn take(store: &Store, step: &ImportStep) -> Result<StepDone> {
    store.import_client(&agency(), &Act::of_command_line(), step, NOW).await
}

/// A tenant's trail, oldest first: kind, subject, fields.
async fn trail(store: &Store, name: &str) -> Vec<(EventKind, String, String)> {
    let scope = store.operator_scope(&slug(name)).await.unwrap().unwrap();
    store.verify_events(&scope).await.unwrap().expect("the chain is whole");
    let events = store.list_events(&scope, &AuditQuery::default(), 100).await.unwrap();
    assert!(events.iter().all(|event| event.actor != COMMAND_LINE || event.source.is_empty()));
    events.into_iter().rev().map(|event| (event.kind.unwrap(), event.subject, event.fields)).collect()
}

const ALL: [&str; 8] = [
    "select count(*) from tenants",
    "select count(*) from tenant_keys",
    "select count(*) from users",
    "select count(*) from memberships",
    "select count(*) from credentials",
    "select count(*) from credential_fields",
    "select count(*) from imported_rows",
    "select count(*) from audit_events",
];

async fn counts(store: &Store) -> Vec<i64> {
    let mut counts = Vec::new();
    for sql in ALL {
        counts.push(count(store, sql).await);
    }
    counts
}

#[tokio::test]
async fn a_client_is_taken_with_all_that_is_its() {
    on_both(async |store| {
        let people = vec![person("ana@x", Some("sha256+a")), person("bia@x", Some("sha256+b"))];
        let done = take(store, &step("sol", people)).await.unwrap();
        assert_eq!(done, StepDone { tenants: 1, users: 2, memberships: 2, credentials: 1 });
        let tenant = store.find_tenant(&agency(), &slug("sol")).await.unwrap().unwrap();
        assert_eq!((tenant.plan.as_str(), tenant.status), ("pro", TenantStatus::Suspended));
        assert_eq!(tenant.suspended_reason.as_deref(), Some("Motivo"));
        let user = store.find_user(&email("ana@x")).await.unwrap().unwrap();
        assert_eq!((user.last_login, user.created_at), (Some(NOW), NOW));
        // From now on it is good for as long as an imported password is.
        assert_eq!(store.find_login(&email("ana@x")).await.unwrap().unwrap().password_changed_at, NOW);
        // The console finds it by name and by domain.
        for text in ["CLIENTE SOL", "sol.com.br"] {
            let query = FleetQuery { search: text.into(), ..FleetQuery::default() };
            let found = store.list_fleet(&agency(), &query, 10).await.unwrap().tenants;
            assert_eq!(found.iter().map(|tenant| tenant.slug.as_str()).collect::<Vec<_>>(), ["sol"], "{text}");
        }
        let scope = store.operator_scope(&slug("sol")).await.unwrap().unwrap();
        let stored = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((stored.version, stored.fields), (1, vec![field("webhook_url", "selado")]));
        let ledger = store.list_imported_rows(&agency()).await.unwrap();
        let parts: Vec<_> = ledger.iter().map(|row| (row.source.id.as_str(), row.source.part.as_str())).collect();
        assert_eq!(parts, [("ana@x", ""), ("bia@x", ""), ("sol", ""), ("sol", "n8n_webhook_url")]);
        assert!(ledger.iter().all(|row| row.tenant == Some(tenant.id) && row.digest == [7; 32]));
        let told = |kind, subject: &str, fields: &str| (kind, subject.to_owned(), fields.to_owned());
        let expected = [
            told(EventKind::Imported, "sol", "contas: 2, acessos: 2, conexões: 1"),
            told(EventKind::CredentialSaved, "n8n", "webhook_url"),
            told(EventKind::MemberAdded, "ana@x", "agent"),
            told(EventKind::MemberAdded, "bia@x", "agent"),
        ];
        assert_eq!(trail(store, "sol").await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_cannot_be_taken_whole_leaves_nothing() {
    on_both(async |store| {
        take(store, &step("sol", vec![person("ana@x", Some("sha256+a"))])).await.unwrap();
        let before = counts(store).await;
        let mut taken_row = step("lua", vec![person("bia@x", Some("sha256+b"))]);
        taken_row.members[0].rows = vec![row(SourceTable::ClientUsers, "ana@x", "")];
        let nobody = step("lua", vec![person("bia@x", Some("sha256+b")), person("caio@x", None)]);
        let taken_slug = step("sol", vec![person("bia@x", Some("sha256+b"))]);
        assert!(matches!(take(store, &taken_slug).await, Err(StoreError::SlugTaken)));
        assert!(matches!(take(store, &nobody).await, Err(StoreError::Missing)));
        assert!(matches!(take(store, &taken_row).await, Err(StoreError::Database(_))));
        assert_eq!(counts(store).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_people_have_here_stays() {
    on_both(async |store| {
        let id = tenant(store, "sol").await;
        member(store, "ana@x", id, Role::Admin).await;
        let scope = store.operator_scope(&slug("sol")).await.unwrap().unwrap();
        let mine = [field("webhook_url", "meu")];
        store.save_credential(&scope, &act(), Provider::N8n, None, &mine, NOW).await.unwrap();
        let mut later = step("sol", vec![person("ana@x", Some("sha256+a"))]);
        (later.tenant, later.row) = (ImportedTenant::Existing(scope), None);
        let before = trail(store, "sol").await;
        let done = take(store, &later).await.unwrap();
        assert_eq!(done, StepDone::default());
        let login = store.find_login(&email("ana@x")).await.unwrap().unwrap();
        assert_eq!((login.password_hash.as_str(), login.memberships[0].role), ("$argon2id$old", Role::Admin));
        let stored = store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0.unwrap();
        assert_eq!((stored.version, stored.fields), (1, mine.to_vec()));
        assert_eq!(trail(store, "sol").await, before, "what changes nothing is not told");

        // Removed here counts as changed here.
        let mut other = step("sol", vec![]);
        (other.tenant, other.row) = (ImportedTenant::Existing(scope), None);
        other.credentials[0].row.source.id = "another".into();
        store.remove_credential(&scope, &act(), Provider::N8n, 1, NOW).await.unwrap();
        assert_eq!(take(store, &other).await.unwrap(), StepDone::default());
        assert_eq!(store.find_credential_and_keys(&scope, Provider::N8n).await.unwrap().0, None);
    })
    .await;
}

#[tokio::test]
async fn the_ledger_outlives_what_it_tells_of() {
    on_both(async |store| {
        take(store, &step("sol", vec![person("ana@x", Some("sha256+a"))])).await.unwrap();
        raw(store, "delete from users", None).await.unwrap();
        raw(store, "delete from tenants", None).await.unwrap();
        let ledger = store.list_imported_rows(&agency()).await.unwrap();
        assert_eq!(ledger.len(), 3);
        assert!(ledger.iter().all(|row| row.tenant.is_none()));
    })
    .await;
}

#[tokio::test]
async fn a_tenant_whose_keys_are_destroyed_takes_nothing_more() {
    on_both(async |store| {
        take(store, &step("sol", vec![person("ana@x", Some("sha256+a"))])).await.unwrap();
        let scope = store.operator_scope(&slug("sol")).await.unwrap().unwrap();
        store.shred_tenant(&agency(), &act(), &slug("sol"), NOW).await.unwrap().unwrap();
        let ledger = store.list_imported_rows(&agency()).await.unwrap();
        assert!(ledger.len() == 3 && ledger.iter().all(|row| row.tenant.is_none()));
        let before = counts(store).await;
        let mut later = step("sol", vec![person("bia@x", Some("sha256+b"))]);
        (later.tenant, later.row) = (ImportedTenant::Existing(scope), None);
        later.credentials[0].row.source.id = "another".into();
        assert!(matches!(take(store, &later).await, Err(StoreError::Missing)));
        assert_eq!(counts(store).await, before);
    })
    .await;
}
