//! A tenant's Supabase project, read through PostgREST.
//!
//! `request` composes what is asked, `key` says who asks, `answer` reads what came back, `error` what went wrong,
//! `kept` has the last good answers, `reads` has one function a question, `gathered` and `starts` have the long ones. What is
//! read, and what rows become, is the tenant's [`crate::mapping`]. Only reading: nothing here can change a project.
//!
//! It connects through [`crate::egress`] alone, and knows nothing of the store, the vault or who is signed in.

mod answer;
mod cursor;
mod error;
mod gathered;
#[cfg(test)]
mod hostile_tests;
mod kept;
mod key;
mod reads;
mod request;
mod search;
mod starts;
mod value;

pub use cursor::{BadCursor, Cursor};
pub use error::ProjectError;
pub use kept::{KeptAnswers, Stale};
pub use key::{ApiKey, BadKey};
pub use reads::{Direction, Lost, Page, Project};
pub use search::{Found, Search};
pub use starts::{AppointmentStart, Starts};
