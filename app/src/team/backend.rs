//! What the server must supply for a tenant's team.

use super::types::TeamView;
use crate::{error::AppError, session::Role};

/// The port of the team feature.
#[async_trait::async_trait]
pub trait TeamBackend: Send + Sync {
    /// Members and open invitations.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn team(&self) -> Result<TeamView, AppError>;

    /// Invites somebody; the link goes by mail, or is shown once on the page that follows.
    ///
    /// # Errors
    /// `Invalid` at `email` (not an address, a member already), `NotAllowed`.
    async fn invite(&self, email: &str, role: Role) -> Result<(), AppError>;

    /// Withdraws an open invitation.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    async fn withdraw(&self, invitation: &str) -> Result<(), AppError>;

    /// Changes another member's role; their sessions here end.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for oneself.
    async fn set_role(&self, member: &str, role: Role) -> Result<(), AppError>;

    /// Takes another member's place away; their sessions here end.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for oneself.
    async fn remove_member(&self, member: &str) -> Result<(), AppError>;

    /// Makes a link for a member to set a new password. For a member with a place elsewhere too it only goes by mail:
    /// shown here, it would open the other place to this tenant's admin.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    async fn reset_link(&self, member: &str) -> Result<(), AppError>;

    /// Demands a second factor of every member, or no longer.
    ///
    /// # Errors
    /// `NotAllowed`; `Invalid` at `required` when the caller has none of their own.
    async fn require_second_factor(&self, required: bool) -> Result<(), AppError>;
}
