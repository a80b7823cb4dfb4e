//! Server functions of conversations.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{ConversationFilter, ConversationPage, Thread};
use crate::error::AppError;
use leptos::prelude::*;

/// One page of the list; see [`super::PageRequest`].
///
/// # Errors
/// See [`super::ConversationsBackend::page`].
#[server(prefix = "/api", endpoint = "conversations/page", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_page(
    #[server(default)] filter: ConversationFilter,
    #[server(default)] before: String,
    #[server(default)] after: String,
) -> Result<ConversationPage, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.page(super::PageRequest { filter, before, after })).await
}

/// One conversation with its messages.
///
/// # Errors
/// See [`super::ConversationsBackend::thread`].
#[server(prefix = "/api", endpoint = "conversations/thread", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_thread(id: String, #[server(default)] before: String) -> Result<Thread, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.thread(&id, &before)).await
}
