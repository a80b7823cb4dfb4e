//! What whoever runs Painel sees of it: the log, and figures for Prometheus. Neither names a tenant in a figure, a secret, or
//! a query string anywhere.
//!
//! | file | holds |
//! |---|---|
//! | `log.rs` | the log's form, and panics as lines of it |
//! | `request.rs` | one line and one count for each request |
//! | `figures.rs` | the figures' names and meanings, and where they are kept |
//! | `sample.rs` | what is asked only when somebody reads the figures |
//! | `endpoint.rs` | `/metrics`, at an address of its own |
//!
//! A figure is counted where it happens, by `metrics::counter!` and the like; without a reader these do nothing. Labels are
//! words of the program's own, never something that came from outside.

mod endpoint;
mod figures;
mod log;
mod request;
mod sample;

pub use endpoint::routes;
pub use figures::{Figures, keep};
pub use log::start as start_log;
pub use request::observe;
