//! For machines: alive, and ready to serve. Who is asked to end is alive and not ready: whatever stands in front then sends
//! its requests elsewhere.

use crate::{state::State, store::StoreError};
use axum::{extract::State as Shared, http::StatusCode};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a write that succeeded counts: anybody may ask, and each try is a write to the disk.
const WROTE_WITHIN: Duration = Duration::from_secs(2);

/// When the database was last found to take writes.
#[derive(Debug, Default)]
pub struct LastWrite(Mutex<Option<Instant>>);

impl LastWrite {
    fn is_fresh(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < WROTE_WITHIN)
    }

    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// The process runs.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database answers and takes writes; names the kind of isolation in force.
pub async fn readyz(Shared(state): Shared<State>) -> (StatusCode, String) {
    if state.stop.is_asked() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n".to_owned());
    }
    match try_database(&state).await {
        Ok(()) => (StatusCode::OK, format!("ok isolation={}\n", state.isolation.as_str())),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n".to_owned())
        }
    }
}

async fn try_database(state: &State) -> Result<(), StoreError> {
    state.store.ping().await?;
    if !state.last_write.is_fresh() {
        state.store.try_writing().await?;
        state.last_write.note();
    }
    Ok(())
}
