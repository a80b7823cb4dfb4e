//! What another process or the command line decides, as an open stream meets it: within a second, whichever process holds it.

use super::stream::Stream;
use crate::{
    behind,
    command_line::code,
    harness::{Browser, PASSWORD, Server, Tenant},
    served::Served,
};
use app::session::Role;
use reqwest::StatusCode;
use server::store::{Act, UserId};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// Half of them end sooner. On a machine that does much else one or another takes longer, but never as long as the next check
/// would be away.
const WITHIN: Duration = Duration::from_secs(1);
const AT_WORST: Duration = Duration::from_secs(8);

/// A further user, signed in at another process, and their stream there.
async fn one_more(server: &Server, served: &Served, tenant: &Tenant, email: &str) -> (UserId, Stream) {
    let user = server.user(email, tenant.scope.tenant(), Role::Viewer).await;
    let mut browser = Browser::new(&served.url);
    assert_eq!(browser.log_in(email, PASSWORD).await.status(), StatusCode::FOUND);
    (user, Stream::open(&browser).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withdrawn_elsewhere_ends_streams_within_a_second() {
    let (server, behind) = behind::start().await;
    let (a, b) = (server.tenant("aviso-a", Role::Admin, None).await, server.tenant("aviso-b", Role::Admin, None).await);
    let served = Served::start(&behind, &server, &[]).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc);
    let (ended, of_ended) = one_more(&server, &served, &a, "ana@aviso-a.example").await;
    let (removed, of_removed) = one_more(&server, &served, &a, "bia@aviso-a.example").await;
    let (_, of_disabled) = one_more(&server, &served, &a, "caio@aviso-a.example").await;
    let (_, of_tenant) = one_more(&server, &served, &a, "davi@aviso-a.example").await;
    let (_, stays) = one_more(&server, &served, &b, "eva@aviso-b.example").await;
    let mut took = Vec::new();
    let mut note = async |what: &str, stream: &Stream, since: Instant| {
        let time = stream.ends(since, AT_WORST).await.unwrap_or_else(|| panic!("{what} ends the stream"));
        assert_eq!(stream.told().last().map(|told| told.what.clone()).as_deref(), Some("end"), "{what}: told so");
        took.push((what.to_owned(), time));
    };

    let since = Instant::now();
    assert!(store.end_own_sessions(ended, &act, now()).await.unwrap() > 0);
    note("a session ended by another process", &of_ended, since).await;
    let since = Instant::now();
    assert!(store.remove_member(&a.scope, &act, removed, now()).await.unwrap());
    note("a place taken away by another process", &of_removed, since).await;
    let cli = |arguments: &[&str]| {
        assert_eq!(code(&behind.painel(&server, arguments, "")), 0, "{arguments:?}");
        Instant::now()
    };
    let since = cli(&["user", "disable", "caio@aviso-a.example"]);
    note("a user disabled by the command line", &of_disabled, since).await;
    let since = cli(&["tenant", "suspend", "aviso-a", "--reason", "Conta."]);
    note("a tenant suspended by the command line", &of_tenant, since).await;
    assert!(stays.ends(Instant::now(), WITHIN).await.is_none(), "another tenant's goes on");
    let since = Instant::now();
    store.require_second_factor(&b.scope, &act, true, now()).await.unwrap();
    note("a second factor demanded by another process", &stays, since).await;

    let mut times: Vec<Duration> = took.iter().map(|(_, time)| *time).collect();
    times.sort();
    println!("live: streams of another process end after {took:?}; half of them within {:?}", times[times.len() / 2]);
    // Where nothing is heard one looks every half second; without either it would take fifteen.
    assert!(times[times.len() / 2] < 2 * WITHIN, "{took:?}");
}
