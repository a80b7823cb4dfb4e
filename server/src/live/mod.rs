//! What is new in a tenant's project, told to whoever looks at its pages: that something changed, never what. Pages read
//! again by themselves, through the same fenced functions as ever.
//!
//! | file | holds |
//! |---|---|
//! | `pace.rs` | [`Pace`] and [`Limits`]: how often a project is looked at, and how many may listen; pure |
//! | `news.rs` | [`News`]: one thing that is told, without words, and its [`Place`] in the order |
//! | `channel.rs` | who listens to one tenant, and what was told lately |
//! | `watchers.rs` | [`Watchers`]: the channels of all tenants, and their bounds |
//! | `asking.rs` | [`Whom`] something is about that was withdrawn, and what tells a stream to ask again whether it may go on |
//! | `watch.rs` | the task that watches one tenant, as long as somebody listens |
//! | `lease.rs` | whose turn it is to look, where several processes share a database |
//! | `desk.rs` | one process' part in that: what it has taken, and what others look at |
//! | `follow.rs` | what the one that looks tells the others, and what they make of it; pure |
//! | `look.rs` | one look at a project, in the name of somebody who listens |
//! | `realtime.rs` | a connection over which a project says by itself that something changed, and its deadlines |
//! | `ear.rs` | a watcher's ear: when it has such a connection, and when it tries to |
//! | `trust.rs` | how far what is heard may be relied on; pure |
//!
//! One task for a tenant, however many listen; none when nobody does. Where several processes have one, it is one of them that
//! looks, for some seconds at a time, and the others pass on what it tells. A tenant's look takes one of its own places on the
//! way out and one of few that all looks share, so that whatever its project does, another's pages and news come in time.
//!
//! What a project says by itself is a hint and never news: it has the watcher look at once. Where looks find what had
//! been hinted they become rare; where they find what had not, they are as often as ever.

mod asking;
mod channel;
mod desk;
mod ear;
mod follow;
mod lease;
mod look;
mod news;
mod pace;
mod realtime;
mod trust;
mod watch;
mod watchers;

#[cfg(test)]
mod tests;

pub use asking::{Asks, Whom};
pub use look::{look, may_listen};
pub use news::{News, Place, Told, What, Why};
pub use pace::{Limits, Pace};
pub use realtime::{Door, Over, Said};
pub use watch::{Look, Looked, Seen};
pub use watchers::{Full, Heard, Listener, Watchers};
