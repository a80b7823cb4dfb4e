//! What a server must supply for the mapping.

use super::types::{Detection, MappingView};
use crate::error::AppError;
use std::collections::BTreeMap;

/// The port of the mapping feature.
#[async_trait::async_trait]
pub trait MappingBackend: Send + Sync {
    /// What is in use, what is being edited with a preview of the tenant's own rows, and the versions.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn mapping(&self) -> Result<MappingView, AppError>;

    /// Looks at a few rows of tables with usual names and makes a draft of what they seem to be.
    ///
    /// # Errors
    /// `Invalid` at `tables` or `schema`, also when nothing was recognised; `Throttled`; what reading a project may give.
    async fn detect(&self, detection: Detection) -> Result<(), AppError>;

    /// Makes a draft of a family of tables, by the names of its talks and bookings.
    ///
    /// # Errors
    /// `NotFound` for a name that is not listed.
    async fn start_from_model(&self, talks: &str, bookings: &str) -> Result<(), AppError>;

    /// Makes a draft of what is in use.
    ///
    /// # Errors
    /// `NotAllowed`, `Internal`.
    async fn edit_mapping(&self) -> Result<(), AppError>;

    /// Keeps the fields as the draft, whatever is wrong with them: the page says so.
    ///
    /// # Errors
    /// `NotAllowed`, `Internal`.
    async fn keep_draft(&self, fields: BTreeMap<String, String>) -> Result<(), AppError>;

    /// Forgets the draft.
    ///
    /// # Errors
    /// `NotAllowed`, `Internal`.
    async fn drop_draft(&self) -> Result<(), AppError>;

    /// Puts the draft in use as the version after `version`. `revision` is that of the draft which was looked at.
    ///
    /// # Errors
    /// `DraftChanged`, `Invalid`, `Conflict` when another version is in use, `NotFound` without a draft.
    async fn save_mapping(&self, version: i64, revision: &str) -> Result<(), AppError>;

    /// Puts an earlier version in use again, 0 for the default tables; `current` is the one in use.
    ///
    /// # Errors
    /// `Conflict`, `NotFound`.
    async fn restore_mapping(&self, version: i64, current: i64) -> Result<(), AppError>;
}
