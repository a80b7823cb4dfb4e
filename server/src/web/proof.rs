//! What would change something with a session's cookie must say where it comes from. tower-http's `csrf` layer lets a
//! request through that says nothing at all, as old browsers and scripts send them; with a session at stake, silence is no
//! proof. Without the cookie there is nothing to abuse: scripts may go on signing in.

use super::session::cookie_name;
use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_sessions::cookie::Cookie;

/// Refuses what is silent about its origin, and the method TRACE, which would send cookies back to whoever reads answers.
pub async fn demand(secure: bool, request: Request, next: Next) -> Response {
    if request.method() == Method::TRACE {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response();
    }
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && is_silent(request.headers()) && has_session(secure, request.headers()) {
        return (StatusCode::FORBIDDEN, "a request with a session must say its origin\n").into_response();
    }
    next.run(request).await
}

fn is_silent(headers: &HeaderMap) -> bool {
    ["sec-fetch-site", "origin"].iter().all(|name| headers.get(*name).is_none_or(header::HeaderValue::is_empty))
}

fn has_session(secure: bool, headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .any(|cookie| cookie.name() == cookie_name(secure))
}
