//! What is decided through one process, or on the command line, counts in all of them within a second: at the next request,
//! and for the pages that listen there.

use super::{ALONE, House};
use crate::{
    automation::{first_id, make},
    behind::json,
    durable::{fields_of, save},
    harness::Browser,
    live::stream::Stream,
    second_factor::enrol,
};
use app::session::{AgencyRole, Role};
use reqwest::{Method, Response, StatusCode, header};
use serde_json::Value;
use std::time::{Duration, Instant};

const SLUG: &str = "decidido";
const OWNER: &str = "dona@agencia.example";
/// What everybody of a tenant may read, at no project's cost.
const READS: &str = "/api/conversations/saved_filters";
/// The processes that are asked; the first one is where it was decided.
const OTHERS: [usize; 2] = [1, 2];
const WITHIN: Duration = Duration::from_secs(1);
/// So that the figure of what comes too late is told too.
const LATEST: Duration = Duration::from_secs(30);

/// How long something took to count everywhere.
struct Took {
    what: &'static str,
    requests: Duration,
    streams: Option<Duration>,
}

impl Took {
    fn is_soon(&self) -> bool {
        self.requests < WITHIN && self.streams.is_none_or(|streams| streams < WITHIN)
    }
}

/// Somebody's session at the other processes, with a page that listens at each.
struct Elsewhere {
    browsers: Vec<Browser>,
    streams: Vec<Stream>,
}

impl Elsewhere {
    async fn of(house: &House, browser: &Browser) -> Self {
        let browsers: Vec<Browser> = OTHERS.iter().map(|process| house.at(*process, browser)).collect();
        let mut streams = Vec::new();
        for browser in &browsers {
            assert_eq!(browser.read(READS).await.status(), StatusCode::OK, "before, nothing is refused");
            streams.push(Stream::open(browser).await);
        }
        Self { browsers, streams }
    }

    /// It was decided just now: how long until both refuse in these words, and both streams have been told that they end.
    async fn shut(&self, what: &'static str, status: StatusCode, words: &str) -> Took {
        let since = Instant::now();
        let refuses = async |browser: &Browser| {
            let answer = browser.read(READS).await;
            answer.status() == status && answer.text().await.expect("a body").contains(words)
        };
        let requests = until(&self.browsers, refuses).await;
        let mut streams = Duration::ZERO;
        for stream in &self.streams {
            let ended = stream.ends(since, LATEST).await.unwrap_or_else(|| panic!("{what} ends the stream"));
            assert_eq!(stream.told().last().map(|told| told.what.as_str()), Some("end"), "{what}: told so");
            streams = streams.max(ended);
        }
        Took { what, requests, streams: Some(streams) }
    }
}

