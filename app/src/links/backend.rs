//! What the server must supply for single-use links.

use super::types::LinkView;
use crate::{error::AppError, session::Entered};

/// The port of the links feature.
#[async_trait::async_trait]
pub trait LinksBackend: Send + Sync {
    /// What the link with this token is for.
    ///
    /// # Errors
    /// `Gone` when it was used, withdrawn, has expired or never was.
    async fn look(&self, token: &str) -> Result<LinkView, AppError>;

    /// Accepts an invitation and signs in. For a new e-mail `name` and `password` make the account; for a known one
    /// `password` is the one it has.
    ///
    /// # Errors
    /// `Gone`, `Invalid` at `name` or `password`, `SignInFailed` for a known e-mail, `Throttled`, `TooMany`.
    async fn accept(&self, token: &str, name: &str, password: &str) -> Result<Entered, AppError>;

    /// Sends a link to set a new password, if there is such a user and mail is configured. The answer is always the same.
    ///
    /// # Errors
    /// `Throttled`, `Internal`.
    async fn request_reset(&self, email: &str) -> Result<(), AppError>;

    /// Whether links go by mail here; otherwise whoever forgot the password asks the agency.
    fn mails(&self) -> bool;

    /// Sets a new password by a link; every session of the user ends.
    ///
    /// # Errors
    /// `Gone`, `Invalid` at `password`, `TooMany`.
    async fn reset(&self, token: &str, password: &str) -> Result<(), AppError>;
}
