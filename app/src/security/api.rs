//! Server functions of a user's own account.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::SecurityView;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PAGE: &str = "/settings/security";

/// The account as it stands.
///
/// # Errors
/// See [`super::SecurityBackend::read`].
#[server(prefix = "/api", endpoint = "security/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_security() -> Result<SecurityView, AppError> {
    use crate::{
        backend::{answer, backend},
        security::SecurityBackend,
    };
    let backend = backend()?;
    answer(SecurityBackend::read(&*backend)).await
}

/// Changes the password.
///
/// # Errors
/// See [`super::SecurityBackend::change_password`].
#[server(prefix = "/api", endpoint = "security/change_password")]
pub async fn change_password(current: String, password: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.change_password(&current, &password)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=password"));
    Ok(())
}

/// Begins a second factor.
///
/// # Errors
/// See [`super::SecurityBackend::begin_second_factor`].
#[server(prefix = "/api", endpoint = "security/begin_second_factor")]
pub async fn begin_second_factor(current: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.begin_second_factor(&current)).await?;
    leptos_axum::redirect(PAGE);
    Ok(())
}

/// Switches the second factor on.
///
/// # Errors
/// See [`super::SecurityBackend::confirm_second_factor`].
#[server(prefix = "/api", endpoint = "security/confirm_second_factor")]
pub async fn confirm_second_factor(code: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.confirm_second_factor(&code)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=second_factor"));
    Ok(())
}

/// Switches the second factor off.
///
/// # Errors
/// See [`super::SecurityBackend::remove_second_factor`].
#[server(prefix = "/api", endpoint = "security/remove_second_factor")]
pub async fn remove_second_factor(current: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove_second_factor(&current)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=second_factor_off"));
    Ok(())
}

/// Ends one of the caller's sessions.
///
/// # Errors
/// See [`super::SecurityBackend::end_session`].
#[server(prefix = "/api", endpoint = "security/end_session")]
pub async fn end_session(id: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.end_session(&id)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=session"));
    Ok(())
}

/// Signs out everywhere.
///
/// # Errors
/// See [`super::SecurityBackend::end_all_sessions`].
#[server(prefix = "/api", endpoint = "security/end_all_sessions")]
pub async fn end_all_sessions() -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.end_all_sessions()).await?;
    leptos_axum::redirect("/login?done=everywhere");
    Ok(())
}
