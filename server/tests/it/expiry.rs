//! Sessions end by themselves: an hour after the last request, and a day after they began, whatever happens. The clock is
//! brought along where a function takes it; over HTTP the session's instants are moved instead.

use crate::{
    behind::{self, Behind},
    harness::{Browser, Server, location},
};
use app::session::Role;
use reqwest::{StatusCode, header};
use server::{
    auth::hash_of,
    web::session::{ABSOLUTE, IDLE},
};
use time::{Duration, OffsetDateTime};

const MINUTE: Duration = Duration::MINUTE;

/// Moves all sessions into the past, as if that much time had gone by.
async fn let_pass(behind: &Behind, idle: Duration, since_begin: Duration) {
    let (idle, since) = (idle.whole_microseconds(), since_begin.whole_microseconds());
    let sql = format!(
        "update sessions set last_seen = last_seen - {idle}, created_at = created_at - {since}, \
         expires_at = expires_at - {since}"
    );
    behind.run(&sql).await;
}

/// Whether a browser is let in by a page, a function that reads, one that writes and a file: by all or by none.
async fn is_alive(browser: &Browser) -> bool {
    let page = browser.page("/conversations").await;
    let page = match page.status() {
        StatusCode::OK => true,
        StatusCode::SEE_OTHER => !location(&page).starts_with("/login"),
        other => panic!("{other}"),
    };
    let read = browser.read("/api/security/read").await.status();
    let pairs = [("provider", "n8n"), ("version", "7")];
    let write = browser.call("/api/credentials/remove", &pairs).await.status();
    let file = browser.page("/settings/audit.csv").await.status();
    let all = [page, read == StatusCode::OK, write == StatusCode::CONFLICT, file == StatusCode::OK];
    let refused = [!page, read == StatusCode::UNAUTHORIZED, write == StatusCode::UNAUTHORIZED];
    assert!(all == [true; 4] || refused == [true; 3], "{page} {read} {write} {file}");
    page
}

#[tokio::test]
async fn a_session_ends_by_idleness_and_by_age_at_the_minute() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("prazo", Role::Admin, Some(0)).await;
    let (hour, day) = (Duration::minutes(60), Duration::hours(24));
    let cases = [
        ("59 min idle", hour - MINUTE, hour - MINUTE, true),
        ("61 min idle", hour + MINUTE, hour + MINUTE, false),
        ("23:59 old", Duration::ZERO, day - MINUTE, true),
        ("24:01 old", Duration::ZERO, day + MINUTE, false),
    ];
    let mut right = 0;
    for (case, idle, age, alive) in cases {
        let browser = server.signed_in(&tenant.email).await;
        assert!(is_alive(&browser).await, "at first");
        let_pass(&behind, idle, age).await;
        let is = is_alive(&browser).await;
        assert_eq!(is, alive, "{case}");
        right += usize::from(is == alive);
        behind.run("delete from sessions").await;
    }
    eprintln!(
        "B4 sessions alive or dead over HTTP as they must be, 59 and 61 min idle, 23:59 and 24:01 old: {right} of 4"
    );
}

/// The cookie's hash, under which the store has the session.
fn id_hash(browser: &Browser) -> [u8; 32] {
    let cookie = browser.cookie.as_deref().expect("signed in");
    hash_of(cookie.split_once('=').expect("a cookie has a value").1)
}

async fn alive_at(server: &Server, id: &[u8; 32], now: OffsetDateTime) -> bool {
    server.state.store.find_caller(id, now, IDLE).await.unwrap().is_some()
}

#[tokio::test]
async fn the_boundaries_hold_to_the_microsecond() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("beira", Role::Admin, None).await;
    let tick = Duration::microseconds(1);
    let mut right = 0;
    for (limit, column) in [(IDLE, "last_seen"), (ABSOLUTE, "expires_at")] {
        for (from_limit, alive) in [(-tick, true), (Duration::ZERO, false), (tick, false)] {
            let id = id_hash(&server.signed_in(&tenant.email).await);
            let micros = behind.count(&format!("select {column} from sessions")).await;
            let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
            let end = if column == "last_seen" { instant + limit } else { instant };
            let now = end + from_limit;
            if column == "expires_at" {
                // Used a moment ago: only its age can end it.
                behind.run(&format!("update sessions set last_seen = {micros} - 60000000")).await;
            }
            assert_eq!(alive_at(&server, &id, now).await, alive, "{column} {from_limit}");
            right += 1;
            behind.run("delete from sessions").await;
        }
    }
    eprintln!("B4 the microsecond before, at and after each limit: {right} of 6 as they must be");
}

#[tokio::test]
async fn thirty_hours_of_work_end_after_a_day() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("trinta", Role::Admin, Some(0)).await;

    // Every five minutes, by the injected clock.
    let mut browser = server.signed_in(&tenant.email).await;
    let (id, began) = (id_hash(&browser), OffsetDateTime::now_utc());
    let mut last = Duration::ZERO;
    for step in 1..=360 {
        let after = 5 * MINUTE * step;
        let alive = alive_at(&server, &id, began + after).await;
        assert_eq!(alive, after < ABSOLUTE, "after {after}");
        last = if alive { after } else { last };
    }
    eprintln!("B4 30 h of requests every 5 min: the last one let in after {last} (a day at most)");
    assert_eq!(last, ABSOLUTE - 5 * MINUTE);

    // Every half hour, over HTTP.
    let answer = browser.log_in(&tenant.email, crate::harness::PASSWORD).await;
    for cookie in answer.headers().get_all(header::SET_COOKIE) {
        let text = cookie.to_str().unwrap();
        if text.starts_with("painel=") {
            let age = text.split("Max-Age=").nth(1).and_then(|rest| rest.split(';').next()).expect("a cookie ends");
            assert!(age.trim().parse::<i64>().unwrap() <= ABSOLUTE.whole_seconds(), "{text}");
        }
    }
    let half = 30 * MINUTE;
    let (mut alive, mut dead) = (0, 0);
    for step in 1..=60 {
        let_pass(&behind, half, half).await;
        let let_in = is_alive(&browser).await;
        assert_eq!(let_in, half * step < ABSOLUTE, "after {}", half * step);
        (alive, dead) = (alive + usize::from(let_in), dead + usize::from(!let_in));
    }
    eprintln!(
        "B4 30 h of requests every 30 min over HTTP: {alive} let in during a day, {dead} of 13 refused from then on"
    );
    assert_eq!((alive, dead), (47, 13));
}
