//! WhatsApp Cloud API: the ID of a number (not the number), its token, and what helps to check them.
//!
//! | file | holds |
//! |---|---|
//! | `check.rs` | how the card is read |
//! | `connection.rs` | the connection test: what is asked, and what comes of both answers |
//! | `graph.rs` | refusals of the Graph API, by number |
//! | `number.rs` | what is said of the number |
//! | `token.rs` | what is said of the token |

mod check;
mod connection;
mod graph;
mod number;
mod token;

pub(super) use check::check;
pub(super) use connection::test;

const ID: &str = "phone_number_id";
const TOKEN: &str = "access_token";
const DISPLAY: &str = "display_number";
const WABA: &str = "waba_id";

#[cfg(test)]
mod contract_tests;
