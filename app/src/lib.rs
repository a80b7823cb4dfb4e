//! What a person sees in Painel and may ask for. Compiled twice: for the server (`ssr`) and for the browser (`hydrate`).
//!
//! One folder a feature: `types` (wire types, display-ready), `api` (server functions of a few lines), `backend` (the
//! port: what the server must supply) and the components. A feature imports `ui`, `error` and `session`, never another.
#![recursion_limit = "256"]

mod app;
pub mod appointments;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod conversations;
pub mod credentials;
pub mod error;
mod not_found;
pub mod overview;
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod ui;

pub use app::App;
