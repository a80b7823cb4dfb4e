//! What the server must supply for the audit trail.

use super::types::{AuditFilter, AuditPage};
use crate::error::AppError;

/// The port of the audit feature.
#[async_trait::async_trait]
pub trait AuditBackend: Send + Sync {
    /// A page of the tenant's events.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Invalid` at `from` or `to`, `Internal`.
    async fn audit_page(&self, filter: AuditFilter, before: Option<String>) -> Result<AuditPage, AppError>;
}
