//! What stands around the routes, around routes that fail.

use super::*;
use app::error::AppError;
use axum::{body::to_bytes, response::IntoResponse};
use http::{HeaderMap, Request as HttpRequest, header};
use std::collections::BTreeSet;
use tower::ServiceExt;

fn failing() -> Router {
    let panic = get(async || -> &'static str { panic!("for the test") });
    let away = get(async || StatusCode::SERVICE_UNAVAILABLE).post(async || StatusCode::SERVICE_UNAVAILABLE);
    let routes = Router::new()
        .route("/panic", panic)
        .route("/away", away.clone())
        .route("/api/things/away", away.clone())
        .route("/api/v1/away", away)
        .route("/busy", get(async || (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "7")])))
        .route("/refused", get(async || failed::refused(AppError::Throttled { retry_after: 90 })))
        .route("/told", get(async || (StatusCode::SERVICE_UNAVAILABLE, "its own words").into_response()));
    within(routes, true, &TrustedProxies::default())
}

async fn ask(router: &Router, method: &str, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
    let request = HttpRequest::builder().method(method).uri(path).header(header::ACCEPT, accept);
    let request = request.body(axum::body::Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_panic_costs_one_answer_which_has_all_headers_and_an_id() {
    let router = failing();
    let pen = telemetry::Pen::default();
    let filter = format!("info,{}=off", telemetry::spans::TARGET);
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(pen.clone()).finish();
    let _here = tracing::subscriber::set_default(log);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        telemetry::note_panic(panic);
        before(panic);
    }));
    let (mut whole, mut ids) = (0, BTreeSet::new());
    for _ in 0..50 {
        let (status, headers, body) = ask(&router, "GET", "/panic", "text/html").await;
        let id = headers["x-request-id"].to_str().unwrap().to_owned();
        let protected =
            ["content-security-policy", "x-content-type-options", "strict-transport-security", "cache-control"];
        whole += usize::from(
            status == StatusCode::INTERNAL_SERVER_ERROR
                && protected.iter().all(|name| headers.contains_key(*name))
                && body.contains("Algo falhou do nosso lado")
                && body.contains(&id[..8]),
        );
        ids.insert(id);
    }
    let lines = pen.lines();
    let panics = lines.iter().filter(|line| line["fields"]["message"] == "a panic");
    let logged: Vec<&str> = panics.map(|line| line["span"]["id"].as_str().unwrap()).collect();
    eprintln!(
        "H5 of 50 panics {whole} are answered with 500, headers, and an id; the log has {} of them",
        logged.len()
    );
    assert_eq!((whole, logged.len()), (50, 50));
    assert_eq!(logged.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), ids, "each once, with its own id");
}

#[tokio::test]
async fn a_bare_failure_is_told_as_it_was_asked() {
    let router = failing();
    let (status, headers, body) = ask(&router, "GET", "/away", "text/html,*/*").await;
    assert_eq!((status, &headers[header::RETRY_AFTER]), (StatusCode::SERVICE_UNAVAILABLE, &5.into()));
    assert!(body.contains("<h1>O painel está voltando</h1>") && body.contains("Tentar de novo"), "{body}");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("style-src 'sha256-"));
    let (status, _, body) = ask(&router, "POST", "/away", "text/html").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("veja o que foi guardado") && !body.contains("Tentar de novo"), "{body}");
    let (_, headers, body) = ask(&router, "POST", "/api/things/away", "application/json").await;
    assert_eq!(
        (body.as_str(), &headers[header::CONTENT_TYPE]),
        ("\"Unavailable\"", &"application/json".parse().unwrap())
    );
    let (_, _, body) = ask(&router, "GET", "/api/v1/away", "*/*").await;
    assert!(body.starts_with("{\"error\":\"unavailable\",\"message\":\"O painel está voltando."), "{body}");
    let (_, _, body) = ask(&router, "GET", "/away", "*/*").await;
    assert!(body.starts_with("O painel está voltando.") && !body.contains('<'), "{body}");
    assert_eq!(ask(&router, "GET", "/told", "text/html").await.2, "its own words");
    for (path, words, seconds) in
        [("/busy", "Espere 7 segundos", "7"), ("/refused", "Muitas tentativas seguidas", "90")]
    {
        let (status, headers, body) = ask(&router, "GET", path, "text/html").await;
        assert_eq!((status, &headers[header::RETRY_AFTER]), (StatusCode::TOO_MANY_REQUESTS, &seconds.parse().unwrap()));
        assert!(body.contains(words) && body.contains("Ir para o início"), "{body}");
        let (_, _, body) = ask(&router, "GET", path, "*/*").await;
        assert!(body.contains(words) && !body.contains('<'), "{body}");
    }
}

#[tokio::test]
async fn the_page_of_a_failure_is_whole_by_itself_and_in_the_chosen_colours() {
    let router = failing();
    for (cookie, theme) in
        [("", "system"), ("theme=dark", "dark"), ("a=b; theme=light", "light"), ("theme=<x", "system")]
    {
        let request = HttpRequest::get("/away").header(header::ACCEPT, "text/html").header(header::COOKIE, cookie);
        let request = request.header("x-request-id", "a<b&c").body(axum::body::Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let page = String::from_utf8(body.to_vec()).unwrap();
        assert!(page.contains(&format!("<html lang=\"pt-BR\" data-theme=\"{theme}\">")), "{page}");
        assert!(page.contains("Código deste pedido: a&lt;b&amp;c<"), "{page}");
        // Nothing that would have to be fetched, nothing that runs.
        for sign in ["<script", "<link", "<img", "src=", "url(", "/pkg/", "@import"] {
            assert!(!page.contains(sign), "{sign} in {page}");
        }
    }
}
