//! The log: lines for people on a terminal, JSON for machines elsewhere; both on standard error.

use super::{spans, traces};
use std::{
    io::{IsTerminal, stderr},
    panic::PanicHookInfo,
};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    layer::{Layered, SubscriberExt},
    registry,
    util::SubscriberInitExt,
};

/// What writes lines, beside what takes spans.
type Lines = Box<dyn Layer<Layered<Option<traces::Taker>, Registry>> + Send + Sync>;

/// Begins to log, within the runtime; in a process that serves also to send traces, if there is somebody who takes them.
///
/// Whatever `RUST_LOG` says, the csrf layer's remarks on requests that pass stay out of the log: they name whole paths, and
/// those of single-use links are secret. So do those on what comes and goes by WebSocket: they quote it. What traces are made
/// of is for traces alone.
pub fn start(serves: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tower_sessions_core=error"));
    let spans = format!("{}=off", spans::TARGET);
    let quiet = ["tower_http::csrf=info", "tungstenite=info", "tokio_tungstenite=info", &spans];
    let filter = quiet.iter().fold(filter, |filter, rule| filter.add_directive(rule.parse().expect("a directive")));
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr).log_internal_errors(true);
    let lines: Lines = if stderr().is_terminal() { lines.compact().boxed() } else { lines.json().boxed() };
    let (taker, fault) = match serves.then(traces::taker).unwrap_or(Ok(None)) {
        Ok(taker) => (taker, None),
        Err(fault) => (None, Some(fault)),
    };
    registry().with(taker).with(lines.with_filter(filter)).init();
    if let Some(error) = fault {
        tracing::error!(%error, "no traces are sent");
    }
    std::panic::set_hook(Box::new(note_panic));
}

/// A panic as a line of the log. It stands in the span of the request that it ended, hence beside its id.
pub(crate) fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    metrics::counter!("painel_panics_total").increment(1);
    tracing::error!(place, what = panic.payload_as_str().unwrap_or_default(), "a panic");
}
