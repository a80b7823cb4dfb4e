//! Answers that are not those of the question: nothing is exchanged for them, and the question is over.

use super::{begin, come_back, connect, house, save};
use crate::{
    confirm::age,
    harness::{Browser, PASSWORD, Server, location},
};
use app::session::Role;
use reqwest::{Response, StatusCode};
use server::store::Act;
use time::{Duration, OffsetDateTime};

async fn gone(answer: Response) -> bool {
    let status = answer.status();
    status == StatusCode::GONE && answer.text().await.unwrap().contains("Este pedido ao Google não vale mais")
}

#[tokio::test]
async fn only_the_answer_to_this_sessions_question_is_taken() {
    let (fake, server, tenant, browser) = house("pergunta-g").await;
    save(&browser, "google_calendar", "0", &[]).await;
    let (mut asked, mut refused) = (0, 0);
    let mut count = |right: bool, what: &str| {
        assert!(right, "{what}");
        (asked, refused) = (asked + 1, refused + 1);
    };

    let answer = browser.page("/oauth/google/callback?code=4%2Fx&state=x").await;
    count(gone(answer).await, "no question was asked");
    count(gone(browser.page("/oauth/google/start").await).await, "there is nothing to go on with");
    let callback = fake.allow(&begin(&browser, "google_calendar", "1").await).await;
    let state = callback.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let wrong = callback.replace(&state, &state.chars().rev().collect::<String>());
    count(gone(come_back(&browser, &server, &wrong).await).await, "another state");
    count(gone(come_back(&browser, &server, &callback).await).await, "the question was over by that");

    let callback = fake.allow(&begin(&browser, "google_calendar", "1").await).await;
    let second = server.signed_in(&tenant.email).await;
    count(gone(come_back(&second, &server, &callback).await).await, "another session of the same person");
    let other = server.tenant("outra-g", Role::Admin, None).await;
    let stranger = server.signed_in(&other.email).await;
    save(&stranger, "google_calendar", "0", &[]).await;
    begin(&stranger, "google_calendar", "1").await;
    count(gone(come_back(&stranger, &server, &callback).await).await, "another tenant, with a question of its own");
    let nobody = Browser::new(&server.url);
    let answer = come_back(&nobody, &server, &callback).await;
    count(location(&answer).starts_with("/login"), "nobody");
    let twice = come_back(&browser, &server, &format!("{callback}&state=x")).await;
    count(gone(twice).await, "a parameter that stands twice");
    assert_eq!(fake.count("POST /token"), 0, "no code was exchanged for any of them");

    // One session, two panels: the question belongs to the panel it was asked in.
    let both = server.user("duas@casas.example", tenant.scope.tenant(), Role::Admin).await;
    let (store, now) = (&server.state.store, OffsetDateTime::now_utc());
    store.add_membership(&other.scope, &Act::of_command_line(), both, Role::Admin, now).await.unwrap();
    let mut wanderer = server.signed_in("duas@casas.example").await;
    let chosen = wanderer.call("/api/session/choose", &[("slug", "pergunta-g")]).await;
    wanderer.keep(&chosen);
    let callback = fake.allow(&begin(&wanderer, "google_calendar", "1").await).await;
    let chosen = wanderer.call("/api/session/choose", &[("slug", "outra-g")]).await;
    wanderer.keep(&chosen);
    count(gone(come_back(&wanderer, &server, &callback).await).await, "the same person in another panel");

    let callback = fake.allow(&begin(&browser, "google_calendar", "1").await).await;
    let answer = come_back(&browser, &server, &callback).await;
    assert!(location(&answer).contains("connected="));
    count(gone(come_back(&browser, &server, &callback).await).await, "the same answer twice");
    assert_eq!(fake.count("POST /token"), 1);
    println!("google: {refused} of {asked} foreign answers refused");
}

