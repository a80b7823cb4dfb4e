//! Proving who somebody is: passwords, the gate that bounds their cost, and the digest of session ids.
//!
//! | file | holds |
//! |---|---|
//! | `password.rs` | Argon2id: [`hash`], [`verify`], [`Verdict`] |
//! | `rules.rs` | what a new password must be: [`check_new_password`] |
//! | `gate.rs` | [`PasswordGate`]: the one bounded place where the server hashes |
//! | `token.rs` | [`hash_of`]: what the store keeps of a session id |
//!
//! No SQL and no HTTP here: who calls looks the user up and makes the session.

mod gate;
mod password;
mod rules;
mod token;

pub use gate::{GateError, PasswordGate};
pub use password::{HashError, Verdict, hash, verify};
pub use rules::{MAX_BYTES, MAX_CHARS, MIN_CHARS, WeakPassword, check_new_password};
pub use token::hash_of;
