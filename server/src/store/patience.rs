//! What a database that says nothing any more may cost: sqlx waits for an answer for as long as the connection seems to
//! stand, which for a peer that is gone without a word is a quarter of an hour, or for ever. So each piece of work has a
//! limit, and so has giving a connection back.
//!
//! Not for what takes long by its nature: migrations, snapshots and loads go by connections of their own (`schema`, `dump`),
//! and taking over another installation's clients has an hour each.

use super::{Backend, Result, Store, StoreError};
use crate::telemetry::spans;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use std::{
    io,
    ops::{Deref, DerefMut},
    time::Duration,
};
use tokio::{runtime::Handle, time::timeout};
use tracing::Instrument;

/// How long a piece of work may take, from asking for a connection to its commit. Above what is waited for by right: a
/// connection (3 s), SQLite's lock (5 s), a row that another transaction holds; below the longest request.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// The same for what takes long by its nature and keeps nobody waiting.
const LONG_PATIENCE: Duration = Duration::from_secs(3_600);
/// How long a connection may take to say that it is ready for the next one.
const GIVEN_BACK_WITHIN: Duration = Duration::from_secs(3);

/// A piece of work, for those who look at traces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub(super) backend: Backend,
    /// `read`, `write` or `transaction`.
    pub(super) kind: &'static str,
    /// Whose: a module of the store.
    pub(super) module: &'static str,
}

/// Waits for a piece of work within its limit. What is given up in the middle is undone by the database, or was its very
/// last word: as with any connection that is lost at a commit, nobody knows.
///
/// # Errors
/// [`StoreError::Unavailable`] when the time is over.
pub(super) async fn in_time<T>(patience: Duration, work: Work, future: impl Future<Output = Result<T>>) -> Result<T> {
    let span = spans::database(work.backend.as_str(), work.kind, work.module);
    let outcome = match timeout(patience, future).instrument(span.clone()).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time")).into()),
    };
    match &outcome {
        Err(StoreError::Unavailable(_)) => spans::failed(&span, "unavailable"),
        Err(StoreError::Database(_)) => spans::failed(&span, "other"),
        // Anything else is an answer.
        _ => {}
    }
    outcome
}

impl Store {
    /// The same store, for work that takes long by its nature and keeps nobody waiting.
    pub(super) fn in_no_hurry(&self) -> Self {
        Self { patience: LONG_PATIENCE, ..self.clone() }
    }
}

/// A connection to Postgres out of the pool. Left to itself sqlx would ask it for a last word without a limit when it comes
/// back, and keep its place in the pool until then: whoever was cut off by a silent database would leave the pool smaller,
/// in the end empty, long after the database is back.
pub(super) struct Lent(PoolConnection<Postgres>);

impl Lent {
    pub(super) async fn by(pool: &PgPool) -> Result<Self> {
        Ok(Self(pool.acquire().await?))
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

impl Drop for Lent {
    /// As sqlx does it, but for the limit. A connection that does not answer is closed, and so is one that is dropped after
    /// the runtime's end.
    fn drop(&mut self) {
        let back = self.0.return_to_pool();
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if timeout(GIVEN_BACK_WITHIN, back).await.is_err() {
                    tracing::warn!("a connection to the database fell silent and is given up");
                }
            });
        }
    }
}
