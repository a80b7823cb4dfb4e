//! Files made for the caller: what a tenant takes away. `caller::identify` has already refused whoever may not.

use super::{caller::Identity, failed::refused};
use crate::{
    backend::{CsvFile, CsvRequest, RequestBackend},
    state::State,
    words,
};
use app::{
    appointments::AgendaQuery,
    audit::{AuditFilter, Whose},
    error::AppError,
    overview::OverviewQuery,
};
use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, Query, State as Shared},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::LeptosOptions;

/// About how many rows a file will have: for the page that fetches it, which shows how far it is.
const ABOUT: HeaderName = HeaderName::from_static("painel-rows");

/// The files' routes.
pub fn routes(state: State) -> Router<LeptosOptions> {
    Router::new()
        .route("/settings/audit.csv", get(audit))
        .route("/console/audit.csv", get(agency_audit))
        .route("/settings/export.json", get(export))
        .route("/files/overview.csv", get(overview))
        .route("/files/conversas.csv", get(conversations))
        .route("/files/mensagens.csv", get(messages))
        .route("/files/conversa.csv", get(conversation))
        .route("/files/agenda.csv", get(appointments))
        .route("/files/agenda.ics", get(calendar))
        .route("/files/appointments/{name}", get(appointment))
        .with_state(state)
}

/// Which events, and what parts the columns.
#[derive(serde::Deserialize)]
struct AuditFile {
    #[serde(flatten)]
    filter: AuditFilter,
    #[serde(default)]
    sep: String,
}

async fn audit(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(asked): Query<AuditFile>,
) -> Response {
    trail(state, identity, Whose::Tenant, asked).await
}

async fn agency_audit(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(asked): Query<AuditFile>,
) -> Response {
    trail(state, identity, Whose::Agency, asked).await
}

async fn trail(state: State, identity: Identity, whose: Whose, AuditFile { filter, sep }: AuditFile) -> Response {
    let name = match whose {
        Whose::Tenant => "auditoria.csv",
        Whose::Agency => "auditoria-agencia.csv",
    };
    match RequestBackend::new(state, identity, None).audit_csv(whose, &filter, &sep).await {
        Ok(lines) => streamed(Ok(CsvFile { name, about: None, lines })),
        Err(error) => refused(error),
    }
}

async fn export(Shared(state): Shared<State>, Extension(identity): Extension<Identity>) -> Response {
    match RequestBackend::new(state, identity, None).settings_json().await {
        Ok(json) => file("application/json", "painel.json", format!("{json:#}\n")),
        Err(error) => refused(error),
    }
}

/// Which overview, and what parts its columns.
#[derive(serde::Deserialize)]
struct OverviewFile {
    #[serde(flatten)]
    query: OverviewQuery,
    #[serde(default)]
    sep: String,
}

async fn overview(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(OverviewFile { query, sep }): Query<OverviewFile>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).overview_csv(&query, &sep).await)
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

async fn conversation(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(request): Query<CsvRequest>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).conversation_csv(&request).await)
}

async fn appointments(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(request): Query<CsvRequest>,
) -> Response {
    streamed(RequestBackend::new(state, identity, None).appointments_csv(&request).await)
}

async fn calendar(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Query(asked): Query<AgendaQuery>,
) -> Response {
    ics("agenda.ics", RequestBackend::new(state, identity, None).appointments_ics(&asked).await)
}

async fn appointment(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    Path(name): Path<String>,
) -> Response {
    ics("agendamento.ics", RequestBackend::new(state, identity, None).appointment_ics(&name).await)
}

fn ics(name: &'static str, made: Result<String, AppError>) -> Response {
    match made {
        Ok(text) => file("text/calendar; charset=utf-8", name, text),
        Err(error) => refused(error),
    }
}

fn streamed(made: Result<CsvFile, AppError>) -> Response {
    match made {
        Ok(CsvFile { name, about, lines }) => {
            let disposition = format!("attachment; filename=\"{}\"", words::file_name(name));
            let head = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            let about = about.map(|rows| [(ABOUT, rows.to_string())]);
            (head, about, Body::from_stream(lines)).into_response()
        }
        Err(error) => refused(error),
    }
}

fn file(kind: &'static str, name: &'static str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", words::file_name(name));
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}
