//! The real binary serving a test's database, as a process of its own: its memory is its own, and it can be killed.
//! `PAINEL_BIN` names another build of it, such as the release.

use crate::{behind::Behind, harness::Server, ports::at_free_ports};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::NamedTempFile;

/// How long it may take to answer.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// A running `painel serve`; ends when it is dropped.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// Where it tells its figures, in the same form.
    pub figures: String,
    log: NamedTempFile,
}

impl Served {
    /// On the same database and key ring as `server`, with more of an environment. Waits until it answers.
    pub async fn start(behind: &Behind, server: &Server, environment: &[(&str, &str)]) -> Self {
        Self::start_logged(behind, server, "server=error", environment).await
    }

    /// The same with a log as loud as `loudness` (RUST_LOG) says.
    pub async fn start_logged(behind: &Behind, server: &Server, loudness: &str, environment: &[(&str, &str)]) -> Self {
        Self::start_by(&[], behind, server, loudness, environment).await
    }

    /// The same started by another program, which becomes it, such as `prlimit` with its arguments.
    pub async fn start_by(
        starter: &[&str],
        behind: &Behind,
        server: &Server,
        loudness: &str,
        environment: &[(&str, &str)],
    ) -> Self {
        let binary = binary();
        let site = server.folder.path().join("site");
        lay_out(&site, &binary);
        Self::launch(|url| {
            let told = behind.command(server);
            // A limit on the size of files is then an error of writing, not the end.
            let mut command = Command::new("/usr/bin/env");
            command
                .arg("--ignore-signal=XFSZ")
                .args(starter)
                .arg(&binary)
                .arg("serve")
                .current_dir(server.folder.path())
                .env_clear()
                .envs(told.get_envs().filter_map(|(name, value)| Some((name, value?))))
                .env("LEPTOS_SITE_ROOT", &site)
                .env("PAINEL_BASE_URL", url)
                .env("RUST_LOG", loudness)
                .env("PAINEL_STOP_DELAY", "0")
                .envs(environment.iter().copied());
            command
        })
        .await
    }

    /// A `painel serve` that is told everything, given the address that it will have, but where to listen. Waits until
    /// it answers there.
    pub async fn launch(told: impl Fn(&str) -> Command) -> Self {
        at_free_ports(async |[site, figures]| {
            let url = format!("http://127.0.0.1:{site}");
            let log = NamedTempFile::new().expect("a new file");
            let mut command = told(&url);
            command
                .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{site}"))
                .env("PAINEL_METRICS_ADDR", format!("127.0.0.1:{figures}"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(File::options().append(true).open(log.path()).expect("our file"));
            let child = command.spawn().expect("the binary starts");
            let mut served = Self { child, url, figures: format!("http://127.0.0.1:{figures}"), log };
            served.answers().await.map(|()| served)
        })
        .await
    }

    /// Waits until it answers; what it said when it ended before that.
    async fn answers(&mut self) -> Result<(), String> {
        let began = Instant::now();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let ready = format!("{}/readyz", self.url);
        while !client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            if self.child.try_wait().expect("its state").is_some() {
                return Err(format!("it ended before it served: {}", self.log()));
            }
            assert!(began.elapsed() < STARTS_WITHIN, "it does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// One number of `/proc/<pid>/status`, in bytes: `VmRSS` is the memory it has, `VmHWM` the most it had.
    pub fn memory(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process lives");
        let line = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).expect("a line");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    /// How many files it has open, its connections among them.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).expect("the process lives").count()
    }

    /// Sets one of its limits, written as `prlimit` has it.
    pub fn limit(&self, what: &str) {
        let set = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), what]).status();
        assert!(set.expect("util-linux's prlimit").success(), "{what}");
    }

    /// All that was logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log.path()).expect("our file")).into_owned()
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
        if std::thread::panicking() {
            eprint!(
                "{}",
                self.log().lines().rev().take(20).fold(String::new(), |after, line| format!("{line}\n{after}"))
            );
        }
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
