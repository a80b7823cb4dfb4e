//! What a trace is made of: spans with few fields, each a word of the program's own, a number, or a request's id. No path, no
//! query, no address of anybody's, no name.
//!
//! They have a target of their own, which the log leaves out (`log.rs`): without the feature `opentelemetry`, whose `traces.rs`
//! takes them, one costs a look at a flag. A call or a piece of the database's work is told as part of something larger alone:
//! what goes on by itself every second (notices, looks at watched projects) would be nearly all there is.

use tracing::{Span, field::Empty, info_span};

/// Whose spans these are.
pub(crate) const TARGET: &str = "painel::spans";

/// A call to a provider: its span's name.
const CALL: &str = "call";
/// OpenTelemetry's word.
const ERROR: &str = "ERROR";

/// A request, by its route's pattern.
pub(super) fn request(method: &'static str, route: &str, id: &str) -> Span {
    info_span!(
        target: TARGET,
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request.id = id,
        whole = Empty,
        otel.status_code = Empty,
    )
}

/// How a request ended: 0 for one whose client went away first.
pub(super) fn answered(span: &Span, status: u16, whole: bool) {
    span.record("http.response.status_code", i64::from(status));
    span.record("whole", whole);
    if status >= 500 {
        span.record("otel.status_code", ERROR);
    }
}

/// Something that the process does by itself now and then.
pub(crate) fn work(what: &'static str) -> Span {
    info_span!(target: TARGET, "work", otel.name = what, otel.kind = "internal")
}

/// A call to a provider, for a kind of table where it is one to a tenant's project, else for nothing. What became of it is told
/// by [`called`].
pub(crate) fn call(provider: &'static str, part: &'static str) -> Span {
    within(|| {
        info_span!(
            target: TARGET,
            CALL,
            otel.name = format!("{CALL} {provider} {part}").trim_end(),
            otel.kind = "client",
            provider,
            part,
            http.response.status_code = Empty,
            http.response.body.size = Empty,
            outcome = Empty,
            otel.status_code = Empty,
        )
    })
}

/// Within a call: its outcome, the status and the bytes of an answer, as `egress` has them.
pub(crate) fn called(outcome: &'static str, status: Option<u16>, bytes: usize) {
    let span = Span::current();
    if span.metadata().is_none_or(|made| made.name() != CALL || made.target() != TARGET) {
        return;
    }
    span.record("outcome", outcome);
    match status {
        Some(status) => {
            span.record("http.response.status_code", i64::from(status));
            span.record("http.response.body.size", i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        None => {
            span.record("otel.status_code", ERROR);
        }
    }
}

/// A piece of the database's work: `kind` says how it works, `module` whose it is.
pub(crate) fn database(system: &'static str, kind: &'static str, module: &'static str) -> Span {
    within(|| {
        info_span!(
            target: TARGET,
            "database",
            otel.name = %format_args!("database {kind} {}", topic(module)),
            otel.kind = "client",
            db.system.name = system,
            db.operation.name = kind,
            topic = topic(module),
            outcome = Empty,
            otel.status_code = Empty,
        )
    })
}

/// The part of a module's path that says what it is about.
fn topic(module: &'static str) -> &'static str {
    module.rsplit_once("store::").map_or(module, |(_, topic)| topic)
}

/// That it failed, in a word.
pub(crate) fn failed(span: &Span, outcome: &'static str) {
    span.record("outcome", outcome);
    span.record("otel.status_code", ERROR);
}

/// A span as part of the one at hand; where there is none, none.
fn within(begin: impl FnOnce() -> Span) -> Span {
    if Span::current().is_none() { Span::none() } else { begin() }
}
