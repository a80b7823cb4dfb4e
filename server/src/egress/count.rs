//! Counts what becomes of calls: by outcome, in words of ours. Neither lane nor host is told.

use super::error::EgressError;
use http::StatusCode;
use std::time::Duration;

/// Counts an outcome.
pub(super) fn outcome(outcome: Result<StatusCode, EgressError>) {
    let word = match outcome {
        Ok(status) => match status.as_u16() / 100 {
            1 => "1xx",
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
        Err(EgressError::AddressRefused) => return refused("policy"),
        Err(EgressError::Busy) => return refused("lane"),
        Err(EgressError::Resting { .. }) => return refused("breaker"),
    };
    metrics::counter!("painel_upstream_calls_total", "outcome" => word).increment(1);
}

fn refused(by: &'static str) {
    metrics::counter!("painel_upstream_refused_total", "by" => by).increment(1);
}

/// Counts how long a call took.
pub(super) fn duration(taken: Duration) {
    metrics::histogram!("painel_upstream_call_duration_seconds").record(taken.as_secs_f64());
}
