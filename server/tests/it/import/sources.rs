//! The same thousand rows from every kind of source come to the same.

use super::{
    COUNTS,
    house::{House, fixture, read_json},
};
use crate::database::Database;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use serde_json::Value;
use sqlx::{Connection, Executor, PgConnection};
use std::{collections::HashMap, sync::Arc};

/// The former tables. `last_login` is a text here, as in an installation where the former code's `'now()'` was kept as it
/// was written: with the stock column no unreadable time could stand in it.
const TABLES: &str = "
    create table clients (
        id uuid primary key, client_name text not null, client_email text unique not null, client_domain text,
        plan_type text default 'starter', google_calendar_credentials text, google_meet_credentials text,
        whatsapp_credentials text, evolution_api_credentials text, supabase_url text, supabase_key text,
        n8n_webhook_url text, is_active boolean default true, created_at timestamp default now(),
        updated_at timestamp default now());
    create table client_users (
        id uuid primary key, client_id uuid references clients (id) on delete cascade, user_email text not null,
        user_password_hash text not null, role text default 'admin', last_login text,
        created_at timestamp default now());";

fn assert_whole(report: &str) {
    for line in COUNTS {
        assert!(report.contains(line), "{report}");
    }
}

#[tokio::test]
async fn from_csv() {
    let house = House::new();
    house.ready();
    assert_whole(&house.import(&["--from", &fixture("csv")]));
    house.assert_expected().await;
    // What was taken from one source is known again in another.
    let again = house.import(&["--from", &fixture("json")]);
    assert!(again.contains("\n0 changes made:") && again.contains("810 here already"), "{again}");
}

#[tokio::test]
async fn from_postgres_and_into_postgres() {
    let (source, target) = (Database::create().await, Database::create().await);
    let mut connection = PgConnection::connect(&source.owner_url).await.unwrap();
    connection.execute(TABLES).await.unwrap();
    for (table, insert) in [
        ("clients", "insert into clients select * from jsonb_populate_recordset(null::clients, $1::jsonb)"),
        (
            "client_users",
            "insert into client_users select * from jsonb_populate_recordset(null::client_users, $1::jsonb)",
        ),
    ] {
        let rows: Value = read_json(&format!("json/{table}.json"));
        sqlx::query(insert).bind(rows.to_string()).execute(&mut connection).await.unwrap();
    }
    // Columns that an older installation does not have yet.
    connection.execute("alter table clients drop column client_domain, drop column updated_at").await.unwrap();
    connection.close().await.unwrap();

    let house = House::on(Some(&target));
    house.ready();
    let url = house.path().join("source.url");
    std::fs::write(&url, format!("{}\n", source.owner_url)).unwrap();
    let from = ["--from-file", url.to_str().unwrap()];
    let dry = house.import(&[&from[..], &["--dry-run"]].concat());
    assert!(dry.contains("nothing was written: 148 tenants, 313 users, 810 memberships, 256 credentials"), "{dry}");
    assert_whole(&house.import(&from));
    house.assert_expected().await;
    let again = house.import(&from);
    assert!(again.contains("\n0 changes made:"), "{again}");
    source.drop_it().await;
    target.drop_it().await;
}

const KEY: &str = "sb_secret_chave-inventada-para-este-teste";

/// Pages as PostgREST gives them: by `id=gt.…` and `limit`, and never more than its own 37 rows.
async fn page(
    State(tables): State<Arc<HashMap<String, Vec<Value>>>>,
    Path(table): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Vec<Value>>, StatusCode> {
    if headers.get("apikey").is_none_or(|key| key != KEY) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let id = |row: &Value| row["id"].as_str().expect("an id").to_owned();
    let mut rows = tables.get(&table).ok_or(StatusCode::NOT_FOUND)?.clone();
    assert_eq!((query["select"].as_str(), query["order"].as_str()), ("*", "id.asc"));
    rows.sort_by_key(id);
    if let Some(after) = query.get("id").map(|condition| condition.strip_prefix("gt.").expect("a condition")) {
        rows.retain(|row| id(row).as_str() > after);
    }
    rows.truncate(query["limit"].parse::<usize>().expect("a limit").min(37));
    Ok(Json(rows))
}

async fn serve(tables: HashMap<String, Vec<Value>>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = listener.local_addr().unwrap().to_string();
    let app = Router::new().route("/rest/v1/{table}", get(page)).with_state(Arc::new(tables));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    origin
}

/// The binary runs in a thread of its own, so that this one can answer it.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn from_a_supabase_project() {
    let tables = ["clients", "client_users"].map(|table| (table.to_owned(), read_json(&format!("json/{table}.json"))));
    let origin = serve(HashMap::from(tables)).await;
    let mut house = House::new();
    house.allow = origin.clone();
    house.ready();
    let (right, wrong) = (house.path().join("right.key"), house.path().join("wrong.key"));
    std::fs::write(&right, format!("{KEY}\n")).unwrap();
    std::fs::write(&wrong, "sb_publishable_outra").unwrap();
    let url = format!("http://{origin}");
    let house = elsewhere(move || {
        let refused = house.try_import(&["--from", &url, "--supabase-key-file", wrong.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("may not read"), "{said}");
        assert!(!said.contains("sb_"), "{said}");
        assert_whole(&house.import(&["--from", &url, "--supabase-key-file", right.to_str().unwrap()]));
        house
    })
    .await;
    house.assert_expected().await;
}

#[tokio::test]
async fn a_private_address_or_an_empty_table_is_explained() {
    let origin = serve(HashMap::from([("clients".to_owned(), vec![]), ("client_users".to_owned(), vec![])])).await;
    let mut house = House::new();
    house.ready();
    let key = house.path().join("project.key");
    std::fs::write(&key, KEY).unwrap();
    elsewhere(move || {
        let url = format!("http://{origin}");
        let arguments = ["--from", url.as_str(), "--supabase-key-file", key.to_str().unwrap()];
        let said = |house: &House| String::from_utf8(house.try_import(&arguments).stderr).unwrap();
        assert!(said(&house).contains("PAINEL_EGRESS_ALLOW"), "{}", said(&house));
        house.allow = origin;
        assert!(said(&house).contains("no rows"), "{}", said(&house));
    })
    .await;
}
