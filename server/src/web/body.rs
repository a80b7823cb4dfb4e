//! A request's body, read whole before anything of ours runs. A body that grows too large while a server function reads it
//! would be told as a bad form; here it is told as what it is, whether it announced its length or not.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The largest form that anybody has to send, in bytes.
const LARGEST: usize = 64 * 1024;

/// Reads up to [`LARGEST`] bytes, else 413.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // Announced: refused before it is read.
    if body.size_hint().lower() > LARGEST as u64 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    match to_bytes(body, LARGEST).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        // Or the client broke off: then nobody reads this.
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    }
}
