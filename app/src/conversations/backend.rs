//! What the server must supply for conversations.

use super::types::{
    ConversationFilter, ConversationPage, PageRequest, PrintedThread, SavedFilters, Thread, ThreadRequest,
};
use crate::error::AppError;

/// The port of the conversations feature.
#[async_trait::async_trait]
pub trait ConversationsBackend: Send + Sync {
    /// One page of the list.
    ///
    /// # Errors
    /// `NotFound` for a cursor that is not one of ours; else as for every read of a project.
    async fn page(&self, request: PageRequest) -> Result<ConversationPage, AppError>;

    /// One conversation with up to 100 of its messages: the newest, or those that are asked for.
    ///
    /// # Errors
    /// `NotFound` when this tenant's project has no such conversation, or for a cursor that is not one of ours.
    async fn thread(&self, request: ThreadRequest) -> Result<Thread, AppError>;

    /// One conversation for paper, noted in the trail.
    ///
    /// # Errors
    /// As for [`ConversationsBackend::thread`].
    async fn print(&self, id: &str) -> Result<PrintedThread, AppError>;

    /// The filters that the caller keeps in this tenant.
    ///
    /// # Errors
    /// `Unavailable`, `Internal`.
    async fn saved_filters(&self) -> Result<SavedFilters, AppError>;

    /// Keeps a filter for the caller.
    ///
    /// # Errors
    /// `Invalid` at `name`, and as for a page.
    async fn save_filter(&self, name: &str, filter: ConversationFilter) -> Result<(), AppError>;

    /// Forgets one of the caller's filters.
    ///
    /// # Errors
    /// `NotFound` when the caller has none by this id.
    async fn remove_filter(&self, id: &str) -> Result<(), AppError>;
}
