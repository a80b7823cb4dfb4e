//! The integration tests: one binary, a file a feature. They talk to a whole server over HTTP, which reads the real
//! PostgREST of the demo stack. Run them by `node scripts/with-stack.mjs cargo test -p server`.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are tests too")]
#![expect(clippy::print_stdout, reason = "tests print their figures")]

mod access;
mod audit;
mod backup;
mod bad_project;
mod behind;
mod command_line;
mod console;
mod credentials;
mod database;
mod foreign_ids;
mod hardening;
mod harness;
mod hostile_text;
mod import;
mod isolation;
mod links;
mod operator;
mod pages;
mod people;
mod post_office;
mod postgres;
mod project;
mod second_factor;
mod session;
mod sessions;
mod sign_in;
mod team;
