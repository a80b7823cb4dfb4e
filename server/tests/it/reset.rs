//! A forgotten password: whoever proves by a link that the mailbox is theirs is not kept out by the guesses that made them
//! ask for it, and a crowd of requests writes one letter.

use crate::{
    behind,
    harness::{Browser, PASSWORD},
    post_office::PostOffice,
};
use app::session::Role;
use futures::future::join_all;
use reqwest::StatusCode;
use server::{config::Config, mail::MailConfig};
use std::time::Duration;

const NEW_PASSWORD: &str = "outra-frase-longa-de-teste";

#[tokio::test]
async fn a_new_password_opens_the_door_that_guesses_have_shut() {
    const ACCOUNTS: usize = 10;
    let trusting = |config: &mut Config| config.trusted_proxies = "127.0.0.1".parse().expect("an address");
    let (server, behind) = behind::start_with(trusting).await;
    let tenant = server.tenant("tranca", Role::Viewer, None).await;
    let (mut shut, mut open, mut others) = (0, 0, 0);
    for number in 0..ACCOUNTS {
        let email = format!("t{number}@tranca.example");
        server.user(&email, tenant.scope.tenant(), Role::Viewer).await;
        // Each account's tries come from an address of their own: one address has 20 wrong ones a minute.
        let elsewhere = |mut browser: Browser| {
            browser.forwarded_for = Some(format!("192.0.2.{}", number + 1));
            browser
        };
        let new = || elsewhere(Browser::new(&server.url));
        let mut owner = elsewhere(server.signed_in(&email).await);
        // Wrong once in a strange browser and once in the known one; the other 99 are written down by hand.
        for browser in [&mut new(), &mut owner] {
            assert!(!browser.log_in(&email, "nao-e-esta-a-senha-dela").await.headers().contains_key("set-cookie"));
        }
        behind.run("update login_locks set failures = 100, until_at = since + 86400000000").await;
        for browser in [new(), owner.clone()] {
            let pairs = [("email", email.as_str()), ("password", PASSWORD)];
            let status = browser.call("/api/session/log_in", &pairs).await.status();
            shut += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
        }

        let link = behind.painel(&server, &["user", "reset", &email], "");
        let link = String::from_utf8(link.stdout).unwrap();
        let token = link.trim().rsplit('/').next().unwrap();
        let nobody = new();
        let reset = nobody.call("/api/links/reset", &[("token", token), ("password", NEW_PASSWORD)]).await;
        assert_eq!(reset.status(), StatusCode::OK);
        for mut browser in [nobody, owner] {
            let answer = browser.log_in(&email, NEW_PASSWORD).await;
            open += usize::from(answer.status() == StatusCode::FOUND && browser.cookie.is_some());
        }
        // Somebody else's lock is none of the link's business.
        let other = format!("ninguem{number}@tranca.example");
        new().log_in(&other, "nao-e-esta-a-senha-dela").await;
        others += usize::from(behind.count("select count(*) from login_locks").await == 1);
        behind.run("delete from login_locks").await;
    }
    eprintln!(
        "a locked account: {shut} of {} tries with the right password refused, {open} of {} let in after the reset; \
         {others} of {ACCOUNTS} others stay counted",
        2 * ACCOUNTS,
        2 * ACCOUNTS
    );
    assert_eq!((shut, open, others), (2 * ACCOUNTS, 2 * ACCOUNTS, ACCOUNTS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_requests_at_once_write_one_letter() {
    const REQUESTS: usize = 100;
    behind::log();
    let office = PostOffice::open().await;
    let url = format!("smtp://127.0.0.1:{}?tls=none", office.port);
    let (server, behind) = behind::start_with(|config| {
        config.mail = Some(MailConfig::parse(&url, "painel@painel.example").expect("a mail server"));
        config.trusted_proxies = "127.0.0.1".parse().expect("an address");
    })
    .await;
    let tenant = server.tenant("correio", Role::Viewer, None).await;
    let asked = (0..REQUESTS).map(|number| {
        let (mut browser, email) = (Browser::new(&server.url), tenant.email.clone());
        browser.forwarded_for = Some(format!("192.0.2.{}", number + 1));
        async move { browser.call("/api/links/request_reset", &[("email", &email)]).await.status() }
    });
    let answers = join_all(asked).await;
    assert!(answers.iter().all(|status| *status == StatusCode::OK), "{answers:?}");
    office.letter(0).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let links = behind.count("select count(*) from links").await;
    eprintln!("letters for {REQUESTS} requests at once: {} of 1; links made: {links} of 1", office.count());
    assert_eq!((office.count(), links), (1, 1));
}
