//! What was answered with "saved" is saved: the real binary is killed with -9 again and again while credentials are being
//! saved, or its Postgres is (`durable/postmaster.rs`), and of writers at the same time exactly one gets each version.
//!
//! `PAINEL_IT_LONG=1` runs 200 cycles (50 on Postgres) instead of 20.

mod postmaster;

use crate::{
    behind::{self, Behind},
    harness::{Browser, PASSWORD, Server, Tenant, long},
    served::Served,
};
use app::{credentials::Provider, session::Role};
use futures::future::join_all;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use server::{
    store::{AuditQuery, EventKind},
    vault::{Address, WrappedKey},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Who save at the same time, each a card of their own.
const WRITERS: usize = 4;
/// A browser's session is begun anew after this time: no later than one that just signed in is asked for the password.
const SIGN_IN_EVERY: Duration = Duration::from_secs(120);

fn cycles() -> usize {
    let postgres = std::env::var("PAINEL_IT_STORE").is_ok_and(|value| value == "postgres");
    match (long(), postgres) {
        (false, _) => 20,
        (true, true) => 50,
        (true, false) => 200,
    }
}

/// Both fields of a card tell the number of the save that wrote them.
pub fn fields_of(number: u64) -> (String, String) {
    (format!("106540{number:09}"), format!("EAA{number:057}"))
}

/// A save that is not sent yet.
pub fn save_request(browser: &Browser, version: i64, number: u64) -> RequestBuilder {
    let (id, token) = fields_of(number);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("provider", "whatsapp"), ("version", &version.to_string())])
        .extend_pairs([("fields[phone_number_id]", &id), ("fields[access_token]", &token)])
        .finish();
    browser
        .request(reqwest::Method::POST, "/api/credentials/save")
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", browser.origin.as_deref().unwrap_or_default())
        .body(body)
}

pub async fn save(browser: &Browser, version: i64, number: u64) -> Option<StatusCode> {
    // Not `call`: the server may die in the middle.
    let answer = save_request(browser, version, number).send().await.ok()?;
    Some(answer.status())
}

/// Saves one after the other until the server is gone, or it is `over`.
async fn save_on(mut writer: Writer, over: Arc<AtomicBool>) -> Writer {
    let mut doubtful = false;
    while !over.load(Ordering::SeqCst) {
        writer.tried = writer.acked + 1;
        match save(&writer.browser, writer.version, writer.tried).await {
            Some(StatusCode::OK) => {
                writer.keep();
                doubtful = false;
            }
            // Too busy to say, or without its database: the same once more.
            Some(StatusCode::SERVICE_UNAVAILABLE) => {
                writer.refused += 1;
                doubtful = true;
            }
            // It was kept the first time, and only nobody could say so.
            Some(StatusCode::CONFLICT) if doubtful => {
                writer.keep();
                writer.unanswered += 1;
                doubtful = false;
            }
            Some(other) => panic!("{} saw {other}", writer.tenant.email),
            None => return writer,
        }
    }
    writer
}

struct Writer {
    tenant: Tenant,
    browser: Browser,
    since: Option<Instant>,
    version: i64,
    /// The number of the last save that is known to be kept, and of the last that was tried.
    acked: u64,
    tried: u64,
    saves: u64,
    /// Of the saves those that nobody answered.
    unanswered: u64,
    /// Tries that were answered with "not now".
    refused: u64,
}

impl Writer {
    /// Some, each the admin of another tenant.
    async fn some(server: &Server, slug: &str) -> Vec<Self> {
        let mut writers = Vec::new();
        for number in 0..WRITERS {
            let tenant = server.tenant(&format!("{slug}-{number}"), Role::Admin, None).await;
            writers.push(Self {
                tenant,
                browser: Browser::new(&server.url),
                since: None,
                version: 0,
                acked: 0,
                tried: 0,
                saves: 0,
                unanswered: 0,
                refused: 0,
            });
        }
        writers
    }

