//! A password typed too long ago does not open the doors that want a fresh one: credentials and the broken glass.

use crate::harness::{Browser, PASSWORD, Server, location};
use app::session::{AgencyRole, Role};
use reqwest::StatusCode;
use server::auth::hash_of;
use time::{Duration, OffsetDateTime};

/// As if the password had been typed so long ago.
pub async fn age(server: &Server, browser: &Browser, by: Duration) {
    let cookie = browser.cookie.as_deref().expect("a session");
    let hash = hash_of(cookie.split_once('=').expect("a pair").1);
    let now = OffsetDateTime::now_utc();
    let session = server.state.store.find_session(&hash, now, Duration::HOUR).await.unwrap().expect("a live session");
    let mut data: serde_json::Value = serde_json::from_str(&session.data).unwrap();
    assert!(data["confirmed"].is_i64(), "a session knows when the password was typed");
    data["confirmed"] = (now - by).unix_timestamp().into();
    let data = data.to_string();
    assert!(server.state.store.update_session(&hash, &data, session.user_id, session.tenant_id).await.unwrap());
}

/// A form's fields.
type Pairs<'a> = &'a [(&'a str, &'a str)];

const SAVE: [(&str, &str); 4] = [
    ("provider", "n8n"),
    ("version", "0"),
    ("fields[webhook_url]", "https://n8n.exemplo.example/webhook/abc"),
    ("fields[signing_secret]", "segredo-de-exemplo-0123"),
];

fn with<'a>(pairs: &[(&'a str, &'a str)], current: &'a str) -> Vec<(&'a str, &'a str)> {
    [pairs, &[("current", current)]].concat()
}

#[tokio::test]
async fn what_replaces_secrets_or_opens_a_tenant_wants_a_fresh_password() {
    let server = Server::start().await;
    let tenant = server.tenant("fresca", Role::Admin, None).await;
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    let admin = server.signed_in(&tenant.email).await;
    let owner = server.signed_in("dona@agencia.example").await;
    let reason = "Conferir a agenda a pedido da Marina.";
    let doors: [(&Browser, &str, Pairs); 3] = [
        (&admin, "/api/credentials/save", &SAVE),
        (&admin, "/api/credentials/remove", &[("provider", "n8n"), ("version", "1")]),
        (&owner, "/api/console/break_glass", &[("slug", "fresca"), ("reason", reason)]),
    ];
    let (mut refused, mut wrong) = (0, 0);
    for (browser, path, pairs) in &doors {
        age(&server, browser, Duration::minutes(5) + Duration::seconds(2)).await;
        let answer = browser.call(path, pairs).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(answer.text().await.unwrap().contains("ConfirmDue"), "{path}");
        refused += 1;
        let answer = browser.call(path, &with(pairs, "não é esta senha")).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text().await.unwrap().contains("A senha atual não é esta."), "{path}");
        wrong += 1;
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    }
    assert!(server.state.store.list_credentials(&tenant.scope).await.unwrap().is_empty(), "nothing was saved");
    eprintln!("stale sessions refused: {refused} of 3, with a wrong password: {wrong} of 3");

    // The same with the right password, which then counts for five minutes under a new session id.
    let mut admin = admin;
    let answer = admin.form("/api/credentials/save", &with(&SAVE, PASSWORD), "/settings/credentials").await;
    assert_eq!(location(&answer), "/settings/credentials?saved=n8n");
    let old = admin.clone();
    admin.keep(&answer);
    assert_ne!(admin.cookie, old.cookie, "a new id");
    assert_eq!(old.page("/").await.status(), StatusCode::SEE_OTHER, "the old one is over");
    let remove = [("provider", "n8n"), ("version", "1")];
    let answer = admin.form("/api/credentials/remove", &remove, "/settings/credentials").await;
    assert_eq!(location(&answer), "/settings/credentials?removed=n8n");
    let mut owner = owner;
    let pairs = [("slug", "fresca"), ("reason", reason), ("current", PASSWORD)];
    let answer = owner.form("/api/console/break_glass", &pairs, "/console/tenants/fresca").await;
    assert_eq!(location(&answer), "/");
    owner.keep(&answer);
    assert_eq!(owner.page("/appointments").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_page_asks_for_the_password_only_when_it_is_due() {
    let server = Server::start().await;
    let tenant = server.tenant("pergunta", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let asks = |page: &str| page.contains("name=\"current\"");
    assert!(!asks(&browser.text("/settings/credentials").await));
    age(&server, &browser, Duration::minutes(4)).await;
    assert!(!asks(&browser.text("/settings/credentials").await));
    age(&server, &browser, Duration::minutes(6)).await;
    assert!(asks(&browser.text("/settings/credentials").await));

    // A form that was loaded in time and sent too late comes back with the field, and says that nothing was saved.
    let answer = browser.form("/api/credentials/save", &SAVE, "/settings/credentials").await;
    let page = browser.text(location(&answer).trim_start_matches(&server.url)).await;
    assert!(page.contains("Confirme com a sua senha") && asks(&page));
}

#[tokio::test]
async fn choosing_a_tenant_makes_no_old_password_fresh() {
    let server = Server::start().await;
    let tenant = server.tenant("velha", Role::Admin, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    age(&server, &browser, Duration::hours(2)).await;
    let answer = browser.form("/api/session/choose", &[("slug", "velha")], "/choose").await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    browser.keep(&answer);
    assert_eq!(browser.call("/api/credentials/save", &SAVE).await.status(), StatusCode::FORBIDDEN);
}
