//! Signing in and out, and what the cookie is worth.

use crate::harness::{Browser, PASSWORD, Server, location, whole};
use app::session::Role;
use reqwest::{Method, StatusCode, header};
use server::store::{Act, Slug, TenantStatus};
use time::OffsetDateTime;

#[tokio::test]
async fn a_member_signs_in_and_out() {
    let server = Server::start().await;
    let tenant = server.tenant("entra", Role::Viewer, None).await;
    let mut browser = Browser::new(&server.url);

    let refused = browser.page("/conversations?before=x").await;
    assert_eq!(refused.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&refused), "/login?next=%2Fconversations%3Fbefore%3Dx");

    let answer = browser.log_in(&tenant.email, PASSWORD).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/".to_owned()));
    assert_eq!(browser.page("/").await.status(), StatusCode::OK);
    assert_eq!(location(&browser.page("/login").await), "/");
    let user = server.state.store.find_user(&tenant.email.parse().unwrap()).await.unwrap().unwrap();
    assert!(user.last_login.is_some_and(|at| OffsetDateTime::now_utc() - at < time::Duration::minutes(1)));

    let kept = browser.cookie.clone();
    let answer = browser.form("/api/session/log_out", &[], "/").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/login".to_owned()));
    browser.cookie = kept;
    assert_eq!(location(&browser.page("/").await), "/login", "the old cookie is worth nothing");
}

#[tokio::test]
async fn the_way_in_leads_back_to_the_page_that_was_wanted_but_never_elsewhere() {
    let server = Server::start().await;
    let tenant = server.tenant("volta", Role::Viewer, None).await;
    for (next, led_to) in [("/appointments", "/appointments"), ("https://evil.example", "/"), ("//evil.example", "/")] {
        let browser = Browser::new(&server.url);
        let pairs = [("email", tenant.email.as_str()), ("password", PASSWORD), ("next", next)];
        let answer = browser.form("/api/session/log_in", &pairs, "/login").await;
        assert_eq!(location(&answer), led_to, "for {next}");
    }
}

#[tokio::test]
async fn unknown_user_and_wrong_password_look_the_same() {
    let server = Server::start().await;
    let tenant = server.tenant("iguais", Role::Viewer, None).await;
    server.user("outra@iguais.example", tenant.scope.tenant(), Role::Viewer).await;
    let browser = Browser::new(&server.url);
    let by_script = |email: &str| {
        let (browser, email) = (browser.clone(), email.to_owned());
        async move {
            whole(
                browser.call("/api/session/log_in", &[("email", &email), ("password", "outra-senha-qualquer-1")]).await,
            )
            .await
        }
    };
    let wrong = by_script(&tenant.email).await;
    assert!(wrong.starts_with("401") && wrong.contains("SignInFailed"), "{wrong}");
    for email in ["ninguem@iguais.example", "not an e-mail", "", "a@b@c"] {
        assert_eq!(by_script(email).await, wrong, "for {email:?}");
    }
    let by_form = |email: &str| {
        let (browser, email) = (browser.clone(), email.to_owned());
        async move {
            let pairs = [("email", email.as_str()), ("password", "outra-senha-qualquer-1")];
            whole(browser.form("/api/session/log_in", &pairs, "/login").await).await
        }
    };
    // Two who were not tried yet: after a wrong password one waits for a second.
    assert_eq!(by_form("outra@iguais.example").await, by_form("nenhuma@iguais.example").await);
}

async fn set_status(
    server: &Server,
    slug: &Slug,
    status: TenantStatus,
    reason: Option<&str>,
    now: OffsetDateTime,
) -> bool {
    let (store, act) = (&server.state.store, Act::of_command_line());
    store.set_tenant_status(&store.operator_agency(), &act, slug, status, reason, now).await.unwrap()
}

#[tokio::test]
async fn a_suspended_tenants_user_is_refused_with_the_reason_at_once() {
    let server = Server::start().await;
    let tenant = server.tenant("suspensa", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let (slug, now) = ("suspensa".parse().unwrap(), OffsetDateTime::now_utc());
    let reason = Some("Pagamento em aberto.");
    assert!(set_status(&server, &slug, TenantStatus::Suspended, reason, now).await);

    for path in ["/", "/conversations", "/conversations/1", "/appointments", "/settings/credentials"] {
        let page = browser.text(path).await;
        assert!(page.contains("Acesso suspenso") && page.contains("Pagamento em aberto."), "{path} tells the reason");
    }
    let answer = Browser::new(&server.url)
        .call("/api/session/log_in", &[("email", &tenant.email), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("Pagamento em aberto."));

    assert!(set_status(&server, &slug, TenantStatus::Active, None, now).await);
    assert!(!browser.text("/").await.contains("Acesso suspenso"));
}

#[tokio::test]
async fn the_cookie_is_guarded_and_its_id_is_new_and_never_stored() {
    let server = Server::start_with(|_| {}).await;
    let tenant = server.tenant("biscoito", Role::Viewer, None).await;
    let forged = "painel=AAAAAAAAAAAAAAAAAAAAAA";
    let mut browser = Browser::new(&server.url);
    browser.cookie = Some(forged.to_owned());
    let answer = browser.log_in(&tenant.email, PASSWORD).await;
    let set = answer.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
    let cookie = set.into_iter().find(|cookie| cookie.starts_with("painel=")).expect("the session cookie is set");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie} has {part}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    let first = browser.cookie.clone().unwrap();
    assert_ne!(first, forged, "an id that came from outside is not adopted");

    browser.log_in(&tenant.email, PASSWORD).await;
    let second = browser.cookie.clone().unwrap();
    assert_ne!(second, first, "each sign-in has a new id");
    browser.cookie = Some(first.clone());
    assert_eq!(location(&browser.page("/").await), "/login", "and ends the one before");

    let id = second.split_once('=').unwrap().1.as_bytes();
    let bytes = server.database_bytes();
    assert!(bytes.len() > 1000 && !bytes.windows(id.len()).any(|window| window == id), "the id is not in the database");
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host() {
    let server = Server::start_with(|config| config.base_url = "https://painel.example".parse().unwrap()).await;
    let tenant = server.tenant("segura", Role::Viewer, None).await;
    let mut browser = Browser::new(&server.url);
    let answer = browser.log_in(&tenant.email, PASSWORD).await;
    let set: Vec<&str> =
        answer.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    for name in ["__Host-painel=", "__Host-painel-device="] {
        let cookie = set.iter().find(|cookie| cookie.starts_with(name)).expect("the cookie is set");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie} has {part}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let server = Server::start().await;
    let tenant = server.tenant("alheia", Role::Viewer, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    browser.origin = Some("https://evil.example".to_owned());
    let answer = browser.form("/api/session/log_out", &[], "/").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(browser.page("/").await.status(), StatusCode::OK, "still signed in");

    let request = browser.request(Method::POST, "/api/session/log_out").header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(request).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_chosen_colours_come_from_the_server() {
    let server = Server::start().await;
    let browser = Browser::new(&server.url);
    assert!(browser.text("/login").await.contains("data-theme=\"system\""));
    let answer = browser.form("/api/session/set_theme", &[("theme", "dark"), ("next", "/login")], "/login").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/login".to_owned()));
    let mut browser = browser;
    browser.keep(&answer);
    assert!(browser.text("/login").await.contains("data-theme=\"dark\""));
}
