//! Opening either database: what must hold on every connection.

use super::{Backend, Pools, Result, Store, StoreError, error::is_locked, patience::PATIENCE};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{DirBuilder, OpenOptions},
    ops::RangeInclusive,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a request may wait for a connection before it is told that the database is overloaded.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long SQLite waits for another process to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// SQLite's readers: each is a thread and reading is CPU-bound, so more than processors gain nothing, and each keeps pages of
/// the file for itself. Two at least: one that waits for the disk must not keep all others waiting.
const SQLITE_READERS: RangeInclusive<usize> = 2..=4;
/// Connections to Postgres, whose stock limit of 100 must serve several processes and the operator's tools.
const POSTGRES_CONNECTIONS: u32 = 16;

impl Store {
    /// Opens the database at `url`: `sqlite://PATH` (a file, made with its folder when missing, for its owner only) or
    /// `postgres://…`. It does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::File`], [`StoreError::Unavailable`].
    pub async fn connect(url: &str) -> Result<Self> {
        match Backend::of_url(url)? {
            Backend::Sqlite => {
                let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
                open_sqlite(path.unwrap_or_default()).await
            }
            Backend::Postgres => open_postgres(url).await,
        }
    }
}

impl Store {
    fn over(pools: Pools) -> Self {
        Self {
            pools,
            patience: PATIENCE,
            audit_key: Arc::default(),
            #[cfg(test)]
            admin: None,
        }
    }
}

async fn open_sqlite(path: &str) -> Result<Store> {
    if path.is_empty() || path.contains('?') || path.contains(":memory:") {
        return Err(StoreError::Url("after sqlite:// comes the path of a file, without parameters"));
    }
    let path = Path::new(path);
    create_for_owner_only(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        // FULL, not NORMAL: in WAL mode only FULL keeps what was acknowledged through a power cut.
        .synchronous(SqliteSynchronous::Full);
    enter_wal(&options).await?;
    // Nothing is gained by reopening a file: the connections live as long as the process.
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .after_release(|connection, _| Box::pin(has_no_transaction(connection)))
    };
    let writer = pool().max_connections(1).connect_with(options.clone()).await?;
    // A statement that writes but was sent to the readers must fail in the first test, not contend in production.
    let read_only = options.pragma("query_only", "ON");
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let several = processors.clamp(*SQLITE_READERS.start(), *SQLITE_READERS.end());
    let readers = pool().max_connections(u32::try_from(several).unwrap_or(u32::MAX)).connect_with(read_only).await?;
    Ok(Store::over(Pools::Sqlite { readers, writer }))
}

/// Whether a connection may be used again. When SQLite cannot write a commit, it rolls back by itself; sqlx, whose own
/// rollback then fails, goes on counting that transaction, and would refuse to begin another for ever.
async fn has_no_transaction(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    // A rollback may still be queued; the answer comes after it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Makes the file before SQLite does, which would let the umask decide who reads the password hashes in it. SQLite gives
/// the `-wal` and `-shm` files beside it the same mode.
fn create_for_owner_only(path: &Path) -> Result<()> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| StoreError::File { path, source }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(failed(path))?;
    Ok(())
}

/// Switches the file to WAL, once, before the pools open it. The switch needs the file for itself and SQLite does not
/// wait for that, so processes that start together must take turns here.
async fn enter_wal(options: &SqliteConnectOptions) -> Result<()> {
    let start = Instant::now();
    loop {
        match options.connect().await {
            Ok(connection) => return Ok(connection.close().await?),
            Err(sqlx::Error::Database(cause)) if is_locked(cause.as_ref()) && start.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn open_postgres(url: &str) -> Result<Store> {
    let options = read_postgres_url(url)?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.application_name("painel"))
        .await?;
    Ok(Store::over(Pools::Postgres(pool)))
}

pub(super) fn read_postgres_url(url: &str) -> Result<PgConnectOptions> {
    url.parse().map_err(|_unprinted: sqlx::Error| {
        StoreError::Url("write it as postgres://user:password@host:port/database, special characters %-encoded")
    })
}
