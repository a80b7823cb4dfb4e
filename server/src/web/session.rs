//! Sessions: a random id in a cookie, only its hash in the store. What a session holds is written here alone.

use super::caller::Origin;
use crate::{
    auth::hash_of,
    config::Config,
    store::{NewSession, Store, StoreError, TenantId, UserId},
};
use async_trait::async_trait;
use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Error, Id, Record},
    session_store,
};

/// A session ends this long after it began, whatever happens.
pub const ABSOLUTE: Duration = Duration::hours(24);
/// And this long after its last request.
pub const IDLE: Duration = Duration::hours(1);

const USER: &str = "user";
const TENANT: &str = "tenant";
const DEVICE: &str = "device";
const SOURCE: &str = "source";
const PENDING: &str = "pending";
const CONFIRMED: &str = "confirmed";

/// How long a typed password counts for what asks for a fresh one.
const CONFIRM_WITHIN: Duration = Duration::minutes(5);
/// How long the second step may take.
const CODE_WITHIN: Duration = Duration::minutes(10);
/// A user's sessions at a time; the oldest go first.
pub const MOST_SESSIONS: u32 = 10;

/// The cookie's name.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-painel" } else { "painel" }
}

/// The session layer with our cookie.
pub fn layer(store: Store, config: &Config) -> SessionManagerLayer<Records> {
    with_our_cookie(Records(store), config.secure())
}

/// The same before whatever keeps the sessions.
pub(super) fn with_our_cookie<Kept: SessionStore>(kept: Kept, secure: bool) -> SessionManagerLayer<Kept> {
    SessionManagerLayer::new(kept)
        .with_name(cookie_name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(ABSOLUTE))
}

/// Signs a user in, into a tenant or none yet: always with a new id, so that an id known before is worth nothing. It
/// stands in the store when this returns: whatever ends all of the user's sessions from now on ends it too. `confirmed`
/// is when the user last typed their password.
///
/// # Errors
/// When the store cannot be written.
pub async fn begin(
    session: &Session,
    user: UserId,
    tenant: Option<TenantId>,
    origin: &Origin,
    confirmed: Option<OffsetDateTime>,
) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(USER, user).await?;
    if let Some(tenant) = tenant {
        session.insert(TENANT, tenant).await?;
    }
    if let Some(confirmed) = confirmed {
        session.insert(CONFIRMED, confirmed.unix_timestamp()).await?;
    }
    session.insert(DEVICE, &origin.device).await?;
    session.insert(SOURCE, origin.source.map(|address| address.to_string()).unwrap_or_default()).await?;
    session.save().await
}

/// When the user last typed their password in this session.
///
/// # Errors
/// When the store cannot be read.
pub async fn confirmed(session: &Session) -> Result<Option<OffsetDateTime>, Error> {
    let seconds: Option<i64> = session.get(CONFIRMED).await?;
    Ok(seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()))
}

/// Whether a password typed then still counts as fresh.
pub fn is_fresh(confirmed: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    confirmed.is_some_and(|then| now - then <= CONFIRM_WITHIN)
}

/// The first step is done: remembers for whom, under a new id. Nobody is signed in by it.
///
/// # Errors
/// When the store cannot be written.
pub async fn await_code(session: &Session, user: UserId, now: OffsetDateTime) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(PENDING, (user, now.unix_timestamp())).await
}

/// For whom the first step was done within the last ten minutes.
///
/// # Errors
/// When the store cannot be read.
pub async fn awaited(session: &Session, now: OffsetDateTime) -> Result<Option<UserId>, Error> {
    let pending: Option<(UserId, i64)> = session.get(PENDING).await?;
    Ok(pending.filter(|(_, since)| now.unix_timestamp() - since < CODE_WITHIN.whole_seconds()).map(|(user, _)| user))
}

/// What one page leaves for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flash {
    /// A link that was just made.
    Link,
    /// What a connection test told.
    Report,
    /// A machine token that was just made.
    Token,
    /// What Google was asked for, until somebody comes back from there.
    Consent,
}

impl Flash {
    /// Its key in the session, and whose it is when it is sealed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Report => "report",
            Self::Token => "token",
            Self::Consent => "consent",
        }
    }
}

/// Keeps something for the next page that asks for it.
///
/// # Errors
/// When the store cannot be written.
pub async fn put_flash(session: &Session, flash: Flash, sealed: &[u8]) -> Result<(), Error> {
    session.insert(flash.word(), BASE64.encode(sealed)).await
}

/// What was kept, which stays.
///
/// # Errors
/// When the store cannot be read.
pub async fn find_flash(session: &Session, flash: Flash) -> Result<Option<Vec<u8>>, Error> {
    let kept: Option<String> = session.get(flash.word()).await?;
    Ok(kept.and_then(|text| BASE64.decode(text).ok()))
}

/// Takes what was kept: it is there once.
///
/// # Errors
/// When the store cannot be read.
pub async fn take_flash(session: &Session, flash: Flash) -> Result<Option<Vec<u8>>, Error> {
    // Looked at first: taking what is not there counts as a change, and every page would write to the store.
    if session.get_value(flash.word()).await?.is_none() {
        return Ok(None);
    }
    let kept: Option<String> = session.remove(flash.word()).await?;
    Ok(kept.and_then(|text| BASE64.decode(text).ok()))
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
            device: field(&record.data, DEVICE).unwrap_or_default(),
            source: field(&record.data, SOURCE).unwrap_or_default(),
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
    let kind = if matches!(error, StoreError::Unavailable(_)) { AWAY } else { "" };
    session_store::Error::Backend(format!("{kind}{error}"))
}

/// How the text of an error begins that may pass: tower-sessions hands on nothing but the text.
const AWAY: &str = "away: ";

/// Whether the database was away, and nothing is wrong with the session.
pub fn is_away(error: &Error) -> bool {
    matches!(error, Error::Store(session_store::Error::Backend(text)) if text.starts_with(AWAY))
}

/// tower-sessions answers with a bare 500 when a session cannot be written, which is for want of the database.
pub async fn unsaved(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let bare = response.status() == StatusCode::INTERNAL_SERVER_ERROR && response.headers().is_empty();
    if bare { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { response }
}
