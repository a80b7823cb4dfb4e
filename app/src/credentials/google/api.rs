//! Server functions of a person's consent at Google.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use crate::{credentials::Provider, error::AppError};
use leptos::prelude::*;

/// Begins a consent and leads to the page that leads to Google: not there at once, because a form's answer may not leave
/// this site (`form-action`).
///
/// # Errors
/// See [`super::GoogleBackend::begin_consent`].
#[server(prefix = "/api", endpoint = "credentials/connect_google")]
pub async fn connect_google(
    provider: Provider,
    version: i64,
    #[server(default)] current: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.begin_consent(provider, version, &current)).await?;
    leptos_axum::redirect("/oauth/google/start");
    Ok(())
}

/// Withdraws a consent at Google, takes it away here, and goes back to the page, which says what came of it.
///
/// # Errors
/// See [`super::GoogleBackend::disconnect`].
#[server(prefix = "/api", endpoint = "credentials/disconnect_google")]
pub async fn disconnect_google(
    provider: Provider,
    version: i64,
    #[server(default)] current: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.disconnect(provider, version, &current)).await?;
    leptos_axum::redirect(&format!("/settings/credentials?disconnected={0}#{0}", provider.as_str()));
    Ok(())
}
