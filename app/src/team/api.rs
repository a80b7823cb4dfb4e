//! Server functions of a tenant's team.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::TeamView;
use crate::{error::AppError, session::Role};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PAGE: &str = "/settings/team";

/// Members and open invitations.
///
/// # Errors
/// See [`super::TeamBackend::team`].
#[server(prefix = "/api", endpoint = "team/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_team() -> Result<TeamView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.team()).await
}

/// Invites somebody.
///
/// # Errors
/// See [`super::TeamBackend::invite`].
#[server(prefix = "/api", endpoint = "team/invite")]
pub async fn invite(email: String, role: Role) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.invite(&email, role)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=invited"));
    Ok(())
}

/// Withdraws an invitation.
///
/// # Errors
/// See [`super::TeamBackend::withdraw`].
#[server(prefix = "/api", endpoint = "team/withdraw")]
pub async fn withdraw(invitation: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.withdraw(&invitation)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=withdrawn"));
    Ok(())
}

/// Changes a member's role.
///
/// # Errors
/// See [`super::TeamBackend::set_role`].
#[server(prefix = "/api", endpoint = "team/set_role")]
pub async fn set_role(member: String, role: Role) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.set_role(&member, role)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=role"));
    Ok(())
}

/// Takes a member's place away.
///
/// # Errors
/// See [`super::TeamBackend::remove_member`].
#[server(prefix = "/api", endpoint = "team/remove")]
pub async fn remove_member(member: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove_member(&member)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=removed"));
    Ok(())
}

/// Makes a link for a member to set a new password.
///
/// # Errors
/// See [`super::TeamBackend::reset_link`].
#[server(prefix = "/api", endpoint = "team/reset_link")]
pub async fn reset_link(member: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.reset_link(&member)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=reset"));
    Ok(())
}

/// Demands a second factor of every member, or no longer.
///
/// # Errors
/// See [`super::TeamBackend::require_second_factor`].
#[server(prefix = "/api", endpoint = "team/require_second_factor")]
pub async fn require_second_factor(#[server(default)] required: bool) -> Result<(), AppError> {
    use crate::{
        backend::{answer, backend},
        team::TeamBackend,
    };
    let backend = backend()?;
    answer(TeamBackend::require_second_factor(&*backend, required)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=required"));
    Ok(())
}
