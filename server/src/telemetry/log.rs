//! The log: lines for people on a terminal, JSON for machines elsewhere; both on standard error.

use std::{io::IsTerminal, panic::PanicHookInfo};
use tracing_subscriber::EnvFilter;

/// Begins to log. Whatever `RUST_LOG` says, the csrf layer's remarks on requests that pass stay out: they name whole paths,
/// and those of single-use links are secret. So do those on what comes and goes by WebSocket: they quote it.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tower_sessions_core=error"));
    let quiet = ["tower_http::csrf=info", "tungstenite=info", "tokio_tungstenite=info"];
    let filter = quiet.iter().fold(filter, |filter, rule| filter.add_directive(rule.parse().expect("a directive")));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.compact().init()
    } else {
        log.json().init()
    }
    std::panic::set_hook(Box::new(note_panic));
}

/// A panic as a line of the log. It stands in the span of the request that it ended, hence beside its id.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    metrics::counter!("painel_panics_total").increment(1);
    tracing::error!(place, what = panic.payload_as_str().unwrap_or_default(), "a panic");
}
