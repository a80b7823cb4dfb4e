//! Many who listen cost a project no more than one, and a project that floods or hangs is its tenant's trouble alone.

use super::{SOON, project, say, server, stream::Stream, tenant};
use crate::{
    bad_project::{BadProject, Mode},
    harness::Browser,
};
use app::session::Role;
use reqwest::StatusCode;
use std::time::{Duration, Instant};

const WATCHED: Duration = Duration::from_secs(16);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_tabs_ask_a_project_as_often_as_one() {
    let (of_many, of_one) = tokio::join!(project(), project());
    let server = server(&[&of_many.origin, &of_one.origin], |_| {}).await;
    let many = tenant(&server, "muitas", &of_many.origin).await;
    let one = tenant(&server, "uma", &of_one.origin).await;
    let mut browsers = vec![server.signed_in(&many.email).await];
    for number in 0..4 {
        let email = format!("pessoa{number}@muitas.example");
        server.user(&email, many.scope.tenant(), Role::Viewer).await;
        browsers.push(server.signed_in(&email).await);
    }
    let single = Stream::open(&server.signed_in(&one.email).await).await;
    let mut tabs = Vec::new();
    for browser in &browsers {
        for _ in 0..4 {
            tabs.push(Stream::open(browser).await);
        }
    }
    assert_eq!(server.state.live.open(), (21, 2));
    let before = (of_many.asked().len(), of_one.asked().len());
    tokio::time::sleep(WATCHED).await;
    let asked = (of_many.asked().len() - before.0, of_one.asked().len() - before.1);
    let since = Instant::now();
    say(&of_many, "para todas").await;
    let mut told = 0;
    for tab in &tabs {
        told += usize::from(tab.wait("conversations", since, SOON).await.is_some());
    }
    drop((tabs, single));
    tokio::time::sleep(Duration::from_secs(8)).await;
    let quiet = (of_many.asked().len(), of_one.asked().len());
    tokio::time::sleep(Duration::from_secs(6)).await;
    let none = (of_many.asked().len(), of_one.asked().len()) == quiet;
    println!(
        "live: in {WATCHED:?} {} requests for 20 tabs, {} for one; {told} of 20 told; none once nobody looks: {none}",
        asked.0, asked.1
    );
    // A look is four small questions, and the looks of two tenants are not in step.
    assert!(asked.0.abs_diff(asked.1) <= 8 && asked.0 <= 24, "{asked:?}");
    assert_eq!((told, none, server.state.live.open()), (20, true, (0, 0)));
}

/// The slowest of some pages, which must all be good.
async fn slowest_page(browser: &Browser, pages: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..pages {
        let began = Instant::now();
        let answer = browser.page("/conversations").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.text().await.unwrap().contains("class=\"talk\""));
        slowest = slowest.max(began.elapsed());
    }
    slowest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_floods_or_hangs_is_its_tenants_trouble_alone() {
    let (flooding, hanging, well) = tokio::join!(project(), project(), project());
    let door = BadProject::before(hanging.origin.clone()).await;
    let server = server(&[&flooding.origin, &door.origin, &well.origin], |_| {}).await;
    let a = tenant(&server, "cheia", &flooding.origin).await;
    let b = tenant(&server, "muda", &door.origin).await;
    let c = tenant(&server, "calma", &well.origin).await;
    let mut browsers = Vec::new();
    for tenant in [&a, &b, &c] {
        browsers.push(server.signed_in(&tenant.email).await);
    }
    let began = Instant::now();
    let mut streams = Vec::new();
    for browser in &browsers {
        let stream = Stream::open(browser).await;
        stream.wait("live", began, Duration::from_secs(15)).await.expect("it is watched");
        streams.push(stream);
    }
    let since = Instant::now();
    door.set(Mode::Hang);
    let flood = tokio::spawn(async move {
        for _ in 0..20 {
            flooding
                .sql(
                    "insert into messages (conversation_id, direction, content) \
                     select 1, 'in', 'x' from generate_series(1, 500)",
                )
                .await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        flooding
    });
    let mut slowest = Duration::ZERO;
    for number in 0..4 {
        let since = Instant::now();
        say(&well, &format!("calma {number}")).await;
        let (_, took) = streams[2].wait("conversations", since, SOON).await.expect("told beside flood and silence");
        slowest = slowest.max(took);
    }
    let page = slowest_page(&browsers[2], 20).await;
    let flooding = flood.await.unwrap();
    // A look each three seconds while it comes, and one behind it.
    let most = 2 + usize::try_from(since.elapsed().as_secs()).unwrap() / 3;
    let (stale, after) = streams[1].wait("stale", since, Duration::from_secs(40)).await.expect("the silence is told");
    let floods = streams[0].count("conversations");
    println!(
        "live: beside 10,000 rows in one project and another that hangs the slowest of 4 is told after {slowest:?}, the \
         slowest of 20 pages took {page:?}; the flood was told {floods} times, the silence after {after:?}: {}",
        stale.text
    );
    assert!(stale.text.starts_with("parado: o projeto não responde desde "), "{}", stale.text);
    assert_eq!(streams[2].count("conversations"), 4);
    assert!((1..=most.max(8)).contains(&floods), "{floods} of at most {most}");
    assert!(page < Duration::from_secs(10), "{page:?}");
    let since = Instant::now();
    door.set(Mode::Open);
    let (_, back) = streams[1].wait("live", since, Duration::from_secs(75)).await.expect("it comes back");
    assert!(streams[1].wait("conversations", since, Duration::from_secs(75)).await.is_some(), "pages read again");
    println!("live: a project that answers again is live after {back:?}");
    drop(flooding);
}
