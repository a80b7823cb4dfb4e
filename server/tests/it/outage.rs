//! The database goes away and comes back under the real binary: people are told so in Portuguese, nothing that was
//! acknowledged is lost, nobody is signed out, and service resumes by itself.
//!
//! Postgres stands behind a door that is slammed. SQLite's file may not grow any more: the system forbids the process to
//! write beyond a size, and, where the test may mount one, a small disk is full. What happens when the process may open no
//! further file stands in `outage/files.rs`.

mod files;

use crate::{
    bad_project::{BadProject, Mode},
    behind::Behind,
    database::Database,
    durable::{save, stored},
    harness::{Browser, PASSWORD, Server, Tenant},
    served::Served,
};
use app::session::Role;
use reqwest::{StatusCode, header};
use std::{
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

const CYCLES: usize = 20;
const SQLITE_CYCLES: usize = 10;
/// From the database's return to the first good page.
const BACK_WITHIN: Duration = Duration::from_secs(30);
/// And mostly: a machine that is busy is not so each time.
const SOON: Duration = Duration::from_secs(5);

/// Saves all the time, through outages; keeps count of what was acknowledged.
struct Saving {
    over: Arc<AtomicBool>,
    task: JoinHandle<Tally>,
}

#[derive(Default)]
struct Tally {
    saved: usize,
    refused: usize,
    odd: Vec<StatusCode>,
    /// Acknowledged and not there afterwards.
    lost: usize,
}

impl Saving {
    fn start(server: Arc<Server>, tenant: Arc<Tenant>, browser: Browser) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let task = tokio::spawn(async move {
            let (mut tally, mut version, mut number) = (Tally::default(), 0, 0);
            while !seen.load(Ordering::SeqCst) {
                number += 1;
                match save(&browser, version, number).await {
                    Some(StatusCode::OK) => {
                        (tally.saved, version) = (tally.saved + 1, version + 1);
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        continue;
                    }
                    Some(StatusCode::SERVICE_UNAVAILABLE) => tally.refused += 1,
                    // The save before was kept, and only its answer was lost.
                    Some(StatusCode::CONFLICT) => {}
                    other => tally.odd.extend(other),
                }
                let (now, _) = stored(&server, &tenant).await;
                tally.lost += usize::from(now < version);
                version = now;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            tally.lost += usize::from(stored(&server, &tenant).await.0 < version);
            tally
        });
        Self { over, task }
    }

    async fn end(self) -> Tally {
        self.over.store(true, Ordering::SeqCst);
        self.task.await.unwrap()
    }
}

/// What an outage looks like from outside.
#[derive(Debug, Default)]
struct Seen {
    alive: usize,
    not_ready: usize,
    pages_503: usize,
    calls_503: usize,
    signed_out: usize,
    back: usize,
    /// How long each time until all was well again.
    took: Vec<Duration>,
    /// Of the card that is saved meanwhile.
    version: usize,
}

impl Seen {
    /// The median of how long it took.
    fn mostly(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort();
        took[took.len() / 2]
    }

    /// During it, with a page that reads.
    async fn look(&mut self, browser: &Browser) {
        self.alive += usize::from(browser.read("/livez").await.status() == StatusCode::OK);
        self.not_ready += usize::from(browser.read("/readyz").await.status() == StatusCode::SERVICE_UNAVAILABLE);
    }

    async fn look_at_pages(&mut self, browser: &Browser) {
        let page = browser.page("/settings/credentials").await;
        self.signed_out += usize::from(page.headers().contains_key(header::SET_COOKIE));
        let (status, again) = (page.status(), page.headers().contains_key(header::RETRY_AFTER));
        let text = page.text().await.unwrap();
        let told = text.contains("O painel está voltando") && text.contains("lang=\"pt-BR\"");
        self.pages_503 += usize::from(status == StatusCode::SERVICE_UNAVAILABLE && again && told);
    }

    /// Looks again for so long: on a disk that is full a save may still find a place in a log that was begun.
    async fn look_at_saves(&mut self, browser: &Browser, most: Duration) {
        let began = Instant::now();
        loop {
            let answer = browser.call("/api/credentials/save", &save_form(&self.version.to_string())).await;
            let status = answer.status();
            self.version += usize::from(status == StatusCode::OK);
            if status == StatusCode::SERVICE_UNAVAILABLE {
                self.calls_503 += usize::from(answer.text().await.unwrap() == "\"Unavailable\"");
                break;
            }
            if began.elapsed() >= most {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// After it: how long until pages come again, with the same cookie.
    async fn wait_until_back(&mut self, browser: &Browser, most: Duration) {
        let began = Instant::now();
        while began.elapsed() < most {
            let good = browser.page("/settings/credentials").await.status() == StatusCode::OK;
            if good && browser.read("/readyz").await.status() == StatusCode::OK {
                self.back += 1;
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.took.push(began.elapsed());
    }
}

/// Another card than the one that is saved all the time.
fn save_form(version: &str) -> [(&'static str, &str); 5] {
    [
        ("provider", "evolution"),
        ("version", version),
        ("fields[base_url]", "https://evolution.example.com"),
        ("fields[instance]", "clinica"),
        ("fields[token]", "B6D711FCDE4D4FD5936544120E713976"),
    ]
}

async fn signed_in(served: &Served, tenant: &Tenant) -> Browser {
    let mut browser = Browser::new(&served.url);
    assert_eq!(browser.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
    browser
}

/// A Postgres behind a door, a server that knows the way past it, and the binary that does not.
async fn behind_a_door() -> (Arc<Server>, Served, BadProject, Arc<Tenant>) {
    let database = Database::create().await;
    let server = Server::start_with(|config| {
        config.database_url.clone_from(&database.url);
        config.database_owner_url = Some(database.owner_url.clone().into());
    })
    .await;
    let tenant = server.tenant("porta", Role::Admin, None).await;
    let mut url: url::Url = database.url.parse().unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let door = BadProject::before(host).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(door.origin.rsplit(':').next().unwrap().parse().ok()).unwrap();
    let behind = Behind::Postgres { owner: database.admin_url.clone(), served: url.to_string() };
    let served = Served::start(&behind, &server, &[("RUST_LOG", "off")]).await;
    (Arc::new(server), served, door, Arc::new(tenant))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_goes_and_comes_back() {
    let (server, served, door, tenant) = behind_a_door().await;
    let browser = signed_in(&served, &tenant).await;
    let saving = Saving::start(Arc::clone(&server), Arc::clone(&tenant), signed_in(&served, &tenant).await);
    let (mut seen, pid) = (Seen::default(), served.pid());
    for _ in 0..CYCLES {
        tokio::time::sleep(Duration::from_millis(150)).await;
        door.set(Mode::Refuse);
        seen.look(&browser).await;
        seen.look_at_pages(&browser).await;
        seen.look_at_saves(&browser, Duration::ZERO).await;
        door.set(Mode::Open);
        seen.wait_until_back(&browser, BACK_WITHIN).await;
    }
    let tally = saving.end().await;
    println!(
        "H2 Postgres cut off {CYCLES} times: {seen:?}; {} saves acknowledged, {} of them lost, {} refused, {} answered \
         otherwise; the same process {pid}",
        tally.saved,
        tally.lost,
        tally.refused,
        tally.odd.len()
    );
    assert_eq!((seen.alive, seen.not_ready, seen.pages_503, seen.calls_503), (CYCLES, CYCLES, CYCLES, CYCLES));
    assert_eq!((seen.back, seen.signed_out, tally.lost), (CYCLES, 0, 0));
    assert!(seen.mostly() < SOON, "{seen:?}");
    assert!(tally.odd.is_empty() && tally.saved > CYCLES / 2 && tally.refused > 0, "{:?}", tally.odd);
}

/// The other side is gone without a word, as when a machine loses its power: connections that were good never answer again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_falls_silent_and_comes_back() {
    let (server, served, door, tenant) = behind_a_door().await;
    let browser = signed_in(&served, &tenant).await;
    let saving = Saving::start(Arc::clone(&server), Arc::clone(&tenant), signed_in(&served, &tenant).await);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut seen = Seen::default();
    door.set(Mode::Freeze);
    let began = Instant::now();
    seen.look(&browser).await;
    let answered = began.elapsed();
    seen.look_at_pages(&browser).await;
    door.set(Mode::Open);
    seen.wait_until_back(&browser, Duration::from_secs(40)).await;
    let tally = saving.end().await;
    println!(
        "H2 Postgres silent once: /readyz answers within {answered:?}; {seen:?}; {} saves acknowledged, {} lost",
        tally.saved, tally.lost
    );
    assert_eq!((seen.alive, seen.not_ready, seen.pages_503, seen.back, tally.lost), (1, 1, 1, 1, 0));
    assert!(answered < Duration::from_secs(15) && tally.odd.is_empty(), "{answered:?} {:?}", tally.odd);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_may_not_write_and_may_again() {
    let server = Server::start_with(|_| {}).await;
    let behind = Behind::Sqlite(server.folder.path().join("painel.db"));
    let tenant = server.tenant("cheia", Role::Admin, None).await;
    let served = Served::start(&behind, &server, &[("RUST_LOG", "off")]).await;
    sqlite_course(Arc::new(server), served, Arc::new(tenant), "forbidden to write", |served, full| {
        // The first pages of every file are written again and again: nothing beyond them, then.
        served.limit(if full { "--fsize=1:unlimited" } else { "--fsize=unlimited:unlimited" });
    })
    .await;
}

/// A disk of a few megabytes in memory; gone when dropped.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// Where the test may mount one.
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs"]).arg(at).output();
        mount.is_ok_and(|done| done.status.success()).then(|| Self(at.to_owned()))
    }

    fn fill(&self, full: bool) {
        let filler = self.0.join("filler");
        if full {
            let mut file = std::fs::File::create(filler).unwrap();
            while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        } else {
            std::fs::remove_file(filler).unwrap();
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlites_disk_is_full_and_has_room_again() {
    let place = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&place.path().join("small")) else {
        eprintln!("SKIPPED: a full disk, because nothing can be mounted here");
        return;
    };
    let file = disk.0.join("painel.db");
    let server = Server::start_with(|config| config.database_url = format!("sqlite://{}", file.display())).await;
    let tenant = server.tenant("cheia", Role::Admin, None).await;
    let served = Served::start(&Behind::Sqlite(file), &server, &[("RUST_LOG", "off")]).await;
    sqlite_course(Arc::new(server), served, Arc::new(tenant), "full disk", |_, full| disk.fill(full)).await;
}

async fn sqlite_course(
    server: Arc<Server>,
    served: Served,
    tenant: Arc<Tenant>,
    what: &str,
    set: impl Fn(&Served, bool),
) {
    let browser = signed_in(&served, &tenant).await;
    let saving = Saving::start(Arc::clone(&server), Arc::clone(&tenant), signed_in(&served, &tenant).await);
    let (mut seen, mut reads) = (Seen::default(), 0);
    for _ in 0..SQLITE_CYCLES {
        tokio::time::sleep(Duration::from_millis(150)).await;
        set(&served, true);
        // A write that succeeded counts for two seconds.
        let mut left = 40;
        while left > 0 && browser.read("/readyz").await.status() == StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(100)).await;
            left -= 1;
        }
        seen.look(&browser).await;
        seen.look_at_saves(&browser, BACK_WITHIN).await;
        reads += usize::from(browser.page("/settings/credentials").await.status() == StatusCode::OK);
        set(&served, false);
        seen.wait_until_back(&browser, BACK_WITHIN).await;
    }
    let tally = saving.end().await;
    println!(
        "H6 SQLite, {what}, {SQLITE_CYCLES} times: {seen:?}; {reads} pages read meanwhile; {} saves acknowledged, {} of them lost, {} \
         refused, {} answered otherwise",
        tally.saved,
        tally.lost,
        tally.refused,
        tally.odd.len()
    );
    let each = SQLITE_CYCLES;
    assert_eq!((seen.alive, seen.not_ready, seen.calls_503, seen.back), (each, each, each, each), "{seen:?}");
    assert_eq!((reads, tally.lost), (each, 0));
    assert!(seen.mostly() < SOON, "{seen:?}");
    assert!(tally.odd.is_empty() && tally.saved > SQLITE_CYCLES / 2 && tally.refused > 0, "{:?}", tally.odd);
}
