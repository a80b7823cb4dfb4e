//! New messages and appointments appear without reloading: the tab listens to what is new (`/live`), and the page that is
//! open reads again. What is told holds no content, so a page shows nothing that its own function would not.
//!
//! | file | holds |
//! |---|---|
//! | `state.rs` | [`Live`]: what the tab knows; [`read_patiently`], [`refetch_on`] and [`refetch_after`], by which a page takes part |
//! | `mark.rs` | the quiet mark |
//! | `below.rs` | the way down to a message that came while one read further up |
//! | `tab.rs` | in the browser: the one connection of a tab |
//! | `place.rs` | in the browser: that the focus stays where it was, and nothing is drawn anew under somebody's hands |
//!
//! Without script none of it shows. Like `ui` it knows no page; pages and the frame lend themselves to it.

mod below;
mod mark;
#[cfg(target_arch = "wasm32")]
mod place;
mod state;
#[cfg(target_arch = "wasm32")]
mod tab;

pub use below::NewBelow;
pub use mark::LiveMark;
pub use state::{Kind, Live, provide_live, read_patiently, refetch_after, refetch_on};
