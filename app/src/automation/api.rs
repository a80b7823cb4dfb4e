//! Server functions of a tenant's automation.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{AutomationView, Lifetime};
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
const PAGE: &str = "/settings/credentials/automation";

/// Tokens, and what they can read.
///
/// # Errors
/// See [`super::AutomationBackend::automation`].
#[server(prefix = "/api", endpoint = "automation/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_automation() -> Result<AutomationView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.automation()).await
}

/// Makes a token and goes back to the page, which shows it once. `providers` are check boxes: what is there is ticked.
///
/// # Errors
/// See [`super::AutomationBackend::make_token`].
#[server(prefix = "/api", endpoint = "automation/make")]
pub async fn make_token(
    name: String,
    #[server(default)] providers: BTreeMap<String, String>,
    lifetime: Lifetime,
    #[server(default)] current: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let token = super::NewToken { name, providers: providers.into_keys().collect(), lifetime };
    answer(backend.make_token(token, &current)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=made"));
    Ok(())
}

/// Withdraws a token.
///
/// # Errors
/// See [`super::AutomationBackend::revoke_token`].
#[server(prefix = "/api", endpoint = "automation/revoke")]
pub async fn revoke_token(token: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.revoke_token(&token)).await?;
    leptos_axum::redirect(&format!("{PAGE}?done=revoked"));
    Ok(())
}
