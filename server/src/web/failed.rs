//! Words for answers that failed without any: the database is away and nobody can be told apart, a request took too long, a
//! handler panicked. A page for people, JSON for what asks as a program. Painel's own pages cannot be drawn then: they
//! ask who is there.

use super::caller::cookie;
use app::{
    error::AppError,
    lang::{Lang, lang, speak},
    session::{THEME_COOKIE, Theme},
    tr,
};
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

/// The look of the whole product in a few lines: `style/tokens.css` may be what cannot be had.
const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;\
background:light-dark(#fbfaf7,#0e1518);color:light-dark(#12202a,#eeece7)}\
:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}\
body{display:grid;min-height:100vh;margin:0;padding:1rem;box-sizing:border-box;place-items:center}\
main{box-sizing:border-box;width:min(100%,27rem);padding:2rem;\
border:1px solid light-dark(#e4e2dd,#2a3337);border-radius:14px;background:light-dark(#fff,#151d20)}\
h1{margin:0 0 .5rem;font-size:1.375rem;line-height:1.2}p{margin:.5rem 0 0}\
.brand{display:flex;align-items:center;gap:.75rem;margin:0 0 1.25rem;font-weight:700}\
.brand span{display:grid;width:34px;height:34px;place-items:center;border-radius:9px;\
background:light-dark(#00626a,#5bc0c0);color:light-dark(#fff,#00181b)}\
.ways{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;margin-top:1.25rem}\
.ways a{display:inline-flex;align-items:center;min-height:44px;color:light-dark(#00626a,#5bc0c0)}\
a:focus-visible{outline:2px solid;outline-offset:2px}.code{color:light-dark(#4f5a62,#a9b1b5);font-size:.8125rem}\
@media (prefers-contrast:more){main{border-color:currentColor}.code{color:inherit}}";

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

/// An answer whose words are put in by [`tell`], as a page or as text: whichever was asked for.
pub fn refused(error: AppError) -> Response {
    let mut response = StatusCode::from_u16(error.status()).expect("every error has a valid status").into_response();
    response.extensions_mut().insert(error);
    response
}

/// Puts words into a bare 429, 500 or 503, and into what [`refused`] made.
pub async fn tell(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let mut response = next.run(request).await;
    let bare = response.body().size_hint().exact() == Some(0);
    let error = match (response.extensions_mut().remove::<AppError>(), response.status()) {
        (Some(error), _) => error,
        (None, StatusCode::SERVICE_UNAVAILABLE) if bare => AppError::Unavailable,
        (None, StatusCode::TOO_MANY_REQUESTS) if bare => AppError::TooMany { retry_after: wait(response.headers()) },
        (None, StatusCode::INTERNAL_SERVER_ERROR) if bare => AppError::Internal { incident: asked.incident.clone() },
        _ => return response,
    };
    let mut told = asked.words(&error);
    *told.status_mut() = response.status();
    if let Some(seconds) = error.retry_after() {
        told.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    told
}

/// How long a bare 429 asks to wait, in seconds.
fn wait(headers: &HeaderMap) -> u32 {
    text(headers, "retry-after").parse().unwrap_or(30)
}

/// How the request asked.
struct Asked {
    theme: Theme,
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
            theme: theme(headers),
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
            let word = match error.status() {
                503 => "unavailable",
                429 => "too_many",
                _ => "internal",
            };
            // As all that this interface says.
            let message = speak(Lang::Pt, || error.to_string());
            return axum::Json(json!({"error": word, "message": message})).into_response();
        }
        if self.page {
            return self.page(error);
        }
        if self.function { axum::Json(error).into_response() } else { format!("{error}\n").into_response() }
    }

    fn page(&self, error: &AppError) -> Response {
        let (title, advice) = (escaped(&error.title()), escaped(&error.advice()));
        // Whether a form was saved is not known: it must not be sent again by a mere click.
        let (next, again) = if self.again {
            (String::new(), format!("<a href=\"\">{}</a>", tr!("Tentar de novo", "Try again")))
        } else {
            let words = tr!(
                "Volte à página anterior e veja o que foi guardado antes de enviar de novo.",
                "Go back to the previous page and see what was saved before you send it again."
            );
            (format!("<p>{words}</p>"), String::new())
        };
        let home = tr!("Ir para o início", "Go to Home");
        let code = tr!(
            "Se continuar, avise a sua agência. Código deste pedido:",
            "If it continues, tell your agency. Code of this request:"
        );
        let html = format!(
            "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Painel</title>\
             <style>{STYLE}</style></head><body><main>\
             <p class=\"brand\"><span aria-hidden=\"true\">P</span>Painel</p><h1>{title}</h1><p>{advice}</p>{next}\
             <p class=\"ways\">{again}<a href=\"/\">{home}</a></p>\
             <p class=\"code\">{code} {incident}</p>\
             </main></body></html>",
            lang = lang().as_str(),
            theme = self.theme.as_str(),
            incident = escaped(&self.incident),
        );
        ([(header::CONTENT_SECURITY_POLICY, POLICY.clone())], Html(html)).into_response()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The colours that the request's cookie asks for.
fn theme(headers: &HeaderMap) -> Theme {
    cookie(headers, THEME_COOKIE).map(|word| Theme::parse(&word)).unwrap_or_default()
}

/// Words that a tenant wrote may be among an error's.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
