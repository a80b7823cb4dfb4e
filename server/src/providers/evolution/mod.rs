//! Evolution API: the server, the instance on it, and that instance's token.
//!
//! | file | holds |
//! |---|---|
//! | `check.rs` | how the card is read |
//! | `connection.rs` | the connection test, and asking for a code: what is asked |
//! | `answer.rs` | what the server answers when it does not do what it was asked |
//! | `state.rs` | whether the instance is connected, and whether that is to be believed |
//! | `instances.rs` | what the list of instances tells of ours, and of the key |
//! | `code.rs` | the code that connects a telephone |

mod answer;
mod check;
mod code;
mod connection;
mod instances;
mod state;

pub(super) use check::check;
pub use code::Code;
pub use connection::connect;
pub(super) use connection::test;

const URL: &str = "base_url";
const INSTANCE: &str = "instance";
const TOKEN: &str = "token";

#[cfg(test)]
mod contract_tests;
