//! What a server must supply for a tenant's automation.

use super::types::{AutomationView, NewToken};
use crate::error::AppError;

/// The port of the automation feature.
#[async_trait::async_trait]
pub trait AutomationBackend: Send + Sync {
    /// Tokens, and what they can read.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn automation(&self) -> Result<AutomationView, AppError>;

    /// Makes a token, which the page that follows shows once. `current` is the caller's password, where it is due.
    ///
    /// # Errors
    /// `Invalid` at `name`, `providers` or `current`, `ConfirmDue`, `NotAllowed`.
    async fn make_token(&self, token: NewToken, current: &str) -> Result<(), AppError>;

    /// Withdraws a token: its next request is refused.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    async fn revoke_token(&self, token: &str) -> Result<(), AppError>;
}
