//! `Server-Timing`: tenants' admins see where a page's time went, and nobody else does.

use crate::{
    bad_project::{BadProject, Mode},
    harness::{Browser, Server, project},
};
use app::session::{AgencyRole, Role};
use reqwest::Method;
use std::collections::BTreeMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Milliseconds by name.
type Times = BTreeMap<String, f64>;

/// What a page says of its time at its head, and behind its end: as a client that takes trailers meets it.
async fn times(server: &Server, browser: &Browser, path: &str) -> (Option<Times>, Option<Times>) {
    let request = browser.request(Method::GET, path).build().expect("a request");
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).await.expect("the server listens");
    let cookie = request.headers().get("cookie").map_or("", |value| value.to_str().expect("text"));
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nTE: trailers\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("a page is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
    let behind = body.rsplit_once("\r\n0\r\n").map_or("", |(_, behind)| behind);
    assert_eq!(head.contains("trailer: Server-Timing"), !behind.trim().is_empty(), "{path}: {head} … {behind}");
    (read(head), read(behind))
}

fn read(lines: &str) -> Option<Times> {
    let value = lines.lines().find_map(|line| line.strip_prefix("server-timing: "))?;
    let metric = |metric: &str| {
        let (name, took) = metric.trim().split_once(";dur=").expect("a duration");
        (name.to_owned(), took.parse().expect("milliseconds"))
    };
    Some(value.split(',').map(metric).collect())
}

#[tokio::test]
async fn admins_see_where_the_time_of_a_page_went() {
    let door = BadProject::before(project(0, "origin")).await;
    let origin = door.origin.clone();
    let change = move |config: &mut server::config::Config| {
        config.egress_allow = format!("{},{origin}", config.egress_allow);
    };
    let server = Server::start_as(change).await;
    let tenant = server.tenant("medida", Role::Admin, None).await;
    server.connect_to(&tenant.scope, &format!("http://{}", door.origin), &project(0, "publishable_key")).await;
    let admin = server.signed_in(&tenant.email).await;

    let (head, behind) = times(&server, &admin, "/conversations").await;
    let (head, behind) = (head.expect("at the head"), behind.expect("at the end"));
    let names: Vec<&str> = behind.keys().map(String::as_str).collect();
    assert_eq!(names, ["open", "render", "session", "upstream"]);
    assert!(behind.values().all(|took| *took > 0.0), "{behind:?}");
    assert!(head["session"] > 0.0 && head["render"] <= behind["render"], "{head:?} then {behind:?}");

    // A page that needs nothing of the project says that it did not wait for it.
    let (head, behind) = times(&server, &admin, "/settings/security").await;
    let told = behind.or(head).expect("told");
    assert_eq!((told["open"], told["upstream"]), (0.0, 0.0), "{told:?}");

    // The first byte does not wait for a silent project, and the end says who was waited for.
    door.set(Mode::Hang);
    let (head, behind) = times(&server, &admin, "/appointments").await;
    let (head, behind) = (head.expect("at the head"), behind.expect("at the end"));
    assert!(behind["upstream"] >= 2_000.0, "a silence of three seconds: {behind:?}");
    assert!(head["upstream"] < behind["upstream"] / 2.0, "{head:?} then {behind:?}");
    assert!(behind["render"] + behind["session"] + behind["open"] < behind["upstream"], "{behind:?}");
}

#[tokio::test]
async fn nobody_else_sees_it() {
    let server = Server::start_as(|_| {}).await;
    let tenant = server.tenant("calada", Role::Viewer, Some(0)).await;
    server.user("atendente@calada.example", tenant.scope.tenant(), Role::Agent).await;
    server.staff("apoio@agencia.example", AgencyRole::Owner).await;
    let stranger = Browser::new(&server.url);
    let viewer = server.signed_in(&tenant.email).await;
    let agent = server.signed_in("atendente@calada.example").await;
    let staff = server.signed_in("apoio@agencia.example").await;
    for (browser, path) in [
        (&stranger, "/login"),
        (&viewer, "/"),
        (&viewer, "/conversations"),
        (&agent, "/conversations"),
        (&staff, "/console"),
    ] {
        assert_eq!(times(&server, browser, path).await, (None, None), "{path}");
    }
}

#[tokio::test]
async fn developers_see_it_whoever_they_are() {
    let server = Server::start_as(|config| config.watched = true).await;
    let tenant = server.tenant("aberta", Role::Viewer, Some(0)).await;
    let viewer = server.signed_in(&tenant.email).await;
    let (_, behind) = times(&server, &viewer, "/conversations").await;
    assert!(behind.is_some_and(|behind| behind["upstream"] > 0.0));
    let (head, _) = times(&server, &Browser::new(&server.url), "/login").await;
    assert!(head.is_some_and(|head| head["render"] > 0.0));
}