    /// A browser for the server at hand, signed in.
    async fn turn_to(&mut self, url: &str) {
        let mut browser = Browser::new(url);
        browser.cookie.clone_from(&self.browser.cookie);
        browser.device.clone_from(&self.browser.device);
        if self.since.is_none_or(|since| since.elapsed() > SIGN_IN_EVERY) {
            assert_eq!(browser.log_in(&self.tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
            self.since = Some(Instant::now());
        }
        self.browser = browser;
    }

    /// The last save that was tried is kept.
    fn keep(&mut self) {
        (self.acked, self.version, self.saves) = (self.tried, self.version + 1, self.saves + 1);
    }
}

/// Kills while saves are under way, and what must not come of them.
struct Kills {
    what: &'static str,
    cycles: usize,
    began: Instant,
    lost: usize,
    half: usize,
    unreadable: usize,
}

impl Kills {
    fn of(what: &'static str, cycles: usize) -> Self {
        Self { what, cycles, began: Instant::now(), lost: 0, half: 0, unreadable: 0 }
    }

    /// Compares what is stored with what a writer was told, once nothing is under way any more.
    async fn look(&mut self, server: &Server, writer: &mut Writer) {
        let (version, values) = stored(server, &writer.tenant).await;
        self.unreadable += values.iter().filter(|value| value.is_none()).count();
        let told = |number: u64| {
            let (id, token) = fields_of(number);
            version > 0 && values.contains(&Some(id)) && values.contains(&Some(token))
        };
        if writer.tried > writer.acked && told(writer.tried) {
            writer.keep();
            writer.unanswered += 1;
        } else if writer.acked > 0 && !told(writer.acked) {
            let mixed = values.iter().flatten().any(|value| {
                let (id, token) = fields_of(writer.tried);
                *value == id || *value == token
            });
            (self.half, self.lost) = (self.half + usize::from(mixed), self.lost + usize::from(!mixed));
        }
        // The row, its fields and the event are one: as many versions as saves, as many events as versions.
        self.half += usize::from(version != i64::try_from(writer.saves).unwrap());
        let query = AuditQuery { kind: Some(EventKind::CredentialSaved), ..AuditQuery::default() };
        let event = server.state.store.list_events(&writer.tenant.scope, &query, 1).await.unwrap();
        self.half += usize::from(event.is_empty() != (version == 0));
        writer.version = version;
    }

    /// Says what came of all, which must be nothing.
    async fn conclude(&self, server: &Server, behind: &Behind, writers: &[Writer]) {
        let sum = |of: fn(&Writer) -> u64| writers.iter().map(of).sum::<u64>();
        let saves = sum(|writer| writer.saves);
        let told = behind.kinds().await.get(EventKind::CredentialSaved.as_str()).copied().unwrap_or_default();
        let verified = behind.painel(server, &["audit", "verify"], "");
        let Self { what, cycles, began, lost, half, unreadable } = self;
        eprintln!(
            "I1 kill -9 {what}, {cycles} of {cycles} cycles in {:?}: {saves} saves, {} of them stored but not answered, {} \
             tries refused; {lost} acked lost, {half} half rows, {unreadable} undecryptable; {told} of {saves} in the trail",
            began.elapsed(),
            sum(|writer| writer.unanswered),
            sum(|writer| writer.refused),
        );
        assert_eq!((*lost, *half, *unreadable), (0, 0, 0));
        assert_eq!(u64::try_from(told).unwrap(), saves);
        assert!(saves > u64::try_from(*cycles).unwrap(), "the kills fell into the middle of work");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

/// What is stored: its version, and the number in each field that opens.
pub async fn stored(server: &Server, tenant: &Tenant) -> (i64, Vec<Option<String>>) {
    let store = &server.state.store;
    let Some(card) = store.find_credential_and_keys(&tenant.scope, Provider::Whatsapp).await.unwrap().0 else {
        return (0, Vec::new());
    };
    let id = *tenant.scope.tenant().as_uuid();
    let row = store.find_tenant_key(&tenant.scope).await.unwrap().expect("a key");
    let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
    let key = server.state.ring.open_tenant_key(id, u32::try_from(row.version).unwrap(), &wrapped).unwrap();
    let open = |(field, sealed): &(String, Vec<u8>)| {
        let address = Address { tenant: id, provider: Provider::Whatsapp.as_str(), field };
        key.open(&address, sealed).ok().map(|value| value.expose_secret().to_owned())
    };
    (card.version, card.fields.iter().map(open).collect())
}

/// Postgres notices the loss of a client by itself, and may finish what it was doing.
async fn settle(behind: &Behind) {
    if matches!(behind, Behind::Postgres { .. }) {
        let others = "select count(*) from pg_stat_activity where datname = current_database() and usename like '%app'";
        while behind.count(others).await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_kill_nine() {
    let (mut server, behind) = behind::start().await;
    let mut writers = Writer::some(&server, "mata").await;
    let cycles = cycles();
    let mut kills = Kills::of("during saves", cycles);
    for cycle in 0..cycles {
        // Nobody else has the database open: what the killed process leaves is what the next one finds.
        server.state.store.close().await;
        let served = Served::start(&behind, &server, &[]).await;
        for writer in &mut writers {
            writer.turn_to(&served.url).await;
        }
        let until_killed = |writer| tokio::spawn(save_on(writer, Arc::default()));
        let at_work: Vec<_> = writers.drain(..).map(until_killed).collect();
        // From before the first answer to many saves later, by steps that fall anywhere within a save; a new process takes
        // longer to its first on Postgres, to which it has to connect.
        let latest = if matches!(behind, Behind::Postgres { .. }) { 800_000 } else { 150_000 };
        tokio::time::sleep(Duration::from_micros(u64::try_from(cycle * 79_193 % latest).unwrap())).await;
        served.kill();
        for writer in at_work {
            writers.push(writer.await.unwrap());
        }
        settle(&behind).await;
        server = server.restart().await;
        for writer in &mut writers {
            kills.look(&server, writer).await;
        }
    }
    kills.conclude(&server, &behind, &writers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_writers_of_one_version_one_wins() {
    const ROUNDS: u64 = 10;
    const WRITERS: u64 = 100;
    let server = Server::start().await;
    let tenant = server.tenant("versoes", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let (mut winners, mut losers, mut kept) = (0, 0, 0);
    for round in 0..ROUNDS {
        let version = i64::try_from(round).unwrap();
        let tries = (0..WRITERS).map(|number| {
            let number = round * WRITERS + number;
            let browser = &browser;
            async move { (number, save(browser, version, number).await) }
        });
        let mut answers = join_all(tries).await;
        // On a machine that is busy with other things the database may keep some waiting for too long: they try again.
        for (number, status) in
            answers.iter_mut().filter(|(_, status)| *status == Some(StatusCode::SERVICE_UNAVAILABLE))
        {
            *status = save(&browser, version, *number).await;
        }
        let won: Vec<u64> =
            answers.iter().filter(|(_, status)| *status == Some(StatusCode::OK)).map(|(number, _)| *number).collect();
        losers += answers.iter().filter(|(_, status)| *status == Some(StatusCode::CONFLICT)).count();
        winners += won.len();
        let (now, values) = stored(&server, &tenant).await;
        let (id, token) = fields_of(*won.first().expect("somebody wins"));
        let whole = values.contains(&Some(id)) && values.contains(&Some(token));
        kept += usize::from(now == version + 1 && whole);
        assert_eq!(won.len(), 1, "{answers:?}");
    }
    eprintln!(
        "I2 {WRITERS} writers of one version, {ROUNDS} times: {winners} of {ROUNDS} win, {losers} of {} are told of the \
         conflict, {kept} of {ROUNDS} stored whole as the winner wrote it",
        ROUNDS * (WRITERS - 1)
    );
    assert_eq!(u64::try_from(winners).unwrap(), ROUNDS);
    assert_eq!(u64::try_from(losers).unwrap(), ROUNDS * (WRITERS - 1));
    assert_eq!(u64::try_from(kept).unwrap(), ROUNDS);
}
