//! What the server must supply for the overview.

use super::types::Overview;
use crate::error::AppError;

/// The port of the overview feature.
#[async_trait::async_trait]
pub trait OverviewBackend: Send + Sync {
    /// Reads all panels at once; a panel's own failure stands in its place.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`, `NotConfigured`, `Unreadable`, `Internal`.
    async fn overview(&self) -> Result<Overview, AppError>;
}
