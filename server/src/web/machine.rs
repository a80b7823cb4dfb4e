//! The interface for a tenant's own automation: a token in, one provider's credential out. No cookie, no session, no page.
//!
//! Whatever is wrong with a token (unknown, withdrawn, expired, of a closed tenant) is told in the same words. The
//! description that programs read, `/api/v1/openapi.json`, is made of this file.

use super::caller::{Identity, Origin, origin};
use crate::{
    auth::MachineToken,
    backend::{HandedOut, NotHandedOut, RequestBackend},
    state::State,
    store::Machine,
    tries::NotNow,
};
use app::{credentials::Provider, error::AppError};
use axum::{
    Json, Router,
    extract::{Path, Request, State as Shared},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use secrecy::ExposeSecret;
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

/// Both routes.
pub fn routes(state: State) -> Router {
    Router::new()
        .route("/api/v1/credentials/{provider}", get(credential))
        .route("/api/v1/openapi.json", get(document))
        .with_state(state)
}

/// One provider's credential.
#[derive(Serialize, ToSchema)]
struct Credential {
    /// The provider's word.
    #[schema(example = "supabase")]
    provider: &'static str,
    /// Grows by one with each save of the card.
    #[schema(example = 3)]
    version: i64,
    /// When the card was saved, RFC 3339.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The values by name, all of them texts; a field that is not stored is missing. Google's cards give `access_token`,
    /// `expires_at` (RFC 3339) and `scopes`, never the refresh token or anything of the client.
    #[schema(example = json!({"project_url": "https://abcdefghijklmnopqrst.supabase.co", "api_key": "sb_publishable_…"}))]
    fields: BTreeMap<&'static str, String>,
}

/// Why there is no credential.
#[derive(Serialize, ToSchema)]
struct Refusal {
    /// A word for programs.
    #[schema(example = "not_in_scope")]
    error: &'static str,
    /// A sentence for people, in Portuguese.
    message: &'static str,
}

/// Reads one provider's credential as it is stored now.
///
/// Each read stands in the tenant's audit trail. Sixty a minute for a token, then 429.
#[utoipa::path(
    get,
    path = "/api/v1/credentials/{provider}",
    tag = "credentials",
    operation_id = "readCredential",
    params((
        "provider" = String, Path,
        description = "`supabase`, `whatsapp`, `evolution`, `google_calendar`, `google_meet` or `n8n`"
    )),
    security(("token" = [])),
    responses(
        (status = 200, description = "The credential", body = Credential),
        (status = 401, description = "`invalid_token`: unknown, withdrawn or expired", body = Refusal),
        (status = 403, description = "`not_in_scope`: the token is not for this provider; `suspended`: the tenant is", body = Refusal),
        (status = 404, description = "`unknown_provider`; `not_stored`: nothing is stored for it", body = Refusal),
        (status = 409, description = "`not_connected`: a person must connect a Google account first", body = Refusal),
        (status = 429, description = "`too_many`: `Retry-After` says how many seconds to wait", body = Refusal),
        (status = 500, description = "`unreadable`: save the card again; `internal`", body = Refusal),
        (status = 503, description = "`unavailable`: Painel's database or Google does not answer; try again", body = Refusal),
    )
)]
async fn credential(Shared(state): Shared<State>, Path(word): Path<String>, request: Request) -> Response {
    let (origin, token) = (origin(&state, &request), shown_token(request.headers()));
    let machine = match authenticate(&state, &origin, token).await {
        Ok(machine) => machine,
        Err(refused) => return refused,
    };
    if let Err(refused) = state.count_read(&machine.id).await {
        return not_now(refused);
    }
    let Some(provider) = Provider::parse(&word) else {
        return refuse(StatusCode::NOT_FOUND, "unknown_provider", "Não há conexão com este nome.");
    };
    let identity = Identity { origin, ..Identity::default() };
    match RequestBackend::new(state, identity, None).hand_out(&machine, provider).await {
        Ok(credential) => handed_out(credential),
        Err(refused) => not_handed_out(refused),
    }
}

/// `Authorization: Bearer …`
fn shown_token(headers: &HeaderMap) -> Option<MachineToken> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { MachineToken::parse(token.trim()) } else { None }
}

