//! Pages for people who are not in yet have no script: their shell names none, and what leptos writes behind the document
//! for a browser to take over is left out here.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Far more than such a page.
const LARGEST: usize = 1 << 20;
const END: &[u8] = b"</html>";

/// Ends the document where it ends.
pub async fn without_script(request: Request, next: Next) -> Response {
    let plain = app::access::without_script(request.uri().path());
    let response = next.run(request).await;
    if !plain {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let end = bytes.windows(END.len()).rposition(|part| part == END).map_or(bytes.len(), |at| at + END.len());
    Response::from_parts(parts, Body::from(bytes.slice(..end)))
}
