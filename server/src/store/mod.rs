//! The store: SQL, and only here. SQLite and Postgres stand behind one type, [`Store`], with the same SQL text and the
//! same Rust types; what differs (opening, beginning a transaction, naming an error) stands in `open` and `error`.
//!
//! One file a topic: `tenants`, `fleet`, `users`, `members`, `links`, `sessions`, `visitor`, `locks`, `limits`, `turns`, `second_factor`,
//! `agency`, `glass`, `credentials`, `machine_tokens`, `health`, `keys`, `unreadable`, `audit`, `imports`, `dump`, `figures`,
//! `notices`, `live_watches`.
//! How long a piece of work may take stands in `patience`, what a disk must have left in `room`.
//! Functions on a tenant's rows take a [`TenantScope`] first, which only a live session, a machine's token or the command line
//! can give (`scope`); those on all tenants an [`AgencyScope`]. What changes something takes an [`Act`] and writes its row of the audit trail in the same
//! transaction. On Postgres every transaction runs behind a fence of row-level security as well (`fence`).
//!
//! The store knows nothing of ciphers, passwords or HTTP: it keeps hashes and sealed bytes as they come.

mod act;
mod agency;
mod audit;
mod credentials;
mod dump;
mod email;
mod error;
mod fence;
mod figures;
mod fleet;
mod glass;
mod health;
mod hours;
mod ids;
mod imports;
mod instant;
mod keys;
mod limits;
mod links;
mod live_watches;
mod locks;
mod machine_tokens;
mod mappings;
mod members;
mod notices;
mod open;
mod patience;
mod room;
mod saved_filters;
mod schema;
mod scope;
mod second_factor;
mod sessions;
mod shred;
mod slug;
mod tenants;
#[cfg(test)]
mod tests;
mod text;
mod turns;
mod unreadable;
mod users;
mod visitor;

pub use act::{Act, COMMAND_LINE, PAINEL};
pub use agency::{AgencyKeyRow, StaffRow};
pub use audit::{AuditEvent, AuditKey, AuditQuery, ChainFault, ChainId, ChainReport, Event, EventKind};
pub use credentials::{CredentialChange, StoredCredential};
pub use dump::{Cell, ColumnKind, LEFT_OUT, Load, Part, Snapshot, TABLES, Table};
pub use email::{Email, EmailError};
pub use error::{RoleFault, StoreError};
pub use figures::{Figures, PoolUse};
pub use fleet::{FleetPage, FleetQuery, FleetTenant, FleetTotals, TenantEdit, TenantFacts};
pub use glass::{GlassRow, OpenGlass};
pub use health::{
    CHECKS_KEPT, ChangeEnd, CheckRow, ConnectionRow, ConnectionState, DueChange, DueCheck, NewChange, NewCheck,
    StandingRow, TakenChange,
};
pub use ids::{LinkId, MachineTokenId, SavedFilterId, TenantId, UserId};
pub use imports::{
    ImportStep, ImportedCredential, ImportedMember, ImportedRow, ImportedTenant, NewImportedRow, SourceRow,
    SourceTable, StepDone,
};
pub use keys::{ForgetRefused, KeyCheck, KeyStanding, ResealedField, Rotated, TenantKeyRow, TrimRefused, Trimmed};
pub use limits::{Allowance, LimitKey, LimitKind};
pub use links::{Link, LinkPurpose, NewLink, OpenInvitation, Placed};
pub use live_watches::{WatchNews, WatchRow};
pub use locks::{Lock, LockDevice};
pub use machine_tokens::{MOST_MACHINE_TOKENS, Machine, MachineTokenRow, NewMachineToken};
pub use mappings::{MOST_MAPPINGS, MappingInUse, StoredMapping};
pub use members::{MemberRow, MemberStanding};
pub use notices::{About, Hearing, Notice};
pub use saved_filters::{KeptFilter, MOST_SAVED_FILTERS, SavedFilterRow};
pub use schema::{Isolation, schema_version};
pub use scope::{AgencyScope, TenantScope};
pub use second_factor::{SecondFactorRow, SecondFactorState};
pub use sessions::{NewSession, OwnSession, SessionRow};
pub use shred::Shredded;
pub use slug::{Slug, SlugError};
pub use tenants::{LONGEST_PLAN, NewTenant, NewTenantKey, STANDARD_PLAN, Tenant, TenantStatus, is_domain};
pub use users::{Login, LoginMembership, NewUser, User};
pub use visitor::{Caller, Visitor};

