//! What can go wrong in the store, told apart by what a caller does about it; and how each database says it.

use sqlx::{error::DatabaseError, migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError};
use std::path::PathBuf;

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database this program can open. It may hold a password, so it is not repeated.
    #[error("the database URL cannot be used: {0}")]
    Url(&'static str),
    /// The SQLite file or its folder cannot be made.
    #[error("cannot create {}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database cannot be reached, is overloaded, locked or shutting down: trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The tables are older than this program.
    #[error("the database is at schema {found}, this program needs {needed}: run `painel migrate`")]
    SchemaOlder {
        /// The newest migration applied; 0 for an empty database.
        found: i64,
        /// The newest migration this program has.
        needed: i64,
    },
    /// The tables are newer than this program.
    #[error("the database is at schema {found}, this program knows only {known}: run the newer program")]
    SchemaNewer {
        /// The newest migration applied.
        found: i64,
        /// The newest migration this program has.
        known: i64,
    },
    /// A migration that was applied is not the one this program has, or did not end.
    #[error("migration {version} in the database is not this program's: was it edited after it was applied?")]
    SchemaChanged {
        /// The migration's number.
        version: i64,
    },
    /// A migration failed; nothing of it was kept.
    #[error("migrating failed: {0}")]
    Migration(#[source] MigrateError),
    /// Another tenant has this slug.
    #[error("a tenant with this slug exists already")]
    SlugTaken,
    /// Another user has this e-mail address.
    #[error("a user with this e-mail address exists already")]
    EmailTaken,
    /// The user has a place in this tenant.
    #[error("the user is a member of this tenant already")]
    AlreadyMember,
    /// A session with this id exists: draw another.
    #[error("a session with this id exists already")]
    SessionTaken,
    /// The row points at a tenant or user that does not exist (any more).
    #[error("the tenant or user this refers to does not exist")]
    Missing,
    /// Somebody else saved in between.
    #[error("the stored version is {current}, not the one expected")]
    Conflict {
        /// The version now stored; 0 when nothing is.
        current: i64,
    },
    /// The tenant's key was rotated or destroyed after the values at hand were sealed: seal them with the newest.
    #[error("the tenant's key has changed since the values were sealed")]
    KeyChanged,
    /// The audit trail's key has not been opened: a fault of whoever opened the store.
    #[error("the key of the audit trail is not open")]
    Unarmed,
    /// The role that connects to Postgres could step over the fence between tenants.
    #[error("{0}")]
    Role(RoleFault),
    /// Only an empty database is filled from a backup.
    #[error("the database is not empty (there are rows in {table}): restore into a new one")]
    NotEmpty {
        /// The first table with rows.
        table: &'static str,
    },
    /// A row holds a word this program does not know.
    #[error("unknown word in column {0}")]
    Corrupt(&'static str),
    /// Anything else: a bug here or a broken database.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

/// Why a Postgres role may not serve: each of these steps over row-level security.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleFault {
    /// A superuser.
    #[error("the Postgres role {0} is a superuser, to whom row-level security does not apply: {ADVICE}")]
    Superuser(String),
    /// Has BYPASSRLS, or could become a role that has it.
    #[error(
        "the Postgres role {0} has BYPASSRLS or is a member of a role that steps over row-level security: {ADVICE}"
    )]
    Bypasses(String),
    /// Owns tables, hence could take their fence away.
    #[error("the Postgres role {0} owns Painel's tables: {ADVICE}")]
    Owner(String),
}

const ADVICE: &str = "connect as a role of its own (`create role painel_app login password '…'`) in PAINEL_DATABASE_URL, \
                      and give the owner's URL to `painel migrate` in PAINEL_DATABASE_OWNER_URL";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        let sorted = match error {
            E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Io(_) | E::Tls(_) => Self::Unavailable(error),
            // The other side broke off in the middle of a word, as at the greeting of a server that is going down.
            E::Protocol(_) => Self::Unavailable(error),
            E::Migrate(error) => Self::Migration(*error),
            E::Database(ref cause) if is_unavailable(cause.as_ref()) => Self::Unavailable(error),
            E::Database(ref cause) if cause.is_foreign_key_violation() => Self::Missing,
            E::Database(ref cause) if cause.is_unique_violation() => {
                taken(cause.as_ref()).unwrap_or(Self::Database(error))
            }
            _ => Self::Database(error),
        };
        match &sorted {
            Self::Unavailable(_) => {
                metrics::counter!("painel_store_failures_total", "kind" => "unavailable").increment(1)
            }
            Self::Database(_) => metrics::counter!("painel_store_failures_total", "kind" => "other").increment(1),
            _ => {}
        }
        sorted
    }
}

/// Which unique constraint refused. Postgres gives the constraint's name, SQLite only the columns.
fn taken(cause: &dyn DatabaseError) -> Option<StoreError> {
    let named = cause.constraint().unwrap_or_default();
    let hit = |constraint: &str, columns: &str| {
        named == constraint || cause.message().strip_prefix("UNIQUE constraint failed: ") == Some(columns)
    };
    if hit("tenants_slug_key", "tenants.slug") {
        Some(StoreError::SlugTaken)
    } else if hit("users_email_key", "users.email") {
        Some(StoreError::EmailTaken)
    } else if hit("memberships_pkey", "memberships.tenant_id, memberships.user_id") {
        Some(StoreError::AlreadyMember)
    } else if hit("sessions_pkey", "sessions.id_hash") {
        Some(StoreError::SessionTaken)
    } else {
        None
    }
}

/// Whether another try later may succeed.
fn is_unavailable(cause: &dyn DatabaseError) -> bool {
    sqlite_code(cause).is_some_and(|code| SQLITE_PASSING.contains(&code))
        || cause.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| {
            // Connection lost, resources used up, operator intervention (shutting down, starting up), deadlock and
            // lock time-out. https://www.postgresql.org/docs/current/errcodes-appendix.html
            let code = error.code();
            ["08", "53", "57"].iter().any(|class| code.starts_with(class)) || matches!(code, "40P01" | "55P03")
        })
}

/// https://www.sqlite.org/rescode.html
const SQLITE_BUSY: u32 = 5;
/// SQLite's codes for what whoever runs the machine can mend: a lock, a file or folder that is read-only, a disk that fails
/// or is full, a file that does not open.
const SQLITE_PASSING: [u32; 5] = [SQLITE_BUSY, 8, 10, 13, 14];

/// Whether SQLite gave up waiting for another process's lock.
pub(super) fn is_locked(cause: &dyn DatabaseError) -> bool {
    sqlite_code(cause) == Some(SQLITE_BUSY)
}

/// SQLite's primary result code.
fn sqlite_code(cause: &dyn DatabaseError) -> Option<u32> {
    let code = cause.try_downcast_ref::<SqliteError>().and_then(DatabaseError::code)?;
    // The low byte of an extended code is the primary one.
    code.parse::<u32>().ok().map(|code| code & 0xff)
}
