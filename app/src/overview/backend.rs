//! What the server must supply for the overview.

use super::types::{HoursForm, Overview, OverviewQuery};
use crate::error::AppError;

/// The port of the overview feature.
#[async_trait::async_trait]
pub trait OverviewBackend: Send + Sync {
    /// Reads all panels at once; a panel's own failure stands in its place. One of the last minute is shown again.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`, `NotConfigured`, `Unreadable`, `Internal`.
    async fn overview(&self, query: &OverviewQuery) -> Result<Overview, AppError>;

    /// Says when the business is open.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid` at `days`, `opens` or `closes`, `Internal`.
    async fn set_hours(&self, hours: &HoursForm) -> Result<(), AppError>;
}
