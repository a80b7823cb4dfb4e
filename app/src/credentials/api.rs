//! Server functions of credentials.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{CredentialsView, Pairing, Provider};
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// All cards, and what the test before told.
///
/// # Errors
/// See [`super::CredentialsBackend::view`].
#[server(prefix = "/api", endpoint = "credentials/list", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_cards() -> Result<CredentialsView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.view()).await
}

/// Saves one card and goes back to the page, which says so.
///
/// # Errors
/// See [`super::CredentialsBackend::save`]; refused fields are named `provider.field`.
#[server(prefix = "/api", endpoint = "credentials/save")]
pub async fn save_credential(
    provider: Provider,
    version: i64,
    #[server(default)] fields: BTreeMap<String, String>,
    #[server(default)] replace_unreadable: bool,
    #[server(default)] current: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let form = super::CredentialForm { provider, version, fields };
    answer(backend.save(form, replace_unreadable, &current)).await?;
    leptos_axum::redirect(&format!("/settings/credentials?saved={}", provider.as_str()));
    Ok(())
}

/// Removes one card's stored fields and goes back to the page, which says so.
///
/// # Errors
/// See [`super::CredentialsBackend::remove`].
#[server(prefix = "/api", endpoint = "credentials/remove")]
pub async fn remove_credential(
    provider: Provider,
    version: i64,
    #[server(default)] current: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove(provider, version, &current)).await?;
    leptos_axum::redirect(&format!("/settings/credentials?removed={}", provider.as_str()));
    Ok(())
}

/// Tests one card as it stands, without saving anything, and goes back to the page, which shows the outcome.
///
/// # Errors
/// See [`super::CredentialsBackend::test`]; refused fields are named `provider.field`.
#[server(prefix = "/api", endpoint = "credentials/test")]
pub async fn test_connection(
    provider: Provider,
    version: i64,
    #[server(default)] fields: BTreeMap<String, String>,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.test(super::CredentialForm { provider, version, fields })).await?;
    leptos_axum::redirect(&format!("/settings/credentials?tested={0}#{0}", provider.as_str()));
    Ok(())
}

/// Asks the stored Evolution instance for a code that connects a telephone; `shown` codes were shown in a row before.
///
/// # Errors
/// See [`super::CredentialsBackend::pairing`].
#[server(prefix = "/api", endpoint = "credentials/pairing", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_pairing(#[server(default)] shown: u32) -> Result<Pairing, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.pairing(shown)).await
}

/// Sends a test event to the stored n8n webhook, which runs the workflow, and goes back to the page, which shows the
/// outcome.
///
/// # Errors
/// See [`super::CredentialsBackend::send_event`].
#[server(prefix = "/api", endpoint = "credentials/send_event")]
pub async fn send_event(version: i64) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.send_event(version)).await?;
    leptos_axum::redirect("/settings/credentials?tested=n8n#n8n");
    Ok(())
}
