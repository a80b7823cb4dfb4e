//! Google: a person's consent from the card to Google and back, the access tokens that come of it, and every refusal of the
//! two providers, beside a Google of our own.

mod disconnect;
pub mod fake;
mod flow;
mod refresh;
mod refusals;
mod rows;

use crate::harness::{Browser, Server, Tenant, location};
use app::session::Role;
use fake::{Fake, ID, SECRET};
use reqwest::{Response, StatusCode};
use server::{config::Config, providers::Bases};

/// What changes a configuration so that Google is this one.
pub fn beside(fake: &Fake) -> impl FnOnce(&mut Config) + use<> {
    let (bases, origin) = (fake.bases(), fake.origin());
    move |config: &mut Config| {
        config.bases = Bases { meta_graph: config.bases.meta_graph.clone(), ..bases };
        config.egress_allow = format!("{},{origin}", config.egress_allow);
    }
}

/// A server beside a Google, a tenant, and its admin's browser.
pub async fn house(slug: &str) -> (Fake, Server, Tenant, Browser) {
    let fake = Fake::start().await;
    let server = Server::start_as(beside(&fake)).await;
    let tenant = server.tenant(slug, Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    (fake, server, tenant, browser)
}

/// Saves a Google card with the client that the fake knows.
pub async fn save(browser: &Browser, provider: &str, version: &str, more: &[(&str, &str)]) {
    let mut pairs = vec![
        ("provider", provider),
        ("version", version),
        ("fields[client_id]", ID),
        ("fields[client_secret]", SECRET),
    ];
    if provider == "google_calendar" {
        pairs.push(("fields[calendar_id]", "primary"));
    }
    pairs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    pairs.extend(more);
    let answer = browser.form("/api/credentials/save", &pairs, "/settings/credentials").await;
    assert_eq!(location(&answer), format!("/settings/credentials?saved={provider}"));
}

/// Begins a consent; gives where Google's page is, as the page on the way says it.
async fn begin(browser: &Browser, provider: &str, version: &str) -> String {
    let pairs = [("provider", provider), ("version", version)];
    let answer = browser.form("/api/credentials/connect_google", &pairs, "/settings/credentials").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/oauth/google/start".to_owned()));
    let page = browser.page("/oauth/google/start").await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    let (_, rest) = page.split_once("content=\"0;url=").unwrap_or_else(|| panic!("the page leads on: {page}"));
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

/// Comes back from Google's page.
async fn come_back(browser: &Browser, server: &Server, callback: &str) -> Response {
    let path = callback.strip_prefix(&server.url).unwrap_or_else(|| panic!("{callback} is ours"));
    browser.page(path).await
}

/// The whole way; gives the page that it ends on.
pub async fn connect(fake: &Fake, server: &Server, browser: &Browser, provider: &str, version: &str) -> String {
    let callback = fake.allow(&begin(browser, provider, version).await).await;
    let answer = come_back(browser, server, &callback).await;
    let to = location(&answer);
    assert_eq!(to, format!("/settings/credentials?connected={provider}#{provider}"));
    browser.text(to.split('#').next().unwrap()).await
}
