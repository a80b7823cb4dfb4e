//! Server functions of the overview.

use super::Overview;
use crate::error::AppError;
use leptos::prelude::*;

/// All panels of the overview.
///
/// # Errors
/// See [`super::OverviewBackend::overview`].
#[server(prefix = "/api", endpoint = "overview/read", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_overview() -> Result<Overview, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.overview()).await
}
