//! The process may open no further file, because clients have taken all it may have: it goes on, whoever is connected is
//! answered or told to come back, a save is kept or refused as a whole, newcomers wait, and when the others let go all is
//! well again. A limit that is low from the start leaves files for everything but clients.

use super::signed_in;
use crate::{
    behind,
    durable::{fields_of, save_request, stored},
    harness::{Browser, Server, Tenant, project},
    served::Served,
};
use app::session::Role;
use futures::future::{join, join_all};
use reqwest::{Method, Response, StatusCode, header};
use server::store::{AuditQuery, EventKind};
use std::{
    pin::pin,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::timeout};

const TIMES: usize = 3;
/// What the process may open beyond what it has, when it is limited.
const ROOM: usize = 24;
/// Clients beyond those who find a place: they wait in the system's queue.
const MORE: usize = 40;
const READERS: usize = 6;
const PAGES: [&str; 4] = ["/settings/credentials", "/settings/team", "/conversations", "/"];
const SAVES: usize = 5;
/// Who says nothing is cut after ten seconds: the clients let go before that.
const AT_MOST: Duration = Duration::from_secs(6);
const BACK_WITHIN: Duration = Duration::from_secs(10);
/// Between two requests: the connection comes to rest, and the next one goes by it instead of by a new one.
const REST: Duration = Duration::from_millis(20);

/// A page to its end; nothing when the connection broke.
async fn read(browser: &Browser, path: &str) -> Option<StatusCode> {
    let answer = browser.request(Method::GET, path).header(header::ACCEPT, "text/html").send().await.ok()?;
    let status = answer.status();
    answer.bytes().await.ok()?;
    tokio::time::sleep(REST).await;
    Some(status)
}

/// All pages, one after the other.
async fn read_all(browser: &Browser) -> Vec<Option<StatusCode>> {
    let mut statuses = Vec::new();
    for path in PAGES {
        statuses.push(read(browser, path).await);
    }
    statuses
}

/// So many who say nothing.
async fn clients(served: &Served, many: usize) -> Vec<TcpStream> {
    let address = served.url.trim_start_matches("http://");
    let mut clients = Vec::new();
    for _ in 0..many {
        clients.push(TcpStream::connect(address).await.expect("the system takes it in"));
    }
    clients
}

/// Whether a browser with a connection of its own is answered within a second.
async fn newcomer_is_answered(served: &Served) -> bool {
    let newcomer = Browser::new(&served.url);
    timeout(Duration::from_secs(1), read(&newcomer, "/livez")).await.is_ok_and(|status| status == Some(StatusCode::OK))
}

/// Waits for a newcomer's answer and a good page; how long that took.
async fn back(served: &Served, browser: &Browser) -> Option<Duration> {
    let began = Instant::now();
    while began.elapsed() < BACK_WITHIN {
        if newcomer_is_answered(served).await && read(browser, PAGES[0]).await == Some(StatusCode::OK) {
            return Some(began.elapsed());
        }
    }
    None
}

/// Saves one card, and looks each time what is stored.
struct Saver<'a> {
    server: &'a Server,
    tenant: &'a Tenant,
    browser: Browser,
    version: i64,
    number: u64,
    /// Acknowledged, and stored as they were sent.
    kept: usize,
    /// Refused, and nothing of them is stored.
    refused: usize,
    odd: Vec<String>,
}

