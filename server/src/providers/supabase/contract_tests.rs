//! Every row of what is known of Supabase's gateway and of PostgREST, replayed by a stand-in. The same against the real
//! PostgREST stands with the integration tests.

use super::{
    contract_rows::{GATEWAY, ROOT, TABLE},
    doctor::Doctor,
    test,
};
use crate::{
    mapping::Part,
    project::ApiKey,
    providers::{
        fake::{CANARY, Fake, Reply, Seen, hostile_bodies},
        report::{Cause, Place, Report, Standing},
        testing::{NOW, jwt},
    },
};
use secrecy::SecretString;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

const PUBLISHABLE: &str = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";

fn fields(url: &str, key: &str) -> BTreeMap<String, SecretString> {
    [("project_url", url), ("api_key", key)].into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

/// The address as it is stored: an origin.
fn address(fake: &Fake) -> String {
    fake.url.as_str().trim_end_matches('/').to_owned()
}

fn settings() -> Reply {
    Reply::new(200, r#"{"external":{"email":true},"disable_signup":false}"#)
}

fn rows() -> Reply {
    Reply::new(206, r#"[{"id":1}]"#).with("content-range", "0-0/2816")
}

fn no_insert() -> Reply {
    Reply::new(401, r#"{"code":"42501","details":null,"hint":null,"message":"permission denied for table x"}"#)
}

/// A project without fault.
fn healthy(seen: &Seen) -> Reply {
    match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/auth/v1/settings") => settings(),
        ("GET", _) => rows(),
        _ => no_insert(),
    }
}

async fn report(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Report {
    let fake = Fake::start(answer).await;
    test(&fields(&address(&fake), PUBLISHABLE), &fake.probe()).await
}

fn shows(report: &Report, cause: Cause, part: &str) -> bool {
    report.findings.iter().any(|finding| finding.cause == cause && finding.what.pt.contains(part))
}

#[tokio::test]
async fn a_good_project_is_green_and_is_only_read() {
    let fake = Fake::start(healthy).await;
    let report = test(&fields(&address(&fake), PUBLISHABLE), &fake.probe()).await;
    assert_eq!(report.standing(), Standing::Healthy, "{report:?}");
    assert!(shows(&report, Cause::Works, "três tabelas") && report.findings.len() == 1);
    assert!(report.facts.iter().any(|fact| fact.value == "cerca de 2.816"));
    let seen = fake.seen();
    assert_eq!(seen.len(), 7, "settings, and two questions a table");
    for request in &seen {
        assert_eq!(request.headers["apikey"], PUBLISHABLE);
        assert!(request.headers.get("authorization").is_none(), "a publishable key stands in apikey alone");
        match request.method.as_str() {
            "GET" => assert!(request.path.starts_with("/auth") || request.query.contains("limit=1")),
            "POST" => assert_eq!(request.body, b"[]", "an insert of nothing"),
            other => panic!("{other} {}", request.path),
        }
    }
}

#[tokio::test]
async fn every_row_of_the_fact_sheet_is_told_as_what_it_is() {
    let mut right = 0;
    for &(status, body, cause, part) in GATEWAY {
        let fake = Fake::start(move |_| Reply::new(status, body)).await;
        let report = test(&fields(&address(&fake), PUBLISHABLE), &fake.probe()).await;
        assert!(shows(&report, cause, part), "{status} {body}: {report:?}");
        assert_eq!(report.findings.len(), 1, "told once: {report:?}");
        assert_eq!(fake.seen().len(), 1, "and the tables are not asked");
        right += 1;
    }
    for &(status, body, cause, part) in TABLE {
        let report = report(move |seen| {
            if seen.method == "GET" && seen.path == "/rest/v1/conversations" {
                Reply::new(status, body)
            } else {
                healthy(seen)
            }
        })
        .await;
        assert!(shows(&report, cause, part), "{status} {body}: {report:?}");
        assert!(!report.findings.iter().any(|finding| finding.cause == Cause::Works), "one table does not answer");
        right += 1;
    }
    let of = GATEWAY.len() + TABLE.len();
    eprintln!("Supabase: {right} of {of} rows of the fact sheet told as what they are");
    assert_eq!(right, of);
}

#[tokio::test]
async fn a_table_that_lacks_columns_is_told_all_of_them_at_once() {
    // 12's words, then 14's.
    for words in ["column conversations.# does not exist", "Could not find the '#' column of 'conversations'"] {
        let report = report(move |seen| {
            if seen.method != "GET" || seen.path != "/rest/v1/conversations" {
                return healthy(seen);
            }
            match ["name", "status"].into_iter().find(|name| seen.query.contains(name)) {
                Some(name) => {
                    Reply::new(400, format!(r#"{{"code":"42703","message":"{}"}}"#, words.replace('#', name)))
                }
                None => rows(),
            }
        })
        .await;
        let finding = report.findings.iter().find(|finding| finding.cause == Cause::NotFound).unwrap();
        assert!(finding.what.pt.contains("as colunas “name”, “status”"), "{}", finding.what.pt);
        let sql = finding.paste.as_deref().unwrap();
        assert!(sql.contains("add column if not exists name text;") && sql.contains("exists status text;"), "{sql}");
    }
}

#[tokio::test]
async fn rows_that_are_not_seen_are_not_called_an_empty_table() {
    let seeing = |range: &'static str| {
        report(move |seen| {
            if seen.method == "GET" && seen.path.starts_with("/rest") {
                Reply::new(200, "[]").with("content-range", range)
            } else {
                healthy(seen)
            }
        })
    };
    let hidden = seeing("*/0").await;
    assert_eq!(hidden.standing(), Standing::Degraded);
    assert!(shows(&hidden, Cause::Forbidden, "não vê nenhuma linha") && !shows(&hidden, Cause::Works, ""));
    for range in ["*/750", "*/*", "rubbish"] {
        let empty = seeing(range).await;
        assert_eq!(empty.standing(), Standing::Healthy, "{range}");
        assert!(shows(&empty, Cause::Notice, "está vazia, ou uma política"), "{range}");
    }
}

#[tokio::test]
async fn a_clock_that_runs_ahead_is_asked_once_more() {
    let ahead = || Reply::new(401, r#"{"code":"PGRST303","message":"JWT issued at future"}"#);
    let asked = AtomicUsize::new(0);
    let started = Instant::now();
    let report = report(move |seen| {
        let first = seen.path == "/rest/v1/messages" && asked.fetch_add(1, Ordering::Relaxed) == 0;
        if first { ahead() } else { healthy(seen) }
    })
    .await;
    assert_eq!(report.standing(), Standing::Healthy);
    assert!(started.elapsed().as_millis() >= 1500);
    let report = self::report(move |seen| if seen.path == "/rest/v1/messages" { ahead() } else { healthy(seen) }).await;
    assert!(shows(&report, Cause::ProviderDown, "relógios"), "{report:?}");
}

#[tokio::test]
async fn a_key_that_may_do_too_much_is_sent_nowhere() {
    let fake = Fake::start(healthy).await;
    let claims = |role: &str, exp: i64| jwt(&format!(r#"{{"iss":"supabase","ref":"x","role":"{role}","exp":{exp}}}"#));
    let cases = [
        ("sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz".to_owned(), Cause::TooPowerful),
        (claims("service_role", NOW + 1000), Cause::TooPowerful),
        ("sbp_0123456789abcdef0123456789abcdef01234567".to_owned(), Cause::TooPowerful),
        ("postgres://postgres:pw@db.abc.supabase.co:5432/postgres".to_owned(), Cause::TooPowerful),
        (claims("anon", NOW - 1), Cause::Expired),
        (claims("authenticated", NOW + 1000), Cause::BadCredential),
        ("rubbish".to_owned(), Cause::BadCredential),
    ];
    for (key, cause) in &cases {
        let report = test(&fields(&address(&fake), key), &fake.probe()).await;
        assert_eq!(report.findings[0].cause, *cause);
        assert!(!format!("{report:?}").contains(key.as_str()));
    }
    let sent = fake.seen().len();
    eprintln!("keys refused by their text: {} of {} with {sent} outbound requests", cases.len(), cases.len());
    assert_eq!(sent, 0);
}

#[tokio::test]
async fn at_supabase_itself_the_root_gives_a_powerful_key_away() {
    let doctor = |fake: &Fake| {
        (fake.probe(), fake.url.clone(), ApiKey::new(SecretString::from(PUBLISHABLE.to_owned())).unwrap())
    };
    for &(status, body, powerful) in ROOT {
        let fake =
            Fake::start(move |seen| if seen.path == "/rest/v1/" { Reply::new(status, body) } else { healthy(seen) })
                .await;
        let (probe, base, key) = doctor(&fake);
        let report = Doctor { probe: &probe, base, key, hosted: true }.examine().await;
        assert_eq!(shows(&report, Cause::TooPowerful, "toda proteção"), powerful, "{status} {body}");
    }
    // A hosted project whose name is gone is paused or deleted; elsewhere the name is wrong.
    let fake = Fake::start(healthy).await;
    let (probe, _, key) = doctor(&fake);
    let base: url::Url = "https://nenhum-projeto.invalid".parse().unwrap();
    for (hosted, part) in [(true, "pausado"), (false, "Não existe servidor")] {
        let report = Doctor { probe: &probe, base: base.clone(), key: key.clone(), hosted }.examine().await;
        assert!(shows(&report, Cause::Unreachable(Place::Name), part), "{hosted}: {report:?}");
    }
}

/// An older project lets `anon` insert into every table: what that means depends on row-level security.
#[tokio::test]
async fn estimates_tell_whether_the_doors_are_guarded() {
    // All rows, `like`, `=`: with statistics and no guard; guarded; without statistics; too few rows.
    for (all, leaky, proof, cause, part) in [
        (2816, 1, 1, Cause::TooPowerful, "RLS está desligado"),
        (2816, 2816, 1, Cause::Notice, "só as políticas"),
        (2816, 2816, 14, Cause::TooPowerful, "não se vê"),
        (100, 1, 1, Cause::TooPowerful, "não se vê"),
    ] {
        let report = report(move |seen| {
            let range = |rows: u64| Reply::new(206, "[{\"id\":1}]").with("content-range", format!("0-0/{rows}"));
            match (seen.method.as_str(), seen.path.as_str()) {
                ("GET", "/auth/v1/settings") => settings(),
                ("POST", _) => Reply::new(201, ""),
                _ if seen.query.contains("like.") => range(leaky),
                _ if seen.query.contains("eq.") => range(proof),
                _ => range(all),
            }
        })
        .await;
        assert!(shows(&report, cause, part), "{all} {leaky} {proof}: {report:?}");
        assert_eq!(report.findings.iter().filter(|finding| finding.cause == cause).count(), Part::ALL.len());
        assert!(report.findings.iter().filter_map(|f| f.paste.as_deref()).all(|sql| sql.contains("revoke insert")));
    }
}

#[tokio::test]
async fn nothing_of_a_body_is_passed_on() {
    let bodies = hostile_bodies();
    let (from, hostile) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Reply::default())));
    let fake = {
        let (from, hostile) = (Arc::clone(&from), Arc::clone(&hostile));
        Fake::start(move |seen| {
            // From the first question on, or from the tables on.
            let table = seen.method == "GET" && seen.path.starts_with("/rest");
            if table || from.load(Ordering::Relaxed) { hostile.lock().unwrap().clone() } else { healthy(seen) }
        })
        .await
    };
    let (fields, probe) = (fields(&address(&fake), PUBLISHABLE), fake.probe());
    let mut clean = 0;
    for body in &bodies {
        let mut quiet = true;
        for status in [200, 400, 401, 404, 500] {
            *hostile.lock().unwrap() = Reply::new(status, body.clone());
            for first in [true, false] {
                from.store(first, Ordering::Relaxed);
                quiet &= !format!("{:?}", test(&fields, &probe).await).contains(CANARY);
            }
        }
        clean += usize::from(quiet);
    }
    eprintln!("Supabase: {clean} of {} hostile bodies not shown", bodies.len());
    assert_eq!((clean, bodies.len()), (bodies.len(), 20));
}
