//! Access tokens: one refresh at a time, none that is about to end, none for a consent that is over.

use super::{connect, fake::Fake, house, save};
use crate::harness::{Browser, Server, Tenant, location};
use app::credentials::Provider::GoogleCalendar;
use futures::future::join_all;
use secrecy::ExposeSecret;
use server::{
    backend::{NoAccess, RequestBackend},
    providers::google::TokenError,
    web::caller::Identity,
};
use std::{collections::BTreeSet, time::Duration};

/// A connected house whose memory is empty.
async fn connected(slug: &str) -> (Fake, Server, Tenant, Browser) {
    let (fake, server, tenant, browser) = house(slug).await;
    save(&browser, "google_calendar", "0", &[]).await;
    connect(&fake, &server, &browser, "google_calendar", "1").await;
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), GoogleCalendar);
    (fake, server, tenant, browser)
}

async fn token(server: &Server, tenant: &Tenant) -> Result<String, NoAccess> {
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    let token = backend.google_access_token(&tenant.scope, GoogleCalendar).await?;
    Ok(token.token.expose_secret().to_owned())
}

async fn test(browser: &Browser, version: &str) -> String {
    let pairs = [("provider", "google_calendar"), ("version", version)];
    let answer = browser.form("/api/credentials/test", &pairs, "/settings/credentials").await;
    let to = location(&answer);
    assert!(to.contains("tested=google_calendar"), "{to}");
    browser.text(to.split('#').next().unwrap()).await
}

#[tokio::test]
async fn fifty_at_once_are_one_call() {
    let (fake, server, tenant, _browser) = connected("cinquenta").await;
    let before = fake.count("POST /token");
    fake.google().slow = Duration::from_millis(100);
    let tokens = join_all((0..50).map(|_| token(&server, &tenant))).await;
    let tokens: BTreeSet<String> = tokens.into_iter().map(|token| token.unwrap()).collect();
    let calls = fake.count("POST /token") - before;
    println!("google: 50 concurrent refreshes = {calls} token call, {} token", tokens.len());
    assert_eq!((calls, tokens.len()), (1, 1));

    // A failure is shared by who waited for it, and by nobody after. Long enough for all fifty to be there.
    fake.google().slow = Duration::from_secs(3);
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), GoogleCalendar);
    fake.tell("/token", 503, "canary7f3a");
    let before = fake.count("POST /token");
    let failed = join_all((0..50).map(|_| token(&server, &tenant))).await;
    let down = failed.iter().filter(|failed| matches!(failed, Err(NoAccess::Refused(TokenError::Down)))).count();
    assert_eq!((down, fake.count("POST /token") - before), (50, 1));
    fake.google().told.clear();
    fake.google().slow = Duration::ZERO;
    assert!(token(&server, &tenant).await.is_ok());
}

#[tokio::test]
async fn a_token_with_less_than_a_minute_left_is_not_given_out() {
    let (fake, server, tenant, browser) = connected("margem").await;
    let start = fake.count("POST /token");
    fake.google().lasts = 59;
    let (one, two) = (token(&server, &tenant).await.unwrap(), token(&server, &tenant).await.unwrap());
    assert_ne!(one, two);
    fake.google().lasts = 120;
    let (three, four) = (token(&server, &tenant).await.unwrap(), token(&server, &tenant).await.unwrap());
    assert_eq!((three, fake.count("POST /token") - start), (four, 3));
    // A saved card's token is dropped, though the consent is the same.
    save(&browser, "google_calendar", "2", &[("fields[calendar_id]", "agenda@clinica-aurora.example")]).await;
    token(&server, &tenant).await.unwrap();
    assert_eq!(fake.count("POST /token") - start, 4);
}

#[tokio::test]
async fn a_withdrawn_token_is_renewed_once() {
    let (fake, server, tenant, browser) = connected("renova").await;
    token(&server, &tenant).await.unwrap();
    fake.withdraw_access();
    let (tokens, events) = (fake.count("POST /token"), fake.count("GET /calendar"));
    let page = test(&browser, "2").await;
    assert!(page.contains("A conta está conectada e pode ver e marcar horários nesta agenda."));
    assert_eq!(
        (fake.count("POST /token") - tokens, fake.count("GET /calendar") - events),
        (1, 2),
        "401, new token, 200"
    );

    // An API that takes no token at all is not asked for ever.
    fake.tell("/calendar", 401, r#"{"error":{"code":401,"errors":[{"reason":"authError"}]}}"#);
    let (tokens, events) = (fake.count("POST /token"), fake.count("GET /calendar"));
    let page = test(&browser, "2").await;
    assert!(page.contains("O Google não aceita mais o acesso desta conta.") && page.contains("acesso recusado"));
    assert_eq!(fake.count("GET /calendar") - events, 2);
    assert!(fake.count("POST /token") - tokens <= 2, "one for each of the two calls at most");
}

#[tokio::test]
async fn a_consent_that_is_over_is_not_asked_for_again() {
    let (fake, server, tenant, browser) = connected("acabou").await;
    fake.withdraw_refresh();
    let before = fake.count("POST /token");
    for _ in 0..3 {
        assert!(matches!(token(&server, &tenant).await, Err(NoAccess::Refused(TokenError::Ended))));
    }
    assert_eq!(fake.count("POST /token") - before, 1, "Google is asked once");
    let page = test(&browser, "2").await;
    assert!(page.contains("O acesso foi retirado"), "a young consent was withdrawn");
    assert!(page.contains("conecte de novo") && page.contains("O Google não aceita mais este acesso."));
    assert_eq!(fake.count("POST /token") - before, 1);
    let page = connect(&fake, &server, &browser, "google_calendar", "2").await;
    assert!(page.contains("Google Agenda conectado.") && !page.contains("O Google não aceita mais este acesso."));
    assert!(token(&server, &tenant).await.is_ok());
}
