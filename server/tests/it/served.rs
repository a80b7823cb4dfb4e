//! The real binary serving a test's database, as a process of its own: its memory is its own, and it can be killed.
//! `PAINEL_BIN` names another build of it, such as the release.

use crate::{behind::Behind, harness::Server, ports::free_address};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long it may take to answer.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// A running `painel serve`; ends when it is dropped.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    log: Option<PathBuf>,
}

impl Served {
    /// On the same database and key ring as `server`, with more of an environment. Waits until it answers.
    pub async fn start(behind: &Behind, server: &Server, environment: &[(&str, &str)]) -> Self {
        Self::launch(behind, server, environment, None).await
    }

    /// The same with its log kept, as loud as `loudness` (RUST_LOG) says.
    pub async fn start_logged(behind: &Behind, server: &Server, loudness: &str, environment: &[(&str, &str)]) -> Self {
        let log = server.folder.path().join(format!("log-{}.txt", uuid::Uuid::new_v4().simple()));
        Self::launch(behind, server, &[environment, &[("RUST_LOG", loudness)]].concat(), Some(log)).await
    }

    async fn launch(behind: &Behind, server: &Server, environment: &[(&str, &str)], log: Option<PathBuf>) -> Self {
        let binary = binary();
        let site = server.folder.path().join("site");
        lay_out(&site, &binary);
        let address = free_address();
        let url = format!("http://{address}");
        let told = behind.command(server);
        // A limit on the size of files is then an error of writing, not the end.
        let mut command = Command::new("/usr/bin/env");
        command
            .arg("--ignore-signal=XFSZ")
            .arg(&binary)
            .arg("serve")
            .current_dir(server.folder.path())
            .env_clear()
            .envs(told.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("LEPTOS_SITE_ADDR", &address)
            .env("LEPTOS_SITE_ROOT", &site)
            .env("PAINEL_BASE_URL", &url)
            .env("RUST_LOG", "server=error")
            .env("PAINEL_STOP_DELAY", "0")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(match &log {
                Some(path) => fs::File::create(path).expect("a new file").into(),
                None => Stdio::inherit(),
            });
        Self::answering(command, url, log).await
    }

    /// A `painel serve` that was told everything; waits until it answers at this address.
    pub async fn answering(mut command: Command, url: String, log: Option<PathBuf>) -> Self {
        let mut served = Self { child: command.spawn().expect("the binary starts"), url, log };
        let began = Instant::now();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        while !client
            .get(format!("{}/readyz", served.url))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            assert!(served.child.try_wait().expect("its state").is_none(), "it ended before it served");
            assert!(began.elapsed() < STARTS_WITHIN, "it does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        served
    }

    /// One number of `/proc/<pid>/status`, in bytes: `VmRSS` is the memory it has, `VmHWM` the most it had.
    pub fn memory(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process lives");
        let line = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).expect("a line");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    /// All that was logged so far.
    pub fn log(&self) -> String {
        let path = self.log.as_ref().expect("started with its log kept");
        String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned()
    }

    /// Waits for a text in the log, for at most fifteen seconds.
    pub async fn logs(&self, text: &str) -> bool {
        for _ in 0..150 {
            if self.log().contains(text) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// Sends it a signal by name, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("a shell's kill").success());
    }

    /// Its number in the system.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself; `None` when it goes on after `most`.
    pub async fn ends_within(&mut self, most: Duration) -> Option<(Option<i32>, Duration)> {
        let began = Instant::now();
        while began.elapsed() < most {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return Some((status.code(), began.elapsed()));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The real binary: this build's, or another one that `PAINEL_BIN` names.
pub fn binary() -> PathBuf {
    let binary = std::env::var("PAINEL_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_painel").to_owned());
    // From the repository's root, as the browser tests have it.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(binary)
}

/// The binary does not start without the browser's files; under whichever names it looks for them.
pub fn lay_out(site: &Path, binary: &Path) {
    let hashes = fs::read_to_string(binary.with_file_name("hash.txt")).unwrap_or_default();
    let hash = |kind: &str| hashes.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(':')).map(str::trim);
    let file = |name: &str, content: &str| fs::write(site.join("pkg").join(name), content).expect("a file");
    fs::create_dir_all(site.join("pkg")).expect("a folder");
    for kind in ["js", "wasm", "css"] {
        file(&format!("painel{}.{kind}", hash(kind).map(|hash| format!(".{hash}")).unwrap_or_default()), "");
    }
    // A build in parts has two more.
    if let (Some(split), Some(manifest)) = (hash("split"), hash("manifest")) {
        file(&format!("__wasm_split.{split}.js"), "");
        file(&format!("__wasm_split_manifest.{manifest}.json"), "{}");
    }
}
