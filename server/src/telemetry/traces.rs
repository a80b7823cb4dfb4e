//! Traces for a collector of whoever runs Painel: the spans of `spans.rs`, in batches, by OTLP as protobuf over HTTP, to where
//! the environment says (`OTEL_EXPORTER_OTLP_ENDPOINT` and the other standard names, which OpenTelemetry reads itself).
//!
//! The collector is the operator's own, most often beside this process: this is the one traffic that does not go through
//! `egress`, whose fence is for addresses of tenants. No tenant's host is told of a trace: `traceparent` is read, from
//! trusted proxies, and sent to nobody.

use super::spans::TARGET;
use crate::web::source::TrustedProxies;
use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use async_trait::async_trait;
use axum::extract::{ConnectInfo, Request as Incoming};
use opentelemetry::{Key, KeyValue, propagation::TextMapPropagator, trace::TracerProvider};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, SpanExporter, WithHttpConfig,
};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use reqwest::{Client, redirect::Policy};
use std::{error::Error, net::SocketAddr, sync::OnceLock, time::Duration};
use tokio::{runtime::Handle, task};
use tracing::{Instrument, Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, Registry, filter::Targets};
use uuid::Uuid;

/// What takes spans.
pub(super) type Taker = Box<dyn Layer<Registry> + Send + Sync>;

/// For one batch, as OpenTelemetry has it.
const SENT_WITHIN: Duration = Duration::from_secs(10);

/// Of this process; there when traces are sent.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// What takes the spans, when there is a collector. Once a process, and within the runtime that sends.
///
/// # Errors
/// When what the environment says cannot be used.
pub(super) fn taker() -> Result<Option<Taker>, Box<dyn Error>> {
    let said = |name: &&str| std::env::var(name).is_ok_and(|value| !value.trim().is_empty());
    if ![OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT].iter().any(said) {
        return Ok(None);
    }
    let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(SENT_WITHIN).build()?;
    let collector = Collector { client, runtime: Handle::try_current()? };
    let exporter = SpanExporter::builder().with_http().with_http_client(collector).build()?;
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource()).build();
    let layer = tracing_opentelemetry::layer::<Registry>()
        .with_tracer(provider.tracer("painel"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        // Who is whose child is known by the spans: they go from thread to thread.
        .with_context_activation(false)
        .with_filter(Targets::new().with_target(TARGET, Level::INFO));
    // Before leptos does it: what it does for a page on the side is the page's.
    Executor::init_custom_executor(WithinSpans)?;
    // The first one is the only one.
    let _ = PROVIDER.set(provider);
    Ok(Some(Box::new(layer)))
}

/// Makes a request's span part of the trace that a trusted proxy says it is part of. Anybody else may say anything.
pub(super) fn follow(span: &Span, request: &Incoming, proxies: &TrustedProxies) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if PROVIDER.get().is_some() && peer.is_some_and(|peer| proxies.trusts(peer.to_canonical())) {
        let before = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
        // It fails where nobody takes this span.
        let _ = span.set_parent(before);
    }
}

/// Sends what was not sent yet. After that nothing is taken any more.
pub async fn send_last_traces(within: Duration) {
    let Some(provider) = PROVIDER.get() else { return };
    if let Ok(Err(error)) = task::spawn_blocking(move || provider.shutdown_with_timeout(within)).await {
        tracing::warn!(%error, "the last traces were not sent");
    }
}

/// Who sends: by the environment, else by our own name.
fn resource() -> Resource {
    let told = Resource::builder()
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.instance.id", Uuid::new_v4().to_string()));
    let name = Resource::builder().build().get(&Key::new("service.name"));
    match name {
        Some(name) if !name.as_str().starts_with("unknown_service") => told.build(),
        _ => told.with_service_name("painel").build(),
    }
}

/// The way to the collector. Batches are sent by a thread of OpenTelemetry's own, which knows no runtime.
#[derive(Debug)]
struct Collector {
    client: Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), reqwest::Request::try_from(request)?);
        let asked = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                headers.clone_from(answer.headers());
            }
            Ok::<_, HttpError>(response.body(answer.bytes().await?)?)
        });
        asked.await?
    }
}

/// Runs what leptos has done on the side within the span that it was begun in.
struct WithinSpans;

impl CustomExecutor for WithinSpans {
    fn spawn(&self, future: PinnedFuture<()>) {
        tokio::spawn(future.in_current_span());
    }

    fn spawn_local(&self, future: PinnedLocalFuture<()>) {
        task::spawn_local(future.in_current_span());
    }

    fn poll_local(&self) {}
}
