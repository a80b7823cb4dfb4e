//! Server functions of the session.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use crate::{error::AppError, lang::Lang};
use leptos::prelude::*;

/// Signs in with e-mail and password and goes to `next` (a path of ours), or to wherever the next step is.
///
/// # Errors
/// See [`super::SessionBackend::log_in`].
#[server(prefix = "/api", endpoint = "session/log_in")]
pub async fn log_in(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let entered = answer(backend.log_in(&email, &password)).await?;
    leptos_axum::redirect(&super::way_on(entered, &next));
    Ok(())
}

/// The second step of signing in: a code of the authenticator or a recovery code.
///
/// # Errors
/// See [`super::SessionBackend::log_in_code`].
#[server(prefix = "/api", endpoint = "session/log_in_code")]
pub async fn log_in_code(code: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let entered = answer(backend.log_in_code(&code)).await?;
    leptos_axum::redirect(&super::way_on(entered, &next));
    Ok(())
}

/// The tenants the user may enter.
///
/// # Errors
/// See [`super::SessionBackend::places`].
#[server(prefix = "/api", endpoint = "session/places", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_places() -> Result<Vec<super::Place>, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.places()).await
}

/// Enters one of the user's tenants and goes to its overview.
///
/// # Errors
/// See [`super::SessionBackend::choose`].
#[server(prefix = "/api", endpoint = "session/choose")]
pub async fn choose(slug: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.choose(&slug)).await?;
    leptos_axum::redirect("/");
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
    keep_choice(super::THEME_COOKIE, theme.as_str(), &next);
    Ok(())
}

/// Keeps the chosen language, in a cookie and for whoever is signed in, and comes back to `next`.
///
/// # Errors
/// See [`super::SessionBackend::set_language`].
#[server(prefix = "/api", endpoint = "session/set_language")]
pub async fn set_language(language: Lang, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.set_language(language)).await?;
    keep_choice(super::LANGUAGE_COOKIE, language.as_str(), &next);
    Ok(())
}

/// Keeps in a cookie whether single letters do something, and comes back to `next`.
///
/// # Errors
/// None of its own.
#[server(prefix = "/api", endpoint = "session/set_keys")]
pub async fn set_keys(keys: super::KeysChoice, #[server(default)] next: String) -> Result<(), AppError> {
    keep_choice(super::KEYS_COOKIE, keys.as_str(), &next);
    Ok(())
}

/// One choice of this browser's, for a year.
#[cfg(feature = "ssr")]
fn keep_choice(name: &str, word: &str, next: &str) {
    have_kept(name, word);
    leptos_axum::redirect(super::own_path(next));
}

/// Has the browser keep a choice in a cookie.
#[cfg(feature = "ssr")]
pub fn have_kept(name: &str, word: &str) {
    let cookie = format!("{name}={word}; Path=/; Max-Age=31536000; SameSite=Lax");
    if let (Some(response), Ok(value)) = (use_context::<leptos_axum::ResponseOptions>(), cookie.parse()) {
        response.append_header(http::header::SET_COOKIE, value);
    }
}
