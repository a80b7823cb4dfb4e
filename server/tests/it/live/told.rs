//! What is new is told soon, to whom it concerns and to nobody else, and to whoever comes back.

use super::{
    SOON, project, say, server,
    stream::{Stream, ask},
    tenant,
};
use crate::{harness::Browser, people::everybody};
use app::access::{Need, STREAMS};
use reqwest::StatusCode;
use std::time::{Duration, Instant};

const INSERTS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_row_is_told_soon_and_to_its_own_tenant_alone() {
    let (of_a, of_b) = tokio::join!(project(), project());
    let server = server(&[&of_a.origin, &of_b.origin], |_| {}).await;
    let a = tenant(&server, "viva-a", &of_a.origin).await;
    let b = tenant(&server, "viva-b", &of_b.origin).await;
    let (as_a, as_b) = (server.signed_in(&a.email).await, server.signed_in(&b.email).await);
    let began = Instant::now();
    let (stream_a, stream_b) = (Stream::open(&as_a).await, Stream::open(&as_b).await);
    for stream in [&stream_a, &stream_b] {
        let (live, _) = stream.wait("live", began, SOON).await.expect("how the project stands");
        assert_eq!(live.text, "novidades aparecem sozinhas");
    }
    let mut slowest = Duration::ZERO;
    for number in 0..INSERTS {
        let since = Instant::now();
        say(&of_a, &format!("segredo {number}")).await;
        let (told, took) = stream_a.wait("conversations", since, SOON).await.expect("a message is told");
        assert!(told.text.starts_with("mudou às "), "{told:?}");
        slowest = slowest.max(took);
    }
    let since = Instant::now();
    of_a.sql(
        "insert into appointments (customer_name, customer_phone, service, professional, starts_at, ends_at, status) \
         values ('Ana', '5511987654321', 'Limpeza', 'Inês', now() + interval '400 days', \
         now() + interval '401 days', 'scheduled')",
    )
    .await;
    let (_, far) = stream_a.wait("appointments", since, SOON).await.expect("an appointment far ahead is told");
    let since = Instant::now();
    of_a.sql("update appointments set status = 'cancelled'").await;
    let (_, changed) = stream_a.wait("appointments", since, SOON).await.expect("a changed one is told");
    let since = Instant::now();
    of_a.sql("update conversations set status = 'human', updated_at = now()").await;
    stream_a.wait("conversations", since, SOON).await.expect("a changed conversation is told");
    // Several looks later B has heard nothing, and A nothing more.
    let settled = stream_a.told().len();
    tokio::time::sleep(Duration::from_secs(9)).await;
    let of_b_told: Vec<_> = stream_b.told().into_iter().filter(|told| told.what != "live").collect();
    println!(
        "live: the slowest of {INSERTS} messages told after {slowest:?}, an appointment after {far:?}, its change after \
         {changed:?}; {} of {} events reached the other tenant",
        of_b_told.len(),
        settled
    );
    assert_eq!(of_b_told.len(), 0, "{of_b_told:?}");
    assert_eq!(stream_a.told().len(), settled, "{:?}", stream_a.told());
    let everything = format!("{:?}", stream_a.told());
    for secret in ["segredo", "Ana", "5511", "Limpeza", "viva"] {
        assert!(!everything.contains(secret), "{secret}: {everything}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_learns_what_was_missed() {
    let project = project().await;
    let server = server(&[&project.origin], |_| {}).await;
    let tenant = tenant(&server, "volta", &project.origin).await;
    let browser = server.signed_in(&tenant.email).await;
    let began = Instant::now();
    let stays = Stream::open(&browser).await;
    let goes = Stream::open(&browser).await;
    let (standing, _) = goes.wait("live", began, SOON).await.expect("it stands");
    drop(goes);
    let since = Instant::now();
    say(&project, "enquanto fora").await;
    let (told, _) = stays.wait("conversations", since, SOON).await.expect("told to who stayed");
    let resumed = async |last: &str| {
        let since = Instant::now();
        let stream = Stream::resume(&browser, Some(last)).await;
        stream.wait("live", since, SOON).await.expect("how it stands");
        stream.told().into_iter().map(|told| told.what).collect::<Vec<_>>()
    };
    assert_eq!(resumed(&standing.id).await, ["conversations", "live"], "what was missed, then how it stands");
    assert_eq!(resumed(&told.id).await, ["live"], "nothing was missed");
    for unknown in ["0badcafe-3", "nothing", "0badcafe-99999999999999999999999"] {
        assert_eq!(resumed(unknown).await, ["refresh", "live"], "{unknown}");
    }
    // A page that makes a new connection says it in the address.
    let answer = browser.page(&format!("/live?last={}", standing.id)).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_read_content_may_not_listen() {
    let project = project().await;
    let server = server(&[&project.origin], |_| {}).await;
    let tenant = tenant(&server, "porteira", &project.origin).await;
    let (mut asked, mut right) = (0, 0);
    for person in everybody(&server, &tenant).await {
        let browser = person.enter(&server).await;
        for (path, need) in STREAMS {
            let status = browser.page(path).await.status();
            let expected = person.expected(*need).map_or(StatusCode::OK, |(status, _)| status);
            assert_eq!(status, expected, "{}: {path}", person.name);
            (asked, right) = (asked + 1, right + usize::from(status == expected));
        }
    }
    println!("live: {right} of {asked} people answered as the table says");
    let stranger = Browser::new(&server.url);
    assert_eq!(ask(&stranger, None).await.status(), StatusCode::UNAUTHORIZED);
    assert!(matches!(STREAMS, [("/live", Need::Tenant(_))]));
    // A session has so many pages in view at a time, and no more.
    let browser = server.signed_in(&tenant.email).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Stream::open(&browser).await);
    }
    assert_eq!(ask(&browser, None).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    open.pop();
    let since = Instant::now();
    while ask(&browser, None).await.status() != StatusCode::OK {
        assert!(since.elapsed() < Duration::from_secs(20), "a place comes free");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
