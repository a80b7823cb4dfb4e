//! What whoever runs Painel sees of it: the log, figures for Prometheus, and traces. No figure and no trace names a tenant, and
//! none of them a secret or a query string.
//!
//! | file | holds |
//! |---|---|
//! | `log.rs` | the log's form, and panics as lines of it |
//! | `request.rs` | one line, one count and one span for each request |
//! | `spans.rs` | what a trace is made of |
//! | `traces.rs` | traces for an operator's collector, by the feature `opentelemetry`; `no_traces.rs` stands in for it |
//! | `figures.rs` | the figures' names and meanings, and where they are kept |
//! | `sample.rs` | what is asked only when somebody reads the figures |
//! | `timing.rs` | `Server-Timing` |
//! | `endpoint.rs` | `/metrics`, at an address of its own |
//!
//! A figure is counted where it happens, by `metrics::counter!` and the like; without a reader these do nothing. Labels are
//! words of the program's own, never something that came from outside.

mod endpoint;
mod figures;
mod log;
#[cfg(test)]
mod pen;
mod request;
mod sample;
pub(crate) mod spans;
mod timing;
#[cfg(feature = "opentelemetry")]
mod traces;
#[cfg(not(feature = "opentelemetry"))]
#[path = "no_traces.rs"]
mod traces;

pub use endpoint::routes;
pub use figures::{Figures, keep};
pub use log::start as start_log;
pub use request::observe;
pub use timing::{Phase, Timing};
pub use traces::send_last_traces;
#[cfg(test)]
pub(crate) use {log::note_panic, pen::Pen};
