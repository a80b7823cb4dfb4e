//! Lines and labels: all of a request that may be told, and nothing else.

use super::*;
use crate::telemetry::Pen;
use axum::{Router, middleware, routing::get};
use http::Request as HttpRequest;
use metrics_exporter_prometheus::PrometheusBuilder;
use tower::ServiceExt;

fn router() -> Router {
    let slow = get(async || -> &'static str { std::future::pending().await });
    Router::new()
        .route("/reset/{token}", get(async || "ok"))
        .route("/things/{id}", get(async || "ok").post(async || StatusCode::CONFLICT))
        .route("/slow", slow)
        .route("/livez", get(async || "ok"))
        .nest_service("/pkg", Router::new().fallback(async || "a file"))
        .layer(middleware::from_fn(|request, next| observe(Arc::default(), request, next)))
}

/// Runs requests; gives the log's lines and the figures.
fn told(requests: Vec<HttpRequest<Body>>, log: &str) -> (Vec<serde_json::Value>, String) {
    let pen = Pen::default();
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(log).with_writer(pen.clone()).finish();
    metrics::with_local_recorder(&recorder, || {
        tracing::subscriber::with_default(subscriber, || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                for request in requests {
                    let slow = request.uri().path() == "/slow";
                    let answer = router().oneshot(request);
                    if slow {
                        let _ = tokio::time::timeout(std::time::Duration::from_millis(20), answer).await;
                        continue;
                    }
                    let body = answer.await.unwrap().into_body();
                    axum::body::to_bytes(body, 1 << 20).await.unwrap();
                }
            });
        });
    });
    (pen.lines(), figures.render())
}

fn ask(method: &str, path: &str, id: Option<&str>) -> HttpRequest<Body> {
    let mut request = HttpRequest::builder().method(method).uri(path);
    if let Some(id) = id {
        request = request.header("x-request-id", id);
    }
    request.body(Body::empty()).unwrap()
}

#[test]
fn each_request_is_told_once_and_no_secret_with_it() {
    let token = "A-_0".repeat(11)[..43].to_owned();
    let asked = vec![
        ask("GET", &format!("/reset/{token}"), Some("abc-1")),
        ask("GET", &format!("//reset/{token}/?x={token}"), None),
        ask("GET", &format!("/reset%2F{token}"), None),
        ask("GET", "/things/7?code=4/hush&page=2", Some("abc-2")),
        ask("POST", "/things/8", None),
        ask("BREW", "/pkg/a/b.js", None),
        ask("GET", "/slow", None),
        ask("GET", "/livez", None),
        ask("GET", &format!("/{}", "wp-admin/".repeat(90)), None),
    ];
    let many = asked.len();
    let (lines, figures) = told(asked, "info");
    let text = serde_json::to_string(&lines).unwrap();
    for secret in [token.as_str(), "hush", "page=2"] {
        assert!(!text.contains(secret) && !figures.contains(secret), "{secret}: {text}\n{figures}");
    }
    let shown: Vec<String> = lines
        .iter()
        .map(|line| {
            let (fields, span) = (&line["fields"], &line["span"]);
            assert!(fields["ms"].is_u64(), "{line}");
            format!("{} {} {} {} {}", span["method"], span["path"], fields["route"], fields["status"], span["id"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(
        shown[..7],
        [
            "GET /reset/A-_0A-_0… /reset/{token} 200 abc-1",
            "GET //reset/A-_0A-_0…/ unmatched 404 ",
            "GET /reset%2F… unmatched 404 ",
            "GET /things/7 /things/{id} 200 abc-2",
            "POST /things/8 /things/{id} 409 ",
            "other /pkg/a/b.js /pkg/* 200 ",
            "GET /slow /slow 0 ",
        ]
    );
    eprintln!("H of {many} requests {} are told at info, each once; /livez at debug alone", lines.len());
    assert_eq!(lines.len(), many - 1);
    assert!(shown[7].len() < 220, "{}", shown[7]);
    for line in [
        "painel_http_requests_total{route=\"/things/{id}\",method=\"POST\",status=\"4xx\"} 1",
        "painel_http_requests_total{route=\"unmatched\",method=\"GET\",status=\"4xx\"} 3",
        "painel_http_requests_total{route=\"/slow\",method=\"GET\",status=\"none\"} 1",
        "painel_http_requests_total{route=\"/pkg/*\",method=\"other\",status=\"2xx\"} 1",
        "painel_http_requests_in_flight 0",
    ] {
        assert!(figures.contains(line), "{line} in {figures}");
    }
}
