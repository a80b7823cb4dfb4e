//! When something is wrong with a project: its key, its tables, its gateway, its temper.
//!
//! Faults are made in the second project only, and only for the request of the test at hand, so that other tests may go
//! on reading. Refusals come from the real PostgREST, by asking it for something else than the code under test did.

use std::time::{Duration, Instant};

use app::error::{AppError, Outage, Refusal};
use http::Method;
use serde_json::json;
use server::{
    egress::{AddressPolicy, Egress},
    mapping::Part,
    project::{ApiKey, Direction, Project, ProjectError},
};
use sqlx::{Connection, Executor, PgConnection};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};
use url::Url;
use uuid::Uuid;

use super::{all_rows, egress_to, ids, plain, project, project_with, text, url_of};

/// Faults are a knob of the whole project: one test turns it at a time.
static KNOB: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn both_kinds_of_key_read_every_table() {
    for number in [0, 1] {
        for key in ["publishable_key", "anon_key"] {
            let project = project_with(number, text(number, key));
            let newest = conversations(&project).await;
            let said = project.messages_between(None, None, None, 1).await.map(|page| page.rows.len());
            let booked = project.appointments_after(None, None, None, 1).await.map(|page| page.rows.len());
            assert_eq!([newest, said, booked], [Ok(1), Ok(1), Ok(1)], "{key}");
        }
    }
}

/// How many conversations a page of one has.
async fn conversations(project: &Project) -> Result<usize, ProjectError> {
    project.conversations_page(&Direction::Newest, 1).await.map(|page| page.rows.len())
}

#[tokio::test]
async fn keys_that_do_not_fit_are_told_apart() {
    let cases = [
        ("sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH", Refusal::Key),
        ("rubbish", Refusal::Key),
        (text(1, "publishable_key"), Refusal::Key),
        (text(1, "anon_key"), Refusal::Key),
        (text(0, "expired_anon_key"), Refusal::KeyExpired),
    ];
    for (key, refusal) in cases {
        let error = project_with(0, key).find_conversation("1").await.unwrap_err();
        assert_eq!(AppError::from(error), AppError::ProjectRefused(refusal), "{}…", &key[..7]);
    }
}

/// A project whose every request becomes this one of the real gateway, with all headers as they were.
async fn detour(target: &'static str) -> Project {
    let upstream = url_of(0);
    let upstream = format!("{}:{}", upstream.host().unwrap(), upstream.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let (_, headers) = head.split_once("\r\n").unwrap();
            let mut server = TcpStream::connect(&upstream).await.unwrap();
            server.write_all(format!("GET {target} HTTP/1.1\r\n{headers}").as_bytes()).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
        }
    });
    Project::new(egress_to(&[&url]), Uuid::new_v4(), url, ApiKey::new(text(0, "publishable_key").into()).unwrap())
}

#[tokio::test]
async fn refusals_of_the_real_postgrest_are_understood() {
    let refused = AppError::ProjectRefused;
    let table = || Part::Conversations.name().to_owned();
    let rubbish = || AppError::ProjectUnreachable(Outage::Rubbish);
    let cases = [
        ("/rest/v1/secret_stuff?select=id", refused(Refusal::Grant { table: table() })),
        ("/rest/v1/nope?select=id", refused(Refusal::TableMissing { table: table() })),
        ("/rest/v1/conversations?select=nope", refused(Refusal::ColumnMissing { table: table() })),
        ("/rest/v1/conversations?nope=eq.1", refused(Refusal::ColumnMissing { table: table() })),
        ("/rest/v1/conversations?order=nope", refused(Refusal::ColumnMissing { table: table() })),
        ("/rest/v1/conversations?id=eq.abc", refused(Refusal::Other)),
        ("/rest/v1/conversations?id=sideways.1", refused(Refusal::Other)),
        ("/rest/v1/conversations?select=count()", refused(Refusal::Other)),
        ("/rest/v1/conversations/", rubbish()),
        ("/rest/v1/", refused(Refusal::Key)),
        ("/auth/v1/settings", rubbish()),
        ("/elsewhere", rubbish()),
    ];
    let (all, mut right) = (cases.len(), 0);
    for (target, expected) in cases {
        let error = conversations(&detour(target).await).await.unwrap_err();
        assert_eq!(AppError::from(error), expected, "{target}");
        right += 1;
    }
    println!("H3 {right} of {all} refusals of the real PostgREST are told as what they are");
    assert_eq!(conversations(&detour("/rest/v1/hidden_rows?select=id").await).await, Ok(0));
}

/// The project's own statement time-out is 3 s; its answer must arrive as what it is, not as our time-out.
#[tokio::test]
async fn a_statement_that_the_project_gives_up_on_is_slow() {
    let mut admin = PgConnection::connect(text(0, "admin_url")).await.unwrap();
    let mut locked = admin.begin().await.unwrap();
    locked.execute("lock table hidden_rows in access exclusive mode").await.unwrap();
    let started = Instant::now();
    let waiting = detour("/rest/v1/hidden_rows?select=id&order=id").await;
    let mut error = AppError::from(conversations(&waiting).await.unwrap_err());
    // On a machine that stood still for two seconds it was ours that came first: once more.
    if error == AppError::ProjectUnreachable(Outage::Timeout) {
        error = AppError::from(conversations(&waiting).await.unwrap_err());
    }
    assert_eq!(error, AppError::ProjectRefused(Refusal::Slow));
    assert!(started.elapsed() > Duration::from_millis(2900));
    locked.rollback().await.unwrap();
}

