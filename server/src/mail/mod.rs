//! Letters to users, through the one mail server that the operator named. Without one, mail is off, and who makes a link
//! is shown it instead.
//!
//! | file | holds |
//! |---|---|
//! | `config.rs` | [`MailConfig`]: where letters go out, and from whom |
//! | `letter.rs` | [`Letter`]: what they say, in both languages |
//! | `mailer.rs` | [`Mailer`]: sends them, with a deadline |
//!
//! Knows no users and no tenants: names, links and dates come as finished text. Nothing here prints a link, an address
//! or the server's password.

mod config;
mod letter;
mod mailer;

pub use config::{MailConfig, MailConfigError};
pub use letter::{Invitation, Letter, LetterError};
pub use mailer::{MailError, Mailer};
