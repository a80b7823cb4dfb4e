//! What every answer carries and what every request must prove: where it comes from (C1), the content policy (C2), the
//! headers on every status (C3), the limits of bodies and methods (C4).

use crate::{
    behind,
    harness::{Browser, PASSWORD, Server, location},
};
use app::session::Role;
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use std::collections::BTreeSet;

const FORM: &str = "application/x-www-form-urlencoded";

/// Every server function that writes.
fn writing() -> Vec<&'static str> {
    let mut paths: Vec<&str> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(_, method)| *method == Method::POST)
        .map(|(path, _)| path)
        .collect();
    paths.sort_unstable();
    paths
}

/// What a request says of its origin.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Nothing,
    Empty,
    /// The server's own.
    Own,
    Text(&'static str),
}

/// One row: method, `Sec-Fetch-Site`, `Origin`, whether it passes, and whether it passes with a session's cookie.
struct Case(Method, Says, Says, bool, bool);

/// The rules of Go's `CrossOriginProtection`, which tower-http follows, written out; and one of ours above them: with a
/// session's cookie, silence is refused.
fn cases() -> Vec<Case> {
    use Says::{Empty, Nothing, Own, Text};
    let evil = Text("https://evil.example");
    let post = || Method::POST;
    let mut cases = vec![
        // The browser's word comes first, whatever the origin.
        Case(post(), Text("same-origin"), Nothing, true, true),
        Case(post(), Text("same-origin"), Own, true, true),
        Case(post(), Text("same-origin"), evil, true, true),
        Case(post(), Text("none"), Nothing, true, true),
        Case(post(), Text("none"), Own, true, true),
        Case(post(), Text("cross-site"), Nothing, false, false),
        Case(post(), Text("cross-site"), evil, false, false),
        Case(post(), Text("cross-site"), Own, false, false),
        Case(post(), Text("same-site"), Nothing, false, false),
        Case(post(), Text("same-site"), evil, false, false),
        Case(post(), Text("same-site"), Own, false, false),
        Case(post(), Text("SAME-ORIGIN"), Own, false, false),
        Case(post(), Text("something-new"), Own, false, false),
        // Older browsers: the origin is compared with the host.
        Case(post(), Nothing, Own, true, true),
        Case(post(), Empty, Own, true, true),
        Case(post(), Nothing, evil, false, false),
        Case(post(), Empty, evil, false, false),
        Case(post(), Nothing, Text("null"), false, false),
        Case(post(), Nothing, Text("http://127.0.0.1"), false, false),
        Case(post(), Nothing, Text("http://127.0.0.1:1"), false, false),
        Case(post(), Nothing, Text("http://127.0.0.1.evil.example"), false, false),
        Case(post(), Nothing, Text("http://evil.example/?127.0.0.1"), false, false),
        Case(post(), Nothing, Text("not an origin"), false, false),
        // Neither: not a browser, or a very old one.
        Case(post(), Nothing, Nothing, true, false),
        Case(post(), Empty, Empty, true, false),
        Case(post(), Nothing, Empty, true, false),
    ];
    // Methods that change nothing pass from anywhere; the others are held to the same rules as POST.
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        cases.push(Case(method.clone(), Text("cross-site"), evil, true, true));
        cases.push(Case(method, Nothing, Nothing, true, true));
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        cases.push(Case(method.clone(), Text("cross-site"), evil, false, false));
        cases.push(Case(method.clone(), Nothing, Text("null"), false, false));
        cases.push(Case(method, Text("same-origin"), Own, true, true));
    }
    cases
}

fn say(request: RequestBuilder, name: &str, says: Says, own: &str) -> RequestBuilder {
    match says {
        Says::Nothing => request,
        Says::Empty => request.header(name, ""),
        Says::Own => request.header(name, own),
        Says::Text(text) => request.header(name, text),
    }
}

