//! Whether each stored credential works, found out by Painel itself: every quarter of an hour or so it asks each provider
//! what a person's own "Testar conexão" asks, and tells the tenant once of each change.
//!
//! | file | holds |
//! |---|---|
//! | `pace.rs` | [`Pace`]: how often, how many at once, and when a thing is due next; pure |
//! | `standing.rs` | what follows from a check: the state, and whether it is a change to tell; pure |
//! | `record.rs` | keeps what a check found, be it Painel's own or a person's |
//! | `tell.rs` | tells a change to the tenant's workflow |
//! | `watch.rs` | [`Watch`]: does what is due, beside a running server |
//!
//! Any number of processes may watch one database: the store gives each piece of work to one of them. A suspended tenant's
//! credentials are left alone. Only `providers::test` asks anybody anything, and it changes nothing there.

mod pace;
mod record;
mod standing;
mod tell;
mod watch;

pub use pace::Pace;
pub use record::{Found, record};
pub use standing::{seen, shown};
pub use watch::{Running, Watch, start};