/// Asks at each again and again; how long until all have answered so.
async fn until(browsers: &[Browser], so: impl AsyncFn(&Browser) -> bool) -> Duration {
    let began = Instant::now();
    for browser in browsers {
        while !so(browser).await {
            assert!(began.elapsed() < LATEST, "it does not count everywhere");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    began.elapsed()
}

/// What a process gives a machine that shows this token, of the card that is changed here.
async fn given(program: &Browser, token: &str) -> (StatusCode, Value) {
    let request = program.request(Method::GET, "/api/v1/credentials/whatsapp");
    let answer = program.send(request.header(header::AUTHORIZATION, format!("Bearer {token}"))).await;
    (answer.status(), json(answer).await)
}

fn went_through(answer: &Response) {
    let status = answer.status();
    assert!(status.is_success() || status.is_redirection(), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_decided_in_one_counts_in_all_within_a_second() {
    let _alone = ALONE.lock().await;
    let mut house = House::empty(&[]).await;
    house.serve(&[]).await;
    let tenant = house.server.tenant(SLUG, Role::Admin, Some(0)).await;
    let mut admin = house.signed_in(&tenant.email).await;
    let mut took = credentials(&house, &admin).await;

    // People of the tenant, each with a session that something else ends.
    let someone = async |name: &str| {
        let email = format!("{name}@{SLUG}.example");
        let user = house.server.user(&email, tenant.scope.tenant(), Role::Viewer).await.to_string();
        let browser = house.signed_in(&email).await;
        (user, email, Elsewhere::of(&house, &browser).await)
    };
    let (_, email, elsewhere) = someone("sessao").await;
    let other = house.signed_in(&email).await;
    let view = json(other.read("/api/security/read").await).await;
    let sessions = view["sessions"].as_array().expect("two sessions");
    let id = sessions.iter().find(|session| session["current"] == false).expect("another")["id"].as_str().unwrap();
    went_through(&other.call("/api/security/end_session", &[("id", id)]).await);
    took.push(elsewhere.shut("a session revoked", StatusCode::UNAUTHORIZED, "NotSignedIn").await);

    let (_, email, elsewhere) = someone("desligada").await;
    house.painel(&["user", "disable", &email]);
    took.push(elsewhere.shut("a user disabled", StatusCode::UNAUTHORIZED, "NotSignedIn").await);

    let (user, _, elsewhere) = someone("fora").await;
    went_through(&admin.call("/api/team/remove", &[("member", &user)]).await);
    took.push(elsewhere.shut("a membership removed", StatusCode::UNAUTHORIZED, "NotSignedIn").await);

    // Who demands a second factor has one.
    enrol(&mut admin).await;
    let (_, _, elsewhere) = someone("fator").await;
    let demand = async |required| {
        went_through(&admin.call("/api/team/require_second_factor", &[("required", required)]).await);
    };
    demand("true").await;
    took.push(elsewhere.shut("a second factor demanded", StatusCode::FORBIDDEN, "SecondFactorDue").await);
    demand("false").await;

    house.server.staff(OWNER, AgencyRole::Owner).await;
    let (mut inside, mut owner) = (house.signed_in(OWNER).await, house.signed_in(OWNER).await);
    for browser in [&mut inside, &mut owner] {
        let pairs = [("slug", SLUG), ("reason", "Conferir a agenda a pedido da Marina.")];
        let answer = browser.call("/api/console/break_glass", &pairs).await;
        went_through(&answer);
        browser.keep(&answer);
    }
    // From another of the owner's sessions: the one that listens stays, and has no place any more.
    let elsewhere = Elsewhere::of(&house, &inside).await;
    let answer = owner.call("/api/console/end_break_glass", &[]).await;
    went_through(&answer);
    owner.keep(&answer);
    took.push(elsewhere.shut("a glass ended", StatusCode::FORBIDDEN, "NotAllowed").await);

    let (_, _, elsewhere) = someone("suspensa").await;
    let pairs = [("slug", SLUG), ("reason", "Pagamento em aberto.")];
    went_through(&owner.call("/api/console/suspend", &pairs).await);
    took.push(elsewhere.shut("a tenant suspended", StatusCode::FORBIDDEN, "Pagamento em aberto.").await);

    let soon = took.iter().filter(|took| took.is_soon()).count();
    println!("several: {soon} of {} count in all processes within {WITHIN:?}:", took.len());
    for Took { what, requests, streams } in &took {
        let streams = streams.map(|streams| format!(", its pages hear it after {streams:?}")).unwrap_or_default();
        println!("several: {what}: at the others after {requests:?}{streams}");
    }
    assert_eq!((soon, took.len()), (10, 10));
}

/// What changes of a credential and of the token that reads it, asked by a machine at the other processes.
async fn credentials(house: &House, admin: &Browser) -> Vec<Took> {
    let mut took = Vec::new();
    let mut note = |what, requests| took.push(Took { what, requests, streams: None });
    assert_eq!(save(admin, 0, 1).await, Some(StatusCode::OK));
    let token = make(admin, "Robô", &["whatsapp"]).await;
    let programs: Vec<Browser> = OTHERS.iter().map(|process| Browser::new(&house.served[*process].url)).collect();
    let shows = async |number: u64| {
        let (_, value) = fields_of(number);
        let right = async |program: &Browser| {
            let (status, body) = given(program, &token).await;
            status == StatusCode::OK && body["fields"]["access_token"] == value.as_str()
        };
        until(&programs, right).await
    };
    let refuses = async |status: StatusCode, word: &str| {
        let refused = async |program: &Browser| {
            let (told, body) = given(program, &token).await;
            told == status && body["error"] == word
        };
        until(&programs, refused).await
    };
    shows(1).await;

    assert_eq!(save(admin, 1, 2).await, Some(StatusCode::OK));
    note("a credential changed", shows(2).await);

    // The old key is gone from the database: whoever had kept it could not open what is stored now.
    house.painel(&["keys", "rotate", "--tenant", SLUG]);
    let trimmed = house.painel(&["keys", "trim", "--tenant", SLUG]);
    assert!(trimmed.contains("version 1 dropped"), "{trimmed}");
    note("a tenant's key rotated", shows(2).await);
    for (process, version, number) in [(OTHERS[0], 2, 3), (OTHERS[1], 3, 4)] {
        let there = house.at(process, admin);
        assert_eq!(save(&there, version, number).await, Some(StatusCode::OK), "each process saves with the new key");
        shows(number).await;
    }
    let shown = house.painel(&["keys", "status", "--tenant", SLUG]);
    let of_tenant: Vec<_> = shown.lines().filter(|line| line.starts_with(&format!("{SLUG}\tversion"))).collect();
    assert!(of_tenant.len() == 1 && of_tenant[0].contains("\tversion 2\t"), "{shown}");

    let pairs = [("provider", "whatsapp"), ("version", "4")];
    went_through(&admin.call("/api/credentials/remove", &pairs).await);
    note("a credential removed", refuses(StatusCode::NOT_FOUND, "not_stored").await);

    let id = first_id(admin).await;
    went_through(&admin.call("/api/automation/revoke", &[("token", &id)]).await);
    note("a machine token withdrawn", refuses(StatusCode::UNAUTHORIZED, "invalid_token").await);
    took
}
