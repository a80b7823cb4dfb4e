//! Three real processes on one Postgres, as they stand behind a load balancer: one of them is killed under load, and what
//! is decided, counted or watched in one holds in all. Always on a Postgres of their own, whatever `PAINEL_IT_STORE` says.
//!
//! | file | holds |
//! |---|---|
//! | `balancer.rs` | the load balancer, which knows what each process had in hand |
//! | `decided.rs` | what is decided through one and asked at the others |
//! | `killed.rs` | `kill -9` under load |
//! | `once.rs` | what several do at the same time and must be done or counted once |
//! | `watched.rs` | one watcher for a tenant whose people are on all of them |

mod balancer;
mod decided;
mod killed;
mod once;
mod watched;

use crate::{
    behind::Behind,
    database::Database,
    harness::{Browser, PASSWORD, Server, project},
    served::Served,
};
use reqwest::StatusCode;
use tokio::sync::Mutex;

const PROCESSES: usize = 3;

/// Held by what loads the machine, and by what measures how long something takes: the one must not be beside the other.
static ALONE: Mutex<()> = Mutex::const_new(());

/// One database, and all who have it open.
struct House {
    /// In the test's own process: it makes tenants and people, and serves nobody here.
    server: Server,
    behind: Behind,
    /// The foreign hosts that may be reached.
    allow: String,
    served: Vec<Served>,
}

impl House {
    /// A new database that nobody serves yet; `origins` may be reached besides the demo stack.
    async fn empty(origins: &[&str]) -> Self {
        let allow = [origins, &[project(0, "origin").as_str()]].concat().join(",");
        // It stays when the test ends; the whole database server goes with the stack.
        let database = Database::create().await;
        let server = Server::start_with(|config| {
            config.database_url.clone_from(&database.url);
            config.database_owner_url = Some(database.owner_url.clone().into());
            config.egress_allow.clone_from(&allow);
        })
        .await;
        let behind = Behind::Postgres { owner: database.admin_url.clone(), served: database.url.clone() };
        Self { server, behind, allow, served: Vec::new() }
    }

    /// Starts the processes, with more of an environment.
    async fn serve(&mut self, environment: &[(&str, &str)]) {
        for _ in 0..PROCESSES {
            let own = [("PAINEL_EGRESS_ALLOW", self.allow.as_str()), ("PAINEL_TRUSTED_PROXIES", "127.0.0.1")];
            let served = Served::start(&self.behind, &self.server, &[&own[..], environment].concat()).await;
            self.served.push(served);
        }
    }

    /// Where the processes are.
    fn urls(&self) -> Vec<String> {
        self.served.iter().map(|served| served.url.clone()).collect()
    }

    /// A browser that has signed in, at the first process.
    async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = Browser::new(&self.served[0].url);
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "signing in as {email}");
        browser
    }

    /// The same browser at another process.
    fn at(&self, process: usize, browser: &Browser) -> Browser {
        let mut there = Browser::new(&self.served[process].url);
        there.cookie.clone_from(&browser.cookie);
        there.device.clone_from(&browser.device);
        there
    }

    /// What a command on the command line says, which must succeed.
    fn painel(&self, arguments: &[&str]) -> String {
        let output = self.behind.painel(&self.server, arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Calls to foreign hosts that a process has made so far.
    async fn calls(&self, process: usize) -> f64 {
        let scrape = Browser::new(&self.served[process].figures);
        let figures = scrape.read("/metrics").await.text().await.expect("figures are text");
        let counts = figures.lines().filter(|line| line.starts_with("painel_upstream_calls_total{"));
        counts.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }
}
