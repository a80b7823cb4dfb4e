//! Each request is told once, when its answer has gone out whole or was given up: a line in the log, a count and a time.
//!
//! The line has the method, the route's pattern, the path without its query, the status, milliseconds and the id that the
//! response carries. A single-use link's token is in its path, and whoever reads the log must not be able to use it: of a
//! part of a path as long as a token only the beginning is told.
//!
//! Its span for traces is another one than the log's: it has the route's pattern in place of the path.

use super::{spans, traces};
use crate::web::source::TrustedProxies;
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request},
    http::{HeaderName, Method, StatusCode},
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};
use tracing::{Instrument, Span};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Of a part of a path that is longer only the beginning is told. The longest name is shorter, the shortest token has 43 letters.
const LONGEST_PART: usize = 40;
/// So many letters of it, which leave a token as good as unknown.
const BEGINNING: usize = 8;
/// The route by which pages listen to what is new.
const LISTENING: &str = "/live";
/// The route of what no route takes.
const UNMATCHED: &str = "unmatched";

/// Tells each request once. What these proxies say of a trace is believed.
pub async fn observe(proxies: Arc<TrustedProxies>, request: Request, next: Next) -> Response {
    let mut told = Told::of(&request);
    traces::follow(&told.traced, &request, &proxies);
    let response = next.run(request).instrument(told.traced.clone()).instrument(told.span.clone()).await;
    told.status = Some(response.status());
    response.map(|body| Body::new(Watched { body, told }))
}

/// What is told of a request; told when dropped.
struct Told {
    span: Span,
    /// The same for traces; ends with this.
    traced: Span,
    method: &'static str,
    route: String,
    /// None when whoever asked went away before there was an answer.
    status: Option<StatusCode>,
    whole: bool,
    began: Instant,
}

impl Told {
    fn of(request: &Request) -> Self {
        let method = word_of(request.method());
        let id = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let span = tracing::info_span!("request", method, path = path_without_tokens(request.uri().path()), id);
        metrics::gauge!("painel_http_requests_in_flight").increment(1.0);
        let route = route(request);
        let traced = spans::request(method, &route, id);
        Self { span, traced, method, route, status: None, whole: false, began: Instant::now() }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let taken = self.began.elapsed();
        let (route, method) = (self.route.clone(), self.method);
        metrics::gauge!("painel_http_requests_in_flight").decrement(1.0);
        // How long a page listens says nothing about how fast anything is.
        if route != LISTENING {
            metrics::histogram!("painel_http_request_duration_seconds", "route" => route.clone(), "method" => method)
                .record(taken.as_secs_f64());
        }
        let class = class_of(self.status);
        metrics::counter!("painel_http_requests_total", "route" => route, "method" => method, "status" => class)
            .increment(1);
        let status = self.status.map_or(0, |status| status.as_u16());
        spans::answered(&self.traced, status, self.whole);
        let (route, whole, ms) = (&self.route, self.whole, u64::try_from(taken.as_millis()).unwrap_or(u64::MAX));
        match (self.status, route.as_str()) {
            // Asked every few seconds by whoever watches; that it is not ready is told where it is found out.
            (_, "/livez" | "/readyz") => tracing::debug!(parent: &self.span, route, status, ms, whole, "answered"),
            (None, _) => tracing::info!(parent: &self.span, route, status, ms, whole, "given up by the client"),
            (Some(code), _) if code.is_server_error() => {
                tracing::warn!(parent: &self.span, route, status, ms, whole, "answered");
            }
            (Some(_), _) => tracing::info!(parent: &self.span, route, status, ms, whole, "answered"),
        }
    }
}

/// The pattern that matched. axum tells none for a folder of files.
fn route(request: &Request) -> String {
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str().to_owned(),
        None if request.uri().path().starts_with("/pkg/") => "/pkg/*".to_owned(),
        None => UNMATCHED.to_owned(),
    }
}

/// Anybody may make a method up.
fn word_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class_of(status: Option<StatusCode>) -> &'static str {
    match status.map(|status| status.as_u16() / 100) {
        None => "none",
        Some(1) => "1xx",
        Some(2) => "2xx",
        Some(3) => "3xx",
        Some(4) => "4xx",
        Some(_) => "5xx",
    }
}

fn path_without_tokens(path: &str) -> String {
    let cut = |part: &str| match part.len() {
        0..=LONGEST_PART => part.to_owned(),
        _ => part.chars().take(BEGINNING).chain(['…']).collect(),
    };
    let mut told = path.split('/').map(cut).collect::<Vec<_>>().join("/");
    if told.len() > 4 * LONGEST_PART {
        told.truncate(told.floor_char_boundary(4 * LONGEST_PART));
        told.push('…');
    }
    told
}

/// A response's body; what is logged while it is made stands in the request's span.
struct Watched {
    body: Body,
    told: Told,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let (_within, _traced) = (this.told.span.enter(), this.told.traced.enter());
        let frame = Pin::new(&mut this.body).poll_frame(context);
        this.told.whole |= matches!(frame, Poll::Ready(None)) || this.body.is_end_stream();
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
