//! What is known of a request before anything of ours runs: who asks, from where, with which browser, and whether they
//! may ask for this at all (`app::access`).

use super::{device, session::IDLE};
use crate::{
    auth::hash_of,
    state::State,
    store::{Caller, StoreError},
    telemetry::{Phase, Timing},
    words::UNKNOWN_BROWSER,
};
use app::{access::Need, error::AppError, session::Permission};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use time::OffsetDateTime;
use tower_sessions::{Session, cookie::Cookie};

/// Who a request comes from.
#[derive(Clone, Default)]
pub struct Identity {
    /// The signed-in user.
    pub caller: Option<Arc<Caller>>,
    /// The hash of the id of the session that they are signed in by.
    pub session: Option<[u8; 32]>,
    /// Set when the caller may not ask for this path: whatever runs, runs into it.
    pub refused: Option<AppError>,
    /// Where the request comes from.
    pub origin: Origin,
    /// Where its time goes.
    pub timing: Timing,
}

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The client's address.
    pub source: Option<IpAddr>,
    /// The id that the response carries.
    pub request_id: String,
    /// The cookie that marks a known device.
    pub device_mark: Option<String>,
    /// Browser and system as they are kept: "Chrome · Android". Whoever shows it asks `words::browser`.
    pub device: String,
}

/// Finds out who asks and whether they may. Pages lead to wherever the caller can go on from.
pub async fn identify(Shared(state): Shared<State>, session: Session, mut request: Request, next: Next) -> Response {
    let Some(need) = app::access::need(request.uri().path()) else {
        // No page, file or function of ours: what follows answers 404 and is told nothing.
        return next.run(request).await;
    };
    let stream = app::access::is_stream(request.uri().path());
    let session = session.id().map(|id| hash_of(&id.to_string()));
    let timing = Timing::default();
    let caller = match &session {
        None => None,
        Some(id_hash) => match timing.during(Phase::Session, look_up(&state, id_hash, stream)).await {
            Ok(caller) => caller,
            Err(error) => {
                tracing::error!(%error, "cannot read the session");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        },
    };
    let path = request.uri().path();
    let page = !path.starts_with("/api/") && !stream && matches!(*request.method(), Method::GET | Method::HEAD);
    if page && let Some(elsewhere) = redirect(need, caller.as_ref(), &request) {
        return Redirect::to(&elsewhere).into_response();
    }
    let refused = refuse(need, caller.as_ref());
    let origin = origin(&state, &request);
    let timed = state.watched || (!stream && keeps_connections(caller.as_ref()));
    let caller = caller.map(Arc::new);
    request.extensions_mut().insert(Identity { caller, session, refused, origin, timing: timing.clone() });
    let response = next.run(request);
    if timed { timing.told(response).await } else { response.await }
}

/// Whether the caller may mend what makes a page slow.
fn keeps_connections(caller: Option<&Caller>) -> bool {
    let visitor = caller.and_then(|caller| caller.visitor.as_ref());
    visitor.is_some_and(|visitor| visitor.role.may(Permission::KeepCredentials))
}

/// The session's caller. Listening is no use of a session: pages come back to it by themselves, for as long as they are open.
async fn look_up(state: &State, id_hash: &[u8; 32], listens: bool) -> Result<Option<Caller>, StoreError> {
    let now = OffsetDateTime::now_utc();
    if listens {
        state.store.peek_caller(id_hash, now, IDLE).await
    } else {
        state.store.find_caller(id_hash, now, IDLE).await
    }
}

/// Why the caller may not ask for this.
fn refuse(need: Need, caller: Option<&Caller>) -> Option<AppError> {
    if need == Need::Anyone {
        return None;
    }
    let Some(caller) = caller else { return Some(AppError::NotSignedIn) };
    if caller.second_factor_due() && need != Need::SignedIn {
        return Some(AppError::SecondFactorDue);
    }
    let tenant = caller.visitor.as_ref().map(|visitor| visitor.role);
    let agency = caller.agency.as_ref().map(crate::store::AgencyScope::role);
    (!need.met_by(tenant, agency)).then_some(AppError::NotAllowed)
}

/// Where a page leads instead of itself.
fn redirect(need: Need, caller: Option<&Caller>, request: &Request) -> Option<String> {
    let path = request.uri().path();
    let Some(caller) = caller else { return (need != Need::Anyone).then(|| log_in_address(request)) };
    if path == "/login" {
        return Some(home(caller).to_owned());
    }
    if caller.second_factor_due() && need != Need::SignedIn && need != Need::Anyone {
        return Some("/settings/security".to_owned());
    }
    let without_tenant = matches!(need, Need::Tenant(_)) && caller.visitor.is_none();
    without_tenant.then(|| home(caller).to_owned())
}

/// Where a signed-in caller begins.
pub fn home(caller: &Caller) -> &'static str {
    match (&caller.visitor, &caller.agency) {
        (Some(_), _) => "/",
        (None, Some(_)) => "/console",
        (None, None) => "/choose",
    }
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

pub(super) fn origin(state: &State, request: &Request) -> Origin {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Origin {
        source: Some(state.proxies.source(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), headers)),
        request_id: text("x-request-id"),
        device_mark: cookie(headers, device::cookie_name(state.secure())),
        device: device_in_words(&text("user-agent")),
    }
}

/// The value of a cookie.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Browser and system as a person names them. Good enough to recognise one's own: nothing is decided by it.
fn device_in_words(agent: &str) -> String {
    let first = |pairs: &[(&str, &str)]| {
        pairs.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, word)| (*word).to_owned())
    };
    // The order matters: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => UNKNOWN_BROWSER.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140", "Edge · Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox · Android"),
            ("curl/8", "Navegador desconhecido"),
            ("", "Navegador desconhecido"),
        ] {
            assert_eq!(device_in_words(agent), words);
        }
    }
}
