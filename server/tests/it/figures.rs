//! The real binary's figures and log: right counts, bounded labels, and nothing of a tenant in either figures or labels.

use crate::{
    behind,
    harness::{Browser, PASSWORD, location, project},
    served::Served,
};
use app::session::Role;
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// The value of a line that begins so.
fn value(figures: &str, line: &str) -> Option<f64> {
    figures.lines().find_map(|text| text.strip_prefix(line)?.trim().parse().ok())
}

/// Every value that a label has.
fn labels(figures: &str, name: &str) -> BTreeSet<String> {
    let start = format!("{name}=\"");
    let values = figures.lines().filter_map(|line| line.split_once(&start)?.1.split('"').next());
    values.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_is_counted_and_told_without_names() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("contada", Role::Admin, Some(0)).await;
    let environment = [("PAINEL_EGRESS_ALLOW", project(0, "origin"))];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    let served = Served::start_logged(&behind, &server, "info", &environment).await;
    let mut browser = Browser::new(&served.url);
    let entered = browser.log_in(&tenant.email, PASSWORD).await;
    assert_eq!(entered.status(), StatusCode::FOUND);
    assert_eq!(location(&entered), "/", "signed in");
    let mut stranger = browser.clone();
    assert_eq!(stranger.log_in(&tenant.email, "errada-de-propósito").await.status(), StatusCode::FOUND);
    for number in 0..5 {
        let answer = browser.page(&format!("/conversations?page={number}&q=segredo-na-pergunta")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap();
    }
    assert_eq!(browser.page("/conversations/1001").await.status(), StatusCode::OK);
    for number in 0..200 {
        // Whoever guesses addresses must not make labels.
        browser.page(&format!("/wp-{number}/{number}")).await.text().await.unwrap();
    }
    let scrape = Browser::new(&served.figures);
    assert_eq!(scrape.read("/livez").await.status(), StatusCode::NOT_FOUND, "nothing but figures is there");
    assert_eq!(browser.read("/metrics").await.status(), StatusCode::NOT_FOUND, "and they are nowhere else");
    let figures = scrape.read("/metrics").await.text().await.unwrap();

    let pages = r#"painel_http_requests_total{route="/conversations",method="GET",status="2xx"}"#;
    assert_eq!(value(&figures, pages), Some(5.0), "{figures}");
    let threads = r#"painel_http_requests_total{route="/conversations/{id}",method="GET",status="2xx"}"#;
    assert_eq!(value(&figures, threads), Some(1.0));
    assert_eq!(value(&figures, "painel_sessions_live"), Some(1.0));
    assert_eq!(value(&figures, "painel_store_up"), Some(1.0));
    assert!(value(&figures, r#"painel_upstream_calls_total{outcome="2xx"}"#).is_some_and(|calls| calls >= 6.0));
    for there in [
        "painel_build_info{version=\"",
        "painel_http_request_duration_seconds_bucket{route=\"/conversations\",method=\"GET\",le=\"0.25\"}",
        "painel_upstream_call_duration_seconds_count",
        "painel_upstream_calls_in_flight 0",
        "painel_password_gate_working 0",
        "painel_password_gate_waiting 0",
        "painel_connections_open",
        "painel_store_connections{pool=",
        "painel_store_connections_most{pool=",
        "painel_connections_stored{provider=\"supabase\",state=\"",
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        assert!(figures.contains(there), "{there}: {figures}");
    }
    let id = tenant.scope.tenant().to_string();
    for secret in [id.as_str(), "contada", "1001", "segredo", "wp-", "127.0.0.1", &project(0, "ref")] {
        assert!(!figures.contains(secret), "{secret}: {figures}");
    }
    let routes = labels(&figures, "route");
    let again = scrape.read("/metrics").await.text().await.unwrap();
    println!(
        "metrics: {} lines, {} routes after 200 guessed addresses, {} after another reading",
        figures.lines().count(),
        routes.len(),
        again.lines().count()
    );
    assert!(routes.contains("unmatched") && routes.len() < 12, "{routes:?}");

    let log = served.log();
    let told: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |path: &str| {
        let same = |line: &&serde_json::Value| line["span"]["path"] == path && line["fields"]["message"] == "answered";
        told.iter().filter(same).collect::<Vec<_>>()
    };
    let lines = of("/conversations");
    let ids: BTreeSet<&str> = lines.iter().filter_map(|line| line["span"]["id"].as_str()).collect();
    println!("log: 5 pages asked, {} lines with {} ids", lines.len(), ids.len());
    assert_eq!((lines.len(), ids.len()), (5, 5));
    assert!(lines.iter().all(|line| line["fields"]["status"] == 200 && line["fields"]["ms"].is_u64()));
    assert_eq!(of("/api/session/log_in").len(), 2);
    assert!(!log.contains("segredo-na-pergunta") && !log.contains(PASSWORD), "no query and no form is told");
}
