//! Server functions of the session.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use crate::error::AppError;
use leptos::prelude::*;

/// Signs in with e-mail and password and goes to `next` (a path of ours) or the overview.
///
/// # Errors
/// See [`super::SessionBackend::log_in`].
#[server(prefix = "/api", endpoint = "session/log_in")]
pub async fn log_in(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.log_in(&email, &password)).await?;
    leptos_axum::redirect(super::own_path(&next));
    Ok(())
}

/// Ends the session and goes to the sign-in page.
///
/// # Errors
/// See [`super::SessionBackend::log_out`].
#[server(prefix = "/api", endpoint = "session/log_out")]
pub async fn log_out() -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.log_out()).await?;
    leptos_axum::redirect("/login");
    Ok(())
}

/// Keeps the chosen colours in a cookie and comes back to `next`.
///
/// # Errors
/// None of its own.
#[server(prefix = "/api", endpoint = "session/set_theme")]
pub async fn set_theme(theme: super::Theme, #[server(default)] next: String) -> Result<(), AppError> {
    let cookie = format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax", super::THEME_COOKIE, theme.as_str());
    if let (Some(response), Ok(value)) = (use_context::<leptos_axum::ResponseOptions>(), cookie.parse()) {
        response.append_header(http::header::SET_COOKIE, value);
    }
    leptos_axum::redirect(super::own_path(&next));
    Ok(())
}
