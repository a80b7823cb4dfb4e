//! Conversations: the list, and one conversation as a thread.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod filter;
mod list;
mod thread;
mod types;

pub use api::{ReadPage, ReadThread, read_page, read_thread};
#[cfg(feature = "ssr")]
pub use backend::ConversationsBackend;
pub use list::ConversationsPage;
pub use thread::ThreadPage;
pub use types::{
    Author, Booked, ConversationFilter, ConversationPage, ConversationRow, Message, PageRequest, Thread, ThreadDay,
};
