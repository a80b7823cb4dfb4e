//! A tenant's own automation reads its credentials: with a live token, for the providers it was made for, told in the trail,
//! and nothing of another tenant's, of Google's client, or for anybody whose token has ended.

use crate::{
    behind::{self, json},
    confirm::age,
    google,
    harness::{Browser, PASSWORD, Server, Tenant, location, project, whole},
};
use app::session::{AgencyRole, Role};
use futures::{StreamExt, future::join_all, stream};
use reqwest::{Method, Response, StatusCode, header};
use serde_json::Value;
use server::store::{Act, MOST_MACHINE_TOKENS};
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime};

const PAGE: &str = "/settings/credentials/automation";

/// A program without cookies.
fn program(server: &Server) -> Browser {
    Browser::new(&server.url)
}

async fn read(server: &Server, token: &str, provider: &str) -> Response {
    let request = program(server).request(Method::GET, &format!("/api/v1/credentials/{provider}"));
    request.header(header::AUTHORIZATION, format!("Bearer {token}")).send().await.expect("an answer")
}

/// Status and word of an answer.
async fn told(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    (status, json(answer).await["error"].as_str().unwrap_or_default().to_owned())
}

/// Makes a token by the page's form and reads it off the page, which shows it once.
pub async fn make(browser: &Browser, name: &str, providers: &[&str]) -> String {
    let boxes: Vec<String> = providers.iter().map(|provider| format!("providers[{provider}]")).collect();
    let mut pairs = vec![("name", name), ("lifetime", "month")];
    pairs.extend(boxes.iter().map(|name| (name.as_str(), "on")));
    let answer = browser.form("/api/automation/make", &pairs, PAGE).await;
    assert_eq!(location(&answer), format!("{PAGE}?done=made"));
    let page = browser.text(&format!("{PAGE}?done=made")).await;
    let (_, rest) = page.split_once(">painel_").unwrap_or_else(|| panic!("the page shows the token: {page}"));
    let token = format!("painel_{}", rest.split_once('<').expect("it ends").0);
    assert!(!browser.text(PAGE).await.contains(&token), "and only once");
    token
}