/// Whose token came with the request. Wrong ones are counted by source address.
async fn authenticate(state: &State, origin: &Origin, token: Option<MachineToken>) -> Result<Machine, Response> {
    state.may_show_token(origin.source).await.map_err(not_now)?;
    let machine = match &token {
        None => None,
        Some(token) => state.store.find_machine(&token.hash(), OffsetDateTime::now_utc()).await.map_err(|error| {
            tracing::error!(%error, "cannot look a machine token up");
            unavailable()
        })?,
    };
    if let Some(machine) = machine {
        return Ok(machine);
    }
    let counted = state.count_wrong_token(origin.source).await;
    Err(counted.map_or_else(|error| not_now(error.into()), |()| invalid_token()))
}

fn handed_out(credential: HandedOut) -> Response {
    let HandedOut { provider, version, updated_at, fields } = credential;
    let body = Credential {
        provider: provider.as_str(),
        version,
        updated_at: updated_at.format(&Rfc3339).unwrap_or_default(),
        fields: fields.into_iter().map(|(name, value)| (name, value.expose_secret().to_owned())).collect(),
    };
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response()
}

fn not_handed_out(refused: NotHandedOut) -> Response {
    match refused {
        NotHandedOut::TokenEnded => invalid_token(),
        NotHandedOut::Suspended => {
            refuse(StatusCode::FORBIDDEN, "suspended", "Este painel está suspenso: fale com a sua agência.")
        }
        NotHandedOut::OutOfScope => {
            refuse(StatusCode::FORBIDDEN, "not_in_scope", "Este token não foi feito para esta conexão.")
        }
        NotHandedOut::NotStored => {
            refuse(StatusCode::NOT_FOUND, "not_stored", "Nada está guardado: preencha o cartão em Conexões.")
        }
        NotHandedOut::NotConnected => refuse(
            StatusCode::CONFLICT,
            "not_connected",
            "Nenhuma conta Google está conectada, ou o acesso foi retirado: conecte-a em Conexões.",
        ),
        NotHandedOut::GoogleUnavailable | NotHandedOut::Failed(AppError::Unavailable) => unavailable(),
        NotHandedOut::Unreadable => refuse(
            StatusCode::INTERNAL_SERVER_ERROR,
            "unreadable",
            "O que está guardado não abre: guarde o cartão de novo em Conexões ou fale com a sua agência.",
        ),
        NotHandedOut::Failed(_) => {
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "internal", "O painel falhou: tente de novo em um minuto.")
        }
    }
}

fn refuse(status: StatusCode, error: &'static str, message: &'static str) -> Response {
    (status, Json(Refusal { error, message })).into_response()
}

fn invalid_token() -> Response {
    let mut response = refuse(
        StatusCode::UNAUTHORIZED,
        "invalid_token",
        "O token não vale: confira o cabeçalho “Authorization: Bearer …” ou crie outro em Conexões → Automação.",
    );
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"painel\""));
    response
}

fn too_many(wait: Duration) -> Response {
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "too_many", "Leituras demais: espere e tente de novo.");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    response
}

fn not_now(refused: NotNow) -> Response {
    match refused {
        NotNow::Wait(wait) => too_many(wait),
        NotNow::Store(error) => {
            tracing::error!(%error, "a machine's tries cannot be counted");
            unavailable()
        }
    }
}

fn unavailable() -> Response {
    let mut response =
        refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Não deu para ler agora: tente de novo em um minuto.");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    response
}

/// The description, at the address of this installation.
async fn document(Shared(state): Shared<State>) -> Response {
    let mut document = Interface::openapi();
    let here = state.base_url.as_str().trim_end_matches('/');
    document.servers = Some(vec![utoipa::openapi::Server::new(here)]);
    Json(document).into_response()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Painel",
        version = "1.0.0",
        description = "What a tenant's own automation may read. Tokens are made by the tenant's admins under \
                       Conexões → Automação; a token is for one tenant, for the providers chosen, until the day chosen."
    ),
    paths(credential),
    components(schemas(Credential, Refusal)),
    modifiers(&BearerToken)
)]
struct Interface;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}
