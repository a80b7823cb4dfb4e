//! What has no moment at which it happens: asked when somebody reads the figures. A database that does not answer must not
//! keep the reader waiting: its figures are then left as they were, and `painel_store_up` says so.

use crate::{state::State, store::Figures as Stored, web::session::IDLE};
use metrics::gauge;
use std::time::Duration;
use time::OffsetDateTime;

/// How long the database has.
const WITHIN: Duration = Duration::from_secs(2);

/// Brings the figures up to this moment.
pub(super) async fn sample(state: &State) {
    let (working, waiting) = state.gate.at_work();
    gauge!("painel_password_gate_working").set(count(working));
    gauge!("painel_password_gate_waiting").set(count(waiting));
    gauge!("painel_upstream_calls_in_flight").set(count(state.egress.under_way()));
    for pool in state.store.pools() {
        gauge!("painel_store_connections", "pool" => pool.name, "state" => "in_use").set(pool.in_use);
        gauge!("painel_store_connections", "pool" => pool.name, "state" => "idle").set(pool.idle);
        gauge!("painel_store_connections_most", "pool" => pool.name).set(pool.most);
    }
    let agency = state.store.operator_agency();
    let stored = tokio::time::timeout(WITHIN, state.store.figures(&agency, OffsetDateTime::now_utc(), IDLE)).await;
    let up = match stored {
        Ok(Ok(stored)) => {
            show(&stored);
            1.0
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database's figures cannot be read");
            0.0
        }
        Err(_) => 0.0,
    };
    gauge!("painel_store_up").set(up);
}

fn show(stored: &Stored) {
    gauge!("painel_sessions_live").set(stored.sessions);
    for (provider, state, many) in &stored.connections {
        gauge!("painel_connections_stored", "provider" => provider.as_str(), "state" => state.as_str()).set(*many);
    }
}

fn count(many: usize) -> f64 {
    u32::try_from(many).unwrap_or(u32::MAX).into()
}
