//! What the server must supply for credentials.

use super::{
    catalog::Provider,
    types::{CredentialCard, CredentialForm},
};
use crate::error::AppError;

/// The port of the credentials feature.
#[async_trait::async_trait]
pub trait CredentialsBackend: Send + Sync {
    /// All cards, in the catalogue's order.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn cards(&self) -> Result<Vec<CredentialCard>, AppError>;

    /// Validates, seals and stores one card's fields.
    ///
    /// # Errors
    /// `Invalid` at the fields, `Conflict` when the version is not the stored one, `NotAllowed`, `Internal`.
    async fn save(&self, form: CredentialForm) -> Result<(), AppError>;

    /// Removes one card's stored fields.
    ///
    /// # Errors
    /// `Conflict`, `NotAllowed`, `Internal`.
    async fn remove(&self, provider: Provider, version: i64) -> Result<(), AppError>;
}