async fn house(slug: &str) -> (Server, Tenant, Browser) {
    let server = Server::start().await;
    let tenant = server.tenant(slug, Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    (server, tenant, browser)
}

/// The id of the newest token.
pub async fn first_id(browser: &Browser) -> String {
    json(browser.read("/api/automation/read").await).await["tokens"][0]["id"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_flow_reads_what_is_stored_now_and_the_trail_tells_it() {
    let (server, _tenant, admin) = house("fluxo").await;
    let token = make(&admin, "Robô de agendamento", &["supabase", "whatsapp"]).await;
    let answer = read(&server, &token, "supabase").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert!(answer.headers().get(header::SET_COOKIE).is_none());
    let body = json(answer).await;
    assert_eq!(body["provider"], "supabase");
    assert_eq!(body["fields"]["project_url"], project(0, "url"));
    assert_eq!(body["fields"]["api_key"], project(0, "publishable_key"));
    assert_eq!(body["version"], 1);
    assert!(body["updated_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(told(read(&server, &token, "whatsapp").await).await, (404, "not_stored".into()));

    // A save is read at once: nothing is kept in between.
    let saved = [
        ("provider", "whatsapp"),
        ("version", "0"),
        ("fields[phone_number_id]", "106540352242922"),
        ("fields[access_token]", "EAAautomation0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ"),
    ];
    admin.form("/api/credentials/save", &saved, "/settings/credentials").await;
    let body = json(read(&server, &token, "whatsapp").await).await;
    assert_eq!(body["fields"]["access_token"], saved[3].1);
    assert!(body["fields"].get("waba_id").is_none(), "what is not stored is missing");

    let events = json(admin.read("/api/audit/page").await).await;
    let events: Vec<String> = events["rows"].as_array().unwrap().iter().map(Value::to_string).collect();
    let reads = events.iter().filter(|event| event.contains("conexão lida por automação")).count();
    assert_eq!(reads, 2, "one for each read that gave something: {events:#?}");
    assert!(events.iter().any(|event| event.contains("automação: Robô de agendamento") && event.contains("Supabase")));
    assert!(
        events.iter().any(|event| event.contains("token de automação criado") && event.contains("WhatsApp Business"))
    );
    let row = &json(admin.read("/api/automation/read").await).await["tokens"][0];
    assert!(row["used"].is_object() && row["status"]["label"] == "vale", "{row}");
}

#[tokio::test]
async fn a_token_that_is_not_good_is_told_in_the_same_bytes() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("ruins", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    let good = make(&admin, "Bom", &["supabase"]).await;
    let withdrawn = make(&admin, "Retirado", &["supabase"]).await;
    let id = first_id(&admin).await;
    admin.form("/api/automation/revoke", &[("token", &id)], PAGE).await;
    let expired = make(&admin, "Vencido", &["supabase"]).await;
    behind.run("update machine_tokens set expires_at = 1 where name = 'Vencido'").await;
    let mut other_end = good.clone();
    let last = other_end.pop().unwrap();
    other_end.push(if last == 'A' { 'Q' } else { 'A' });
    let bare = good.trim_start_matches("painel_").to_owned();
    let random = "painel_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let bad =
        [withdrawn, expired, other_end, bare, random, String::new(), "x".repeat(5_000), "'; drop table".to_owned()];
    let mut answers = BTreeSet::new();
    for token in &bad {
        answers.insert(whole(read(&server, token, "supabase").await).await);
    }
    let none = program(&server).request(Method::GET, "/api/v1/credentials/supabase").send().await.unwrap();
    answers.insert(whole(none).await);
    println!("automation: {} of {} tokens that are not good answered alike", bad.len() + 1, bad.len() + 1);
    assert_eq!(answers.len(), 1, "{answers:#?}");
    let answer = answers.pop_first().unwrap();
    assert!(
        answer.contains("401") && answer.contains("www-authenticate") && answer.contains("invalid_token"),
        "{answer}"
    );
    assert_eq!(read(&server, &good, "supabase").await.status(), StatusCode::OK, "the good one still is");

    // A session is no token, and a token no session.
    let with_cookie = admin.request(Method::GET, "/api/v1/credentials/supabase").send().await.unwrap();
    assert_eq!(with_cookie.status(), StatusCode::UNAUTHORIZED);
    let page = program(&server).request(Method::GET, "/api/credentials/list");
    let page = page.header(header::AUTHORIZATION, format!("Bearer {good}")).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = program(&server).request(method, "/api/v1/credentials/supabase");
        let answer = request.header(header::AUTHORIZATION, format!("Bearer {good}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
    // The database has the hash alone.
    assert!(!behind.holds(&good).await && !behind.holds(good.trim_start_matches("painel_")).await);
    assert!(behind.holds("Retirado").await, "this search would find what is stored");
}

#[tokio::test]
async fn each_token_is_for_its_tenant_and_its_providers() {
    let server = Server::start().await;
    let mut tokens = Vec::new();
    for (slug, index) in [("dela", 0), ("dele", 1)] {
        let tenant = server.tenant(slug, Role::Admin, Some(index)).await;
        let admin = server.signed_in(&tenant.email).await;
        let narrow = make(&admin, "Só n8n", &["n8n"]).await;
        tokens.push((make(&admin, "Supabase", &["supabase"]).await, narrow, index, admin));
    }
    for (token, narrow, index, _) in &tokens {
        let body = json(read(&server, token, "supabase").await).await;
        assert_eq!(body["fields"]["api_key"], project(*index, "publishable_key"));
        assert_eq!(told(read(&server, narrow, "supabase").await).await, (403, "not_in_scope".into()));
        assert_eq!(told(read(&server, narrow, "n8n").await).await, (404, "not_stored".into()));
        for word in ["nada", "SUPABASE", "supabase%2f..", "%00"] {
            assert_eq!(told(read(&server, token, word).await).await, (404, "unknown_provider".into()), "{word}");
        }
    }
    // Another tenant's admin cannot withdraw it, nor see it.
    let id = first_id(&tokens[0].3).await;
    let answer = tokens[1].3.call("/api/automation/revoke", &[("token", &id)]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!tokens[1].3.text(PAGE).await.contains(&id));
    assert_eq!(read(&server, &tokens[0].0, "supabase").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_ends_a_token_ends_it_at_the_next_read() {
    let (server, tenant, admin) = house("acaba").await;
    let (store, now) = (&server.state.store, OffsetDateTime::now_utc());
    let (agency, act) = (store.operator_agency(), Act::of_command_line());
    let slug = "acaba".parse().unwrap();
    let token = make(&admin, "Um", &["supabase"]).await;
    assert_eq!(read(&server, &token, "supabase").await.status(), StatusCode::OK);
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    let owner = server.signed_in("dona@agencia.example").await;
    let pairs = [("slug", "acaba"), ("reason", "Em atraso.")];
    owner.form("/api/console/suspend", &pairs, "/console").await;
    let suspended = told(read(&server, &token, "supabase").await).await;
    owner.form("/api/console/resume", &[("slug", "acaba")], "/console").await;
    assert_eq!(read(&server, &token, "supabase").await.status(), StatusCode::OK);
    let answer = admin.form("/api/automation/revoke", &[("token", &first_id(&admin).await)], PAGE).await;
    assert_eq!(location(&answer), format!("{PAGE}?done=revoked"));
    let withdrawn = told(read(&server, &token, "supabase").await).await;
    let token = make(&admin, "Dois", &["supabase"]).await;
    store.shred_tenant(&agency, &act, &slug, now).await.unwrap().expect("it is there");
    let shredded = told(read(&server, &token, "supabase").await).await;
    let ended = [
        (suspended, (403, "suspended".to_owned())),
        (withdrawn, (401, "invalid_token".to_owned())),
        (shredded, (401, "invalid_token".to_owned())),
    ];
    let right = ended.iter().filter(|(is, should)| is == should).count();
    println!("automation: {right} of 3 causes end a token at the next read");
    assert_eq!(right, 3, "{ended:?}");
    let _ = tenant;
}

/// Reads under way while the token is withdrawn: whichever gave something stands in the trail, and after the withdrawal has
/// answered none gives anything.
#[tokio::test]
async fn reads_and_a_withdrawal_at_once() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("corrida", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    let (mut given, mut after) = (0, 0);
    for round in 0..10 {
        let token = make(&admin, &format!("Corrida {round}"), &["supabase"]).await;
        let id = first_id(&admin).await;
        let reads = join_all((0..8).map(|_| read(&server, &token, "supabase")));
        let revoke = async {
            admin.form("/api/automation/revoke", &[("token", &id)], PAGE).await;
            read(&server, &token, "supabase").await.status()
        };
        let (answers, last) = futures::future::join(reads, revoke).await;
        given += answers.iter().filter(|answer| answer.status() == StatusCode::OK).count();
        // Many refusals of one source are not even looked up any more.
        assert!(answers.iter().all(|answer| [200, 401, 429].contains(&answer.status().as_u16())));
        after += usize::from([StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(&last));
    }
    let told = behind.kinds().await.get("credential_handed_out").copied().unwrap_or_default();
    println!("automation: {given} reads given, {told} in the trail; refused after the withdrawal {after} of 10");
    assert_eq!((i64::try_from(given).unwrap(), after), (told, 10));
}

#[tokio::test]
async fn what_the_trail_cannot_tell_is_not_given() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("mudo", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    let token = make(&admin, "Um", &["supabase"]).await;
    behind.refuse_events().await;
    let answer = read(&server, &token, "supabase").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = answer.text().await.unwrap();
    assert!(text.contains("internal") && !text.contains(&project(0, "publishable_key")), "{text}");
}

#[tokio::test]
async fn reads_and_guesses_have_their_limits() {
    let (server, _tenant, admin) = house("limite").await;
    let token = make(&admin, "Um", &["supabase"]).await;
    let other = make(&admin, "Outro", &["n8n"]).await;
    let began = std::time::Instant::now();
    // Not all at the same moment: each writes a row of the trail, which are written one after the other.
    let answers: Vec<Response> =
        stream::iter(0..90).map(|_| read(&server, &token, "supabase")).buffer_unordered(8).collect().await;
    // One more a second, also while the last of them are on their way.
    let most = 62 + usize::try_from(began.elapsed().as_secs()).unwrap();
    let given = answers.iter().filter(|answer| answer.status() == StatusCode::OK).count();
    let waits = answers.iter().filter(|answer| {
        let wait = answer.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse::<u64>().ok());
        answer.status() == StatusCode::TOO_MANY_REQUESTS && wait.is_some_and(|wait| (1..=60).contains(&wait))
    });
    let waits = waits.count();
    println!("automation: {given} of 90 reads given, {waits} told to wait");
    assert!((60..=most).contains(&given) && given + waits == 90, "{most} may be given");
    assert!(waits > 0 || most >= 90, "somebody waits");
    assert_eq!(read(&server, &other, "n8n").await.status(), StatusCode::NOT_FOUND, "another token has its own");

    let (mut guesses, began) = (Vec::new(), std::time::Instant::now());
    for _ in 0..40 {
        guesses.push(read(&server, "painel_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "n8n").await.status());
    }
    let refused = guesses.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    println!("automation: {refused} of 40 guesses of one source not even looked up");
    // Twenty a minute. On a slow machine one comes back each three seconds meanwhile: who takes it is looked up, and so is the
    // next, who finds none.
    let most = 21 + 2 * (1 + usize::try_from(began.elapsed().as_secs()).unwrap() / 3);
    assert!(refused >= 40_usize.saturating_sub(most), "{most} may be looked up");
    assert!(refused > 0, "in {:?}", began.elapsed());
}

#[tokio::test]
async fn making_one_wants_a_fresh_password_and_sound_fields() {
    let (server, _tenant, admin) = house("criar").await;
    let make = "/api/automation/make";
    let long = "x".repeat(61);
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("name", " "), ("providers[n8n]", "on"), ("lifetime", "month")], "Dê um nome"),
        (&[("name", &long), ("providers[n8n]", "on"), ("lifetime", "month")], "No máximo 60"),
        (&[("name", "Um"), ("lifetime", "month")], "Marque ao menos uma"),
        (&[("name", "Um"), ("providers[nada]", "on"), ("lifetime", "month")], "Marque ao menos uma"),
    ];
    for (pairs, words) in cases {
        let answer = admin.call(make, pairs).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.unwrap().contains(words), "{words}");
    }
    age(&server, &admin, Duration::minutes(6)).await;
    let pairs = [("name", "Um"), ("providers[n8n]", "on"), ("lifetime", "year")];
    let answer = admin.call(make, &pairs).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("ConfirmDue"));
    assert!(admin.text(PAGE).await.contains("name=\"current\""));
    let with = [&pairs[..], &[("current", PASSWORD)]].concat();
    let mut admin = admin;
    let answer = admin.form(make, &with, PAGE).await;
    admin.keep(&answer);
    for number in 1..MOST_MACHINE_TOKENS {
        let name = format!("Token {number}");
        let answer = admin.form(make, &[("name", &name), ("providers[n8n]", "on"), ("lifetime", "month")], PAGE).await;
        assert_eq!(location(&answer), format!("{PAGE}?done=made"));
    }
    let answer = admin.call(make, &[("name", "Demais"), ("providers[n8n]", "on"), ("lifetime", "month")]).await;
    assert!(answer.text().await.unwrap().contains("Já há 20 tokens valendo"));
}

#[tokio::test]
async fn of_google_a_fresh_token_goes_out_and_nothing_that_outlives_it() {
    let (fake, server, tenant, browser) = google::house("entrega").await;
    google::save(&browser, "google_calendar", "0", &[]).await;
    let token = make(&browser, "Agenda", &["google_calendar", "google_meet"]).await;
    assert_eq!(told(read(&server, &token, "google_calendar").await).await, (409, "not_connected".into()));
    assert_eq!(told(read(&server, &token, "google_meet").await).await, (404, "not_stored".into()));
    google::connect(&fake, &server, &browser, "google_calendar", "1").await;
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), app::credentials::Provider::GoogleCalendar);
    let answer = read(&server, &token, "google_calendar").await;
    let text = answer.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&String> = body["fields"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "calendar_id", "expires_at", "scopes"]);
    assert!(body["fields"]["scopes"].as_str().unwrap().contains("calendar.events"));
    for kept in [google::fake::SECRET, google::fake::ID, "refresh"] {
        assert!(!text.contains(kept), "{kept}");
    }
    let calls = fake.count("POST /token");
    assert_eq!(json(read(&server, &token, "google_calendar").await).await["fields"], body["fields"]);
    assert_eq!(fake.count("POST /token"), calls, "one that is good is given again");
    fake.withdraw_refresh();
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), app::credentials::Provider::GoogleCalendar);
    assert_eq!(told(read(&server, &token, "google_calendar").await).await, (409, "not_connected".into()));
    assert!(fake.count("POST /token") > calls);
}

#[tokio::test]
async fn what_does_not_open_is_said_and_google_being_down_too() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("opaco", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    let token = make(&admin, "Um", &["supabase"]).await;
    let other = "select c.sealed from credential_fields c where c.field = 'project_url'";
    behind.run(&format!("update credential_fields set sealed = ({other}) where field = 'api_key'")).await;
    assert_eq!(told(read(&server, &token, "supabase").await).await, (500, "unreadable".into()));

    let fake = google::fake::Fake::start().await;
    let (server, behind) = behind::start_with(google::beside(&fake)).await;
    let tenant = server.tenant("lacrado", Role::Admin, None).await;
    let admin = server.signed_in(&tenant.email).await;
    google::save(&admin, "google_calendar", "0", &[]).await;
    google::connect(&fake, &server, &admin, "google_calendar", "1").await;
    let token = make(&admin, "Agenda", &["google_calendar"]).await;
    let other = "select c.sealed from credential_fields c where c.field = 'client_id'";
    behind.run(&format!("update credential_fields set sealed = ({other}) where field = 'refresh_token'")).await;
    assert_eq!(told(read(&server, &token, "google_calendar").await).await, (500, "unreadable".into()));

    let (fake, server, tenant, browser) = google::house("fora").await;
    google::save(&browser, "google_calendar", "0", &[]).await;
    google::connect(&fake, &server, &browser, "google_calendar", "1").await;
    let token = make(&browser, "Agenda", &["google_calendar"]).await;
    server.state.google.forget(*tenant.scope.tenant().as_uuid(), app::credentials::Provider::GoogleCalendar);
    fake.tell("/token", 503, "canary7f3a");
    let answer = read(&server, &token, "google_calendar").await;
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(told(answer).await, (503, "unavailable".into()));
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_says_what_is_so() {
    let (server, _tenant, admin) = house("descreve").await;
    let answer = program(&server).request(Method::GET, "/api/v1/openapi.json").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
    let document = json(answer).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert_eq!(document["servers"][0]["url"], server.url);
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/api/v1/credentials/{provider}"]);
    let read_it = &document["paths"]["/api/v1/credentials/{provider}"]["get"];
    let scheme = &document["components"]["securitySchemes"]["token"];
    assert_eq!((scheme["type"].as_str(), scheme["scheme"].as_str()), (Some("http"), Some("bearer")));
    assert_eq!(read_it["security"][0]["token"], serde_json::json!([]));
    let statuses: BTreeSet<&str> = read_it["responses"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(statuses, BTreeSet::from(["200", "401", "403", "404", "409", "429", "500", "503"]));

    // What a flow gets has exactly the properties that it promises.
    let token = make(&admin, "Um", &["supabase"]).await;
    for (answer, schema) in
        [(read(&server, &token, "supabase").await, "Credential"), (read(&server, &token, "n8n").await, "Refusal")]
    {
        let body = json(answer).await;
        let promised: BTreeSet<&String> =
            document["components"]["schemas"][schema]["properties"].as_object().unwrap().keys().collect();
        assert_eq!(body.as_object().unwrap().keys().collect::<BTreeSet<_>>(), promised, "{schema}");
    }
}

/// As the guide says it: what n8n's HTTP Request node sends, in the case and with the headers that it uses.
#[tokio::test]
async fn other_spellings_of_the_same_request_are_served() {
    let (server, _tenant, admin) = house("grafias").await;
    let token = make(&admin, "Um", &["supabase"]).await;
    for value in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token} ")] {
        let request = program(&server).request(Method::GET, "/api/v1/credentials/supabase");
        let request =
            request.header(header::AUTHORIZATION, &value).header(header::ACCEPT, "application/json,text/html");
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK, "{value}");
    }
}
