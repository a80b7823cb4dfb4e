//! The server of Painel: the only crate that knows databases, keys, passwords and other machines.
//!
//! `web` and `backend` import the rest; `store`, `vault`, `egress`, `auth` and `mail` never import each other.
#![recursion_limit = "256"]

pub mod auth;
pub mod backend;
pub mod backup;
pub mod command;
pub mod config;
pub mod egress;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod health;
pub mod import;
pub mod listen;
pub mod live;
pub mod mail;
pub mod mapping;
pub mod notices;
pub mod overview;
pub mod project;
pub mod providers;
pub mod ring_watch;
pub mod rotation;
pub mod router;
pub mod startup;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod tries;
pub mod vault;
pub mod web;
pub mod words;
