//! Proving who somebody is: passwords and what bounds guessing them, the second factor, and the secrets of links.
//!
//! | file | holds |
//! |---|---|
//! | `password.rs` | Argon2id: [`hash`], [`verify`], [`Verdict`], and [`wrap_sha256`] for imported users |
//! | `rules.rs` | what a new password must be: [`check_new_password`] |
//! | `gate.rs`, `memory.rs` | [`PasswordGate`]: the one bounded place where the server hashes, and what it computes in |
//! | `soft_lock.rs` | [`SoftLock`]: how long an account waits after wrong passwords |
//! | `turns.rs` | [`Turns`]: one try at a time for an account, in this process |
//! | `source_limit.rs` | [`SourceLimit`], [`KeyedLimit`]: attempts a minute of an address and of a tenant, as this process counts them |
//! | `totp.rs`, `qr.rs` | [`TotpSecret`]: the codes of an authenticator app, and [`qr_path`] to set one up |
//! | `recovery.rs` | [`generate_recovery_codes`]: what stands in for a lost app |
//! | `link.rs` | [`LinkToken`]: the secret of a single-use link |
//! | `token.rs` | [`hash_of`]: what the store keeps of a session id |
//! | `random.rs` | random bytes, or [`NoRandomness`] |
//!
//! No SQL, no HTTP and no clock here: who calls looks the user up, brings the time and makes the session.

mod gate;
mod link;
mod machine_token;
mod memory;
mod password;
mod qr;
mod random;
mod recovery;
mod rules;
mod soft_lock;
mod source_limit;
mod token;
mod totp;
mod turns;

pub use gate::{GateError, PasswordGate};
pub use link::LinkToken;
pub use machine_token::MachineToken;
pub use password::{HashError, Verdict, hash, verify, wrap_sha256};
pub use qr::qr_path;
pub use random::NoRandomness;
pub use recovery::{RECOVERY_CODES, generate_recovery_codes, hash_of_recovery_code};
pub use rules::{
    MAX_BYTES, MAX_CHARS, MIN_CHARS, MIN_CHARS_WITH_SECOND_FACTOR, NewPassword, WeakPassword, check_new_password,
};
pub use soft_lock::SoftLock;
pub use source_limit::{KeyedLimit, SourceLimit, one_source};
pub use token::hash_of;
pub use totp::TotpSecret;
pub use turns::{Turn, Turns};