async fn set_fault(mode: &str, path: &str) {
    let url = format!("{}/fault", text(1, "control_url").trim_end_matches('/')).parse().unwrap();
    let answer = plain(Method::POST, url, "none", Some(json!({ "mode": mode, "path": path }))).await;
    assert!(answer.status.is_success(), "{mode}: {answer:?}");
}

#[tokio::test]
async fn every_fault_is_told_as_what_it_is_and_in_time() {
    const ID: i64 = 987_654_321;
    let _alone = KNOB.lock().await;
    let out = AppError::ProjectUnreachable;
    let cases = [
        ("refuse", out(Outage::Connect)),
        ("hang", out(Outage::Timeout)),
        ("rubbish", out(Outage::Rubbish)),
        ("huge", out(Outage::Rubbish)),
        ("paused", out(Outage::Paused)),
        ("unpaid", out(Outage::Paused)),
        ("error500", out(Outage::Fault)),
        ("html", out(Outage::Rubbish)),
        ("drop", out(Outage::Fault)),
        ("legacy_off", AppError::ProjectRefused(Refusal::Key)),
        ("empty401", AppError::ProjectRefused(Refusal::Key)),
        ("plain401", AppError::ProjectRefused(Refusal::Key)),
    ];
    let project = project(1);
    let (all, mut right, mut slowest) = (cases.len(), 0, Duration::ZERO);
    for (mode, expected) in cases {
        set_fault(mode, &format!("id=eq.{ID}")).await;
        let started = Instant::now();
        let error = project.find_conversation(&ID.to_string()).await.expect_err(mode);
        assert_eq!(AppError::from(error), expected, "{mode}");
        let took = started.elapsed();
        assert!(took < Duration::from_secs(15), "{mode}: {took:?}");
        (right, slowest) = (right + 1, slowest.max(took));
        assert!(project.find_conversation("1").await.is_ok(), "{mode}: the same project goes on");
    }
    println!("H3 {right} of {all} faults of the gateway are told as what they are, the slowest after {slowest:?}");
    set_fault("none", "").await;
    assert_eq!(project.find_conversation(&ID.to_string()).await, Ok(None));
}

#[tokio::test]
async fn one_projects_trouble_is_not_the_others() {
    let _alone = KNOB.lock().await;
    let (sick_url, well_url) = (url_of(1), url_of(0));
    let egress = egress_to(&[&sick_url, &well_url]);
    let key = |number| ApiKey::new(text(number, "publishable_key").into()).unwrap();
    let sick = Project::new(egress.clone(), Uuid::new_v4(), sick_url, key(1));
    let well = Project::new(egress, Uuid::new_v4(), well_url, key(0));
    set_fault("hang", "id=eq.987654322").await;
    let mut busy = 0;
    let crowd = async {
        for result in futures::future::join_all((0..40).map(|_| sick.find_conversation("987654322"))).await {
            busy += usize::from(AppError::from(result.unwrap_err()) == AppError::ProjectUnreachable(Outage::Busy));
        }
    };
    let quiet = async {
        let started = Instant::now();
        for _ in 0..20 {
            assert!(well.conversations_page(&Direction::Newest, 50).await.is_ok());
        }
        started.elapsed()
    };
    let ((), took) = tokio::join!(crowd, quiet);
    set_fault("none", "").await;
    assert_eq!(busy, 36);
    assert!(took < Duration::from_secs(30), "20 pages of the other tenant took {took:?}");
}

#[tokio::test]
async fn answers_of_two_tenants_are_never_mixed() {
    let urls = [url_of(0), url_of(1)];
    let egress = egress_to(&[&urls[0], &urls[1]]);
    let tenants: Vec<Project> = (0..2)
        .map(|number| {
            let key = ApiKey::new(text(number, "publishable_key").into()).unwrap();
            Project::new(egress.clone(), Uuid::new_v4(), urls[number].clone(), key)
        })
        .collect();
    // An id that both have, for different people; rows that another test adds for a while are older.
    let of = |number| all_rows(number, "conversations?select=id&updated_at=gte.2020-01-01&order=id.desc");
    let (first, second) = (ids(&of(0).await), ids(&of(1).await));
    let id = first.iter().find(|id| second.contains(id)).expect("both projects count from a small number").to_string();
    let mut own = Vec::new();
    for tenant in &tenants {
        own.push(tenant.find_conversation(&id).await.unwrap().unwrap());
    }
    assert_ne!(own[0], own[1]);
    for _ in 0..250 {
        let pair = futures::join!(tenants[0].find_conversation(&id), tenants[1].find_conversation(&id));
        assert_eq!((pair.0.unwrap().as_ref(), pair.1.unwrap().as_ref()), (Some(&own[0]), Some(&own[1])));
    }
}

#[tokio::test]
async fn a_refused_address_is_never_called() {
    let egress = Egress::new(AddressPolicy::public_only()).unwrap();
    let key = ApiKey::new(text(0, "publishable_key").into()).unwrap();
    let project = Project::new(egress, Uuid::new_v4(), url_of(0), key);
    let error = project.find_conversation("1").await.unwrap_err();
    assert_eq!(AppError::from(error), AppError::ProjectUnreachable(Outage::AddressRefused));
    assert!(matches!(error, ProjectError::NoAnswer(_)));
}
