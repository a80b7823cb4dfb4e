//! Half an hour of ordinary work against the real binary: its memory and its files stay as they are.
//!
//! Not part of `make test`. By hand, for as many minutes as are wanted:
//!
//! ```text
//! export PAINEL_BIN="$PWD/target/release/painel" PAINEL_IT_MINUTES=30
//! node scripts/with-stack.mjs cargo test -p server --test it -- --ignored --nocapture soak::
//! ```
//!
//! `PAINEL_IT_STORE=postgres` does the same on Postgres. Under ten minutes caches are still filling: the figures are printed,
//! and only the files are judged.

use crate::{
    answering::Answering,
    behind,
    durable::{save, stored},
    harness::{Browser, PASSWORD, Server, Tenant, project},
    live::stream,
    served::Served,
};
use app::session::Role;
use reqwest::{Method, StatusCode, header};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// From one reading to the next.
const HALF_MINUTE: Duration = Duration::from_secs(30);
/// Before a reading nothing is asked: connections end, and what answers left is given back to the system.
const QUIET: Duration = Duration::from_secs(3);
/// In MiB per ten minutes.
const MOST_SLOPE: f64 = 1.0;
/// Connections to projects that are kept for the next question come and go.
const FEW_FILES: usize = 8;
/// Below that the slope says nothing.
const LONG_ENOUGH: u32 = 10;

const PAGES: [&str; 9] = [
    "/",
    "/conversations",
    "/conversations?q=a",
    "/appointments",
    "/settings/credentials",
    "/settings/team",
    "/settings/audit",
    "/settings/security",
    "/livez",
];
const FUNCTIONS: [&str; 8] = [
    "/api/overview/read",
    "/api/conversations/page",
    "/api/conversations/saved_filters",
    "/api/appointments/agenda",
    "/api/credentials/list",
    "/api/team/read",
    "/api/security/read",
    "/api/session/places",
];
const FILES: [&str; 4] = ["/files/mensagens.csv", "/files/conversas.csv", "/files/overview.csv", "/settings/audit.csv"];

/// What was asked, and what was not answered as it should be.
#[derive(Debug, Default)]
struct Tally {
    asked: usize,
    bad: Vec<String>,
}

impl Tally {
    fn note(&mut self, good: bool, what: &str) {
        self.asked += 1;
        if !good {
            self.bad.push(what.to_owned());
        }
    }

    fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.bad.extend(other.bad);
    }
}

/// One tenant's people: one session, and somebody who comes and goes.
struct House<'a> {
    server: &'a Server,
    tenant: Tenant,
    visitor: String,
    url: String,
    /// Each with a connection of its own.
    browsers: [Browser; 4],
    saves: u64,
}

impl<'a> House<'a> {
    async fn of(server: &'a Server, served: &Served, slug: &str, index: usize) -> Self {
        let tenant = server.tenant(slug, Role::Admin, Some(index)).await;
        let visitor = format!("visita@{slug}.example");
        server.user(&visitor, tenant.scope.tenant(), Role::Admin).await;
        let mut first = Browser::new(&served.url);
        assert_eq!(first.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
        let browsers = std::array::from_fn(|_| {
            let mut browser = Browser::new(&served.url);
            browser.cookie.clone_from(&first.cookie);
            browser
        });
        Self { server, tenant, visitor, url: served.url.clone(), browsers, saves: 0 }
    }

    /// All that these people do until then.
    async fn live_until(&mut self, until: Instant) -> Tally {
        let Self { server, tenant, visitor, url, browsers: [pages, functions, files, listener], saves } = self;
        let (mut tally, of_functions, of_files, of_streams, of_visits) = tokio::join!(
            ask(pages, &PAGES, "text/html", Duration::from_millis(100), until),
            ask(functions, &FUNCTIONS, "application/json", Duration::from_millis(150), until),
            ask(files, &FILES, "*/*", Duration::from_secs(4), until),
            listen(listener, until),
            visit(server, tenant, visitor, url, saves, until),
        );
        for other in [of_functions, of_files, of_streams, of_visits] {
            tally.add(other);
        }
        tally
    }
}

/// A rest that ends when all does.
async fn rest(how_long: Duration, until: Instant) {
    tokio::time::sleep(how_long.min(until.saturating_duration_since(Instant::now()))).await;
}

/// Asks for one after the other, all of each answer, with a pause between them.
async fn ask(browser: &Browser, paths: &[&str], accept: &str, pause: Duration, until: Instant) -> Tally {
    let mut tally = Tally::default();
    for path in paths.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        let request = browser.request(Method::GET, path).header(header::ACCEPT, accept);
        let answer = request.send().await.expect("the server answers");
        let status = answer.status();
        let whole = answer.bytes().await.is_ok();
        tally.note(status == StatusCode::OK && whole, &format!("{path}: {status}, whole: {whole}"));
        rest(pause, until).await;
    }
    tally
}

/// Opens a page's stream, listens for a while and goes. It may take the server a quarter of a minute to notice that, and a
/// session has four at a time.
async fn listen(browser: &Browser, until: Instant) -> Tally {
    let mut tally = Tally::default();
    while Instant::now() < until {
        let mut answer = stream::ask(browser, None).await;
        let opened = answer.status() == StatusCode::OK;
        let whole = async { while let Ok(Some(_)) = answer.chunk().await {} };
        let open_to_the_end = timeout(Duration::from_secs(5), whole).await.is_err();
        tally.note(opened && open_to_the_end, "a stream");
        drop(answer);
        rest(Duration::from_secs(3), until).await;
    }
    tally
}

