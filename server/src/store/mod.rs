//! The store: SQL, and only here. SQLite and Postgres stand behind one type, [`Store`], with the same SQL text and the
//! same Rust types; what differs (opening, beginning a transaction, naming an error) stands in `open` and `error`.
//!
//! One file a topic: `tenants`, `users`, `sessions`, `visitor`, `credentials`, `keys`. Functions on a tenant's rows take
//! a [`TenantScope`] first, which only a live session or the command line can give (`scope`).
//!
//! The store knows nothing of ciphers, passwords or HTTP: it keeps hashes and sealed bytes as they come.

mod credentials;
mod email;
mod error;
mod ids;
mod instant;
mod keys;
mod open;
mod schema;
mod scope;
mod sessions;
mod slug;
mod tenants;
#[cfg(test)]
mod tests;
mod users;
mod visitor;

pub use credentials::StoredCredential;
pub use email::{Email, EmailError};
pub use error::StoreError;
pub use ids::{TenantId, UserId};
pub use keys::{KeyCheck, TenantKeyRow};
pub use scope::TenantScope;
pub use sessions::{NewSession, SessionRow};
pub use slug::{Slug, SlugError};
pub use tenants::{NewTenant, NewTenantKey, Tenant, TenantStatus};
pub use users::{Login, LoginMembership, NewUser, User};
pub use visitor::Visitor;

use sqlx::{PgPool, SqlitePool};

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

/// Runs the same body on whichever pool may be read from.
macro_rules! on_reader {
    ($store:expr, |$pool:ident| $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { readers: $pool, .. } => $body,
            $crate::store::Pools::Postgres($pool) => $body,
        }
    };
}

/// Runs the same single statement on whichever pool may be written to.
macro_rules! on_writer {
    ($store:expr, |$pool:ident| $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { writer: $pool, .. } => $body,
            $crate::store::Pools::Postgres($pool) => $body,
        }
    };
}

/// Runs the same body in a transaction of either database. Leaving the body with `?` rolls back.
macro_rules! in_transaction {
    ($store:expr, |$tx:ident| $body:expr) => {
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
                let mut $tx = pool.begin().await?;
                let outcome = $body;
                $tx.commit().await?;
                outcome
            }
        }
    };
}

use {in_transaction, on_reader, on_writer};

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
        on_reader!(self, |pool| sqlx::query("select 1").execute(pool).await?.rows_affected());
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
