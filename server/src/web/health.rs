//! For machines: alive, and ready to serve.

use crate::state::State;
use axum::{extract::State as Shared, http::StatusCode};

/// The process runs.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database answers; names the kind of isolation in force.
pub async fn readyz(Shared(state): Shared<State>) -> (StatusCode, String) {
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, format!("ok isolation={}\n", state.isolation.as_str())),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n".to_owned())
        }
    }
}
