//! Traces of the real binary, as a collector of the operator's gets them: what was done for whom is in them by its kind, and
//! nothing of who it was, what was asked or what was said.

use crate::{
    behind::{self, contains},
    harness::{Browser, PASSWORD, project},
    served::Served,
};
use app::session::Role;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};
use reqwest::Method;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// Of a trace that somebody else began.
const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const SLUG: &str = "rastro-secreto";
const REQUEST_ID: &str = "pedido-rastreado";
const ENDS_WITHIN: Duration = Duration::from_secs(15);

type Taken = Arc<Mutex<Vec<u8>>>;

/// A collector, and what it took: of protobuf, in which texts stand as they are.
async fn collector() -> (String, Taken) {
    let taken = Taken::default();
    let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&taken));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, taken)
}

async fn take(State(taken): State<Taken>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers[header::CONTENT_TYPE], "application/x-protobuf");
    assert_eq!(headers["x-key"], "of-the-collector", "as the environment says");
    taken.lock().unwrap().extend_from_slice(&body);
    StatusCode::OK
}

/// People at work for a moment, until the process is asked to end; what the collector has then, and what must not be in it.
async fn traced(proxies: &str) -> (Vec<u8>, Vec<String>) {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant(SLUG, Role::Admin, Some(0)).await;
    let (url, taken) = collector().await;
    let environment = [
        ("PAINEL_EGRESS_ALLOW", project(0, "origin")),
        ("PAINEL_TRUSTED_PROXIES", proxies.to_owned()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=of-the-collector".to_owned()),
        // Nothing is sent before the end.
        ("OTEL_BSP_SCHEDULE_DELAY", "60000".to_owned()),
    ];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut served = Served::start(&behind, &server, &environment).await;
    let mut browser = Browser::new(&served.url);
    assert_eq!(browser.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
    let token = "A-_0".repeat(11)[..43].to_owned();
    let question = "segredo-na-pergunta";
    for path in [format!("/conversations?q={question}"), "/conversations/1001".to_owned(), format!("/reset/{token}")] {
        let request = browser.request(Method::GET, &path).header(header::ACCEPT, "text/html");
        let request = request.header("x-request-id", REQUEST_ID);
        let traced = request.header("traceparent", format!("00-{TRACE:032x}-00f067aa0ba902b7-01"));
        browser.send(traced).await.text().await.unwrap();
    }
    served.signal("TERM");
    let end = served.ends_within(ENDS_WITHIN).await;
    assert!(end.is_some_and(|(code, _)| code == Some(0)), "{end:?}");
    let id = *tenant.scope.tenant().as_uuid();
    let (session, origin) = (browser.cookie.unwrap(), project(0, "origin"));
    let canaries = vec![
        SLUG.to_owned(),
        tenant.email,
        PASSWORD.to_owned(),
        token,
        question.to_owned(),
        "/conversations/1001".to_owned(),
        id.to_string(),
        id.simple().to_string(),
        session.split_once('=').unwrap().1.to_owned(),
        project(0, "publishable_key"),
        origin.rsplit(':').next().unwrap().to_owned() + "/rest",
        project(0, "ref"),
    ];
    let bytes = taken.lock().unwrap().clone();
    (bytes, canaries)
}

/// How many spans are of the trace that somebody else began.
fn of_the_trace(bytes: &[u8]) -> usize {
    bytes.windows(16).filter(|window| *window == TRACE.to_be_bytes()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_gets_what_was_done_and_nothing_of_whom() {
    let (bytes, canaries) = traced("127.0.0.1").await;
    println!("traces: {} bytes, {} spans below those of a proxy", bytes.len(), of_the_trace(&bytes));
    for there in [
        "painel",
        "POST /api/session/log_in",
        "GET /conversations",
        "GET /conversations/{id}",
        "GET /reset/{token}",
        REQUEST_ID,
        "http.response.status_code",
        "call supabase conversations",
        "call supabase messages",
        "http.response.body.size",
        "database read ",
        "sessions",
    ] {
        assert!(contains(&bytes, there), "{there} is told");
    }
    for secret in canaries {
        assert!(!contains(&bytes, &secret), "{secret} is in a trace");
    }
    // Three requests, each with what was asked of the database and the project for it.
    assert!(of_the_trace(&bytes) > 10, "{}", of_the_trace(&bytes));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_trace_is_not_gone_on_with() {
    let (bytes, _) = traced("").await;
    assert!(contains(&bytes, "GET /conversations"));
    assert_eq!(of_the_trace(&bytes), 0);
}
