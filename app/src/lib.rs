//! What a person sees in Painel and may ask for. Compiled twice: for the server (`ssr`) and for the browser (`hydrate`).
//!
//! One folder a feature: `types` (wire types, display-ready), `api` (server functions of a few lines), `backend` (the
//! port: what the server must supply) and the components. A feature imports `ui`, `error` and `session`, never another;
//! only `links` and `live`, which are about no page of their own, lend theirs: `team` and `console` the links that they
//! make, pages with content the news of it.
#![recursion_limit = "256"]

pub mod access;
mod app;
pub mod appointments;
pub mod audit;
pub mod automation;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod console;
pub mod conversations;
pub mod credentials;
pub mod error;
pub mod lang;
pub mod links;
pub mod live;
pub mod mapping;
mod not_found;
pub mod overview;
pub mod parts;
pub mod security;
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod team;
pub mod ui;

pub use app::App;

/// The id of the element that the application stands in.
pub const ROOT: &str = "app";
