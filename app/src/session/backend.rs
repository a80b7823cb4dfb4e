//! What the server must supply for signing in and out, and for the language somebody chose.

use super::types::{Entered, Place, Viewer};
use crate::{error::AppError, lang::Lang};

/// The port of the session feature.
#[async_trait::async_trait]
pub trait SessionBackend: Send + Sync {
    /// Checks e-mail and password and starts a new session for this request's browser.
    ///
    /// # Errors
    /// `SignInFailed`, `Throttled`, `Suspended`, `TooMany`, `Internal`.
    async fn log_in(&self, email: &str, password: &str) -> Result<Entered, AppError>;

    /// The second step: the code of the authenticator, or a recovery code.
    ///
    /// # Errors
    /// `NotSignedIn` when the first step is missing or older than ten minutes, `CodeRefused`, `Throttled`, `Suspended`.
    async fn log_in_code(&self, code: &str) -> Result<Entered, AppError>;

    /// The tenants the user may enter, at most 500, by name.
    ///
    /// # Errors
    /// `NotSignedIn`, `Internal`.
    async fn places(&self) -> Result<Vec<Place>, AppError>;

    /// Enters one of them, under a new session id.
    ///
    /// # Errors
    /// `NotFound` when the user is no member there, `Suspended`, `NotSignedIn`.
    async fn choose(&self, slug: &str) -> Result<(), AppError>;

    /// Ends this browser's session. Without one it does nothing.
    ///
    /// # Errors
    /// `Internal` when the store cannot be written.
    async fn log_out(&self) -> Result<(), AppError>;

    /// Keeps the language for the signed-in user: every browser learns it when they sign in, and letters are in it. For
    /// nobody it does nothing.
    ///
    /// # Errors
    /// `Internal` when the store cannot be written.
    async fn set_language(&self, language: Lang) -> Result<(), AppError>;

    /// Who is signed in.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`.
    fn viewer(&self) -> Result<Viewer, AppError>;
}
