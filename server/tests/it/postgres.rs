//! The whole walk on Postgres: what the other tests do on SQLite works there too, through the same code.

use crate::{
    database::Database,
    harness::{Server, project},
};
use app::session::Role;
use reqwest::StatusCode;
#[tokio::test]
async fn signing_in_reading_and_saving_work_on_postgres() {
    let database = Database::create().await;
    let server = Server::start_with(|config| {
        config.database_url.clone_from(&database.url);
        config.database_owner_url = Some(database.owner_url.clone().into());
    })
    .await;
    let a = server.tenant("pg-a", Role::Admin, Some(0)).await;
    let b = server.tenant("pg-b", Role::Admin, None).await;
    let (as_a, as_b) = (server.signed_in(&a.email).await, server.signed_in(&b.email).await);
    for path in ["/", "/conversations", "/conversations/1001", "/appointments", "/settings/credentials"] {
        assert_eq!(as_a.page(path).await.status(), StatusCode::OK, "{path}");
    }
    assert!(as_a.text("/conversations").await.contains("class=\"talk\""));
    assert!(as_b.text("/conversations").await.contains("Falta ligar o projeto Supabase"), "B has nothing of A");

    let (url, key) = (project(1, "url"), project(1, "publishable_key"));
    let pairs = [("provider", "supabase"), ("version", "0"), ("fields[project_url]", &url), ("fields[api_key]", &key)];
    assert_eq!(as_b.call("/api/credentials/save", &pairs).await.status(), StatusCode::OK);
    assert!(as_b.text("/conversations").await.contains("class=\"talk\""));
    assert_eq!(as_b.page("/conversations/1").await.status(), StatusCode::OK);
    assert_eq!(as_a.page("/conversations/1").await.status(), StatusCode::NOT_FOUND, "1 is B's alone");

    as_b.form("/api/session/log_out", &[], "/").await;
    assert_eq!(as_b.page("/").await.status(), StatusCode::SEE_OTHER);
    server.state.store.close().await;
    database.drop_it().await;
}
