//! Hearing from Postgres that there are new notices, on a connection beside the pool. It only saves time: whoever reads
//! looks every half a second anyway, for a pooler in between may swallow what is said here.

use crate::store::{Pools, Store, open::ACQUIRE_TIMEOUT};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// As `give_notice()` has it, in the migrations.
const CHANNEL: &str = "painel_notices";
/// From one try to connect to the next.
const RETRY: Duration = Duration::from_secs(1);
/// A connection that says nothing for so long is made anew: whoever is at its other end may be gone without a word.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// A connection of its own on which the database says that there is something new.
pub struct Hearing {
    options: PgConnectOptions,
    listener: Option<PgListener>,
    next_try: Instant,
    /// Whether it was said that it cannot connect.
    told: bool,
}

impl Store {
    /// What waits for new notices; `None` on SQLite, which says nothing by itself. It connects when it is first waited for.
    pub fn hearing(&self) -> Option<Hearing> {
        let Pools::Postgres(pool) = &self.pools else { return None };
        let options = (*pool.connect_options()).clone();
        Some(Hearing { options, listener: None, next_try: Instant::now(), told: false })
    }
}

impl Hearing {
    /// Waits until something may be new: because the database says so, or because it may have said so while there was no
    /// connection. It has no end and no error: a connection that breaks is made again.
    pub async fn next(&mut self) {
        loop {
            let Some(listener) = &mut self.listener else {
                if self.connect().await {
                    return;
                }
                continue;
            };
            let heard = timeout(LONGEST_SILENCE, listener.try_recv()).await;
            if matches!(heard, Ok(Ok(Some(_)))) {
                return;
            }
            self.listener = None;
        }
    }

    async fn connect(&mut self) -> bool {
        sleep_until(self.next_try).await;
        self.next_try = Instant::now() + RETRY;
        let connected = timeout(2 * ACQUIRE_TIMEOUT, listen(self.options.clone())).await;
        match connected.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Ok(listener) => {
                self.listener = Some(listener);
                self.told = false;
                true
            }
            Err(error) => {
                if !self.told {
                    tracing::warn!(%error, "the database cannot be listened to: what is new is looked for instead");
                    self.told = true;
                }
                false
            }
        }
    }
}

/// A pool for each connection: the old one's may wait for a peer that is gone.
async fn listen(options: PgConnectOptions) -> sqlx::Result<PgListener> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options);
    let mut listener = PgListener::connect_with(&pool).await?;
    // What broke is told, and then made again here.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
