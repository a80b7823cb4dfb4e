//! Server functions of the overview.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{HoursForm, Overview, OverviewQuery};
use crate::error::AppError;
use leptos::prelude::*;

/// All panels of the overview.
///
/// # Errors
/// See [`super::OverviewBackend::overview`].
#[server(prefix = "/api", endpoint = "overview/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_overview(#[server(default)] query: OverviewQuery) -> Result<Overview, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.overview(&query)).await
}

/// Says when the business is open.
///
/// # Errors
/// See [`super::OverviewBackend::set_hours`].
#[server(prefix = "/api", endpoint = "overview/set_hours")]
pub async fn set_hours(hours: HoursForm) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.set_hours(&hours)).await?;
    leptos_axum::redirect("/?done=hours");
    Ok(())
}
