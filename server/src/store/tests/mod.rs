//! The store's tests: one body for both databases. SQLite stands in a temporary folder; Postgres is a database of its own
//! for each test on the server that `PAINEL_TEST_POSTGRES` (a superuser's URL) names.

mod audit;
mod cascade;
mod concurrency;
mod credentials;
mod fence;
mod figures;
mod fleet;
mod full;
mod glass;
mod ground;
mod health;
mod hours;
mod imports;
mod isolation;
mod keys;
mod limits;
mod links;
mod live_watches;
mod locks;
mod machine_tokens;
mod mappings;
mod members;
mod notices;
mod opening;
mod pool;
mod saved_filters;
mod schema;
mod second_factor;
mod sessions;
mod silence;
mod tenants;
mod turns;
mod upgrade;
mod users;
mod visitor;

use super::{
    Act, AgencyScope, Caller, Email, NewSession, NewTenant, NewTenantKey, NewUser, Pools, Result, Slug, Store,
    TenantId, TenantScope, UserId, Visitor, on_writer,
};
use app::session::{AgencyRole, Hue, Role};
use ground::{Ground, on_both, on_both_empty, on_postgres};
use sqlx::SqlSafeStr;
use std::sync::Arc;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// The instant at which tests begin.
const NOW: OffsetDateTime = datetime!(2026-03-02 12:00:00.123456 UTC);
const IDLE: Duration = Duration::hours(1);

/// SQL that the store has no function for; `$1` is `id`.
async fn raw(store: &Store, sql: &'static str, id: impl Into<Option<Uuid>>) -> Result<u64> {
    run(store, sql, id.into()).await
}

/// The same of SQL that was composed.
async fn run(store: &Store, sql: impl SqlSafeStr, id: Option<Uuid>) -> Result<u64> {
    let store = &seeing_all(store);
    Ok(on_writer!(store, |db| match id {
        Some(id) => sqlx::query(sql).bind(id).execute(db).await?.rows_affected(),
        None => sqlx::query(sql).execute(db).await?.rows_affected(),
    }))
}

/// The same store, on Postgres by a role to which the fence does not apply.
fn seeing_all(store: &Store) -> Store {
    match &store.admin {
        Some(pool) => Store { pools: Pools::Postgres(pool.clone()), ..store.clone() },
        None => store.clone(),
    }
}

/// The one number a query gives.
async fn count(store: &Store, sql: &'static str) -> i64 {
    number(&seeing_all(store), sql, None).await.unwrap()
}

/// The one number a query gives for an id.
async fn count_of(store: &Store, sql: &'static str, id: Uuid) -> i64 {
    number(&seeing_all(store), sql, Some(id)).await.unwrap()
}

async fn number(store: &Store, sql: &'static str, id: Option<Uuid>) -> Result<i64> {
    Ok(on_writer!(store, |db| match id {
        Some(id) => sqlx::query_scalar(sql).bind(id).fetch_one(db).await?,
        None => sqlx::query_scalar(sql).fetch_one(db).await?,
    }))
}

/// Somebody at work, from somewhere.
fn act() -> Act {
    Act::of_stranger("rui@agencia.localhost", "192.0.2.7".parse().ok(), "pedido-1")
}

fn agency() -> AgencyScope {
    AgencyScope::new(None, AgencyRole::Owner)
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
        plan: "standard".into(),
        domain: String::new(),
    };
    (tenant, NewTenantKey { ring_key: "k1".into(), wrapped: vec![0, 1, 255] })
}

async fn tenant(store: &Store, name: &str) -> TenantId {
    let (tenant, key) = new_tenant(name);
    store.create_tenant(&agency(), &act(), tenant, key, None, NOW).await.unwrap()
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
    store.create_user(&act(), new_user(address, Some((tenant, role))), NOW).await.unwrap()
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
        device: "Firefox no Linux".into(),
        source: "192.0.2.7".into(),
        expires_at: NOW + Duration::hours(24),
    }
}

/// The scope of the command line.
fn scope_of(tenant: TenantId) -> TenantScope {
    TenantScope::new(tenant, None)
}

/// A tenant with one admin who is signed in: what a request has in hand.
async fn signed_in(store: &Store, name: &str, number: u8) -> TenantScope {
    let tenant = tenant(store, name).await;
    let user = member(store, &format!("{name}@demo.localhost"), tenant, Role::Admin).await;
    store.create_session(new_session(number, Some(user), Some(tenant)), NOW).await.unwrap();
    visitor(store, number, NOW).await.unwrap().scope
}

async fn caller(store: &Store, number: u8, at: OffsetDateTime) -> Option<Caller> {
    store.find_caller(&hash(number), at, IDLE).await.unwrap()
}

async fn visitor(store: &Store, number: u8, at: OffsetDateTime) -> Option<Arc<Visitor>> {
    caller(store, number, at).await?.visitor
}

/// Somebody of the agency who is signed in, in no tenant.
async fn staff(store: &Store, address: &str, role: AgencyRole, number: u8) -> (UserId, AgencyScope) {
    let user = store.create_user(&act(), new_user(address, None), NOW).await.unwrap();
    store.put_staff(&agency(), &act(), user, &email(address), role, NOW).await.unwrap();
    store.create_session(new_session(number, Some(user), None), NOW).await.unwrap();
    (user, caller(store, number, NOW).await.unwrap().agency.unwrap())
}

fn field(name: &str, value: &str) -> (String, Vec<u8>) {
    (name.to_owned(), value.as_bytes().to_vec())
}
