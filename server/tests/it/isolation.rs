//! No tenant reaches another's anything: every page and every server function is asked, as A, for what is B's, and
//! answers exactly as for what never existed.

use crate::harness::{Browser, Server, project};
use app::session::Role;
use reqwest::{Response, StatusCode};

/// Status and body, less the id that was asked for, the nonce and the request's id.
pub async fn shape(answer: Response, id: &str) -> (StatusCode, String) {
    let status = answer.status();
    let text = answer.text().await.expect("a body").replace(id, "ID");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("nonce=\"") {
        let value = at + "nonce=\"".len();
        let end = value + rest[value..].find('"').expect("an attribute ends");
        out.push_str(&rest[..value]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    (status, out)
}

/// A conversation id that one project of the stack has and the other has not.
pub async fn only_in(index: usize) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let found = async |index: usize, filter: &str| {
        let url = format!("{}/rest/v1/conversations?select=id&{filter}&order=id.desc&limit=1", project(index, "url"));
        let answer = client.get(url).header("apikey", project(index, "publishable_key")).send().await.unwrap();
        let rows: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        rows[0]["id"].as_i64().map(|id| id.to_string())
    };
    // The demo data has the ids 1 to 1000 in the second project alone.
    let mine = found(index, if index == 0 { "id=gt.1000" } else { "id=lte.1000" }).await.expect("it has some");
    assert_eq!(found(1 - index, &format!("id=eq.{mine}")).await, None, "the other project has no such id");
    mine
}

#[tokio::test]
async fn anothers_conversation_is_as_one_that_never_existed() {
    let server = Server::start().await;
    let a = server.tenant("casa-a", Role::Admin, Some(0)).await;
    let b = server.tenant("casa-b", Role::Admin, Some(1)).await;
    let foreign = only_in(1).await;
    let never = (0..foreign.len()).map(|_| '9').collect::<String>();
    let as_a = server.signed_in(&a.email).await;
    let as_b = server.signed_in(&b.email).await;
    assert_eq!(as_b.page(&format!("/conversations/{foreign}")).await.status(), StatusCode::OK, "it exists for B");

    let page = |id: String| {
        let browser = as_a.clone();
        // With an empty list beside it: an id's digits may stand in any row.
        async move { shape(browser.page(&format!("/conversations/{id}?from=2099-01-01")).await, &id).await }
    };
    let call = |id: String| {
        let browser = as_a.clone();
        async move { shape(browser.read(&format!("/api/conversations/thread?id={id}&older=")).await, &id).await }
    };
    let (foreign_page, never_page) = (page(foreign.clone()).await, page(never.clone()).await);
    assert_eq!(foreign_page.0, StatusCode::NOT_FOUND);
    assert_eq!(foreign_page, never_page);
    let (foreign_call, never_call) = (call(foreign).await, call(never).await);
    assert_eq!(foreign_call.0, StatusCode::NOT_FOUND);
    assert_eq!(foreign_call, never_call);
}

#[tokio::test]
async fn a_cursor_of_another_tenant_shows_only_ones_own_rows() {
    let server = Server::start().await;
    let a = server.tenant("lado-a", Role::Viewer, Some(0)).await;
    let b = server.tenant("lado-b", Role::Viewer, Some(1)).await;
    let as_a = server.signed_in(&a.email).await;
    let as_b = server.signed_in(&b.email).await;
    let of_b: serde_json::Value =
        serde_json::from_slice(&as_b.read("/api/conversations/page").await.bytes().await.unwrap()).unwrap();
    let cursor = of_b["older"].as_str().expect("B has older conversations");
    let names_of_b = phones(&of_b);
    let answer = as_a.read(&format!("/api/conversations/page?before={cursor}&after=")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let of_a: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert!(!phones(&of_a).is_empty());
    assert!(phones(&of_a).iter().all(|phone| !names_of_b.contains(phone)), "A sees rows of A alone");
}

fn phones(page: &serde_json::Value) -> Vec<String> {
    let rows = page["rows"].as_array().expect("rows");
    rows.iter()
        .map(|row| row["phone"].as_str().expect("a phone").to_owned())
        .filter(|phone| !phone.is_empty())
        .collect()
}

#[tokio::test]
async fn pages_and_functions_show_each_tenant_its_own() {
    let server = Server::start().await;
    let a = server.tenant("porta-a", Role::Admin, Some(0)).await;
    let b = server.tenant("porta-b", Role::Admin, Some(1)).await;
    let (as_a, as_b) = (server.signed_in(&a.email).await, server.signed_in(&b.email).await);
    // Services and professionals are of one trade each: what B's pages say stands on none of A's.
    let words = async |browser: &Browser| {
        let mut text = String::new();
        for path in ["/", "/conversations", "/appointments", "/settings/credentials"] {
            text.push_str(&browser.text(path).await);
        }
        text
    };
    let (of_a, of_b) = (words(&as_a).await, words(&as_b).await);
    assert!(of_a.contains("Loja porta-a") && !of_a.contains("porta-b"));
    assert!(of_b.contains("Loja porta-b") && !of_b.contains("porta-a"));
    assert!(of_b.contains("Barba") && !of_a.contains("Barba"), "the barber's services are the barber's");
    assert!(of_a.contains(&project(0, "url")) && !of_a.contains(&project(1, "url")));
}

#[tokio::test]
async fn without_a_session_nothing_is_read_or_written() {
    let server = Server::start().await;
    server.tenant("fora", Role::Admin, Some(0)).await;
    let nobody = Browser::new(&server.url);
    for path in [
        "/api/overview/read",
        "/api/conversations/page",
        "/api/conversations/thread?id=1",
        "/api/appointments/agenda",
        "/api/appointments/one?id=1",
        "/api/credentials/list",
    ] {
        let answer = nobody.read(path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.text().await.unwrap().contains("NotSignedIn"));
    }
    assert_eq!(nobody.read("/live").await.status(), StatusCode::UNAUTHORIZED, "and nothing is told");
    for path in ["/api/credentials/save", "/api/credentials/remove"] {
        let answer = nobody.call(path, &[("provider", "supabase"), ("version", "0")]).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/", "/conversations", "/conversations/1", "/appointments", "/settings/credentials"] {
        assert_eq!(nobody.page(path).await.status(), StatusCode::SEE_OTHER, "{path}");
    }
}
