//! One of three is killed with -9 under load: whoever had a request in its hand finds the connection broken, nobody else
//! notices, and what was acknowledged is stored.

use super::{
    ALONE, House,
    balancer::{Door, NUMBER},
};
use crate::{
    durable::{fields_of, save_request, stored},
    harness::{Browser, PASSWORD, Server, Tenant},
};
use app::session::Role;
use futures::future::{join, join_all};
use reqwest::{Method, Response, StatusCode, header};
use server::store::EventKind;
use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

const CLIENTS: usize = 20;
const LASTS: Duration = Duration::from_secs(10);
const KILLED_AFTER: Duration = Duration::from_secs(5);
/// The one in the middle.
const KILLED: usize = 1;
/// Of a client's requests each third is a save.
const SAVES_EACH: usize = 3;
const PAGES: [&str; 4] = ["/conversations", "/settings/credentials", "/appointments", "/settings/team"];
/// Signed in at once: more would be told to come back.
const AT_THE_DOOR: usize = 8;

/// An admin of a tenant of their own, so that nobody else's saves come between theirs.
struct Client {
    tenant: Tenant,
    browser: Browser,
    /// What is stored as far as it was told: the card's version, and the number in its fields.
    version: i64,
    acked: u64,
    tried: u64,
    /// A save that nobody answered, and that is not stored so far.
    doubtful: Option<u64>,
    pages: usize,
    saves: usize,
    /// Saves that are stored though nobody answered.
    came_through: usize,
    lost: usize,
    slowest: Duration,
    /// The numbers of requests that failed, and how.
    failed: Vec<(u64, String)>,
}

impl Client {
    fn new(tenant: Tenant, url: &str) -> Self {
        Self {
            tenant,
            browser: Browser::new(url),
            version: 0,
            acked: 0,
            tried: 0,
            doubtful: None,
            pages: 0,
            saves: 0,
            came_through: 0,
            lost: 0,
            slowest: Duration::ZERO,
            failed: Vec::new(),
        }
    }

