//! Keeping credentials: sealed, write-only, checked, and at work at once.

use crate::{
    behind,
    harness::{Browser, Server, location, project},
};
use app::session::Role;
use reqwest::StatusCode;
use server::store::Act;

const TOKEN: &str = "EAAcanary0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP";

async fn save(browser: &Browser, provider: &str, version: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let named: Vec<(String, &str)> = fields.iter().map(|(name, value)| (format!("fields[{name}]"), *value)).collect();
    let mut pairs = vec![("provider", provider), ("version", version)];
    pairs.extend(named.iter().map(|(name, value)| (name.as_str(), *value)));
    browser.form("/api/credentials/save", &pairs, "/settings/credentials").await
}

#[tokio::test]
async fn a_saved_secret_is_sealed_and_never_comes_back() {
    let server = Server::start_with(|_| {}).await;
    let tenant = server.tenant("guarda", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let answer =
        save(&browser, "whatsapp", "0", &[("phone_number_id", "106540352242922"), ("access_token", TOKEN)]).await;
    assert_eq!(
        (answer.status(), location(&answer)),
        (StatusCode::FOUND, "/settings/credentials?saved=whatsapp".to_owned())
    );

    let page = browser.text("/settings/credentials?saved=whatsapp").await;
    assert!(page.contains("WhatsApp Business guardado e selado."));
    assert!(page.contains("106540352242922"), "what is no secret is shown");
    assert!(page.contains("termina em MNOP") && !page.contains(TOKEN) && !page.contains("0123456789abcdef"));
    let list = browser.read("/api/credentials/list").await.text().await.unwrap();
    assert!(list.contains("MNOP") && !list.contains("canary"));

    let bytes = server.database_bytes();
    for secret in [TOKEN, "106540352242922"] {
        assert!(
            !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
            "{secret} is not in the database"
        );
    }
    assert!(bytes.windows(8).any(|window| window == b"whatsapp"), "and this search would find what is there");
}

#[tokio::test]
async fn a_blank_field_keeps_what_is_stored_and_removing_is_its_own_step() {
    let server = Server::start().await;
    let tenant = server.tenant("mantem", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    save(&browser, "whatsapp", "0", &[("phone_number_id", "106540352242922"), ("access_token", TOKEN)]).await;
    let answer = save(&browser, "whatsapp", "1", &[("phone_number_id", "206540352242922"), ("access_token", "")]).await;
    assert_eq!(location(&answer), "/settings/credentials?saved=whatsapp");
    let page = browser.text("/settings/credentials").await;
    assert!(page.contains("206540352242922") && page.contains("termina em MNOP"));

    let late = save(&browser, "whatsapp", "1", &[("phone_number_id", "306540352242922")]).await;
    assert!(location(&late).contains("__err="), "an old form is told that somebody else saved: {}", location(&late));
    assert!(browser.text(location(&late).trim_start_matches(&server.url)).await.contains("Outra pessoa guardou antes"));

    let remove = [("provider", "whatsapp"), ("version", "2")];
    let answer = browser.form("/api/credentials/remove", &remove, "/settings/credentials").await;
    assert_eq!(location(&answer), "/settings/credentials?removed=whatsapp");
    assert!(!browser.text("/settings/credentials").await.contains("MNOP"));
}

#[tokio::test]
async fn errors_stand_at_their_field_without_script_too() {
    let server = Server::start().await;
    let tenant = server.tenant("campos", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let answer =
        save(&browser, "whatsapp", "0", &[("phone_number_id", "+55 11 98765-4321"), ("access_token", TOKEN)]).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let there = location(&answer);
    assert!(!there.contains("98765") && !there.contains("canary"), "no value travels in the address: {there}");
    let page = browser.text(there.trim_start_matches(&server.url)).await;
    assert!(page.contains("id=\"whatsapp-phone_number_id-error\""), "the error stands at its field");
    assert!(page.contains("Confira os campos marcados") && page.contains("aria-invalid=\"true\""));
    assert!(page.contains("não guardado"), "and nothing was saved");
}

#[tokio::test]
async fn powerful_keys_are_refused_before_any_call() {
    let server = Server::start().await;
    let tenant = server.tenant("chaves", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let url = project(0, "url");
    for key in [project(0, "secret_key"), project(0, "service_role_key"), project(0, "expired_anon_key")] {
        let pairs =
            [("provider", "supabase"), ("version", "0"), ("fields[project_url]", &url), ("fields[api_key]", &key)];
        let answer = browser.call("/api/credentials/save", &pairs).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text().await.unwrap();
        assert!(text.contains("supabase.api_key") && !text.contains(&key), "{text}");
    }
    for address in [
        "http://example.com",
        "https://example.com",
        "https://127.0.0.1",
        "https://localhost",
        "https://169.254.169.254",
        "http://127.0.0.1:1",
    ] {
        let key = project(0, "publishable_key");
        let pairs =
            [("provider", "supabase"), ("version", "0"), ("fields[project_url]", address), ("fields[api_key]", &key)];
        let answer = browser.call("/api/credentials/save", &pairs).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{address} is refused");
        assert!(answer.text().await.unwrap().contains("supabase.project_url"));
    }
    assert!(browser.text("/").await.contains("Falta ligar o projeto Supabase"), "nothing was saved");
}

#[tokio::test]
async fn saving_the_project_shows_it_at_once() {
    let server = Server::start().await;
    let tenant = server.tenant("liga", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    for path in ["/", "/conversations", "/appointments"] {
        assert!(browser.text(path).await.contains("Falta ligar o projeto Supabase"), "{path} tells the next step");
    }
    let (url, key) = (project(1, "url"), project(1, "publishable_key"));
    save(&browser, "supabase", "0", &[("project_url", &url), ("api_key", &key)]).await;
    assert!(browser.text("/").await.contains("Conversas novas por dia"));
    assert!(browser.text("/appointments").await.contains("class=\"event-card"));
    let (url, key) = (project(0, "url"), project(0, "anon_key"));
    save(&browser, "supabase", "1", &[("project_url", &url), ("api_key", &key)]).await;
    assert!(browser.text("/conversations").await.contains("class=\"talk\""), "a legacy key works too");
}

#[tokio::test]
async fn only_an_admin_keeps_credentials() {
    let server = Server::start().await;
    let tenant = server.tenant("papeis", Role::Admin, Some(0)).await;
    for role in [Role::Viewer, Role::Agent] {
        let email = format!("so-{}@papeis.example", role.as_str());
        server.user(&email, tenant.scope.tenant(), role).await;
        let browser = server.signed_in(&email).await;
        let page = browser.page("/settings/credentials").await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert!(page.text().await.unwrap().contains("Seu papel não permite isto"));
        assert!(!browser.text("/").await.contains("/settings/credentials"), "and is not led there");
        assert_eq!(browser.read("/api/credentials/list").await.status(), StatusCode::FORBIDDEN);
        let pairs = [("provider", "supabase"), ("version", "1")];
        assert_eq!(browser.call("/api/credentials/save", &pairs).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(browser.call("/api/credentials/remove", &pairs).await.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_sealed_value_that_does_not_open_is_an_alarm_never_empty() {
    let server = Server::start().await;
    let a = server.tenant("lacre-a", Role::Admin, Some(0)).await;
    let b = server.tenant("lacre-b", Role::Admin, Some(1)).await;
    // Put B's sealed address into A's row, as somebody with write access to the database could.
    let of_b = server
        .state
        .store
        .find_credential_and_keys(&b.scope, app::credentials::Provider::Supabase)
        .await
        .unwrap()
        .0
        .unwrap();
    let now = time::OffsetDateTime::now_utc();
    let provider = app::credentials::Provider::Supabase;
    server
        .state
        .store
        .save_credential(&a.scope, &Act::of_command_line(), provider, None, &of_b.fields, now)
        .await
        .unwrap();

    let browser = server.signed_in(&a.email).await;
    assert!(browser.text("/").await.contains("Credencial ilegível"));
    let page = browser.text("/settings/credentials").await;
    assert!(page.contains("ilegível") && page.contains("não abre com a chave do servidor"));
    assert!(!page.contains(&project(1, "url")));
}

/// The row of the trail, the line of the log, the box to tick: each once.
#[tokio::test]
async fn an_unreadable_value_sounds_once_and_is_replaced_only_when_that_is_said() {
    let log = behind::log();
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("ilegivel", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let page = async || browser.text("/settings/credentials").await;
    let box_of = |page: &str| page.contains("name=\"replace_unreadable\"");
    assert!(!box_of(&page().await), "what opens is replaced without a question");
    behind
        .run(
            "update credential_fields set sealed = (select c.sealed from credential_fields c \
             where c.field = 'project_url') where field = 'api_key'",
        )
        .await;
    let told = async || behind.kinds().await.get("credential_unreadable").copied().unwrap_or_default();
    for _ in 0..3 {
        let text = page().await;
        assert!(text.contains("não abre com a chave do servidor") && box_of(&text) && text.contains("required"));
        assert!(browser.text("/").await.contains("Credencial ilegível"));
        assert_eq!(told().await, 1, "once, not at every page");
    }
    let id = tenant.scope.tenant().to_string();
    let sounds = || {
        let lines = log.lines_with("a stored value does not open");
        lines.iter().filter(|line| line.contains(&id) && line.contains("supabase") && line.contains("ERROR")).count()
    };
    assert_eq!(sounds(), 1);
    behind.tamper("update audit_events set at = at - 3700000000 where kind = 'credential_unreadable'").await;
    page().await;
    assert_eq!((told().await, sounds()), (2, 2), "and again after an hour");

    let (url, key) = (project(0, "url"), project(0, "publishable_key"));
    let whole = [("project_url", url.as_str()), ("api_key", key.as_str())];
    let refused = save(&browser, "supabase", "1", &whole).await;
    let shown = behind::follow(&browser, &server.url, &refused).await;
    assert!(shown.contains("id=\"supabase-replace_unreadable-error\""), "{}", location(&refused));
    let ticked = |fields: &[(&'static str, &str)]| {
        let mut pairs = vec![
            ("provider".to_owned(), "supabase".to_owned()),
            ("version".to_owned(), "1".to_owned()),
            ("replace_unreadable".to_owned(), "true".to_owned()),
        ];
        pairs.extend(fields.iter().map(|(name, value)| (format!("fields[{name}]"), (*value).to_owned())));
        pairs
    };
    let call = async |pairs: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.call("/api/credentials/save", &pairs).await
    };
    let mut unticked = ticked(&whole);
    unticked.remove(2);
    assert_eq!(behind::refused_fields(call(unticked).await).await, "supabase.replace_unreadable");
    let half = call(ticked(&whole[..1])).await;
    assert_eq!(behind::refused_fields(half).await, "supabase.api_key", "what does not open is never taken for empty");
    assert!(page().await.contains("não abre com a chave do servidor"), "nothing was saved yet");
    assert_eq!(call(ticked(&whole)).await.status(), StatusCode::OK);
    let text = page().await;
    assert!(!text.contains("não abre com a chave do servidor") && !box_of(&text));
    assert!(browser.text("/conversations").await.contains("class=\"talk\""));
    assert_eq!(told().await, 2);
}
