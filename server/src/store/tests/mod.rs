//! The store's tests: one body for both databases. SQLite stands in a temporary folder; Postgres is a database of its own
//! for each test on the server that `PAINEL_TEST_POSTGRES` (a superuser's URL) names.

mod cascade;
mod concurrency;
mod credentials;
mod isolation;
mod opening;
mod schema;
mod sessions;
mod tenants;
mod users;
mod visitor;

use super::{
    Email, NewSession, NewTenant, NewTenantKey, NewUser, Result, Slug, Store, TenantId, TenantScope, UserId, on_writer,
};
use app::session::Role;
use futures::FutureExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    io::Write,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Once,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// The instant at which tests begin.
const NOW: OffsetDateTime = datetime!(2026-03-02 12:00:00.123456 UTC);
const IDLE: Duration = Duration::hours(1);

/// An empty database, not migrated.
struct Ground {
    url: String,
    store: Store,
}

/// Runs a test on a migrated database of each kind.
async fn on_both(body: impl AsyncFn(&Store)) {
    on_both_empty(async |ground: &Ground| {
        ground.store.migrate().await.unwrap();
        body(&ground.store).await;
    })
    .await;
}

/// Runs a test on an empty database of each kind.
async fn on_both_empty(body: impl AsyncFn(&Ground)) {
    let folder = tempfile::tempdir().unwrap();
    let ground = open(format!("sqlite://{}/painel.db", folder.path().display())).await;
    eprintln!("on SQLite");
    body(&ground).await;
    ground.store.close().await;

    let Ok(server) = std::env::var("PAINEL_TEST_POSTGRES") else { return say_skipped() };
    let name = format!("painel_test_{}", Uuid::now_v7().simple());
    administer(&server, format!("create database {name}")).await;
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    let ground = open(url.into()).await;
    eprintln!("on Postgres");
    let outcome = AssertUnwindSafe(body(&ground)).catch_unwind().await;
    ground.store.close().await;
    administer(&server, format!("drop database {name} with (force)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

async fn open(url: String) -> Ground {
    let store = Store::connect(&url).await.unwrap();
    Ground { url, store }
}

async fn administer(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn say_skipped() {
    static ONCE: Once = Once::new();
    // Not eprintln!: the test harness swallows that of tests that pass.
    ONCE.call_once(|| {
        let line = "\nSKIPPED: the store's tests on Postgres, because PAINEL_TEST_POSTGRES is not set\n";
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    });
}

/// SQL that the store has no function for; `$1` is `id`.
async fn raw(store: &Store, sql: &'static str, id: impl Into<Option<Uuid>>) -> Result<u64> {
    let id = id.into();
    Ok(on_writer!(store, |pool| match id {
        Some(id) => sqlx::query(sql).bind(id).execute(pool).await?.rows_affected(),
        None => sqlx::query(sql).execute(pool).await?.rows_affected(),
    }))
}

/// The one number a query gives.
async fn count(store: &Store, sql: &'static str) -> i64 {
    on_writer!(store, |pool| sqlx::query_scalar(sql).fetch_one(pool).await.unwrap())
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn email(text: &str) -> Email {
    text.parse().unwrap()
}

fn new_tenant(name: &str) -> (NewTenant, NewTenantKey) {
    let tenant = NewTenant {
        id: TenantId::new(),
        slug: slug(name),
        name: format!("Cliente {name}"),
        timezone: "America/Sao_Paulo".into(),
    };
    (tenant, NewTenantKey { ring_key: "k1".into(), wrapped: vec![0, 1, 255] })
}

async fn tenant(store: &Store, name: &str) -> TenantId {
    let (tenant, key) = new_tenant(name);
    store.create_tenant(tenant, key, NOW).await.unwrap()
}

fn new_user(address: &str, membership: Option<(TenantId, Role)>) -> NewUser {
    NewUser {
        email: email(address),
        name: format!("Pessoa {address}"),
        password_hash: "$argon2id$old".into(),
        membership,
    }
}

async fn member(store: &Store, address: &str, tenant: TenantId, role: Role) -> UserId {
    store.create_user(new_user(address, Some((tenant, role))), NOW).await.unwrap()
}

/// A hash as the session layer makes them, from a number.
fn hash(number: u8) -> [u8; 32] {
    [number; 32]
}

fn new_session(number: u8, user: Option<UserId>, tenant: Option<TenantId>) -> NewSession {
    NewSession {
        id_hash: hash(number),
        user_id: user,
        tenant_id: tenant,
        data: r#"{"a":"ã"}"#.into(),
        expires_at: NOW + Duration::hours(24),
    }
}

/// A tenant with one admin who is signed in: what a request has in hand.
async fn signed_in(store: &Store, name: &str, number: u8) -> TenantScope {
    let tenant = tenant(store, name).await;
    let user = member(store, &format!("{name}@demo.localhost"), tenant, Role::Admin).await;
    store.create_session(new_session(number, Some(user), Some(tenant)), NOW).await.unwrap();
    store.find_visitor(&hash(number), NOW, IDLE).await.unwrap().unwrap().scope
}

fn field(name: &str, value: &str) -> (String, Vec<u8>) {
    (name.to_owned(), value.as_bytes().to_vec())
}