#[tokio::test]
async fn only_our_own_pages_change_anything() {
    let server = Server::start().await;
    let tenant = server.tenant("origem", Role::Admin, None).await;
    let (cases, paths) = (cases(), writing());
    assert!(cases.len() >= 22 && paths.len() >= 25, "{} cases, {} functions", cases.len(), paths.len());
    let nobody = Browser::new(&server.url);
    let mut forged = nobody.clone();
    // A cookie of the session's name is enough: whether it is alive is not asked.
    forged.cookie = Some("painel=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let (mut right, mut all) = (0, 0);
    for path in &paths {
        for Case(method, site, origin, passes, passes_with_session) in &cases {
            for (browser, passes) in [(&nobody, passes), (&forged, passes_with_session)] {
                let request = browser.request(method.clone(), path).header(header::CONTENT_TYPE, FORM);
                let request = say(say(request, "sec-fetch-site", *site, ""), "origin", *origin, &server.url);
                let answer = browser.send(request).await;
                let status = answer.status();
                // What passes meets an empty form, a missing session or another method.
                let stopped = status == StatusCode::FORBIDDEN;
                all += 1;
                right += usize::from(stopped != *passes);
                assert_eq!(stopped, !passes, "{method} {path}: {status}");
            }
        }
    }
    println!(
        "C1 cross-origin cases x writing functions x without and with a session: {right} of {all} ({} x {} x 2)",
        cases.len(),
        paths.len()
    );

    // With a live session: nothing above changed it, and silence changes nothing.
    let mut browser = server.signed_in(&tenant.email).await;
    browser.origin = None;
    let mut refused = 0;
    for path in &paths {
        let answer = browser.form(path, &[("theme", "dark")], "/").await;
        refused += usize::from(answer.status() == StatusCode::FORBIDDEN);
    }
    println!("C1 writes with a session that say nothing of their origin, refused: {refused} of {}", paths.len());
    assert_eq!(refused, paths.len());
    assert_eq!(browser.page("/").await.status(), StatusCode::OK, "still signed in");
    // A script without a cookie may sign in.
    let mut script = Browser::new(&server.url);
    script.origin = None;
    assert_eq!(location(&script.log_in(&tenant.email, PASSWORD).await), "/");
}

#[tokio::test]
async fn only_post_writes_and_no_route_is_a_wildcard() {
    let server = Server::start().await;
    let tenant = server.tenant("metodos", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let same = |method: &str, path: &str| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        browser.request(method, path).header("sec-fetch-site", "same-origin")
    };
    let mut refused = 0;
    let paths = writing();
    for path in &paths {
        for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"] {
            let status = browser.send(same(method, path)).await.status();
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            refused += 1;
        }
    }
    println!("C1 other methods than POST on writing functions, 405: {refused} of {}", paths.len() * 6);
    for path in
        ["/", "/login", "/conversations", "/api/overview/read", "/pkg/painel.js", "/livez", "/nada", "/api/nada"]
    {
        assert_eq!(browser.send(same("TRACE", path)).await.status(), StatusCode::METHOD_NOT_ALLOWED, "TRACE {path}");
    }
    // What is not listed is a plain 404 that names nothing inside.
    for path in [
        "/api",
        "/api/",
        "/api/session",
        "/api/session/log_in/",
        "/api/session/log_in/x",
        "/api/../api/nada",
        "/api/LogIn",
        "/api/%2e%2e",
    ] {
        let answer = browser.send(same("POST", path).header(header::CONTENT_TYPE, FORM)).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(matches!(status.as_u16(), 404 | 405), "{path}: {status}");
        assert!(!text.contains("server function") && !text.contains("leptos"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_body_has_a_limit_with_and_without_a_length() {
    let server = Server::start().await;
    let tenant = server.tenant("tamanho", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let body = |length: usize| format!("provider={}", "x".repeat(length - "provider=".len()));
    let (mut right, mut all) = (0, 0);
    for path in
        ["/api/credentials/save", "/api/session/log_in", "/api/team/invite", "/api/links/accept", "/api/console/create"]
    {
        for chunked in [false, true] {
            let request = browser
                .request(Method::POST, path)
                .header(header::ORIGIN, &server.url)
                .header(header::CONTENT_TYPE, FORM);
            let text = body(65_537);
            let request = if chunked {
                let parts: Vec<Result<Vec<u8>, std::io::Error>> =
                    text.as_bytes().chunks(8_192).map(|part| Ok(part.to_vec())).collect();
                request.body(reqwest::Body::wrap_stream(futures::stream::iter(parts)))
            } else {
                request.body(text)
            };
            let status = browser.send(request).await.status();
            all += 1;
            right += usize::from(status == StatusCode::PAYLOAD_TOO_LARGE);
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{path} chunked={chunked}");
        }
    }
    println!("C4 bodies of 65,537 bytes, with a length and chunked, 413: {right} of {all}");
    let request = browser.request(Method::POST, "/api/credentials/save").header(header::ORIGIN, &server.url);
    let status = browser.send(request.header(header::CONTENT_TYPE, FORM).body(body(65_536))).await.status();
    assert_eq!(status, StatusCode::BAD_REQUEST, "65,536 bytes are read");
}

/// Every header that every answer has.
const HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
];

fn check_headers(answer: &Response, https: bool) -> usize {
    let headers = answer.headers();
    let (status, url) = (answer.status(), answer.url());
    for (name, value) in HEADERS {
        let found = headers.get(name).unwrap_or_else(|| panic!("{status} {url} has {name}")).to_str().unwrap();
        assert!(found.contains(value), "{status} {url}: {name}: {found}");
    }
    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{status} {url}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert!(headers.contains_key("x-request-id"), "{status} {url}");
    let transport = headers.get(header::STRICT_TRANSPORT_SECURITY).map(|value| value.to_str().unwrap());
    assert_eq!(transport, https.then_some("max-age=31536000; includeSubDomains"), "{status} {url}");
    for name in ["server", "x-powered-by", "via"] {
        assert!(!headers.contains_key(name), "{status} {url} has {name}");
    }
    HEADERS.len() + 4
}

#[tokio::test]
async fn every_status_carries_every_header() {
    let (server, behind) =
        behind::start_with(|config| config.base_url = "https://painel.example".parse().unwrap()).await;
    let tenant = server.tenant("cabeca", Role::Admin, None).await;
    server.user("leitora@cabeca.example", tenant.scope.tenant(), Role::Viewer).await;
    server.user("quebrada@cabeca.example", tenant.scope.tenant(), Role::Viewer).await;
    behind.run("update users set password_hash = 'sealed:AAAA' where email = 'quebrada@cabeca.example'").await;
    // Behind https the cookie is secure; the test speaks plainly and sends it all the same.
    let (admin, viewer) = (server.signed_in(&tenant.email).await, server.signed_in("leitora@cabeca.example").await);
    let nobody = Browser::new(&server.url);
    let sign_in = |email: &'static str, password: &'static str| {
        let browser = nobody.clone();
        async move { browser.call("/api/session/log_in", &[("email", email), ("password", password)]).await }
    };
    let post = |browser: &Browser, path: &str, body: String| {
        let request = browser.request(Method::POST, path).header(header::ORIGIN, &server.url);
        let request = request.header(header::CONTENT_TYPE, FORM).header(header::ACCEPT, "application/json").body(body);
        async move { request.send().await.expect("the server answers") }
    };
    let mut answers = vec![
        admin.page("/").await,
        nobody.page("/login").await,
        nobody.page("/livez").await,
        admin.read("/api/team/read").await,
        admin.page("/settings/audit.csv").await,
        nobody.page("/").await,
        nobody.form("/api/session/set_theme", &[("theme", "dark"), ("next", "/login")], "/login").await,
        post(&admin, "/api/credentials/save", "%ff%fe".to_owned()).await,
        nobody.read("/api/team/read").await,
        sign_in("ninguem@cabeca.example", "nada disso serve").await,
        viewer.read("/api/team/read").await,
        viewer.page("/settings/team").await,
        nobody.page("/nada").await,
        nobody.page("/nada.js").await,
        nobody.page("/pkg/nada.js").await,
        nobody.read("/api/nada").await,
        nobody.send(nobody.request(Method::GET, "/api/session/log_in")).await,
        nobody.send(nobody.request(Method::TRACE, "/")).await,
        nobody.read("/api/links/look?token=x").await,
        post(&admin, "/api/credentials/save", "x".repeat(65_537)).await,
        admin.call("/api/team/invite", &[("email", "sem arroba"), ("role", "viewer")]).await,
        sign_in("quebrada@cabeca.example", PASSWORD).await,
    ];
    // Somebody waits after each wrong password, longer and longer: a slow machine is too late for the first second.
    for _ in 0..10 {
        let answer = sign_in("ninguem@cabeca.example", "nada disso serve").await;
        let waits = answer.status() == StatusCode::TOO_MANY_REQUESTS;
        if waits {
            answers.push(answer);
            break;
        }
    }
    let mut cross = nobody.clone();
    cross.origin = Some("https://evil.example".to_owned());
    answers.push(cross.call("/api/session/log_out", &[]).await);
    server.state.store.close().await;
    answers.push(nobody.page("/readyz").await);
    answers.push(admin.page("/").await);
    answers.push(admin.read("/api/team/read").await);
    let mut statuses = BTreeSet::new();
    let mut found = 0;
    for answer in &answers {
        statuses.insert(answer.status().as_u16());
        found += check_headers(answer, true);
    }
    println!("C3 headers x answers: {found} of {} on statuses {statuses:?}", (HEADERS.len() + 4) * answers.len());
    for status in [200, 302, 303, 400, 401, 403, 404, 405, 410, 413, 422, 429, 500, 503] {
        assert!(statuses.contains(&status), "{status} was seen: {statuses:?}");
    }
}

#[tokio::test]
async fn signing_out_clears_what_the_browser_keeps() {
    let server = Server::start().await;
    let tenant = server.tenant("limpa", Role::Viewer, None).await;
    for path in ["/api/session/log_out", "/api/security/end_all_sessions"] {
        let browser = server.signed_in(&tenant.email).await;
        let answer = browser.form(path, &[], "/").await;
        assert_eq!(answer.headers()["clear-site-data"], "\"cache\", \"storage\"", "{path}");
        assert!(!answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "plain http promises no https");
        let by_script = server.signed_in(&tenant.email).await.call(path, &[]).await;
        assert!(by_script.headers().contains_key("clear-site-data"), "{path} by script");
    }
    let browser = server.signed_in(&tenant.email).await;
    assert!(!browser.page("/").await.headers().contains_key("clear-site-data"), "and only then");
}

#[tokio::test]
async fn a_thousand_pages_have_a_thousand_nonces() {
    let server = Server::start().await;
    let tenant = server.tenant("nonces", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let (mut nonces, mut inline) = (BTreeSet::new(), 0);
    for number in 0..1_000 {
        let path = ["/settings/security", "/settings/team", "/", "/nada"][number % 4];
        let answer = browser.page(path).await;
        let (status, policy) = (answer.status(), answer.headers()[header::CONTENT_SECURITY_POLICY].clone());
        let nonce = policy.to_str().unwrap().split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
        let nonce = nonce.unwrap_or_else(|| panic!("{path}: a nonce, {status} {policy:?}")).to_owned();
        let page = answer.text().await.unwrap();
        let scripts = page.matches("<script").count();
        assert!(scripts > 0 && page.matches(&format!("nonce=\"{nonce}\"")).count() >= scripts, "{path}: all scripts");
        for handler in [" style=\"", " onclick=", " onload=", " onerror=", "javascript:"] {
            inline += page.matches(handler).count();
        }
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        nonces.insert(nonce);
    }
    println!("C2 distinct nonces: {} of 1000; inline styles and handlers: {inline}", nonces.len());
    assert_eq!((nonces.len(), inline), (1_000, 0));
}
