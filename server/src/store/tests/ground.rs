//! Databases to test on. On Postgres the store connects as a role that row-level security applies to, as in production;
//! a superuser's pool beside it answers the tests' own questions.

use super::{super::*, *};
use futures::FutureExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgPoolOptions};
use std::{
    io::Write,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Once,
};
use tokio::sync::OnceCell;

/// The serving role of all tests.
pub(super) const ROLE: &str = "painel_test_app";

/// An empty database, not migrated.
pub(super) struct Ground {
    pub(super) url: String,
    /// The superuser's URL; `None` on SQLite.
    pub(super) owner: Option<String>,
    pub(super) store: Store,
}

/// A store that waits longer than the product's: what many at once come to is asked here, not how fast this machine is.
async fn patient(url: &str) -> Store {
    const WAIT: std::time::Duration = std::time::Duration::from_secs(60);
    let store = Store::connect(url).await.unwrap();
    let pools = match &store.pools {
        Pools::Sqlite { readers, writer } => {
            let again = |pool: &SqlitePool| {
                let options = pool.options().clone().acquire_timeout(WAIT);
                options.connect_lazy_with((*pool.connect_options()).clone())
            };
            Pools::Sqlite { readers: again(readers), writer: again(writer) }
        }
        Pools::Postgres(pool) => {
            let options = pool.options().clone().acquire_timeout(WAIT);
            Pools::Postgres(options.connect_lazy_with((*pool.connect_options()).clone()))
        }
    };
    store.close().await;
    Store { pools, patience: 2 * WAIT, ..store }
}

impl Ground {
    async fn open(url: String, owner: Option<String>) -> Self {
        let mut store = patient(&url).await;
        if let Some(owner) = &owner {
            store.admin = Some(PgPoolOptions::new().max_connections(3).connect(owner).await.unwrap());
        }
        Self { url, owner, store }
    }

    /// Another handle on the same database, as another process has one.
    pub(super) async fn connect(&self) -> Store {
        let mut store = patient(&self.url).await;
        store.admin.clone_from(&self.store.admin);
        store
    }

    /// Brings the tables about and opens the store for writing.
    pub(super) async fn migrate(&self) {
        self.store.migrate(self.owner.as_deref()).await.unwrap();
        self.store.arm(AuditKey::new([7; 32]));
        let expected = if self.owner.is_some() { Isolation::AppAndRls } else { Isolation::App };
        assert_eq!(self.store.check_isolation().await.unwrap(), expected);
    }
}

/// Runs a test on a migrated database of each kind.
pub(super) async fn on_both(body: impl AsyncFn(&Store)) {
    on_both_empty(async |ground: &Ground| {
        ground.migrate().await;
        body(&ground.store).await;
    })
    .await;
}

/// Runs a test on an empty database of each kind.
pub(super) async fn on_both_empty(body: impl AsyncFn(&Ground)) {
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground::open(format!("sqlite://{}/painel.db", folder.path().display()), None).await;
    eprintln!("on SQLite");
    body(&ground).await;
    ground.store.close().await;
    on_empty_postgres(body).await;
}

/// Runs a test of what only Postgres has, on a migrated database.
pub(super) async fn on_postgres(body: impl AsyncFn(&Ground)) {
    on_empty_postgres(async |ground: &Ground| {
        ground.migrate().await;
        body(ground).await;
    })
    .await;
}

async fn on_empty_postgres(body: impl AsyncFn(&Ground)) {
    let Ok(server) = std::env::var("PAINEL_TEST_POSTGRES") else { return say_skipped() };
    static READY: OnceCell<()> = OnceCell::const_new();
    READY.get_or_init(async || administer(&server, make_role()).await).await;
    let name = format!("painel_test_{}", Uuid::now_v7().simple());
    administer(&server, format!("create database {name}")).await;
    let owner = on_database(&server, &name, None);
    let ground = Ground::open(on_database(&server, &name, Some(ROLE)), Some(owner)).await;
    eprintln!("on Postgres");
    let outcome = AssertUnwindSafe(body(&ground)).catch_unwind().await;
    ground.store.close().await;
    if let Some(admin) = &ground.store.admin {
        admin.close().await;
    }
    administer(&server, format!("drop database {name} with (force)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// A URL on the same server; a role of the tests has its own name for a password.
pub(super) fn on_database(server: &str, name: &str, role: Option<&str>) -> String {
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(name);
    if let Some(role) = role {
        url.set_username(role).unwrap();
        url.set_password(Some(role)).unwrap();
    }
    url.into()
}

/// Other test processes on the same server may make it at the same time.
fn make_role() -> String {
    format!(
        "do $$ begin create role {ROLE} login password '{ROLE}' nosuperuser nobypassrls; \
         exception when duplicate_object or unique_violation then null; end $$"
    )
}

pub(super) async fn administer(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
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
