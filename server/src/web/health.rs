//! For machines: alive, and ready to serve.

use crate::{state::State, store::Backend};
use axum::{extract::State as Shared, http::StatusCode};

/// The process runs.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database answers; names the kind of isolation in force.
pub async fn readyz(Shared(state): Shared<State>) -> (StatusCode, &'static str) {
    match state.store.ping().await {
        Ok(()) => match state.store.backend() {
            Backend::Sqlite | Backend::Postgres => (StatusCode::OK, "ok isolation=app\n"),
        },
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n")
        }
    }
}
