//! Supabase: the project's address, and a key that may stand in a dashboard. Only keys of the `anon` role are kept;
//! everything stronger is refused before any call, with the advice to rotate it, because a pasted secret is a spent one.
//!
//! | file | holds |
//! |---|---|
//! | `key.rs` | what a pasted text is, taken as a key |
//! | `check.rs` | how the card is read |
//! | `doctor.rs` | the connection test: what is asked, in which order |
//! | `table.rs` | the test of one table: what of it can be read, and whether the key could write |
//! | `answer.rs` | refusals of the gateway and of PostgREST, as findings |
//! | `sql.rs` | the SQL to paste when something is missing |

mod answer;
mod check;
mod doctor;
mod key;
mod sql;
mod table;
mod tested;

pub(super) use check::check;
pub(super) use doctor::test;
pub use key::{KeyKind, classify};

const URL: &str = "project_url";
const KEY: &str = "api_key";
const HOST_SUFFIX: &str = ".supabase.co";

/// The reference in a normalised address of a hosted project.
fn project_ref(url: &str) -> Option<&str> {
    url.strip_prefix("https://")?.strip_suffix(HOST_SUFFIX).filter(|name| is_ref(name))
}

/// 20 lower-case letters in practice; digits are let through because nobody promises there will be none.
fn is_ref(name: &str) -> bool {
    name.len() == 20 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod contract_rows;
#[cfg(test)]
mod contract_tests;
#[cfg(test)]
mod tests;
