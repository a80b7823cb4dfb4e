//! A tenant's Supabase project, read through PostgREST.
//!
//! `request` composes what is asked, `key` says who asks, `answer` reads what came back, `error` what went wrong, `kept` has
//! the last good answers. `reads` has the project itself, `list` the conversations, `talk` the messages, `agenda` the
//! appointments, `samples` unknown tables, `order` the order and the pages of all; `gathered` and `search` (with `statuses`)
//! have the long questions, `sample`, `counts` and `sums` the many rows of a span of time, `glance` the smallest. What is
//! read, and what rows become, is the tenant's [`crate::mapping`]. `realtime` hears that something changed, and not what.
//! Only reading: nothing here can change a project.
//!
//! It connects through [`crate::egress`] alone, and knows nothing of the store, the vault or who is signed in.

mod agenda;
mod answer;
mod counts;
mod cursor;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod gathered;
mod glance;
#[cfg(test)]
mod hostile_tests;
mod kept;
mod key;
mod list;
mod order;
mod reads;
mod realtime;
mod request;
mod sample;
mod samples;
mod search;
mod statuses;
mod sums;
mod talk;
mod value;

pub use counts::{Booking, Talk, Total, Utterance};
pub use cursor::{BadCursor, Cursor};
pub use error::ProjectError;
pub use glance::{Glance, Sight};
pub use kept::{KeptAnswers, Stale};
pub use key::{ApiKey, BadKey};
pub use reads::{Direction, Lost, Page, Project};
pub use realtime::{Heard, Line, Realtime, RealtimeError};
pub use sample::{Pace, Sample, Timed, Want};
pub use search::{Found, Search};
pub use sums::AllowedSums;
pub use talk::{Passage, Whole};
