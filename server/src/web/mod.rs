//! What stands between a connection and a page: sessions, headers, static files, health.

pub mod assets;
pub mod headers;
pub mod health;
pub mod session;
