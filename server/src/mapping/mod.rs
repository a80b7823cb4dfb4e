//! How a tenant's tables become our conversations, messages and appointments. No two agencies' robots keep the same ones:
//! `model` is what a tenant's mapping says, the other files read one kind of value each, `apply` turns whole rows.
//!
//! Pure: no network, no store, no clock. Who asks a project, and for which rows, stands in [`crate::project`].

mod apply;
mod columns;
mod detect;
mod expr;
mod form;
mod model;
mod money;
mod person;
mod presets;
mod row;
mod speech;
mod when;
mod words;

pub use apply::{Appointment, Conversation, Message};
pub use columns::{Part, selection};
pub use detect::propose;
pub use detect::tables_to_try;
pub use expr::{BadExpr, Expr, quoted};
pub use form::{Fault, Fields, author_word, outcome_word, reworded};
pub use model::{
    Appointments, AuthorIn, BadMapping, Condition, Conversations, Ends, Is, Mapping, Messages, Price, Said, Table,
};
pub use money::MoneyKind;
pub use person::Person;
pub use presets::{BOOKINGS, TALKS, preset};
pub use row::Row;
pub use speech::Media;
pub use when::{Naive, Unit, When};
pub use words::{Author, Outcome, plain as plain_word};