/// Signs in, saves a card and signs out.
async fn visit(server: &Server, tenant: &Tenant, email: &str, url: &str, saves: &mut u64, until: Instant) -> Tally {
    let mut tally = Tally::default();
    while Instant::now() < until {
        let mut browser = Browser::new(url);
        tally.note(browser.log_in(email, PASSWORD).await.status() == StatusCode::FOUND, "a sign-in");
        let (version, _) = stored(server, tenant).await;
        *saves += 1;
        tally.note(save(&browser, version, *saves).await == Some(StatusCode::OK), "a save");
        let out = browser.call("/api/session/log_out", &[]).await.status();
        tally.note(!out.is_client_error() && !out.is_server_error(), "a sign-out");
        rest(Duration::from_secs(1), until).await;
    }
    tally
}

/// What the process has at rest.
#[derive(Debug, Clone, Copy)]
struct Reading {
    minutes: f64,
    mib: f64,
    files: usize,
}

impl Reading {
    fn of(served: &Served, began: Instant) -> Self {
        let kib = u32::try_from(served.memory("VmRSS") / 1024).expect("less than four TiB");
        Self { minutes: began.elapsed().as_secs_f64() / 60.0, mib: f64::from(kib) / 1024.0, files: served.open_files() }
    }
}

/// How steep the straight line is that runs nearest to the readings, in MiB per ten minutes.
fn slope(readings: &[Reading]) -> f64 {
    let many = f64::from(u32::try_from(readings.len()).expect("few"));
    let mean = |of: fn(&Reading) -> f64| readings.iter().map(of).sum::<f64>() / many;
    let (minutes, mib) = (mean(|one| one.minutes), mean(|one| one.mib));
    let together: f64 = readings.iter().map(|one| (one.minutes - minutes) * (one.mib - mib)).sum();
    let alone: f64 = readings.iter().map(|one| (one.minutes - minutes).powi(2)).sum();
    10.0 * together / alone
}

#[test]
fn the_slope_is_that_of_the_line() {
    let line = |minutes: u32| Reading {
        minutes: f64::from(minutes),
        // As much above it as below it.
        mib: 80.0 + f64::from(minutes) / 5.0 + if minutes % 4 < 2 { 0.5 } else { -0.5 },
        files: 30,
    };
    let readings: Vec<Reading> = (0..400).map(line).collect();
    assert!((slope(&readings) - 2.0).abs() < 0.01, "{}", slope(&readings));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half an hour: run it by hand, as told at the top, when what is kept in memory changes"]
async fn memory_and_files_stay_as_they_are() {
    let minutes: u32 =
        std::env::var("PAINEL_IT_MINUTES").map_or(30, |text| text.parse().expect("PAINEL_IT_MINUTES: a number"));
    let (server, behind) = behind::start().await;
    // The cards that are saved are looked at by and by, and not at their foreign host.
    let graph = Answering::start(|_| (401, "{}".to_owned())).await;
    let allow = format!("{},{},{}", project(0, "origin"), project(1, "origin"), graph.origin);
    let base = format!("http://{}/v25.0", graph.origin);
    let environment = [("PAINEL_EGRESS_ALLOW", allow.as_str()), ("PAINEL_META_GRAPH_BASE", base.as_str())];
    let served = Served::start(&behind, &server, &environment).await;
    let mut one = House::of(&server, &served, "mora-a", 0).await;
    let mut other = House::of(&server, &served, "mora-b", 1).await;

    let (began, mut readings, mut tally) = (Instant::now(), Vec::new(), Tally::default());
    for number in 1..=2 * minutes {
        let until = began + HALF_MINUTE * number - QUIET;
        let (of_one, of_other) = tokio::join!(one.live_until(until), other.live_until(until));
        tally.add(of_one);
        tally.add(of_other);
        tokio::time::sleep(QUIET).await;
        let reading = Reading::of(&served, began);
        eprintln!("{:.1} min: {:.1} MiB, {} files", reading.minutes, reading.mib, reading.files);
        readings.push(reading);
    }
    let slope = slope(&readings[readings.len() / 2..]);
    let (first, last) = (readings[0], readings[readings.len() - 1]);
    let panics = served.log().matches("\"a panic\"").count();
    eprintln!(
        "H7 {minutes} min of mixed load, {} requests ({} not good): RSS {:.1} MiB at first and {:.1} at last, {slope:.2} MiB \
         per 10 min over the second half (less than {MOST_SLOPE}); {} files at first and {} at last; {panics} panics",
        tally.asked,
        tally.bad.len(),
        first.mib,
        last.mib,
        first.files,
        last.files,
    );
    // A machine that is busy says "not now" to one or another.
    assert!(tally.bad.len() * 100 <= tally.asked, "{:?}", tally.bad);
    assert!(last.files <= first.files + FEW_FILES, "{} files, then {}", first.files, last.files);
    assert_eq!(panics, 0, "{}", served.log());
    if minutes >= LONG_ENOUGH {
        assert!(slope < MOST_SLOPE, "{slope:.2} MiB per 10 min: {readings:?}");
    }
}
