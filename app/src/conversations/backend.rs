//! What the server must supply for conversations.

use super::types::{ConversationPage, PageRequest, Thread};
use crate::error::AppError;

/// The port of the conversations feature.
#[async_trait::async_trait]
pub trait ConversationsBackend: Send + Sync {
    /// One page of the list.
    ///
    /// # Errors
    /// `NotFound` for a cursor that is not one of ours; else as for every read of a project.
    async fn page(&self, request: PageRequest) -> Result<ConversationPage, AppError>;

    /// One conversation with up to 100 messages older than `before` (the newest without it).
    ///
    /// # Errors
    /// `NotFound` when this tenant's project has no such conversation, or the id is not a number.
    async fn thread(&self, id: &str, before: &str) -> Result<Thread, AppError>;
}
