//! What two processes on one Postgres count together: whoever is over the allowance at the one is refused at the other too, and
//! an account is tried at one of them at a time. Always on a Postgres of their own, whatever `PAINEL_IT_STORE` says.

use crate::{
    database::Database,
    harness::{Browser, PASSWORD, Server},
};
use app::session::Role;
use futures::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Response, StatusCode};
use server::{
    state::State,
    store::{MachineTokenId, TenantId},
    tries::NotNow,
};
use sha2::Sha256;
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

const WRONG: &str = "nao-e-esta-a-senha-dela";

/// One that serves, behind a proxy of ours, and what another has.
async fn two() -> (Database, Server, State) {
    let database = Database::create().await;
    let server = Server::start_with(|config| {
        config.database_url.clone_from(&database.url);
        config.database_owner_url = Some(database.owner_url.clone().into());
        config.trusted_proxies = "127.0.0.1".parse().expect("an address");
    })
    .await;
    let beside = server.beside().await;
    (database, server, beside)
}

async fn end(database: Database, server: Server, beside: State) {
    server.state.store.close().await;
    beside.store.close().await;
    database.drop_it().await;
}

fn from(browser: &Browser, address: &str) -> Browser {
    let mut browser = browser.clone();
    browser.forwarded_for = Some(address.to_owned());
    browser
}

async fn log_in(browser: &Browser, email: &str, password: &str) -> Response {
    browser.call("/api/session/log_in", &[("email", email), ("password", password)]).await
}

fn is_in(answer: &Response) -> bool {
    answer.status().is_success() || answer.status().is_redirection()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_guessed_at_one_is_refused_at_the_other() {
    let (database, server, beside) = two().await;
    let tenant = server.tenant("fonte", Role::Viewer, None).await;
    let browser = Browser::new(&server.url);
    // After three seconds a source may try once more: a round that took longer says nothing, and another source has a go.
    let mut round = 0;
    let (last, refused, here) = loop {
        round += 1;
        assert!(round <= 20, "not once within three seconds");
        let began = Instant::now();
        let address = format!("203.0.113.{round}");
        let source: IpAddr = address.parse().unwrap();
        for _ in 0..20 {
            beside.count_wrong(Some(source), &[]).await.unwrap();
        }
        // The twenty-first, which is let in still, comes to the other one.
        let last = log_in(&from(&browser, &address), "x@fonte.example", WRONG).await.status();
        let mut refused = 0;
        for (number, password) in [WRONG, PASSWORD].into_iter().enumerate() {
            let email = if number == 0 { "y@fonte.example" } else { tenant.email.as_str() };
            let answer = log_in(&from(&browser, &address), email, password).await;
            refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
        }
        let here = beside.may_guess(Some(source), &[]).await;
        if began.elapsed() < Duration::from_millis(2_500) {
            break (last, refused, here);
        }
    };
    let other = log_in(&from(&browser, "203.0.113.200"), &tenant.email, PASSWORD).await;
    println!("tries: after 20 at one and 1 at the other, {refused} of 2 are refused there");
    assert_eq!((last, refused), (StatusCode::UNAUTHORIZED, 2));
    assert!(matches!(here, Err(NotNow::Wait(wait)) if wait <= Duration::from_secs(3)), "{here:?}");
    assert!(is_in(&other), "another source is");
    end(database, server, beside).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_is_guessed_at_anywhere_stays_shut_everywhere() {
    let (database, server, beside) = two().await;
    let tenant = server.tenant("casa", Role::Viewer, None).await;
    let known = from(&server.signed_in(&tenant.email).await, "203.0.113.1");
    let id = tenant.scope.tenant();
    for _ in 0..250 {
        beside.count_wrong(None, &[id]).await.unwrap();
    }
    let stranger = from(&Browser::new(&server.url), "203.0.113.2");
    assert_eq!(
        log_in(&stranger, &tenant.email, PASSWORD).await.status(),
        StatusCode::UNAUTHORIZED,
        "as for a wrong one"
    );
    assert!(is_in(&log_in(&known, &tenant.email, PASSWORD).await), "who was here before is let in");
    end(database, server, beside).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_and_tests_are_counted_together() {
    let (database, server, beside) = two().await;
    let (token, tenant) = (MachineTokenId::new(), TenantId::new());
    let both = [&server.state, &beside];
    let began = Instant::now();
    let reads = join_all((0..120).map(|number| both[number % 2].count_read(&token))).await;
    let tests = join_all((0..30).map(|number| both[number % 2].count_test(&tenant))).await;
    let let_in = |told: &[Result<(), NotNow>]| told.iter().filter(|told| told.is_ok()).count();
    let (reads_in, tests_in) = (let_in(&reads), let_in(&tests));
    println!("tries: of 120 reads {reads_in} are let in by two processes, of 30 tests {tests_in}");
    // A second brings one more read, and six seconds a test.
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!((60..=60 + seconds).contains(&reads_in) && (10..=10 + seconds / 6 + 1).contains(&tests_in));
    assert!(reads.iter().chain(&tests).all(|told| matches!(told, Ok(()) | Err(NotNow::Wait(_)))));
    let one = "203.0.113.7".parse().ok();
    for _ in 0..21 {
        beside.count_wrong_token(one).await.unwrap();
    }
    assert!(matches!(server.state.may_show_token(one).await, Err(NotNow::Wait(_))));
    assert!(server.state.may_guess(one, &[]).await.is_ok(), "passwords are another matter");
    end(database, server, beside).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_tried_at_one_of_them_at_a_time() {
    let (database, server, beside) = two().await;
    let tenant = server.tenant("vez", Role::Viewer, None).await;
    let mut mac = Hmac::<Sha256>::new_from_slice(&beside.lock_key).unwrap();
    mac.update(tenant.email.as_bytes());
    let account: [u8; 32] = mac.finalize().into_bytes().into();
    let turn = beside.take_turn(account).await.unwrap().expect("nobody else tries");
    let browser = Browser::new(&server.url);
    let (waiting, email) = (browser.clone(), tenant.email.clone());
    let waits = tokio::spawn(async move { log_in(&waiting, &email, PASSWORD).await });
    let free = log_in(&browser, "outra@vez.example", WRONG).await.status();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let waited = !waits.is_finished();
    drop(turn);
    let entered = is_in(&waits.await.unwrap());
    println!("tries: a try at one waits for the other's: {waited}, and is let in after it: {entered}");
    assert_eq!((free, waited, entered), (StatusCode::UNAUTHORIZED, true, true));
    let turn = tokio::time::timeout(Duration::from_secs(2), beside.take_turn(account)).await;
    assert!(turn.is_ok_and(|turn| turn.is_ok_and(|turn| turn.is_some())), "and given back");
    end(database, server, beside).await;
}
