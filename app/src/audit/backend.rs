//! What the server must supply for the audit trail.

use super::types::{AuditFilter, AuditPage, Whose};
use crate::error::AppError;

/// The port of the audit feature.
#[async_trait::async_trait]
pub trait AuditBackend: Send + Sync {
    /// A page of events, older than the cursor `before` when it is given.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Invalid` at `from` or `to`, `Internal`.
    async fn audit_page(
        &self,
        whose: Whose,
        filter: AuditFilter,
        before: Option<String>,
    ) -> Result<AuditPage, AppError>;
}
