//! What the server must supply for a person's consent at Google.

use crate::{credentials::Provider, error::AppError};

/// The port of Google's consent, a part of the credentials feature.
#[async_trait::async_trait]
pub trait GoogleBackend: Send + Sync {
    /// Keeps in the session what Google will be asked for, for ten minutes and one answer. `current` is the caller's
    /// password, empty where it was not asked for.
    ///
    /// # Errors
    /// `ConfirmDue`, `Invalid` at `provider.current`, `Conflict` when the version is not the stored one, `NotFound` without
    /// a stored client or for a provider that is not Google's, `Throttled`, `NotAllowed`, `Internal`.
    async fn begin_consent(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError>;

    /// Withdraws a consent at Google and removes it here, on the other Google card too where it is the same one. It is
    /// removed even if Google could not be told; the outcome is left for the next page.
    ///
    /// # Errors
    /// `ConfirmDue`, `Invalid` at `provider.current`, `Conflict`, `NotFound` without a consent, `Throttled`, `NotAllowed`,
    /// `Internal`.
    async fn disconnect(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError>;
}
