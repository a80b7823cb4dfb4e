//! Server functions of credentials.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{CredentialCard, Provider};
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// All cards.
///
/// # Errors
/// See [`super::CredentialsBackend::cards`].
#[server(prefix = "/api", endpoint = "credentials/list", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_cards() -> Result<Vec<CredentialCard>, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.cards()).await
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
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.save(super::CredentialForm { provider, version, fields })).await?;
    leptos_axum::redirect(&format!("/settings/credentials?saved={}", provider.as_str()));
    Ok(())
}

/// Removes one card's stored fields and goes back to the page, which says so.
///
/// # Errors
/// See [`super::CredentialsBackend::remove`].
#[server(prefix = "/api", endpoint = "credentials/remove")]
pub async fn remove_credential(provider: Provider, version: i64) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove(provider, version)).await?;
    leptos_axum::redirect(&format!("/settings/credentials?removed={}", provider.as_str()));
    Ok(())
}
