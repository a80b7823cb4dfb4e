//! Files made for the caller: what a tenant takes away. `caller::identify` has already refused whoever may not.

use super::caller::Identity;
use crate::{
    backend::{CsvFile, CsvRequest, RequestBackend},
    state::State,
};
use app::{
    audit::{AuditFilter, Whose},
    error::AppError,
};
use axum::{
    Extension, Router,
    body::Body,
    extract::{Query, State as Shared},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::LeptosOptions;

/// The files' routes.
pub fn routes(state: State) -> Router<LeptosOptions> {
    Router::new()
        .route("/settings/audit.csv", get(audit))
        .route("/console/audit.csv", get(agency_audit))
        .route("/settings/export.json", get(export))
        .route("/files/conversas.csv", get(conversations))
        .route("/files/mensagens.csv", get(messages))
        .route("/files/agenda.csv", get(appointments))
        .with_state(state)
}

async fn audit(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(filter): Query<AuditFilter>,
) -> Response {
    trail(state, identity, Whose::Tenant, &filter).await
}

async fn agency_audit(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(filter): Query<AuditFilter>,
) -> Response {
    trail(state, identity, Whose::Agency, &filter).await
}

async fn trail(state: State, identity: Identity, whose: Whose, filter: &AuditFilter) -> Response {
    let name = match whose {
        Whose::Tenant => "auditoria.csv",
        Whose::Agency => "auditoria-agencia.csv",
    };
    match RequestBackend::new(state, identity, None).audit_csv(whose, filter).await {
        Ok(csv) => file("text/csv; charset=utf-8", name, csv),
        Err(error) => refused(&error),
    }
}

async fn export(Shared(state): Shared<State>, Extension(identity): Extension<Identity>) -> Response {
    match RequestBackend::new(state, identity, None).settings_json().await {
        Ok(json) => file("application/json", "painel.json", format!("{json:#}\n")),
        Err(error) => refused(&error),
    }
}

async fn conversations(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(request): Query<CsvRequest>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).conversations_csv(&request).await)
}

async fn messages(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(request): Query<CsvRequest>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).messages_csv(&request).await)
}

async fn appointments(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(request): Query<CsvRequest>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).appointments_csv(&request).await)
}

fn streamed(made: Result<CsvFile, AppError>) -> Response {
    match made {
        Ok(CsvFile { name, lines }) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            let head = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (head, Body::from_stream(lines)).into_response()
        }
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