async fn told(server: &Server, browser: &Browser, callback: &str) -> String {
    let answer = come_back(browser, server, callback).await;
    let to = location(&answer);
    assert!(to.starts_with("/settings/credentials?tested=google_calendar"), "{to}");
    browser.text(to.split('#').next().unwrap()).await
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told_and_nothing_is_kept() {
    let (fake, server, _tenant, browser) = house("caminho").await;
    save(&browser, "google_calendar", "0", &[]).await;
    let back = |url: String| {
        let state = url.split("&state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        format!("{}/oauth/google/callback?state={state}", server.url)
    };
    let url = begin(&browser, "google_calendar", "1").await;
    let page = told(&server, &browser, &format!("{}&error=access_denied", back(url))).await;
    assert!(page.contains("O acesso não foi dado"));

    let url = begin(&browser, "google_calendar", "1").await;
    let page = told(&server, &browser, &format!("{}&code=4%2Fbogus", back(url))).await;
    assert!(page.contains("O Google não aceitou o código"));

    fake.google().permanent = false;
    let callback = fake.allow(&begin(&browser, "google_calendar", "1").await).await;
    let page = told(&server, &browser, &callback).await;
    assert!(page.contains("O Google deu acesso só por uma hora") && page.contains("não conectado"));

    fake.google().permanent = true;
    let callback = fake.allow(&begin(&browser, "google_calendar", "1").await).await;
    save(&browser, "google_calendar", "1", &[("fields[calendar_id]", "agenda@clinica-aurora.example")]).await;
    let calls = fake.count("POST /token");
    let page = told(&server, &browser, &callback).await;
    assert!(page.contains("Esta conexão foi mudada enquanto") && page.contains("não conectado"));
    assert_eq!(fake.count("POST /token"), calls, "the code of a card that was changed is not even exchanged");

    let page = connect(&fake, &server, &browser, "google_calendar", "2").await;
    assert!(page.contains("Google Agenda conectado."));
}

#[tokio::test]
async fn both_steps_want_a_fresh_password_and_the_right_version() {
    let (fake, server, _tenant, browser) = house("fresca-g").await;
    save(&browser, "google_calendar", "0", &[]).await;
    connect(&fake, &server, &browser, "google_calendar", "1").await;
    let mut right = 0;
    for path in ["/api/credentials/connect_google", "/api/credentials/disconnect_google"] {
        let pairs = |version| [("provider", "google_calendar"), ("version", version)];
        let stale = browser.call(path, &pairs("1")).await;
        assert_eq!(stale.status(), StatusCode::CONFLICT, "{path}: version 1 is no more");
        let none = browser.call(path, &[("provider", "google_meet"), ("version", "0")]).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND, "{path}: nothing is stored there");
        let other = browser.call(path, &[("provider", "n8n"), ("version", "0")]).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND, "{path}: not of Google's");
        right += 3;
    }
    age(&server, &browser, Duration::minutes(6)).await;
    let page = browser.text("/settings/credentials").await;
    assert!(page.contains("google_calendar-connect-current") && page.contains("google_calendar-disconnect-current"));
    for path in ["/api/credentials/connect_google", "/api/credentials/disconnect_google"] {
        let pairs = [("provider", "google_calendar"), ("version", "2")];
        let answer = browser.call(path, &pairs).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(answer.text().await.unwrap().contains("ConfirmDue"), "{path}");
        right += 1;
    }
    let mut browser = browser;
    let pairs = [("provider", "google_calendar"), ("version", "2"), ("current", PASSWORD)];
    let answer = browser.form("/api/credentials/connect_google", &pairs, "/settings/credentials").await;
    browser.keep(&answer);
    assert_eq!(location(&answer), "/oauth/google/start");
    assert_eq!(browser.page("/oauth/google/start").await.status(), StatusCode::OK, "the new session has the question");
    println!("google: {right} of 8 steps refused that were stale, of another version, or had nothing to do");
}
