//! The real binary asked to end while people are at work: it says that it is not ready, takes new connections for a while,
//! finishes what is under way and is gone.
//!
//! `PAINEL_IT_LONG=1` stops it 20 times, with 100 requests under way each time, instead of 5 times with 40.

use crate::{
    bad_project::{BadProject, Mode},
    behind,
    harness::{Browser, long, project},
    post_office::PostOffice,
    served::Served,
};
use app::session::Role;
use futures::future::join_all;
use reqwest::StatusCode;
use std::time::{Duration, Instant};

const ENDS_WITHIN: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_finish_and_the_process_ends() {
    let (server, behind) = behind::start().await;
    let slow = BadProject::before(project(0, "origin")).await;
    let tenant = server.tenant("fim", Role::Admin, None).await;
    let key = project(0, "publishable_key");
    let allow = format!("{},{}", slow.origin, project(0, "origin"));
    let served = Served::start(&behind, &server, &[("PAINEL_EGRESS_ALLOW", &allow)]).await;
    let mut browser = Browser::new(&served.url);
    assert_eq!(browser.log_in(&tenant.email, crate::harness::PASSWORD).await.status(), StatusCode::FOUND);
    let url = format!("http://{}", slow.origin);
    let pairs = [("provider", "supabase"), ("version", "0"), ("fields[project_url]", &url), ("fields[api_key]", &key)];
    assert_eq!(browser.call("/api/credentials/save", &pairs).await.status(), StatusCode::OK);
    drop(served);
    // A page then takes the project's deadline of five seconds, and says so.
    slow.set(Mode::Hang);

    let (cycles, at_once) = if long() { (20, 100) } else { (5, 40) };
    let (mut finished, mut asked, mut orderly, mut slowest) = (0, 0, 0, Duration::ZERO);
    for cycle in 0..cycles {
        let signal = if cycle % 2 == 0 { "TERM" } else { "INT" };
        let mut served = Served::start(&behind, &server, &[("PAINEL_EGRESS_ALLOW", &allow)]).await;
        let mut here = Browser::new(&served.url);
        here.cookie.clone_from(&browser.cookie);
        let page = |number: usize| {
            let here = here.clone();
            // Few wait for the project, whose lane is narrow; all others are signed-out or static.
            let path = if number < 4 { "/conversations" } else { "/login" };
            async move {
                let answer = here.page(path).await;
                let good = answer.status() == StatusCode::OK || answer.status() == StatusCode::SEE_OTHER;
                good && answer.text().await.is_ok()
            }
        };
        let under_way = tokio::spawn(join_all((0..at_once).map(page)));
        // Until all are at the door, on a busy machine as well: those that wait for the project do so for five seconds.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        served.signal(signal);
        let end = served.ends_within(ENDS_WITHIN).await;
        let outcomes = under_way.await.unwrap();
        asked += outcomes.len();
        finished += outcomes.iter().filter(|good| **good).count();
        orderly += usize::from(end.is_some_and(|(code, _)| code == Some(0)));
        slowest = slowest.max(end.map_or(ENDS_WITHIN, |(_, took)| took));
    }
    println!(
        "H1 {finished} of {asked} requests finish over {cycles} stops; {orderly} of {cycles} end with 0, the slowest after {slowest:?}"
    );
    assert_eq!((finished, orderly), (asked, cycles));
    assert!(slowest > Duration::from_secs(1), "something was under way: {slowest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_stops_it_is_not_ready_and_serves_on() {
    let (server, behind) = behind::start().await;
    let environment = [("PAINEL_STOP_DELAY", "3")];
    let mut served = Served::start_logged(&behind, &server, "info", &environment).await;
    let browser = Browser::new(&served.url);
    assert_eq!(browser.read("/readyz").await.status(), StatusCode::OK);
    served.signal("TERM");
    let began = Instant::now();
    let mut not_ready_after = None;
    let (mut served_on, mut fresh) = (0, 0);
    while began.elapsed() < Duration::from_secs(2) {
        // A connection of its own each time.
        let newcomer = Browser::new(&served.url);
        fresh += 1;
        if newcomer.read("/readyz").await.status() == StatusCode::SERVICE_UNAVAILABLE && not_ready_after.is_none() {
            not_ready_after = Some(began.elapsed());
        }
        served_on += usize::from(newcomer.page("/login").await.status() == StatusCode::OK);
        assert_eq!(newcomer.read("/livez").await.status(), StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let end = served.ends_within(Duration::from_secs(5)).await;
    let log = served.log();
    println!(
        "H1 not ready {not_ready_after:?} after the signal; {served_on} of {fresh} new connections served during the delay; \
         ended {end:?} later"
    );
    assert!(not_ready_after.is_some_and(|after| after < Duration::from_millis(1_500)), "{not_ready_after:?}");
    assert_eq!(served_on, fresh);
    assert_eq!(end.expect("it ends").0, Some(0));
    assert!(log.contains("\"stopped\"") && !log.contains("in time"), "{log}");

    let mut served = Served::start(&behind, &server, &[("PAINEL_STOP_DELAY", "10")]).await;
    served.signal("INT");
    tokio::time::sleep(Duration::from_millis(300)).await;
    served.signal("INT");
    let (code, took) = served.ends_within(Duration::from_secs(5)).await.expect("the second call hurries");
    println!("H1 asked twice it ends after {took:?}, without the delay of 10 s");
    assert_eq!(code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_under_way_is_handed_over_before_the_end() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("carta", Role::Viewer, None).await;
    let office = PostOffice::that_takes(Duration::from_secs(3)).await;
    let mail = format!("smtp://127.0.0.1:{}?tls=none", office.port);
    let environment = [("PAINEL_SMTP_URL", mail.as_str()), ("PAINEL_MAIL_FROM", "painel@painel.example")];
    let mut served = Served::start(&behind, &server, &environment).await;
    let asked = Browser::new(&served.url).call("/api/links/request_reset", &[("email", &tenant.email)]).await;
    assert_eq!(asked.status(), StatusCode::OK);
    let began = Instant::now();
    while office.callers() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "no letter is on its way");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    served.signal("TERM");
    let end = served.ends_within(ENDS_WITHIN).await;
    println!("H1 a letter was under way: {} of 1 handed over, ended {end:?}", office.count());
    assert_eq!((office.count(), end.and_then(|(code, _)| code)), (1, Some(0)));
}
