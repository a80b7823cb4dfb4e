//! Counts what becomes of calls: by outcome, in words of ours. Neither lane nor host is told.

use super::{client::Incoming, error::EgressError};
use std::time::Duration;

/// Counts an outcome and hands it on.
pub(super) fn outcome(outcome: Result<Incoming, EgressError>) -> Result<Incoming, EgressError> {
    let word = match &outcome {
        Ok(incoming) => match incoming.status.as_u16() / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "other",
        },
        Err(EgressError::Name) => "name",
        Err(EgressError::Connect) => "connect",
        Err(EgressError::Tls) => "tls",
        Err(EgressError::Timeout) => "timeout",
        Err(EgressError::TooLarge) => "too_large",
        Err(EgressError::Broken) => "broken",
        Err(EgressError::AddressRefused) => return refused("policy", outcome),
        Err(EgressError::Busy) => return refused("lane", outcome),
        Err(EgressError::Resting { .. }) => return refused("breaker", outcome),
    };
    metrics::counter!("painel_upstream_calls_total", "outcome" => word).increment(1);
    outcome
}

fn refused(by: &'static str, outcome: Result<Incoming, EgressError>) -> Result<Incoming, EgressError> {
    metrics::counter!("painel_upstream_refused_total", "by" => by).increment(1);
    outcome
}

/// Counts how long a call took.
pub(super) fn duration(taken: Duration) {
    metrics::histogram!("painel_upstream_call_duration_seconds").record(taken.as_secs_f64());
}
