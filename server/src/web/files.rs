//! Files made for the caller: what a tenant takes away. `caller::identify` has already refused whoever may not.

use super::caller::Identity;
use crate::{backend::RequestBackend, state::State};
use app::{audit::AuditFilter, error::AppError};
use axum::{
    Extension, Router,
    extract::{Query, State as Shared},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::LeptosOptions;

/// The files' routes.
pub fn routes(state: State) -> Router<LeptosOptions> {
    Router::new().route("/settings/audit.csv", get(audit)).route("/settings/export.json", get(export)).with_state(state)
}

async fn audit(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(filter): Query<AuditFilter>,
) -> Response {
    match RequestBackend::new(state, identity, None).audit_csv(&filter).await {
        Ok(csv) => file("text/csv; charset=utf-8", "auditoria.csv", csv),
        Err(error) => refused(&error),
    }
}

async fn export(Shared(state): Shared<State>, Extension(identity): Extension<Identity>) -> Response {
    match RequestBackend::new(state, identity, None).settings_json().await {
        Ok(json) => file("application/json", "painel.json", format!("{json:#}\n")),
        Err(error) => refused(&error),
    }
}

fn file(kind: &'static str, name: &str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).expect("every error has a valid status");
    (status, format!("{error}\n")).into_response()
}
