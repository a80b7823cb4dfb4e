//! What several processes do at the same time is done once: a migration, a check of a connection; and what is tried at all of
//! them counts as tried at one.

use super::{House, PROCESSES, balancer::Door};
use crate::{
    database::Database,
    harness::{Browser, write_ring},
    health::{
        connect_workflow,
        workflow::{Reply, Workflow},
    },
    served::binary,
};
use app::session::Role;
use reqwest::{Method, StatusCode, header};
use server::health::Pace;
use sqlx::{Connection, PgConnection};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/postgres");

/// A `painel migrate` that has begun.
fn migrating(database: &Database, folder: &Path) -> Child {
    Command::new(binary())
        .arg("migrate")
        .current_dir(folder)
        .env_clear()
        .env("PAINEL_DATABASE_URL", &database.url)
        .env("PAINEL_DATABASE_OWNER_URL", &database.owner_url)
        .env("PAINEL_KEYRING", folder.join("keyring.json"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

/// Whether it ended well; says why not.
fn ended_well(migrating: Child) -> bool {
    let output = migrating.wait_with_output().expect("it ends");
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}

/// Every column, index, rule and trigger, and what the serving role may do; with how many migrations were applied.
async fn schema(database: &Database) -> (String, i64) {
    const ALL: &str = "select string_agg(item, chr(10) order by item) from ( \
         select 'column ' || table_name::text || '.' || column_name::text || ' ' || data_type::text as item \
         from information_schema.columns where table_schema = 'public' \
         union all select 'index ' || indexname::text from pg_indexes where schemaname = 'public' \
         union all select 'constraint ' || conname::text from pg_constraint where connamespace = 'public'::regnamespace \
         union all select 'rule ' || tablename::text || ' ' || policyname::text from pg_policies where schemaname = 'public' \
         union all select 'trigger ' || tgrelid::regclass::text || ' ' || tgname::text from pg_trigger where not tgisinternal \
         union all select 'grant ' || table_name::text || ' ' || privilege_type::text || ' ' || grantee::text \
         from information_schema.role_table_grants where table_schema = 'public') items";
    const APPLIED: &str = "select count(*) from _sqlx_migrations where success";
    let mut db = PgConnection::connect(&database.admin_url).await.expect("the server answers");
    let all: String = sqlx::query_scalar(ALL).fetch_one(&mut db).await.expect("a schema");
    let applied: i64 = sqlx::query_scalar(APPLIED).fetch_one(&mut db).await.expect("a number");
    db.close().await.expect("closed");
    (all, applied)
}

#[tokio::test]
async fn one_migrates() {
    const ROUNDS: usize = 3;
    let folder = TempDir::new().unwrap();
    write_ring(&folder.path().join("keyring.json"));
    let migrations = fs::read_dir(MIGRATIONS).unwrap().count();
    let alone = Database::create().await;
    assert!(ended_well(migrating(&alone, folder.path())));
    let expected = schema(&alone).await;
    assert_eq!(usize::try_from(expected.1).unwrap(), migrations);
    alone.drop_it().await;
    let (mut well, mut same) = (0, 0);
    for _ in 0..ROUNDS {
        let database = Database::create().await;
        let at_once: Vec<Child> = (0..PROCESSES).map(|_| migrating(&database, folder.path())).collect();
        well += at_once.into_iter().map(ended_well).filter(|well| *well).count();
        same += usize::from(schema(&database).await == expected);
        database.drop_it().await;
    }
    println!(
        "several: {well} of {} migrations, three at a time on an empty database, end well; in {same} of {ROUNDS} the schema is \
         what one alone makes",
        ROUNDS * PROCESSES
    );
    assert_eq!((well, same), (ROUNDS * PROCESSES, ROUNDS));
}

/// Wrong tries of one source that may be let in: twenty, the one that finds that they are used up, and two more every three
/// seconds.
fn most_since(began: Instant) -> usize {
    21 + 2 * (usize::try_from(began.elapsed().as_secs()).unwrap() / 3 + 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_are_counted_together() {
    const TRIES: usize = 90;
    let mut house = House::empty(&[]).await;
    let door = Door::open().await;
    house.serve(&[("PAINEL_BASE_URL", door.url.as_str())]).await;
    let balancer = door.before(house.urls());
    let mut browser = Browser::new(&balancer.url);
    browser.forwarded_for = Some("203.0.113.7".to_owned());
    // Each of an account of its own: it is the source that is counted.
    let guess = async |browser: &Browser, number: usize| {
        let email = format!("x{number}@ninguem.example");
        let pairs = [("email", email.as_str()), ("password", "nao-e-esta-a-senha-dela")];
        browser.call("/api/session/log_in", &pairs).await.status()
    };
    let show = async |browser: &Browser| {
        let token = "Bearer painel_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let request = browser.request(Method::GET, "/api/v1/credentials/n8n").header(header::AUTHORIZATION, token);
        browser.send(request).await.status()
    };
    let looked_at = |status: StatusCode| {
        assert!(matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS), "{status}");
        usize::from(status == StatusCode::UNAUTHORIZED)
    };

    let (began, mut passwords) = (Instant::now(), 0);
    for number in 0..TRIES {
        passwords += looked_at(guess(&browser, number).await);
    }
    let most_passwords = most_since(began);
    let (began, mut tokens) = (Instant::now(), 0);
    for _ in 0..TRIES {
        tokens += looked_at(show(&browser).await);
    }
    let most_tokens = most_since(began);
    let passed = balancer.passed();
    println!(
        "several: of {TRIES} wrong passwords and {TRIES} wrong tokens of one source, over three processes ({passed:?}), \
         {passwords} (at most {most_passwords}) and {tokens} (at most {most_tokens}) are looked at"
    );
    assert!((20..=most_passwords).contains(&passwords) && (20..=most_tokens).contains(&tokens));
    assert!(passed.iter().all(|passed| *passed > TRIES / PROCESSES), "each had its share: {passed:?}");
    // Others go on.
    browser.forwarded_for = Some("203.0.113.8".to_owned());
    assert_eq!(guess(&browser, TRIES).await, StatusCode::UNAUTHORIZED);
    assert_eq!(show(&browser).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_are_not_doubled() {
    const TENANTS: usize = 24;
    const INTERVALS: usize = 2;
    const CHECKED: &str = "select count(*) from connection_checks";
    /// So long that one process alone could not be through before the others come.
    const ANSWERS_AFTER: Duration = Duration::from_millis(1_500);
    const LATEST: Duration = Duration::from_secs(90);
    let workflow = Workflow::answering(ANSWERS_AFTER, |_, _| Reply::Taken).await;
    let mut house = House::empty(&[&workflow.origin]).await;
    for number in 0..TENANTS {
        let name = format!("loja-{number}");
        let tenant = house.server.tenant(&name, Role::Admin, None).await;
        connect_workflow(&house.server, &tenant, &workflow, &name).await;
    }
    // As if a minute had passed since the save: all are due when the first process comes.
    house.behind.run("update credentials set updated_at = updated_at - 120000000").await;
    house.serve(&[]).await;
    let began = Instant::now();
    for interval in 1..=INTERVALS {
        let all = i64::try_from(TENANTS * interval).unwrap();
        loop {
            let checked = house.behind.count(CHECKED).await;
            if checked >= all {
                break;
            }
            assert!(began.elapsed() < LATEST, "{checked} of {all} checks");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        if interval < INTERVALS {
            // As if the interval had passed.
            house.behind.run("update connection_health set next_at = 0").await;
        }
    }
    // Each process has then looked once more for what is due.
    tokio::time::sleep(Pace::default().look + Duration::from_secs(1)).await;
    let (asked, checked) = (workflow.asked(), house.behind.count(CHECKED).await);
    let (questions, most) = (asked.values().sum::<usize>(), workflow.most_at_once());
    println!(
        "several: {TENANTS} connections in {INTERVALS} intervals, three processes: {checked} checks kept, {questions} \
         questions, {most} at once ({} by one process)",
        Pace::default().workers
    );
    assert_eq!((asked.len(), questions), (TENANTS, TENANTS * INTERVALS));
    assert!(asked.values().all(|count| *count == INTERVALS), "{asked:?}");
    assert_eq!(checked, i64::try_from(questions).unwrap());
    assert!(most > Pace::default().workers, "more than one process was at work");
}
