//! Taking connections, within limits that `axum::serve` cannot set: how many at once, how long a client may take to send a
//! request's head, to begin the next one, and to take what it asked for.
//!
//! | file | holds |
//! |---|---|
//! | `accept.rs` | [`serve`]: the loop that takes connections, and their end |
//! | `limits.rs` | [`Limits`], and the system's own limit on open files |
//! | `head_clock.rs` | the clock by which a request's head is late |
//! | `stop.rs` | [`Stop`]: asked to end, and closing the door |
//!
//! Knows nothing of what is served. A request's own deadline and the size of its body are the router's.

mod accept;
mod head_clock;
mod limits;
mod stop;

pub use accept::serve;
pub use limits::Limits;
pub use stop::Stop;