impl Saver<'_> {
    async fn save(&mut self) {
        self.number += 1;
        let answer = save_request(&self.browser, self.version, self.number).send().await;
        let status = answer.as_ref().ok().map(Response::status);
        if let Ok(answer) = answer {
            let _ = answer.bytes().await;
        }
        let (version, values) = stored(self.server, self.tenant).await;
        let (id, token) = fields_of(self.number);
        let there = [id, token].into_iter().filter(|field| values.contains(&Some(field.clone()))).count();
        match (status, version - self.version, there) {
            (Some(StatusCode::OK), 1, 2) => self.kept += 1,
            (Some(StatusCode::SERVICE_UNAVAILABLE), 0, 0) => self.refused += 1,
            odd => self.odd.push(format!("{odd:?}")),
        }
        self.version = version;
        tokio::time::sleep(REST).await;
    }

    async fn save_some(&mut self) {
        for _ in 0..SAVES {
            self.save().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_is_left_and_some_are_again() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("apertada", Role::Admin, Some(0)).await;
    let served = Served::start(&behind, &server, &[("PAINEL_EGRESS_ALLOW", &project(0, "origin"))]).await;
    let mut readers = vec![signed_in(&served, &tenant).await];
    for _ in 1..READERS {
        // The same session by connections of their own.
        let mut reader = Browser::new(&served.url);
        reader.cookie.clone_from(&readers[0].cookie);
        readers.push(reader);
    }
    let browser = signed_in(&served, &tenant).await;
    let (server, tenant) = (&server, &tenant);
    let mut saver = Saver { server, tenant, browser, version: 0, number: 0, kept: 0, refused: 0, odd: Vec::new() };
    saver.save().await;
    for reader in &readers {
        assert_eq!(read(reader, "/livez").await, Some(StatusCode::OK), "connected");
    }
    let saved = AuditQuery { kind: Some(EventKind::CredentialSaved), ..AuditQuery::default() };
    let events = async || server.state.store.list_events(&tenant.scope, &saved, 50).await.unwrap().len();
    let events_before = events().await;

    // Below what it was told at its start, so that it lets in more clients than it has files for.
    let most = served.open_files() + ROOM;
    served.limit(&format!("--nofile={most}:"));
    let (pid, mut took) = (served.pid(), Vec::new());
    let (mut taken, mut alive, mut kept_waiting, mut in_time, mut resumed) = (0, 0, 0, 0, 0);
    let (mut pages, mut told, mut others) = (0, 0, Vec::new());
    for _ in 0..TIMES {
        let held = clients(&served, ROOM + MORE).await;
        let began = Instant::now();
        while served.open_files() < most && began.elapsed() < BACK_WITHIN {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        taken += usize::from(served.open_files() >= most);
        kept_waiting += usize::from(!newcomer_is_answered(&served).await);
        alive += usize::from(read(&readers[0], "/livez").await == Some(StatusCode::OK));
        let statuses = {
            let mut asked = pin!(join(join_all(readers.iter().map(read_all)), saver.save_some()));
            let early = timeout(AT_MOST, &mut asked).await;
            in_time += usize::from(early.is_ok());
            drop(held);
            match early {
                Ok((statuses, ())) => statuses,
                // Somebody lost the connection and waits with the newcomers.
                Err(_) => asked.await.0,
            }
        };
        took.extend(back(&served, &readers[0]).await);
        let kept = saver.kept;
        saver.save().await;
        resumed += saver.kept - kept;
        for status in statuses.into_iter().flatten() {
            match status {
                Some(StatusCode::OK) => pages += 1,
                Some(StatusCode::SERVICE_UNAVAILABLE) => told += 1,
                other => others.push(other),
            }
        }
    }

    let Saver { kept, refused, odd, .. } = &saver;
    let events = events().await - events_before;
    let verified = behind.painel(server, &["audit", "verify"], "");
    let log = served.log();
    let panics = log.matches("\"a panic\"").count();
    eprintln!(
        "H6 no file left, {taken} of {TIMES} times (all {most}): alive {alive} of {TIMES}, newcomers wait \
         {kept_waiting} of {TIMES}; {pages} pages answered, {told} told to come back, {} otherwise, all meanwhile {in_time} of \
         {TIMES}; {kept} saves acknowledged and stored, {refused} refused and not stored, {} half or otherwise; \
         recovery {resumed} of {TIMES} after {took:?}, the same process {pid}; {panics} panics",
        others.len(),
        odd.len(),
    );
    assert_eq!((taken, alive, kept_waiting), (TIMES, TIMES, TIMES));
    assert_eq!((took.len(), resumed), (TIMES, TIMES), "{took:?}");
    assert!(others.is_empty(), "{others:?}");
    assert!(odd.is_empty(), "{odd:?}");
    assert_eq!(kept + refused, 1 + TIMES * (SAVES + 1));
    assert_eq!(events, kept - 1, "an event each, but for the one before");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    assert!(log.contains("no connection can be taken") && panics == 0, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_is_low_from_the_start_leaves_files_for_the_rest() {
    // 256 are not for clients.
    const FILES: usize = 300;
    const PLACES: usize = 44;
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("poucos", Role::Admin, Some(0)).await;
    let (starter, limit, allow) = ("prlimit", format!("--nofile={FILES}:{FILES}"), project(0, "origin"));
    let environment = [("PAINEL_EGRESS_ALLOW", allow.as_str())];
    let served = Served::start_by(&[starter, limit.as_str()], &behind, &server, "server=warn", &environment).await;
    let browser = signed_in(&served, &tenant).await;
    assert_eq!(read(&browser, "/livez").await, Some(StatusCode::OK), "connected");
    let held = clients(&served, PLACES + MORE).await;
    let waits = !newcomer_is_answered(&served).await;
    let good = read_all(&browser).await.iter().filter(|status| **status == Some(StatusCode::OK)).count();
    let ready = read(&browser, "/readyz").await == Some(StatusCode::OK);
    let most = served.open_files();
    drop(held);
    let took = back(&served, &browser).await;
    let log = served.log();
    eprintln!(
        "H6 of {FILES} files {most} are open when {PLACES} clients have theirs: a newcomer waits: {waits}, {good} of {} pages \
         are good, ready: {ready}; back after {took:?}",
        PAGES.len()
    );
    assert_eq!((waits, good, ready), (true, PAGES.len(), true));
    assert!(took.is_some() && most < FILES, "{took:?} {most}");
    assert!(log.contains("leaves fewer connections") && !log.contains("no connection can be taken"), "{log}");
}