use open::ACQUIRE_TIMEOUT;
use sqlx::{PgPool, SqlitePool};
use std::sync::{Arc, OnceLock};

/// Every function of the store gives this.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Which database stands behind a [`Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// One file, one process.
    Sqlite,
    /// A server; any number of processes.
    Postgres,
}

impl Backend {
    /// Which one a URL names, without opening it.
    ///
    /// # Errors
    /// [`StoreError::Url`] when it names neither.
    pub fn of_url(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres)
        } else {
            Err(StoreError::Url("it must begin with sqlite:// or postgres://"))
        }
    }

    /// The word for logs and `/readyz`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A handle on the database; cloning it shares the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    /// How long one piece of work may take.
    patience: std::time::Duration,
    /// Set once at start, when the key ring has opened it.
    audit_key: Arc<OnceLock<AuditKey>>,
    /// Sees all rows: for the tests' own questions.
    #[cfg(test)]
    admin: Option<PgPool>,
}

#[derive(Debug, Clone)]
enum Pools {
    /// SQLite lets one connection write at a time. With a writer pool of one, writers queue here, in order and without
    /// spinning on the file's lock, and readers (which WAL lets run beside it) never wait for them.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// Waits for what the macros below do, within the store's patience. Leaving it with `?` or `return` ends the work alone: the
/// value is the work's, whether it came to its end or not.
///
/// On the heap: within each other the wrappings would make what waits for a place at the door several times as large.
macro_rules! in_time {
    ($store:expr, $kind:literal, $work:expr) => {{
        let work = $crate::store::patience::Work { backend: $store.backend(), kind: $kind, module: module_path!() };
        let done = Box::pin(async { Ok::<_, $crate::store::StoreError>($work) });
        $crate::store::patience::in_time($store.patience, work, done).await?
    }};
}

/// Runs a body that only reads, behind a [`Fence`](fence::Fence): `$db` is a connection to either database.
macro_rules! read_within {
    ($store:expr, $fence:expr, |$db:ident| $body:expr) => {
        $crate::store::in_time!(
            $store,
            "read",
            match &$store.pools {
                $crate::store::Pools::Sqlite { readers, .. } => {
                    let mut $db = readers.acquire().await?;
                    $body
                }
                $crate::store::Pools::Postgres(pool) => {
                    let mut lent = $crate::store::patience::Lent::by(pool).await?;
                    let mut $db = sqlx::Acquire::begin(&mut *lent).await?;
                    $crate::store::fence::Fence::raise($fence, &mut *$db).await?;
                    let outcome = $body;
                    $db.commit().await?;
                    outcome
                }
            }
        )
    };
}

/// The same for several reads that must be of one instant: what is written in between is seen by none of them.
macro_rules! read_at_once {
    ($store:expr, $fence:expr, |$db:ident| $body:expr) => {
        $crate::store::in_time!(
            $store,
            "read",
            match &$store.pools {
                $crate::store::Pools::Sqlite { readers, .. } => {
                    let mut $db = readers.begin().await?;
                    let outcome = $body;
                    $db.commit().await?;
                    outcome
                }
                $crate::store::Pools::Postgres(pool) => {
                    let mut lent = $crate::store::patience::Lent::by(pool).await?;
                    let mut $db =
                        sqlx::Connection::begin_with(&mut *lent, "begin isolation level repeatable read, read only")
                            .await?;
                    $crate::store::fence::Fence::raise($fence, &mut *$db).await?;
                    let outcome = $body;
                    $db.commit().await?;
                    outcome
                }
            }
        )
    };
}

/// Runs statements on rows that are no tenant's, on a connection that may be read from; each is kept by itself.
macro_rules! on_reader {
    ($store:expr, |$db:ident| $body:expr) => {
        $crate::store::in_time!(
            $store,
            "read",
            match &$store.pools {
                $crate::store::Pools::Sqlite { readers, .. } => {
                    let mut lent = readers.acquire().await?;
                    let $db = &mut *lent;
                    $body
                }
                $crate::store::Pools::Postgres(pool) => {
                    let mut lent = $crate::store::patience::Lent::by(pool).await?;
                    let $db = &mut *lent;
                    $body
                }
            }
        )
    };
}

/// Runs statements on rows that are no tenant's, on a connection that may be written to; each is kept by itself.
macro_rules! on_writer {
    ($store:expr, |$db:ident| $body:expr) => {
        $crate::store::in_time!(
            $store,
            "write",
            match &$store.pools {
                $crate::store::Pools::Sqlite { writer, .. } => {
                    let mut lent = writer.acquire().await?;
                    let $db = &mut *lent;
                    $body
                }
                $crate::store::Pools::Postgres(pool) => {
                    let mut lent = $crate::store::patience::Lent::by(pool).await?;
                    let $db = &mut *lent;
                    $body
                }
            }
        )
    };
}

/// Runs the same body in a transaction of either database, behind a [`Fence`](fence::Fence). Leaving the body with `?` or
/// `return` rolls back.
macro_rules! in_transaction {
    ($store:expr, $fence:expr, |$tx:ident| $body:expr) => {
        $crate::store::in_time!(
            $store,
            "transaction",
            match &$store.pools {
                $crate::store::Pools::Sqlite { writer, .. } => {
                    // IMMEDIATE: a transaction that reads first and writes later would fail at once, without waiting, when
                    // another process (the command line beside a running server) writes in between.
                    let mut $tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                    let outcome = $body;
                    $tx.commit().await?;
                    outcome
                }
                $crate::store::Pools::Postgres(pool) => {
                    let mut lent = $crate::store::patience::Lent::by(pool).await?;
                    let mut $tx = sqlx::Acquire::begin(&mut *lent).await?;
                    $crate::store::fence::Fence::raise($fence, &mut *$tx).await?;
                    let outcome = $body;
                    $tx.commit().await?;
                    outcome
                }
            }
        )
    };
}

use {in_time, in_transaction, on_reader, on_writer, read_at_once, read_within};

impl Store {
    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not answer within 3 s.
    pub async fn ping(&self) -> Result<()> {
        let asked = async {
            on_reader!(self, |db| sqlx::query("select 1").execute(db).await?.rows_affected());
            Ok(())
        };
        // A connection that was good may hang: whoever is at its other end is gone without a word.
        tokio::time::timeout(ACQUIRE_TIMEOUT, asked)
            .await
            .unwrap_or(Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut)))
    }

    /// Writes something that changes nothing: on SQLite a full or read-only disk lets reading go on. A Postgres that cannot
    /// write says so by itself, or ends.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be written within 3 s, or when the disk has no room for what is saved next.
    pub async fn try_writing(&self) -> Result<()> {
        let Pools::Sqlite { writer, .. } = &self.pools else { return Ok(()) };
        let file = writer.connect_options().get_filename().to_owned();
        let asked = async {
            // A number in the file's head that nothing here uses.
            sqlx::query("pragma user_version = 0").execute(writer).await?;
            room::look_for_room(&file).await.map_err(sqlx::Error::Io)
        };
        tokio::time::timeout(ACQUIRE_TIMEOUT, asked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(())
    }

    /// Waits for the connections in use and closes all; SQLite then folds its WAL into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}
