//! From the card to Google and back: what is asked, what is kept, what is shown, and that no token is anywhere else.

use super::{
    begin, beside, come_back, connect,
    fake::{ACCOUNT, CANARY, Fake, SECRET},
    house, save,
};
use crate::behind::{log, refused_fields, start_with};
use app::{credentials::Provider, session::Role};
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use server::{backend::RequestBackend, web::caller::Identity};

#[tokio::test]
async fn a_person_connects_and_no_token_is_seen_logged_or_stored_in_clear() {
    let log = log();
    let fake = Fake::start().await;
    let (server, behind) = start_with(beside(&fake)).await;
    let tenant = server.tenant("conecta", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let page = browser.text("/settings/credentials").await;
    let redirect = format!("{}/oauth/google/callback", server.state.base_url.as_str().trim_end_matches('/'));
    assert!(page.contains(&redirect), "the card says the address to enter at Google's console");
    assert!(page.contains("Guarde primeiro o Client ID") && !page.contains("/api/credentials/connect_google"));

    save(&browser, "google_calendar", "0", &[]).await;
    let page = browser.text("/settings/credentials").await;
    assert!(page.contains("Conectar com o Google") && page.contains("não conectado"));
    let url = begin(&browser, "google_calendar", "1").await;
    assert!(!url.contains("GOCSPX") && !url.contains("meetings.space"), "no secret, and no more than is needed: {url}");
    let callback = fake.allow(&url).await;
    let answer = come_back(&browser, &server, &callback).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let shown = browser.text("/settings/credentials?connected=google_calendar").await;
    for words in [
        "Google Agenda conectado.",
        "A conta está conectada e pode ver e marcar horários nesta agenda.",
        "Agenda da Aurora",
        ACCOUNT,
        "ver os horários livres e ocupados",
        "Conectar de novo com o Google",
        "Desconectar…",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let forms = fake.google().forms.clone();
    assert_eq!(forms.len(), 1, "the test used the token that came with the consent");
    assert_eq!((forms[0]["redirect_uri"].as_str(), forms[0]["code_verifier"].len()), (redirect.as_str(), 43));

    // Another process's memory: the stored grant alone gives a token.
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), Provider::GoogleCalendar);
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    let token = backend.google_access_token(&tenant.scope, Provider::GoogleCalendar).await.unwrap();
    assert!(token.token.expose_secret().contains(CANARY), "a real token comes out of it");
    assert!(!format!("{token:?}").contains(CANARY), "and is not printed");
    assert_eq!(fake.count("POST /token"), 2);

    let audit = browser.text("/settings/audit").await;
    assert!(audit.contains("conta Google conectada") && !audit.contains("refresh_token"));
    let again = browser.text("/settings/credentials").await;
    let list = browser.read("/api/credentials/list").await.text().await.unwrap();
    let stored = behind.bytes().await;
    let secrets = [CANARY, SECRET, forms[0]["code_verifier"].as_str()];
    let (mut places, mut clean) = (0, 0);
    for secret in secrets {
        for (place, text) in [
            ("page", shown.as_bytes()),
            ("page later", again.as_bytes()),
            ("list", list.as_bytes()),
            ("audit", audit.as_bytes()),
            ("database", &stored),
        ] {
            (places, clean) = (places + 1, clean + 1);
            assert!(!crate::behind::contains(text, secret), "{secret} in {place}");
        }
        places += 1;
        assert!(!log.holds(secret), "{secret} in the log: {:?}", log.lines_with(secret).first());
        clean += 1;
    }
    assert!(log.holds("consent changed"), "this search would find what is logged");
    assert!(crate::behind::contains(&stored, "granted_scopes"), "and what is stored");
    println!("google: {clean} of {places} places without a token, code, verifier or secret");
}

#[tokio::test]
async fn one_consent_serves_both_cards_of_one_client() {
    let (fake, server, tenant, browser) = house("ambos").await;
    save(&browser, "google_calendar", "0", &[]).await;
    save(&browser, "google_meet", "0", &[]).await;
    let page = connect(&fake, &server, &browser, "google_meet", "1").await;
    assert!(
        page.contains("O mesmo acesso serve ao Google Agenda") && page.contains("O mesmo acesso serve ao Google Meet")
    );
    assert!(page.contains("A conta está conectada e o Google Meet responde."));
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    for provider in [Provider::GoogleCalendar, Provider::GoogleMeet] {
        let token = backend.google_access_token(&tenant.scope, provider).await.unwrap();
        assert!(token.scopes.contains("calendar.events") && token.scopes.contains("meetings.space.created"));
    }
}

#[tokio::test]
async fn what_is_unticked_is_named() {
    let (fake, server, _tenant, browser) = house("desmarca").await;
    save(&browser, "google_calendar", "0", &[]).await;
    fake.google().unticked = vec!["https://www.googleapis.com/auth/calendar.freebusy"];
    fake.google().ends_in = Some(604_799);
    let page = connect(&fake, &server, &browser, "google_calendar", "1").await;
    assert!(page.contains("faltam permissões") && page.contains("Falta permitir:"));
    assert!(page.contains("Falta a permissão: ver os horários livres e ocupados."), "the test says it too");
    assert!(page.contains("modo de teste"), "and that the consent will end, as Google said");
    assert_eq!(fake.count("GET /calendar"), 0, "what cannot work is not asked");
}

#[tokio::test]
async fn a_calendar_with_a_hash_in_its_id_is_one_segment() {
    let (fake, server, _tenant, browser) = house("feriados").await;
    let id = "pt.brazilian#holiday@group.v.calendar.google.com";
    save(&browser, "google_calendar", "0", &[("fields[calendar_id]", id)]).await;
    let page = connect(&fake, &server, &browser, "google_calendar", "1").await;
    assert!(page.contains("A conta está conectada e pode ver e marcar horários nesta agenda."));
    let path = "GET /calendar/v3/calendars/pt.brazilian%23holiday%40group.v.calendar.google.com/events?maxResults=1";
    assert_eq!(fake.count(path), 1, "{:?}", fake.google().seen);
}

/// Google shows a client's secret once: who has typed it into one card need not have it again for the other.
#[tokio::test]
async fn a_blank_card_takes_the_other_cards_client() {
    let (fake, server, _tenant, browser) = house("um-cliente").await;
    let blank = [("fields[client_id]", ""), ("fields[client_secret]", "")];
    let refused = async |fields: &[(&str, &str)]| {
        let pairs = [&[("provider", "google_meet"), ("version", "0")], fields].concat();
        refused_fields(browser.call("/api/credentials/save", &pairs).await).await
    };
    assert_eq!(refused(&blank).await, "google_meet.client_id google_meet.client_secret", "there is no other yet");
    save(&browser, "google_calendar", "0", &[]).await;
    let another = [("fields[client_id]", "999-outro.apps.googleusercontent.com"), ("fields[client_secret]", "")];
    assert_eq!(refused(&another).await, "google_meet.client_secret", "the secret is another client's");
    save(&browser, "google_meet", "0", &blank).await;
    let page = connect(&fake, &server, &browser, "google_meet", "1").await;
    assert!(page.contains("Google Meet conectado."), "{page}");
}
