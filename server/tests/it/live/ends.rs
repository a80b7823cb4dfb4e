//! What ends a stream: the session, the place, the tenant, the process. And what a stream does not do: keep a session alive.

use super::{
    project, server,
    stream::{Stream, ask},
    tenant,
};
use crate::{
    behind,
    harness::{Browser, Server},
    own_project::OwnProject,
};
use app::session::Role;
use reqwest::StatusCode;
use server::store::{Act, TenantStatus};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

const ENDS_WITHIN: Duration = Duration::from_secs(20);

/// A further user, signed in, and their stream.
async fn one_more(server: &Server, scope: &server::store::TenantScope, name: &str) -> (String, Browser, Stream) {
    let email = format!("{name}@fim.example");
    server.user(&email, scope.tenant(), Role::Viewer).await;
    let browser = server.signed_in(&email).await;
    let stream = Stream::open(&browser).await;
    (email, browser, stream)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_withdrawn_ends_the_stream() {
    let project = project().await;
    let server = server(&[&project.origin], |_| {}).await;
    let tenant = tenant(&server, "fim", &project.origin).await;
    let store = &server.state.store;
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    let began = Instant::now();
    let (_, leaves, of_leaver) = one_more(&server, &tenant.scope, "sai").await;
    let (email, withdrawn, of_withdrawn) = one_more(&server, &tenant.scope, "fora").await;
    let (email_off, disabled, of_disabled) = one_more(&server, &tenant.scope, "desligada").await;
    let (_, _, stays) = one_more(&server, &tenant.scope, "fica").await;
    stays.wait("live", began, Duration::from_secs(60)).await.expect("it is watched");
    let since = Instant::now();
    leaves.call("/api/session/log_out", &[]).await;
    let user = store.find_user(&email.parse().unwrap()).await.unwrap().unwrap().id;
    assert!(store.remove_member(&tenant.scope, &act, user, now).await.unwrap());
    let agency = store.operator_agency();
    assert!(store.set_user_disabled(&agency, &act, &email_off.parse().unwrap(), true, now).await.unwrap());
    let mut took = Vec::new();
    for (what, stream, browser) in [
        ("signing out", &of_leaver, &leaves),
        ("the place taken away", &of_withdrawn, &withdrawn),
        ("the user disabled", &of_disabled, &disabled),
    ] {
        took.push((what, stream.ends(since, ENDS_WITHIN).await.unwrap_or_else(|| panic!("{what} ends the stream"))));
        assert_eq!(stream.told().last().map(|told| told.what.clone()).as_deref(), Some("end"), "{what}: told so");
        assert_eq!(ask(browser, None).await.status(), StatusCode::UNAUTHORIZED, "{what}");
    }
    assert!(stays.ends(Instant::now(), Duration::from_secs(1)).await.is_none(), "who may goes on");
    let admin = server.signed_in(&tenant.email).await;
    let since = Instant::now();
    let slug = "fim".parse().unwrap();
    assert!(store.set_tenant_status(&agency, &act, &slug, TenantStatus::Suspended, Some("Conta."), now).await.unwrap());
    took.push(("the tenant suspended", stays.ends(since, ENDS_WITHIN).await.expect("a suspension ends the stream")));
    println!("live: streams end after {took:?}; the longest silence was broken {} times", stays.beats());
    assert_eq!(ask(&admin, None).await.status(), StatusCode::FORBIDDEN, "nobody of a suspended tenant listens");
}

async fn last_seen(behind: &behind::Behind) -> i64 {
    behind.count("select min(last_seen) from sessions").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_left_open_does_not_keep_its_session_alive() {
    let project = project().await;
    let (server, behind) = behind::start_with(|config| {
        config.egress_allow = format!("{},{}", config.egress_allow, project.origin);
        config.live.every = Duration::from_millis(300);
        config.live.recheck = Duration::from_millis(300);
    })
    .await;
    let tenant = tenant(&server, "acesa", &project.origin).await;
    let browser = server.signed_in(&tenant.email).await;
    let minutes = |many: i64| many * 60_000_000;
    let pass = async |micros: i64| behind.run(&format!("update sessions set last_seen = last_seen - {micros}")).await;
    pass(minutes(40)).await;
    let idle_since = last_seen(&behind).await;
    let began = Instant::now();
    let stream = Stream::open(&browser).await;
    stream.wait("live", began, Duration::from_secs(60)).await.expect("it is watched");
    for _ in 0..3 {
        // A connection that breaks comes back by itself, and that is no use either.
        drop(Stream::resume(&browser, Some("0badcafe-1")).await);
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let untouched = last_seen(&behind).await == idle_since;
    assert!(stream.ends(Instant::now(), Duration::from_millis(500)).await.is_none(), "40 minutes are no hour");
    let since = Instant::now();
    pass(minutes(21)).await;
    let ended = stream.ends(since, Duration::from_secs(60)).await;
    println!("live: idle clock untouched by 4 streams and their checks: {untouched}; ended {ended:?} after the hour");
    assert!(untouched && ended.is_some());
    assert_eq!(ask(&browser, None).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_is_not_held_up_by_fifty_streams() {
    let project: OwnProject = project().await;
    let server = server(&[&project.origin], |_| {}).await;
    let tenant = tenant(&server, "cheia", &project.origin).await;
    let (url, serving) = server.on_our_listener().await;
    let mut streams = Vec::new();
    for number in 0..13 {
        let email = format!("pessoa{number}@cheia.example");
        server.user(&email, tenant.scope.tenant(), Role::Viewer).await;
        let mut browser = Browser::new(&url);
        browser.log_in(&email, crate::harness::PASSWORD).await;
        // Four a session, and fifty in all.
        for _ in 0..4.min(50 - streams.len()) {
            streams.push(Stream::open(&browser).await);
        }
    }
    assert_eq!(server.state.live.open(), (50, 1));
    let mut one_more = Browser::new(&url);
    one_more.cookie = server.signed_in(&tenant.email).await.cookie;
    assert_eq!(ask(&one_more, None).await.status(), StatusCode::SERVICE_UNAVAILABLE, "fifty of one tenant");
    let since = Instant::now();
    server.state.stop.begin(Duration::from_millis(200), std::future::pending()).await;
    let mut ended = 0;
    for stream in &streams {
        ended += usize::from(stream.ends(since, Duration::from_secs(60)).await.is_some());
    }
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("the listener ends").expect("in order");
    println!("live: {ended} of 50 streams ended, and the listener with them, {:?} after the stop", since.elapsed());
    assert_eq!((ended, server.state.live.open()), (50, (0, 0)));
}
