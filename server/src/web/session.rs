//! Sessions: a random id in a cookie, only its hash in the store; and who that makes of a request.

use crate::{
    auth::hash_of,
    config::Config,
    state::State,
    store::{NewSession, Store, StoreError, TenantId, UserId, Visitor},
};
use async_trait::async_trait;
use axum::{
    extract::{Request, State as Shared},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::{collections::HashMap, sync::Arc};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// A session ends this long after it began, whatever happens.
pub const ABSOLUTE: Duration = Duration::hours(24);
/// And this long after its last request.
pub const IDLE: Duration = Duration::hours(1);

const USER: &str = "user";
const TENANT: &str = "tenant";

/// Who a request comes from.
#[derive(Clone, Default)]
pub struct Identity(pub Option<Arc<Visitor>>);

/// The session layer with our cookie.
pub fn layer(store: Store, config: &Config) -> SessionManagerLayer<Records> {
    let secure = config.secure();
    SessionManagerLayer::new(Records(store))
        .with_name(if secure { "__Host-painel" } else { "painel" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(ABSOLUTE))
}

/// Signs a user into a tenant: always with a new id, so that an id known before sign-in is worth nothing.
///
/// # Errors
/// When the store cannot be written.
pub async fn begin(session: &Session, user: UserId, tenant: TenantId) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.insert(USER, user).await?;
    session.insert(TENANT, tenant).await
}

/// Finds out who a request comes from; pages without anybody lead to the sign-in page and back.
pub async fn identify(Shared(state): Shared<State>, session: Session, mut request: Request, next: Next) -> Response {
    let visitor = match session.id() {
        None => None,
        Some(id) => match state.store.find_visitor(&hash_of(&id.to_string()), OffsetDateTime::now_utc(), IDLE).await {
            Ok(visitor) => visitor,
            Err(error) => {
                tracing::error!(%error, "cannot read the session");
                return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        },
    };
    let path = request.uri().path();
    if visitor.is_none() && is_page(request.method(), path) {
        return Redirect::to(&log_in_address(&request)).into_response();
    }
    if visitor.is_some() && path == "/login" && request.method() == Method::GET {
        return Redirect::to("/").into_response();
    }
    request.extensions_mut().insert(Identity(visitor.map(Arc::new)));
    next.run(request).await
}

/// Pages of signed-in users. `/login` is not one; neither are server functions, which answer an error of their own.
fn is_page(method: &Method, path: &str) -> bool {
    (method == Method::GET || method == Method::HEAD)
        && (path == "/"
            || path == "/conversations"
            || path.starts_with("/conversations/")
            || path == "/appointments"
            || path.starts_with("/settings/"))
}

fn log_in_address(request: &Request) -> String {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let referred = request.headers().contains_key(header::REFERER);
    if wanted == "/" && !referred {
        return "/login".to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("/login?next={next}")
}

/// Our store behind tower-sessions. The id itself never reaches the database.
#[derive(Clone)]
pub struct Records(Store);

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Records")
    }
}

#[async_trait]
impl SessionStore for Records {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let now = OffsetDateTime::now_utc();
        let session = NewSession {
            id_hash: hash_of(&record.id.to_string()),
            user_id: field(&record.data, USER),
            tenant_id: field(&record.data, TENANT),
            data: encode(&record.data)?,
            expires_at: now + ABSOLUTE,
        };
        self.0.create_session(session, now).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let id_hash = hash_of(&record.id.to_string());
        let (user, tenant) = (field(&record.data, USER), field(&record.data, TENANT));
        // A session that has ended meanwhile stays ended: the update touches no row, and that is right.
        self.0.update_session(&id_hash, &encode(&record.data)?, user, tenant).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found =
            self.0.find_session(&hash_of(&id.to_string()), OffsetDateTime::now_utc(), IDLE).await.map_err(backend)?;
        found
            .map(|row| {
                let data =
                    serde_json::from_str(&row.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
                Ok(Record { id: *id, data, expiry_date: row.expires_at })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.delete_session(&hash_of(&id.to_string()), OffsetDateTime::now_utc()).await.map_err(backend)
    }
}

fn field<T: serde::de::DeserializeOwned>(data: &HashMap<String, serde_json::Value>, key: &str) -> Option<T> {
    data.get(key).and_then(|value| serde_json::from_value(value.clone()).ok())
}

fn encode(data: &HashMap<String, serde_json::Value>) -> session_store::Result<String> {
    serde_json::to_string(data).map_err(|error| session_store::Error::Encode(error.to_string()))
}

fn backend(error: StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
