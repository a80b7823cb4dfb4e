//! Server functions of the mapping. Every form is a plain one that leads back to the page.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::MappingView;
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
fn back(done: &str) {
    leptos_axum::redirect(&format!("/settings/mapping?done={done}"));
}

/// What is in use, what is being edited, and the versions.
///
/// # Errors
/// See [`super::MappingBackend::mapping`].
#[server(prefix = "/api", endpoint = "mapping/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_mapping() -> Result<MappingView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.mapping()).await
}

/// Looks for tables and makes a draft of them.
///
/// # Errors
/// See [`super::MappingBackend::detect`].
#[server(prefix = "/api", endpoint = "mapping/detect")]
pub async fn detect_tables(
    #[server(default)] tables: String,
    #[server(default)] schema: String,
) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.detect(super::Detection { tables, schema })).await?;
    back("detected");
    Ok(())
}

/// Makes a draft of a family of tables.
///
/// # Errors
/// See [`super::MappingBackend::start_from_model`].
#[server(prefix = "/api", endpoint = "mapping/model")]
pub async fn start_from_model(talks: String, bookings: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.start_from_model(&talks, &bookings)).await?;
    back("model");
    Ok(())
}

/// Makes a draft of what is in use.
///
/// # Errors
/// See [`super::MappingBackend::edit_mapping`].
#[server(prefix = "/api", endpoint = "mapping/edit")]
pub async fn edit_mapping() -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.edit_mapping()).await?;
    back("edit");
    Ok(())
}

/// Keeps the draft.
///
/// # Errors
/// See [`super::MappingBackend::keep_draft`].
#[server(prefix = "/api", endpoint = "mapping/draft")]
pub async fn keep_draft(#[server(default)] fields: BTreeMap<String, String>) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.keep_draft(fields)).await?;
    back("kept");
    Ok(())
}

/// Forgets the draft.
///
/// # Errors
/// See [`super::MappingBackend::drop_draft`].
#[server(prefix = "/api", endpoint = "mapping/drop")]
pub async fn drop_draft() -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.drop_draft()).await?;
    back("dropped");
    Ok(())
}

/// Puts the draft in use that was looked at.
///
/// # Errors
/// See [`super::MappingBackend::save_mapping`].
#[server(prefix = "/api", endpoint = "mapping/save")]
pub async fn save_mapping(version: i64, #[server(default)] revision: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.save_mapping(version, &revision)).await?;
    back("saved");
    Ok(())
}

/// Puts an earlier version in use again.
///
/// # Errors
/// See [`super::MappingBackend::restore_mapping`].
#[server(prefix = "/api", endpoint = "mapping/restore")]
pub async fn restore_mapping(version: i64, current: i64) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.restore_mapping(version, current)).await?;
    back("restored");
    Ok(())
}
