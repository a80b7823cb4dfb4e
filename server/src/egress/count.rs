//! Counts what becomes of calls: by outcome, in words of ours. Neither lane nor host is told, and the span of whoever calls is
//! told the same.

use super::error::EgressError;
use crate::telemetry::spans;
use http::StatusCode;
use std::time::Duration;

/// Counts an outcome; `bytes` are those of an answer.
pub(super) fn outcome(outcome: Result<StatusCode, EgressError>, bytes: usize) {
    let (word, refused) = word(outcome);
    if refused {
        metrics::counter!("painel_upstream_refused_total", "by" => word).increment(1);
    } else {
        metrics::counter!("painel_upstream_calls_total", "outcome" => word).increment(1);
    }
    spans::called(word, outcome.ok().map(|status| status.as_u16()), bytes);
}

/// The word for an outcome, and whether it was refused here, in which case it says by what.
fn word(outcome: Result<StatusCode, EgressError>) -> (&'static str, bool) {
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
        Err(EgressError::AddressRefused) => return ("policy", true),
        Err(EgressError::Busy) => return ("lane", true),
        Err(EgressError::Resting { .. }) => return ("breaker", true),
    };
    (word, false)
}

/// Counts how long a call took.
pub(super) fn duration(taken: Duration) {
    metrics::histogram!("painel_upstream_call_duration_seconds").record(taken.as_secs_f64());
}
