//! How often and how many at once somebody may try: a password, a token, a test. Counted by all processes together.
//!
//! | file | holds |
//! |---|---|
//! | `limit.rs` | attempts a minute, of a source, a tenant, a token: [`NotNow`] |
//! | `turn.rs` | [`AccountTurn`]: one try at a time for an account |
//!
//! Two gates stand one behind the other. The first is the memory of this process (`auth`): it refuses without the database,
//! and so bounds what a flood can have the database do. Whatever it lets through is asked of the store, where several processes
//! may serve one database, which is on Postgres. On SQLite there is one process, and its memory is exact.
//!
//! What is asked and counted here is the same amount of work for an account that exists and for one that does not.

mod limit;
mod turn;

pub use limit::NotNow;
pub use turn::AccountTurn;

use crate::{
    state::State,
    store::{Backend, Store},
};

impl State {
    /// The store, where other processes may count in it too.
    fn counting_together(&self) -> Option<&Store> {
        (self.store.backend() == Backend::Postgres).then_some(&self.store)
    }
}
