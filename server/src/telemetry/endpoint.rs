//! `/metrics`, at an address of its own: whoever reaches it may read it, so it must not be one that the world reaches.

use super::{Figures, sample::sample};
use crate::state::State;
use axum::{Router, extract::State as Shared, http::header, response::IntoResponse, routing::get};

/// The one route.
pub fn routes(state: State, figures: Figures) -> Router {
    Router::new().route("/metrics", get(read)).with_state((state, figures))
}

async fn read(Shared((state, figures)): Shared<(State, Figures)>) -> impl IntoResponse {
    sample(&state).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], figures.render())
}
