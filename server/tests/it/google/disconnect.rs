//! A consent taken back: at Google, here, and on the other card that holds it; and what a new client does to an old consent.

use super::{connect, house, save};
use crate::harness::{Browser, Server, Tenant, location};
use app::credentials::Provider;
use server::{
    backend::{NoAccess, RequestBackend},
    web::caller::Identity,
};

async fn fields(server: &Server, tenant: &Tenant, provider: Provider) -> Vec<String> {
    let stored = server.state.store.find_credential_and_keys(&tenant.scope, provider).await.unwrap().0.expect("a card");
    stored.fields.into_iter().map(|(name, _)| name).collect()
}

async fn disconnect(browser: &Browser, provider: &str, version: &str) -> String {
    let pairs = [("provider", provider), ("version", version)];
    let answer = browser.form("/api/credentials/disconnect_google", &pairs, "/settings/credentials").await;
    let to = location(&answer);
    assert_eq!(to, format!("/settings/credentials?disconnected={provider}#{provider}"));
    browser.text(to.split('#').next().unwrap()).await
}

async fn is_connected(server: &Server, tenant: &Tenant, provider: Provider) -> bool {
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    !matches!(backend.google_access_token(&tenant.scope, provider).await, Err(NoAccess::NotConnected))
}

#[tokio::test]
async fn a_consent_is_revoked_and_gone_from_both_cards() {
    let (fake, server, tenant, browser) = house("desliga").await;
    save(&browser, "google_calendar", "0", &[]).await;
    save(&browser, "google_meet", "0", &[]).await;
    connect(&fake, &server, &browser, "google_calendar", "1").await;
    let refresh = fake.tokens().into_iter().find(|token| token.starts_with("1//")).unwrap();
    let page = disconnect(&browser, "google_calendar", "2").await;
    assert!(page.contains("Google Agenda desconectado.") && !page.contains("Desconectar…"));
    assert_eq!(
        (fake.count("POST /revoke"), fake.google().forms.last().unwrap()["token"].as_str()),
        (1, refresh.as_str())
    );
    assert!(!fake.google().seen.iter().any(|seen| seen.contains("canary")), "no token stands in an address");
    assert_eq!(fields(&server, &tenant, Provider::GoogleCalendar).await, ["calendar_id", "client_id", "client_secret"]);
    assert_eq!(fields(&server, &tenant, Provider::GoogleMeet).await, ["client_id", "client_secret"]);
    for provider in [Provider::GoogleCalendar, Provider::GoogleMeet] {
        assert!(!is_connected(&server, &tenant, provider).await);
    }
    let audit = browser.text("/settings/audit").await;
    let rows = |words: &str| audit.matches(&format!(">{words}<")).count();
    println!(
        "google: {} consents given and {} taken back in the trail",
        rows("conta Google conectada"),
        rows("conta Google desconectada")
    );
    assert!(rows("conta Google conectada") >= 2 && rows("conta Google desconectada") >= 2, "one for each card");
}

#[tokio::test]
async fn it_is_gone_here_even_if_google_is_down() {
    let (fake, server, tenant, browser) = house("fora-do-ar").await;
    let cases: [(u16, &str, bool); 5] = [
        (503, "", false),
        (429, "", false),
        (400, r#"{"error":"invalid_request"}"#, false),
        (400, r#"{"error":"invalid_token"}"#, true),
        (200, "{}", true),
    ];
    let mut right = 0;
    for (number, (status, body, quiet)) in cases.iter().enumerate() {
        let version = 3 * number;
        save(&browser, "google_calendar", &(version).to_string(), &[]).await;
        connect(&fake, &server, &browser, "google_calendar", &(version + 1).to_string()).await;
        fake.tell("/revoke", *status, *body);
        let page = disconnect(&browser, "google_calendar", &(version + 2).to_string()).await;
        fake.google().told.clear();
        assert!(!is_connected(&server, &tenant, Provider::GoogleCalendar).await);
        assert_eq!(page.contains("o Google não confirmou que o retirou"), !quiet, "{status} {body}");
        assert_eq!(page.contains("myaccount.google.com/connections"), !quiet, "{status} {body}");
        right += 1;
    }
    println!(
        "google: {right} of {} answers to a revocation: removed here, and told when Google may still hold it",
        cases.len()
    );
}

#[tokio::test]
async fn another_client_ends_the_consent_and_another_calendar_does_not() {
    let (fake, server, tenant, browser) = house("troca").await;
    save(&browser, "google_calendar", "0", &[]).await;
    connect(&fake, &server, &browser, "google_calendar", "1").await;
    save(&browser, "google_calendar", "2", &[("fields[calendar_id]", "agenda@clinica-aurora.example")]).await;
    assert!(is_connected(&server, &tenant, Provider::GoogleCalendar).await, "the same client, typed again");

    // A test of what is typed does not use the consent of what is stored.
    let pairs = [
        ("provider", "google_calendar"),
        ("version", "3"),
        ("fields[client_secret]", "GOCSPX-another0secret0another0_"),
    ];
    let calls = fake.count("GET /calendar");
    let answer = browser.form("/api/credentials/test", &pairs, "/settings/credentials").await;
    assert!(location(&answer).contains("tested="), "{}", location(&answer));
    let page = browser.text("/settings/credentials?tested=google_calendar").await;
    assert!(page.contains("O Google não aceita este Client secret."));
    assert_eq!(fake.count("GET /calendar"), calls);
    assert!(is_connected(&server, &tenant, Provider::GoogleCalendar).await, "a test changes nothing");

    let other = [("fields[client_secret]", "GOCSPX-another0secret0another0_")];
    save(&browser, "google_calendar", "3", &other).await;
    assert!(!is_connected(&server, &tenant, Provider::GoogleCalendar).await);
    assert_eq!(fields(&server, &tenant, Provider::GoogleCalendar).await, ["calendar_id", "client_id", "client_secret"]);

    save(&browser, "google_calendar", "4", &[]).await;
    let page = connect(&fake, &server, &browser, "google_calendar", "5").await;
    assert!(page.contains("Google Agenda conectado."), "and it can be connected anew");
}

#[tokio::test]
async fn a_removed_card_takes_its_consent_along_unless_the_other_one_uses_it() {
    let (fake, server, tenant, browser) = house("remove").await;
    save(&browser, "google_calendar", "0", &[]).await;
    save(&browser, "google_meet", "0", &[]).await;
    connect(&fake, &server, &browser, "google_calendar", "1").await;
    let remove = async |provider: &str| {
        let pairs = [("provider", provider), ("version", "2")];
        let answer = browser.form("/api/credentials/remove", &pairs, "/settings/credentials").await;
        assert_eq!(location(&answer), format!("/settings/credentials?removed={provider}"));
    };
    remove("google_calendar").await;
    assert_eq!(fake.count("POST /revoke"), 0, "the other card goes on using it");
    assert!(is_connected(&server, &tenant, Provider::GoogleMeet).await);
    fake.tell("/revoke", 503, "canary7f3a");
    remove("google_meet").await;
    assert_eq!(fake.count("POST /revoke"), 1);
    let page = browser.text("/settings/credentials?removed=google_meet").await;
    assert!(page.contains("o Google não confirmou que o retirou") && !page.contains("canary7f3a"));
}
