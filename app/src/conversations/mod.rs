//! Conversations: the list and beside it one conversation as a thread; on a phone one after the other.

mod api;
mod asked;
#[cfg(feature = "ssr")]
mod backend;
mod bubbles;
mod filter;
mod jump;
mod list;
mod page;
mod print;
mod saved;
mod thread;
mod types;

pub use api::{
    ReadPage, ReadPrint, ReadSavedFilters, ReadThread, RemoveFilter, SaveFilter, read_page, read_print,
    read_saved_filters, read_thread, remove_filter, save_filter,
};
#[cfg(feature = "ssr")]
pub use backend::ConversationsBackend;
pub use page::{ConversationsPage, NoThreadPage};
pub use print::PrintPage;
pub use thread::ThreadPage;
pub use types::{
    Author, Booked, ConversationFilter, ConversationPage, ConversationRow, Jump, Message, PageRequest, PrintedThread,
    SavedFilter, SavedFilters, Thread, ThreadDay, ThreadRequest,
};

/// Where the list is.
const LIST: &str = "/conversations";
