//! The drill: a backup taken while others write, restored into an empty database of either kind, and used.

mod damage;
pub mod house;
mod kill;
mod size;
mod tables;

use crate::harness::{PASSWORD, Server, fields, write_ring};
use app::{credentials::Provider, session::AgencyRole, session::Role};
use house::{House, Kind, all, rows_of, text};
use reqwest::StatusCode;
use server::{
    backend::RequestBackend,
    startup::{Refusal, read_ring},
    state::State,
    store::{Act, Event, EventKind, Slug, Store},
    vault::{Address, KeyRing, WrappedKey},
    web::caller::Identity,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use time::OffsetDateTime;

const SLUGS: [&str; 3] = ["drill-a", "drill-b", "drill-c"];

/// How many of the sealed fields of all tenants open with a ring.
async fn opened(store: &Store, ring: &KeyRing) -> (usize, usize) {
    let (mut open, mut all) = (0, 0);
    for slug in SLUGS {
        let slug: Slug = slug.parse().unwrap();
        let scope = store.operator_scope(&slug).await.unwrap().expect("the tenant is there");
        let tenant = *scope.tenant().as_uuid();
        let key = store.find_tenant_key(&scope).await.unwrap().and_then(|row| {
            let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
            ring.open_tenant_key(tenant, u32::try_from(row.version).unwrap(), &wrapped).ok()
        });
        for credential in store.list_credentials(&scope).await.unwrap() {
            for (field, sealed) in &credential.fields {
                let address = Address { tenant, provider: &credential.provider, field };
                all += 1;
                open += usize::from(key.as_ref().is_some_and(|key| key.open(&address, sealed).is_ok()));
            }
        }
    }
    (open, all)
}

/// Saves a credential and records an event for a tenant, again and again, until told to stop; tells how often.
async fn write_on(state: State, slug: Slug, stop: Arc<AtomicBool>) -> usize {
    let scope = state.store.operator_scope(&slug).await.unwrap().unwrap();
    let backend = RequestBackend::new(state.clone(), Identity::default(), None);
    let act = Act::of_command_line();
    let mut writes = 0;
    while !stop.load(Ordering::Relaxed) {
        let number = format!("segredo-inventado-{writes:08}");
        let given = fields(&[("webhook_url", "https://n8n.example.com/webhook/a"), ("signing_secret", &number)]);
        backend.save_fields(&scope, &act, Provider::N8n, None, &given).await.unwrap();
        let event = Event::new(EventKind::SignedIn, &number);
        state.store.record(&scope, &act, OffsetDateTime::now_utc(), event).await.unwrap();
        writes += 1;
    }
    writes
}

async fn drill(from: Kind, to: Kind) {
    let source = House::new(from).await;
    let server = Server::start_with(|config| source.configure(config)).await;
    for slug in SLUGS {
        let tenant = server.tenant(slug, Role::Admin, Some(0)).await;
        server.user(&format!("viewer@{slug}.example"), tenant.scope.tenant(), Role::Viewer).await;
    }
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    // A session, which must not come along.
    server.signed_in("admin@drill-a.example").await;

    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = SLUGS
        .iter()
        .map(|slug| tokio::spawn(write_on(server.state.clone(), slug.parse().unwrap(), stop.clone())))
        .collect();
    let events = async || source.number("select count(*) from audit_events").await;
    // Each tenant's two cards are there: one writer may be much ahead of another.
    let cards = async || source.number("select count(*) from credentials").await;
    while events().await < 50 || cards().await < 2 * i64::try_from(SLUGS.len()).unwrap() {
        assert!(writers.iter().all(|writer| !writer.is_finished()), "the writers go on");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (before, began) = (events().await, Instant::now());
    let (data, keys) = source.back_up().await;
    let (took, after) = (began.elapsed(), events().await);
    stop.store(true, Ordering::Relaxed);
    let mut writes = 0;
    for writer in writers {
        writes += writer.await.unwrap();
    }
    assert!(after > before, "others wrote while the backup was taken");

    let target = House::new(to).await;
    let began = Instant::now();
    let done = target.painel(&["restore", "--data", text(&data), "--keys", text(&keys)]).await;
    assert!(done.status.success(), "{}", house::error(&done));
    let restored_in = began.elapsed();
    eprintln!(
        "{from:?} to {to:?}: backup in {took:?} beside {writes} writes, restore in {restored_in:?} (RTO); \
         lost is what came after the backup began (RPO)"
    );

    // The same rows, whichever database they stand in.
    let (again, keys_again) = target.back_up().await;
    assert!(rows_of(&data, &keys) == rows_of(&again, &keys_again), "the restored database has the same rows");
    assert_eq!(target.number("select count(*) from sessions").await, 0);

    let ring = read_ring(&source.ring()).unwrap();
    let other = target.path().join("other.json");
    write_ring(&other);
    let other_ring = read_ring(&other).unwrap();

    // Another ring: nothing opens, and no server starts.
    let serving = Store::connect(&target.url()).await.unwrap();
    let (open, of) = opened(&serving, &other_ring).await;
    assert_eq!(open, 0);
    eprintln!("  with another ring {open} of {of} secrets open");
    let mut config = target.config();
    config.keyring = other;
    assert!(matches!(State::open(&config).await, Err(Refusal::RingWrong(..))), "a wrong ring refuses the start");

    let restored = Server::start_with(|config| {
        target.configure(config);
        config.keyring = source.ring();
    })
    .await;
    let store = &restored.state.store;
    let (open, of) = opened(store, &ring).await;
    eprintln!("  with the ring {open} of {of} secrets open");
    assert!(of >= 12 && open == of, "{open} of {of}");
    let mut whole = 0;
    for slug in SLUGS {
        let scope = store.operator_scope(&slug.parse().unwrap()).await.unwrap().unwrap();
        assert!(store.verify_events(&scope).await.unwrap().expect("the chain is whole").events > 1);
        whole += 1;
    }
    assert!(store.verify_agency_events().await.unwrap().expect("the agency's chain is whole").events > 0);
    eprintln!("  {} of {} audit chains are whole", whole + 1, SLUGS.len() + 1);
    for slug in SLUGS {
        let browser = restored.signed_in(&format!("admin@{slug}.example")).await;
        assert_eq!(browser.page("/conversations").await.status(), StatusCode::OK);
        restored.signed_in(&format!("viewer@{slug}.example")).await;
    }

    // Without the keys file: nothing opens even with the ring, and no server starts.
    let keyless = House::new(to).await;
    let done = keyless.painel(&["restore", "--data", text(&data), "--without-keys"]).await;
    assert!(done.status.success(), "{}", house::error(&done));
    let bare = Store::connect(&keyless.url()).await.unwrap();
    let (open, of) = opened(&bare, &ring).await;
    eprintln!("  without the keys file {open} of {of} secrets open");
    assert!(open == 0 && of >= 12);
    let mut config = keyless.config();
    config.keyring = source.ring();
    assert!(matches!(State::open(&config).await, Err(Refusal::AgencyKeyMissing)));

    for store in [&bare, &serving, store, &server.state.store] {
        store.close().await;
    }
    for house in [keyless, target, source] {
        house.tear_down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_to_sqlite() {
    drill(Kind::Sqlite, Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_to_postgres() {
    drill(Kind::Sqlite, Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_to_sqlite() {
    drill(Kind::Postgres, Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_to_postgres() {
    drill(Kind::Postgres, Kind::Postgres).await;
}

/// An owner that is no superuser misses no row, and what was shredded opens by no backup made later.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_has_every_row_and_no_shredded_key() {
    for kind in all() {
        let house = House::new(kind).await;
        let server = Server::start_with(|config| house.configure(config)).await;
        for slug in SLUGS {
            server.tenant(slug, Role::Admin, Some(0)).await;
        }
        server.staff("dona@agencia.example", AgencyRole::Owner).await;
        let (agency, act) = (server.state.store.operator_agency(), Act::of_command_line());
        let gone: Slug = SLUGS[1].parse().unwrap();
        server.state.store.shred_tenant(&agency, &act, &gone, OffsetDateTime::now_utc()).await.unwrap();
        let (data, keys) = house.back_up().await;
        for table in server::store::TABLES {
            let stored = house.number(&format!("select count(*) from {}", table.name)).await;
            let held = rows_of(&data, &keys).iter().filter(|(name, _)| *name == table.name).count();
            assert_eq!(i64::try_from(held).unwrap(), stored, "{kind:?}: rows of {}", table.name);
        }
        let keys_held = rows_of(&data, &keys).iter().filter(|(name, _)| *name == "tenant_keys").count();
        assert_eq!(keys_held, SLUGS.len() - 1);
        let mode = |path: &std::path::Path| {
            use std::os::unix::fs::PermissionsExt;
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!((mode(&data), mode(&keys)), (0o600, 0o600));
        server.state.store.close().await;
        house.tear_down().await;
    }
}

/// The password that everybody in the drill signs in with stands in no backup, nor does the ring.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_no_secret_in_clear() {
    let house = House::new(Kind::Sqlite).await;
    let server = Server::start_with(|config| house.configure(config)).await;
    server.tenant(SLUGS[0], Role::Admin, Some(0)).await;
    let (data, keys) = house.back_up().await;
    let text = format!("{:?}", rows_of(&data, &keys));
    let ring: serde_json::Value = serde_json::from_slice(&std::fs::read(house.ring()).unwrap()).unwrap();
    let key = crate::harness::project(0, "publishable_key");
    for secret in [PASSWORD, key.as_str(), ring["keys"]["k1"].as_str().unwrap(), "$argon2id"] {
        assert!(!text.contains(secret));
    }
    server.state.store.close().await;
}
