//! A tenant's Supabase project, read through PostgREST.
//!
//! `request` composes what is asked, `key` says who asks, `answer` reads what came back, `error` what went wrong,
//! `rows` turns rows into ours, `kept` has the last good answers, `reads` has one function a question. Only reading: nothing here can change a project.
//!
//! It connects through [`crate::egress`] alone, and knows nothing of the store, the vault or who is signed in.

mod answer;
mod cursor;
mod error;
#[cfg(test)]
mod hostile_tests;
mod kept;
mod key;
mod reads;
mod request;
mod rows;
mod starts;
mod value;

pub use cursor::{BadCursor, Cursor};
pub use error::ProjectError;
pub use kept::{KeptAnswers, Stale};
pub use key::{ApiKey, BadKey};
pub use reads::{Contact, Direction, Page, Project};
pub use request::Table;
pub use rows::{Appointment, Conversation, Message};
pub use starts::{AppointmentStart, Starts};
