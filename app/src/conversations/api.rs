//! Server functions of conversations.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{ConversationFilter, ConversationPage, PrintedThread, SavedFilters, Thread};
use crate::error::AppError;
use leptos::prelude::*;

/// One page of the list; see [`super::PageRequest`]. Beside a thread it tells no status: that is the thread's.
///
/// # Errors
/// See [`super::ConversationsBackend::page`].
#[server(prefix = "/api", endpoint = "conversations/page", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_page(
    #[server(default)] filter: ConversationFilter,
    #[server(default)] before: String,
    #[server(default)] after: String,
) -> Result<ConversationPage, AppError> {
    use crate::backend::{answer_at, backend};
    let backend = backend()?;
    answer_at(super::LIST, backend.page(super::PageRequest { filter, before, after })).await
}

/// One conversation with its messages; see [`super::ThreadRequest`].
///
/// # Errors
/// See [`super::ConversationsBackend::thread`].
#[server(prefix = "/api", endpoint = "conversations/thread", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_thread(
    id: String,
    #[server(default)] older: String,
    #[server(default)] newer: String,
    #[server(default)] day: String,
) -> Result<Thread, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.thread(super::ThreadRequest { id, older, newer, day })).await
}

/// One conversation for paper. Whoever asks takes content away, and the trail says so.
///
/// # Errors
/// See [`super::ConversationsBackend::print`].
#[server(prefix = "/api", endpoint = "conversations/print", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_print(id: String) -> Result<PrintedThread, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.print(&id)).await
}

/// The filters that the caller keeps.
///
/// # Errors
/// See [`super::ConversationsBackend::saved_filters`].
#[server(prefix = "/api", endpoint = "conversations/saved_filters", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_saved_filters() -> Result<SavedFilters, AppError> {
    use crate::backend::{answer_at, backend};
    let backend = backend()?;
    answer_at(super::LIST, backend.saved_filters()).await
}

/// Keeps a filter and goes back to the list under it.
///
/// # Errors
/// See [`super::ConversationsBackend::save_filter`].
#[server(prefix = "/api", endpoint = "conversations/save_filter")]
pub async fn save_filter(name: String, #[server(default)] filter: ConversationFilter) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let way = back_to(&filter, "saved");
    answer(backend.save_filter(&name, filter)).await?;
    leptos_axum::redirect(&way);
    Ok(())
}

/// Forgets one of the caller's filters and goes back to the list, under what is looked for there.
///
/// # Errors
/// See [`super::ConversationsBackend::remove_filter`].
#[server(prefix = "/api", endpoint = "conversations/remove_filter")]
pub async fn remove_filter(saved: String, #[server(default)] filter: ConversationFilter) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove_filter(&saved)).await?;
    leptos_axum::redirect(&back_to(&filter, "removed"));
    Ok(())
}

/// The list under a filter, and what was done there.
#[cfg(feature = "ssr")]
fn back_to(filter: &ConversationFilter, done: &'static str) -> String {
    let mut way = filter.pairs().to_vec();
    way.push(("done", done));
    crate::ui::address(super::LIST, &way)
}
