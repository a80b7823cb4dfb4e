//! "Testar conexão" on the page, with plain forms: the outcome shows once on its card, nothing is saved, and nothing of
//! what a provider answered is shown. The key doctor against the real PostgREST stands in `connection/doctor.rs`.

mod doctor;
mod stand_in;

use crate::harness::{Browser, Server, location, project};
use app::session::Role;
use reqwest::{Response, StatusCode};
use stand_in::StandIn;
use std::time::Instant;

const PAGE: &str = "/settings/credentials";

async fn post(browser: &Browser, path: &str, provider: &str, version: &str, fields: &[(&str, &str)]) -> Response {
    let named: Vec<(String, &str)> = fields.iter().map(|(name, value)| (format!("fields[{name}]"), *value)).collect();
    let mut pairs = vec![("provider", provider), ("version", version)];
    pairs.extend(named.iter().map(|(name, value)| (name.as_str(), *value)));
    browser.form(path, &pairs, PAGE).await
}

async fn test(browser: &Browser, provider: &str, version: &str, fields: &[(&str, &str)]) -> Response {
    post(browser, "/api/credentials/test", provider, version, fields).await
}

async fn save(browser: &Browser, provider: &str, version: &str, fields: &[(&str, &str)]) {
    let answer = post(browser, "/api/credentials/save", provider, version, fields).await;
    assert_eq!(location(&answer), format!("{PAGE}?saved={provider}"));
}

/// The page that an answer leads to.
async fn follow(browser: &Browser, server: &Server, answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::FOUND);
    browser.text(location(answer).trim_start_matches(&server.url).split('#').next().expect("a path")).await
}