    async fn sign_in(&mut self) {
        let answer = self.browser.log_in(&self.tenant.email, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{}", self.tenant.email);
    }

    /// Reads and saves, one request after the other, until the time is over.
    async fn work(&mut self, server: &Server, numbers: &AtomicU64, until: Instant, first: usize) {
        let mut turn = first;
        while Instant::now() < until {
            turn += 1;
            let (number, began) = (numbers.fetch_add(1, Relaxed), Instant::now());
            let outcome = if turn.is_multiple_of(SAVES_EACH) {
                self.save(server, number).await
            } else {
                self.read(PAGES[turn % PAGES.len()], number).await
            };
            self.slowest = self.slowest.max(began.elapsed());
            if let Err(how) = outcome {
                self.failed.push((number, how));
            }
        }
    }

    async fn read(&mut self, path: &str, number: u64) -> Result<(), String> {
        let request = self.browser.request(Method::GET, path).header(header::ACCEPT, "text/html");
        let answer = request.header(NUMBER, number.to_string()).send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        whole(answer).await?;
        if status != StatusCode::OK {
            return Err(format!("{path} answered {status}"));
        }
        self.pages += 1;
        Ok(())
    }

    async fn save(&mut self, server: &Server, number: u64) -> Result<(), String> {
        self.tried += 1;
        let request = save_request(&self.browser, self.version, self.tried).header(NUMBER, number.to_string());
        match request.send().await {
            Ok(answer) if answer.status() == StatusCode::OK => {
                (self.acked, self.version, self.saves) = (self.tried, self.version + 1, self.saves + 1);
                self.doubtful = None;
                whole(answer).await
            }
            // What nobody answered was stored after we looked.
            Ok(answer) if answer.status() == StatusCode::CONFLICT && self.doubtful.is_some() => {
                self.look_again(server).await;
                whole(answer).await
            }
            Ok(answer) => Err(format!("a save answered {}", answer.status())),
            Err(error) => {
                self.doubtful = Some(self.tried);
                self.look_again(server).await;
                Err(error.to_string())
            }
        }
    }

    /// What became of a save that nobody answered.
    async fn look_again(&mut self, server: &Server) {
        let (version, values) = stored(server, &self.tenant).await;
        match self.doubtful {
            Some(doubtful) if version == self.version + 1 && told(&values, doubtful) => {
                (self.acked, self.version, self.doubtful) = (doubtful, version, None);
                self.came_through += 1;
            }
            // Not yet, or never.
            _ if version == self.version => {}
            _ => {
                self.lost += 1;
                self.version = version;
            }
        }
    }

    /// Whether what was acknowledged last is what is stored; gives the version too.
    async fn check(&mut self, server: &Server) -> (bool, i64) {
        if self.doubtful.is_some() {
            self.look_again(server).await;
        }
        let (version, values) = stored(server, &self.tenant).await;
        let kept = version == self.version && (self.acked == 0 || told(&values, self.acked));
        (kept && self.lost == 0, version)
    }
}

/// Whether a card's values are those of this save.
fn told(values: &[Option<String>], number: u64) -> bool {
    let (id, token) = fields_of(number);
    values.contains(&Some(id)) && values.contains(&Some(token))
}

/// Reads an answer to its end.
async fn whole(answer: Response) -> Result<(), String> {
    answer.bytes().await.map(|_| ()).map_err(|error| format!("broken off: {error}"))
}

/// Clients at the balancer, signed in, each with a tenant of their own.
async fn clients(house: &House, url: &str) -> Vec<Client> {
    let made = join_all((0..CLIENTS).map(|number| async move {
        let slug = format!("carga-{number}");
        Client::new(house.server.tenant(&slug, Role::Admin, Some(0)).await, url)
    }));
    let mut clients = made.await;
    for some in clients.chunks_mut(AT_THE_DOOR) {
        join_all(some.iter_mut().map(Client::sign_in)).await;
    }
    clients
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_is_killed_under_load() {
    let _alone = ALONE.lock().await;
    let mut house = House::empty(&[]).await;
    let door = Door::open().await;
    house.serve(&[("PAINEL_BASE_URL", door.url.as_str())]).await;
    let balancer = door.before(house.urls());
    let mut clients = clients(&house, &balancer.url).await;
    let (killed, numbers) = (house.served.remove(KILLED), AtomicU64::new(1));

    let until = Instant::now() + LASTS;
    let at_work = join_all(
        clients.iter_mut().enumerate().map(|(first, client)| client.work(&house.server, &numbers, until, first)),
    );
    let kill = async {
        tokio::time::sleep(KILLED_AFTER).await;
        let began = Instant::now();
        killed.kill();
        (began, Instant::now())
    };
    let (_, (began, gone)) = join(at_work, kill).await;

    let (mut kept, mut versions) = (0, 0);
    for client in &mut clients {
        let (right, version) = client.check(&house.server).await;
        (kept, versions) = (kept + usize::from(right), versions + version);
    }
    let sum = |count: fn(&Client) -> usize| clients.iter().map(count).sum::<usize>();
    let failed = clients.iter().flat_map(|client| &client.failed);
    let (in_its_hand, otherwise): (Vec<_>, Vec<_>) =
        failed.partition(|(number, _)| balancer.was_in_hand(*number, KILLED, began, gone));
    let most = balancer.in_hand(KILLED, began, gone);
    let trail = house.behind.kinds().await.get(EventKind::CredentialSaved.as_str()).copied().unwrap_or_default();
    println!(
        "several: {CLIENTS} clients, {LASTS:?}: {} pages and {} saves; one of three killed: {} requests failed, {} of them \
         of the {most} in its hand, {} others; {} saves stored and not answered; {kept} of {CLIENTS} cards as acknowledged; \
         {} times another was asked at once, {} requests ended afterwards, the slowest after {:?}; passed on {:?}",
        sum(|client| client.pages),
        sum(|client| client.saves),
        in_its_hand.len() + otherwise.len(),
        in_its_hand.len(),
        otherwise.len(),
        sum(|client| client.came_through),
        balancer.refused(),
        balancer.ended_since(gone),
        clients.iter().map(|client| client.slowest).max().unwrap_or_default(),
        balancer.passed(),
    );
    assert!(otherwise.is_empty(), "{otherwise:?}");
    assert!(!in_its_hand.is_empty() && in_its_hand.len() <= most, "it was killed in the middle of work");
    assert_eq!(kept, CLIENTS, "what was acknowledged is stored");
    // The trail has each version once, and the saves that gave each tenant its project.
    assert_eq!(trail, versions + i64::try_from(CLIENTS).unwrap());
    assert!(balancer.ended_since(gone) > CLIENTS && sum(|client| client.saves) > CLIENTS);
    house.painel(&["audit", "verify"]);
}
