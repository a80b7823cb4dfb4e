//! The integration tests: one binary, a file a feature. They talk to a whole server over HTTP, which reads the real
//! PostgREST of the demo stack. Run them by `node scripts/with-stack.mjs cargo test -p server`.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are tests too")]

mod bad_project;
mod command_line;
mod credentials;
mod harness;
mod isolation;
mod pages;
mod postgres;
mod project;
mod session;