#[tokio::test]
async fn a_card_is_tested_before_and_after_it_is_saved() {
    let server = Server::start().await;
    let tenant = server.tenant("testa", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let (url, key) = (project(0, "url"), project(0, "publishable_key"));

    let answer = test(&browser, "supabase", "0", &[("project_url", &url), ("api_key", &key)]).await;
    assert_eq!(location(&answer), format!("{PAGE}?tested=supabase#supabase"));
    let page = follow(&browser, &server, &answer).await;
    assert!(page.contains("A chave funciona e o painel lê as três tabelas.") && page.contains(">funciona<"));
    assert!(page.contains("cerca de "), "and what it learnt");
    assert!(!page.contains(&key) && !page.contains(&url), "nothing typed comes back");
    assert!(page.contains("não guardado"), "nothing is saved by a test");
    assert!(!browser.text(PAGE).await.contains("três tabelas"), "it is told once");

    save(&browser, "supabase", "0", &[("project_url", &url), ("api_key", &key)]).await;
    let answer = test(&browser, "supabase", "1", &[("project_url", ""), ("api_key", "")]).await;
    assert!(follow(&browser, &server, &answer).await.contains("três tabelas"), "blank fields are the stored ones");
    let answer = test(&browser, "supabase", "1", &[("api_key", &project(1, "publishable_key"))]).await;
    let page = follow(&browser, &server, &answer).await;
    assert!(page.contains("O projeto não aceita esta chave.") && page.contains("acesso recusado<"));
    assert!(page.contains(&format!("termina em {}", &key[key.len() - 4..])), "the stored one stays");

    let late = test(&browser, "supabase", "7", &[]).await;
    assert!(follow(&browser, &server, &late).await.contains("Outra pessoa guardou antes"));
    let page = browser.text(PAGE).await;
    assert!(page.contains("formaction=\"/api/credentials/test\""), "the button is one of the form's own");
}

#[tokio::test]
async fn refused_fields_are_told_at_their_place_and_nobody_is_asked() {
    let fake = StandIn::start().await;
    let server = Server::start_as(|config| config.egress_allow = fake.origin.clone()).await;
    let tenant = server.tenant("recusa", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    for key in [project(0, "secret_key"), project(0, "service_role_key"), project(0, "expired_anon_key")] {
        let answer = test(&browser, "supabase", "0", &[("project_url", &fake.url), ("api_key", &key)]).await;
        assert!(!location(&answer).contains(&key), "no value travels in the address");
        let page = follow(&browser, &server, &answer).await;
        assert!(page.contains("id=\"supabase-api_key-error\"") && !page.contains(&key));
    }
    let asked = fake.asked();
    println!("powerful or expired keys: 3 of 3 refused with {asked} outbound requests");
    assert_eq!(asked, 0);
    let nothing = browser.call("/api/credentials/test", &[("provider", "google_meet"), ("version", "0")]).await;
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY, "there is nothing to test yet");
}

/// Whoever may test, and has not typed the password, must not have a stored key sent to a server of their own.
#[tokio::test]
async fn a_stored_secret_goes_to_its_stored_address_alone() {
    let fake = StandIn::start().await;
    let server = Server::start_as(|config| config.egress_allow = format!("{},{}", config.egress_allow, fake.origin));
    let server = server.await;
    let tenant = server.tenant("desvia", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let answer = test(&browser, "supabase", "1", &[("project_url", &fake.url)]).await;
    let page = follow(&browser, &server, &answer).await;
    assert!(page.contains("o guardado só vai ao endereço guardado") && fake.asked() == 0);
    test(&browser, "supabase", "1", &[("project_url", &fake.url), ("api_key", &project(1, "publishable_key"))]).await;
    assert!(fake.asked() > 0, "with a key of its own it may be asked");
}

#[tokio::test]
async fn a_tenant_tests_ten_times_a_minute() {
    let server = Server::start().await;
    let (one, other) =
        (server.tenant("muitas", Role::Admin, None).await, server.tenant("outra", Role::Admin, None).await);
    let browser = server.signed_in(&one.email).await;
    let pairs = [("provider", "supabase"), ("version", "0"), ("fields[api_key]", "x")];
    let (mut passed, began) = (0, Instant::now());
    let refused = loop {
        let answer = browser.call("/api/credentials/test", &pairs).await;
        if answer.status() != 422 {
            break answer;
        }
        passed += 1;
        assert!(passed < 100, "a limit there is");
    };
    // One comes back each six seconds, on a slow machine while they are asked for.
    let most = 11 + began.elapsed().as_secs() / 6;
    println!("connection tests: {passed} let through of ten a minute, the next is not");
    assert!((10..=most).contains(&passed), "{passed} of at most {most}");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
    let event = browser.call("/api/credentials/send_event", &[("version", "0")]).await;
    assert_eq!(event.status(), StatusCode::TOO_MANY_REQUESTS, "events count too");
    let answer = test(&browser, "supabase", "0", &[]).await;
    assert!(follow(&browser, &server, &answer).await.contains("Muitas tentativas seguidas"), "without script too");
    let neighbour = server.signed_in(&other.email).await;
    assert_eq!(neighbour.call("/api/credentials/test", &pairs).await.status(), 422, "one tenant's tests are its own");
}

#[tokio::test]
async fn an_event_is_sent_only_by_its_own_button_and_only_to_what_is_stored() {
    let fake = StandIn::start().await;
    let server = Server::start_as(|config| config.egress_allow = fake.origin.clone()).await;
    let tenant = server.tenant("avisa", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    assert!(!browser.text(PAGE).await.contains("Enviar evento de teste"), "nothing stored, nothing to send to");
    let nothing = browser.call("/api/credentials/send_event", &[("version", "0")]).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);

    fake.say(204, "", &[("access-control-allow-methods", "OPTIONS, POST")]);
    let webhook = format!("{}/webhook/abc", fake.url);
    let fields = [("webhook_url", webhook.as_str()), ("signing_secret", "um-segredo-comprido-0123")];
    let answer = test(&browser, "n8n", "0", &fields).await;
    assert!(follow(&browser, &server, &answer).await.contains("O fluxo está ativo e aceita os avisos"));
    assert_eq!(fake.methods(), ["GET", "OPTIONS"], "a test runs no workflow");

    save(&browser, "n8n", "0", &fields).await;
    fake.say(200, r#"{"message":"Workflow was started"}"#, &[]);
    assert!(browser.text(PAGE).await.contains("Enviar evento de teste"));
    let answer = browser.form("/api/credentials/send_event", &[("version", "1")], PAGE).await;
    assert_eq!(location(&answer), format!("{PAGE}?tested=n8n#n8n"));
    let page = follow(&browser, &server, &answer).await;
    assert!(page.contains("O evento chegou e o fluxo começou a rodar.") && page.contains("X-Event-Id"));
    assert_eq!(fake.methods(), ["GET", "OPTIONS", "POST"], "one event, once");
    assert!(!page.contains("/webhook/abc"), "the webhook's path is a secret");
    let late = browser.call("/api/credentials/send_event", &[("version", "9")]).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn nothing_of_a_providers_body_reaches_the_page() {
    const CANARY: &str = "canario-7f3a91";
    let fake = StandIn::start().await;
    let server = Server::start_as(|config| config.egress_allow = fake.origin.clone()).await;
    let bodies = hostile_bodies(CANARY);
    let (key, mut hidden) = (project(0, "publishable_key"), 0);
    for (round, bodies) in bodies.chunks(5).enumerate() {
        // Five bodies, each for both providers: as many tests as a tenant has in a minute.
        let tenant = server.tenant(&format!("corpo-{round}"), Role::Admin, None).await;
        let browser = server.signed_in(&tenant.email).await;
        for (number, body) in bodies.iter().enumerate() {
            fake.say([200, 401, 404, 500, 403][number], body, &[("x-note", CANARY)]);
            let webhook = format!("{}/webhook/abc", fake.url);
            let supabase = test(&browser, "supabase", "0", &[("project_url", &fake.url), ("api_key", &key)]).await;
            let first = follow(&browser, &server, &supabase).await;
            let n8n = test(&browser, "n8n", "0", &[("webhook_url", &webhook)]).await;
            let second = follow(&browser, &server, &n8n).await;
            let told = first.contains("Teste da conexão") && second.contains("Teste da conexão");
            let quiet = [location(&supabase), first, location(&n8n), second].iter().all(|text| !text.contains(CANARY));
            hidden += usize::from(told && quiet);
        }
    }
    println!("hostile bodies: {hidden} of {} not shown", bodies.len());
    assert_eq!((hidden, bodies.len()), (20, 20));
}

fn hostile_bodies(c: &str) -> Vec<String> {
    let json = |pairs: &[(&str, &str)]| {
        let map: serde_json::Map<String, serde_json::Value> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        serde_json::Value::from(map).to_string()
    };
    let mut bodies = vec![c.to_owned(), format!("<script>{c}</script>"), format!("<html><title>{c}</title></html>")];
    for code in ["42501", "42P01", "42703", "42P17", "57014", "23505", "22023", "PGRST000", "PGRST106", "PGRST205"] {
        bodies.push(json(&[("code", code), ("message", c), ("details", c), ("hint", c)]));
    }
    for message in ["Invalid API key", "Legacy API keys are disabled", "No API key found in request"] {
        bodies.push(json(&[("message", message), ("hint", c)]));
    }
    bodies.push(json(&[("status", c), ("version", c)]));
    bodies.push(format!("[{}]", json(&[("token", c), ("name", c)])));
    bodies.push(format!("Authorization data is wrong! {c}"));
    bodies.push(format!("\u{202e}{c}\r\nSet-Cookie: a={c}"));
    bodies
}
