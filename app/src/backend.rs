//! What a server must supply for one request: every feature's port, and how an answer's status is told.

use crate::{
    appointments::AppointmentsBackend,
    audit::AuditBackend,
    automation::AutomationBackend,
    console::ConsoleBackend,
    conversations::ConversationsBackend,
    credentials::{CredentialsBackend, GoogleBackend},
    error::AppError,
    links::LinksBackend,
    mapping::MappingBackend,
    overview::OverviewBackend,
    security::SecurityBackend,
    session::SessionBackend,
    team::TeamBackend,
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::{sync::Arc, time::Duration};

/// Every port at once. The server makes one for each request, bound to that request's session and tenant.
pub trait Backend:
    SessionBackend
    + LinksBackend
    + SecurityBackend
    + OverviewBackend
    + ConversationsBackend
    + AppointmentsBackend
    + CredentialsBackend
    + GoogleBackend
    + AutomationBackend
    + MappingBackend
    + TeamBackend
    + AuditBackend
    + ConsoleBackend
{
}

impl<T> Backend for T where
    T: SessionBackend
        + LinksBackend
        + SecurityBackend
        + OverviewBackend
        + ConversationsBackend
        + AppointmentsBackend
        + CredentialsBackend
        + GoogleBackend
        + AutomationBackend
        + MappingBackend
        + TeamBackend
        + AuditBackend
        + ConsoleBackend
{
}

/// The request's backend.
///
/// # Errors
/// `Internal` outside of a request, which is a fault in the router.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    use_context::<Arc<dyn Backend>>().ok_or_else(|| AppError::Internal { incident: "no-backend".to_owned() })
}

/// How long the first byte of a page about one thing waits for whether it is there; see [`status_of`](crate::ui::status_of).
#[derive(Debug, Clone, Copy)]
pub struct StatusWait(pub Duration);

impl Default for StatusWait {
    /// Three answers of a project far away, and half of what a person takes for "at once".
    fn default() -> Self {
        Self(Duration::from_millis(500))
    }
}

/// Awaits `work` and tells the response's status when it failed.
///
/// # Errors
/// That of `work`.
pub async fn answer<T>(work: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    let result = work.await;
    if let Err(error) = &result {
        tell_status(error);
    }
    result
}

/// The same for a part that stands on several pages: it tells the status of the page that has this address alone.
///
/// # Errors
/// That of `work`.
pub async fn answer_at<T>(page: &str, work: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    let elsewhere =
        use_context::<Parts>().is_some_and(|parts| !parts.uri.path().starts_with("/api/") && parts.uri.path() != page);
    if elsewhere { work.await } else { answer(work).await }
}

/// For a call by script the error's own status. For a page only what concerns the page as a whole: a panel that could
/// not be read does not make the page an error. For a plain form nothing: its answer is a redirect.
pub(crate) fn tell_status(error: &AppError) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else { return };
    if parts.uri.path().starts_with("/api/") {
        let form = parts.headers.get(header::ACCEPT).is_some_and(contains_html);
        if form {
            return;
        }
    } else if !matches!(error, AppError::NotFound | AppError::NotAllowed | AppError::Gone | AppError::Unavailable) {
        return;
    }
    if let Some(seconds) = error.retry_after() {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.set_status(StatusCode::from_u16(error.status()).expect("every error has a valid status"));
}

fn contains_html(accept: &HeaderValue) -> bool {
    accept.to_str().is_ok_and(|value| value.contains("text/html"))
}
