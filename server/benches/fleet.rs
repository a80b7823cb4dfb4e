//! No measurement by itself: fills an empty database with as many tenants and people as a measurement wants, through the product's
//! own store, so that keys, seals and trails are real ones. `bench/world.mjs` runs it.
//!
//! `fleet fill`, with the environment of `painel` and what is wanted as JSON on standard input. Tenants are `SLUG-0`, `SLUG-1`, …,
//! their people `p0@SLUG-0.example`, `p1@SLUG-0.example`, …

use app::{credentials::Provider, session::Role};
use secrecy::SecretString;
use serde::Deserialize;
use server::{
    auth,
    backend::{RequestBackend, seal_hash},
    config::Config,
    state::State,
    store::{Act, Email, NewTenant, NewTenantKey, NewUser, STANDARD_PLAN, Slug, TenantId},
    web::caller::Identity,
};
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// What is wanted.
#[derive(Deserialize)]
struct Wanted {
    /// Everybody's.
    password: String,
    groups: Vec<Group>,
}

/// Tenants that are alike.
#[derive(Deserialize)]
struct Group {
    slug: String,
    tenants: u32,
    /// Of each.
    people: u32,
    project_url: String,
    api_key: String,
}

/// Every connection was found in order just now, and is looked at again long after the measurement.
const LOOKED_AT: &str = "insert into connection_health (tenant_id, provider, version, state, since, told, checked_at, \
                         healthy_at, failures, next_at, leased_until, revision) \
                         select tenant_id, provider, version, 'healthy', $1, 'healthy', $1, $1, 0, $2, 0, 1 from credentials";
const LONG_AFTER: Duration = Duration::hours(6);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // `cargo bench` runs every target, with words of its own: a developer's database must not be filled by it.
    if std::env::args().nth(1).as_deref() != Some("fill") {
        eprintln!("fleet fill: `make bench` runs it");
        return Ok(());
    }
    let wanted: Wanted = serde_json::from_reader(std::io::stdin())?;
    let config = Config::from_env()?;
    let state = State::open(&config).await?;
    let hash = auth::hash(&SecretString::from(wanted.password))?;
    for group in &wanted.groups {
        for number in 0..group.tenants {
            settle(&state, group, number, &hash).await?;
        }
    }
    state.store.close().await;
    let mut db = SqliteConnection::connect(&config.database_url).await?;
    let now = OffsetDateTime::now_utc();
    sqlx::query(LOOKED_AT).bind(micros(now)).bind(micros(now + LONG_AFTER)).execute(&mut db).await?;
    // Folds its log into the file, which is copied alone.
    db.close().await?;
    Ok(())
}

/// One tenant with its people and its project.
async fn settle(state: &State, group: &Group, number: u32, hash: &str) -> anyhow::Result<()> {
    let (store, act, now) = (&state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let slug: Slug = format!("{}-{number}", group.slug).parse()?;
    let id = TenantId::new();
    let (_, wrapped) = state.ring.create_tenant_key(*id.as_uuid(), 1)?;
    let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
    let tenant = NewTenant {
        id,
        slug: slug.clone(),
        name: format!("Loja {slug}"),
        timezone: "America/Sao_Paulo".to_owned(),
        plan: STANDARD_PLAN.to_owned(),
        domain: String::new(),
    };
    store.create_tenant(&store.operator_agency(), &act, tenant, key, None, now).await?;
    for person in 0..group.people {
        let email: Email = format!("p{person}@{slug}.example").parse()?;
        let user = NewUser {
            password_hash: seal_hash(&state.agency, &email, hash)?,
            email,
            name: format!("Pessoa {person}"),
            membership: Some((id, Role::Admin)),
        };
        store.create_user(&act, user, now).await?;
    }
    let scope = store.operator_scope(&slug).await?.expect("it was made just now");
    let fields = [("project_url", &group.project_url), ("api_key", &group.api_key)];
    let fields: BTreeMap<String, String> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let backend = RequestBackend::new(state.clone(), Identity::default(), None);
    backend.save_fields(&scope, &act, Provider::Supabase, None, &fields).await?;
    Ok(())
}

/// An instant as SQLite has it.
fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}
