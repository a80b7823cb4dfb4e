//! Words for answers that failed without any: the database is away and nobody can be told apart, a request took too long, a
//! handler panicked. A page for people, JSON for what asks as a program. Painel's own pages cannot be drawn then: they
//! ask who is there.

use app::error::AppError;
use axum::{
    body::HttpBody,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{any::Any, sync::LazyLock};

const STYLE: &str = ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
                     body{display:grid;min-height:90vh;place-items:center;margin:1rem}main{max-width:28rem}";

/// Lets the page's own style in and nothing else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'");
    HeaderValue::from_str(&policy).expect("letters and signs")
});

/// What a panic leaves of an answer.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Puts words into a bare 500 or 503.
pub async fn tell(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let bare = response.body().size_hint().exact() == Some(0);
    let error = match response.status() {
        StatusCode::SERVICE_UNAVAILABLE if bare => AppError::Unavailable,
        StatusCode::INTERNAL_SERVER_ERROR if bare => AppError::Internal { incident: asked.incident.clone() },
        _ => return response,
    };
    let mut told = asked.words(&error);
    *told.status_mut() = response.status();
    if let Some(seconds) = error.retry_after() {
        told.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    told
}

/// How the request asked.
struct Asked {
    page: bool,
    function: bool,
    machine: bool,
    again: bool,
    incident: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let (headers, machine) = (request.headers(), path.starts_with("/api/v1/"));
        Self {
            page: text(headers, "accept").contains("text/html"),
            function: path.starts_with("/api/") && !machine,
            machine,
            again: request.method() == Method::GET,
            // The log's lines of this request have the whole id.
            incident: text(headers, "x-request-id").chars().take(8).collect(),
        }
    }

    fn words(&self, error: &AppError) -> Response {
        if self.machine {
            let word = if error.status() == 503 { "unavailable" } else { "internal" };
            return axum::Json(json!({"error": word, "message": error.to_string()})).into_response();
        }
        if self.page {
            return page(error, self.again);
        }
        if self.function { axum::Json(error).into_response() } else { format!("{error}\n").into_response() }
    }
}

fn page(error: &AppError, again: bool) -> Response {
    let (title, advice) = (error.title(), error.advice());
    // Whether a form was saved is not known: it must not be sent again by a mere click.
    let next = if again {
        "<p><a href=\"\">Tentar de novo</a></p>"
    } else {
        "<p>Volte à página anterior e veja o que foi salvo antes de enviar de novo.</p>"
    };
    let html = format!(
        "<!DOCTYPE html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Painel</title>\
         <style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{advice}</p>{next}</main></body></html>"
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY.clone())], Html(html)).into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
