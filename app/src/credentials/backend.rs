//! What the server must supply for credentials.

use super::{
    catalog::Provider,
    types::{CredentialForm, CredentialsView, Pairing},
};
use crate::error::AppError;

/// The port of the credentials feature.
#[async_trait::async_trait]
pub trait CredentialsBackend: Send + Sync {
    /// All cards, and the outcome of a test that the request before this one made.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn view(&self) -> Result<CredentialsView, AppError>;

    /// Validates, seals and stores one card's fields. `replace_unreadable` must be set where something is stored that does
    /// not open; `current` is the caller's password, empty where it was not asked for.
    ///
    /// # Errors
    /// `ConfirmDue`, `Invalid` at the fields, at `provider.replace_unreadable` or at `provider.current`, `Throttled`,
    /// `Conflict` when the version is not the stored one, `NotAllowed`, `Internal`.
    async fn save(&self, form: CredentialForm, replace_unreadable: bool, current: &str) -> Result<(), AppError>;

    /// Removes one card's stored fields.
    ///
    /// # Errors
    /// `ConfirmDue`, `Invalid` at `provider.current`, `Throttled`, `Conflict`, `NotAllowed`, `Internal`.
    async fn remove(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError>;

    /// Tests one card: the fields given, and the stored ones where a field is blank. Saves nothing; the outcome is left
    /// for the next [`CredentialsBackend::view`].
    ///
    /// # Errors
    /// `Invalid` at the fields, before anything is asked of anybody; `Conflict` when the version is not the stored one;
    /// `Throttled`, `NotAllowed`, `Internal`.
    async fn test(&self, form: CredentialForm) -> Result<(), AppError>;

    /// Asks the stored Evolution instance for a code that connects a telephone, unless `shown` are enough.
    ///
    /// # Errors
    /// `Throttled`, `NotAllowed`, `Internal`. What the instance's server does not do is no error: see [`Pairing::Failed`].
    async fn pairing(&self, shown: u32) -> Result<Pairing, AppError>;

    /// Sends a test event to the stored n8n webhook. Unlike a test it runs the workflow; the outcome is left for the next
    /// [`CredentialsBackend::view`].
    ///
    /// # Errors
    /// `Conflict` when the version is not the stored one, `NotFound` when no webhook is stored, `Throttled`, `NotAllowed`,
    /// `Internal`.
    async fn send_event(&self, version: i64) -> Result<(), AppError>;
}
