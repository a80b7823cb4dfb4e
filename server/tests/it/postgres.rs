//! The whole walk on Postgres: what the other tests do on SQLite works there too, through the same code.

use crate::harness::{Server, project};
use app::session::Role;
use reqwest::StatusCode;
use sqlx::{Connection, Executor, PgConnection};

/// A new database on the server that `PAINEL_TEST_POSTGRES` names; dropped by [`Database::drop_it`].
struct Database {
    admin: String,
    name: String,
    url: String,
}

impl Database {
    async fn create() -> Self {
        let admin = std::env::var("PAINEL_TEST_POSTGRES")
            .expect("PAINEL_TEST_POSTGRES is not set: run `node scripts/with-stack.mjs cargo test -p server`");
        let name = format!("painel_it_{}", uuid::Uuid::new_v4().simple());
        let mut url = url::Url::parse(&admin).expect("a URL");
        url.set_path(&name);
        let mut connection = PgConnection::connect(&admin).await.expect("the server answers");
        connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a new database");
        Self { admin, name, url: url.to_string() }
    }

    async fn drop_it(self) {
        let mut connection = PgConnection::connect(&self.admin).await.expect("the server answers");
        let drop = format!("drop database {} with (force)", self.name);
        connection.execute(sqlx::AssertSqlSafe(drop)).await.expect("the database goes");
    }
}

#[tokio::test]
async fn signing_in_reading_and_saving_work_on_postgres() {
    let database = Database::create().await;
    let server = Server::start_with(|config| config.database_url.clone_from(&database.url)).await;
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
