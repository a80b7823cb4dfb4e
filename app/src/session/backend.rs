//! What the server must supply for signing in and out.

use super::types::Viewer;
use crate::error::AppError;

/// The port of the session feature.
#[async_trait::async_trait]
pub trait SessionBackend: Send + Sync {
    /// Checks e-mail and password and starts a new session for this request's browser.
    ///
    /// # Errors
    /// `SignInFailed`, `Suspended`, `TooMany`, `Internal`.
    async fn log_in(&self, email: &str, password: &str) -> Result<(), AppError>;

    /// Ends this browser's session. Without one it does nothing.
    ///
    /// # Errors
    /// `Internal` when the store cannot be written.
    async fn log_out(&self) -> Result<(), AppError>;

    /// Who is signed in.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`.
    fn viewer(&self) -> Result<Viewer, AppError>;
}
