//! The integration tests: one binary, a file a feature. They talk to a whole server over HTTP, which reads the real
//! PostgREST of the demo stack. Run them by `node scripts/with-stack.mjs cargo test -p server`.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are tests too")]
#![expect(clippy::print_stdout, reason = "tests print their figures")]

mod access;
mod agency_audit;
mod agenda;
mod answering;
mod audit;
mod automation;
mod backup;
mod bad_project;
mod behind;
mod canaries;
mod command_line;
mod confirm;
mod connection;
mod console;
mod conversations;
mod credentials;
mod crowd;
mod database;
mod design;
mod durable;
mod ended_file;
mod evolution;
mod expiry;
mod families;
mod fence;
mod figures;
mod foreign_ids;
mod google;
mod hardening;
mod harness;
mod health;
mod hostile_text;
mod import;
mod isolation;
mod keys;
mod language;
mod large_file;
mod links;
mod live;
mod operator;
mod outage;
mod overview;
mod own_postgres;
mod own_project;
mod pages;
mod people;
mod ports;
mod post_office;
mod postgres;
mod project;
mod reset;
mod second_factor;
mod self_contained;
mod served;
mod session;
mod sessions;
mod several;
mod sign_in;
mod slow_clients;
mod soak;
mod stopping;
mod team;
mod timing;
#[cfg(feature = "opentelemetry")]
mod traces;
mod tries;
mod whatsapp;
