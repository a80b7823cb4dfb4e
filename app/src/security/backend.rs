//! What the server must supply for a user's own account.

use super::types::SecurityView;
use crate::error::AppError;

/// The port of the security feature. Everything here is about the caller alone.
#[async_trait::async_trait]
pub trait SecurityBackend: Send + Sync {
    /// The account as it stands.
    ///
    /// # Errors
    /// `NotSignedIn`, `Internal`.
    async fn read(&self) -> Result<SecurityView, AppError>;

    /// Changes the password; all other sessions end and this one gets a new id.
    ///
    /// # Errors
    /// `Invalid` at `current` or `password`, `Throttled`, `TooMany`.
    async fn change_password(&self, current: &str, password: &str) -> Result<(), AppError>;

    /// Draws a new secret and recovery codes; nothing is switched on yet.
    ///
    /// # Errors
    /// `Invalid` at `current` (the password), `Throttled`, `TooMany`, `Conflict` when it is on already.
    async fn begin_second_factor(&self, current: &str) -> Result<(), AppError>;

    /// Switches it on by the first code; all other sessions end.
    ///
    /// # Errors
    /// `Invalid` at `code`, `Conflict` when none was begun.
    async fn confirm_second_factor(&self, code: &str) -> Result<(), AppError>;

    /// Switches it off; all other sessions end.
    ///
    /// # Errors
    /// `Invalid` at `current` (the password), `NotAllowed` where one is required, `Throttled`, `TooMany`.
    async fn remove_second_factor(&self, current: &str) -> Result<(), AppError>;

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// `NotFound`.
    async fn end_session(&self, id: &str) -> Result<(), AppError>;

    /// Ends all of the caller's sessions, this one too.
    ///
    /// # Errors
    /// `Internal`.
    async fn end_all_sessions(&self) -> Result<(), AppError>;
}
