//! A Postgres of a test's own, which may be killed and started again: by the programs and the user of the demo stack's, and
//! as careful as Postgres is when nobody tells it otherwise: what it has acknowledged is on the disk.

use crate::{database::stacks_postgres, ports::at_free_ports};
use sqlx::{Connection, PgConnection};
use std::{
    fs::{self, File},
    io::Write,
    os::unix::{
        fs::{MetadataExt, OpenOptionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const SUPERUSER: &str = "postgres";
/// How long it may take to answer, after it was killed as well.
const STARTS_WITHIN: Duration = Duration::from_secs(60);
/// Between being asked to end and being killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ends with the test.
pub struct OwnPostgres {
    // Before its folder.
    running: Running,
    port: u16,
    cluster: Cluster,
}

/// Where the data is, and who may have it.
struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    /// User and group to run as, where it is somebody else: Postgres refuses to run as root.
    lent_to: Option<(u32, u32)>,
    password: String,
}

struct Running(Child);

impl Running {
    fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_some()
    }
}

impl Drop for Running {
    /// In order: what the system keeps for it is given back.
    fn drop(&mut self) {
        let asked = Instant::now();
        if !self.has_ended() {
            let _ = Command::new("kill").args(["-QUIT", &self.0.id().to_string()]).status();
        }
        while !self.has_ended() && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl OwnPostgres {
    pub async fn start() -> Self {
        let cluster = Cluster::make().await;
        let (running, port) =
            at_free_ports(async |[port]: [u16; 1]| cluster.start(port).await.map(|running| (running, port))).await;
        Self { running, port, cluster }
    }

    /// As a superuser.
    pub fn admin_url(&self) -> String {
        self.cluster.url(self.port)
    }

    /// `kill -9` of the process that started all others, which notice by themselves.
    pub fn kill(&mut self) {
        self.running.0.kill().expect("it can be killed");
        self.running.0.wait().expect("it ends");
    }

    /// Starts it again where it was, as soon as nobody of the one before is left. Waits until it answers.
    pub async fn start_again(&mut self) {
        let began = Instant::now();
        self.running = loop {
            match self.cluster.start(self.port).await {
                Ok(running) => break running,
                // Somebody was busy and has not noticed yet.
                Err(said) if said.contains("still in use") && began.elapsed() < STARTS_WITHIN => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(said) => panic!("{said}"),
            }
        };
    }
}

impl Cluster {
    async fn make() -> Self {
        let (programs, owner) = stacks().await;
        let folder = TempDir::new().expect("a temporary folder");
        let ours = fs::metadata(folder.path()).expect("our folder").uid();
        let lent_to = (owner.0 != ours).then_some(owner);
        let password = uuid::Uuid::new_v4().simple().to_string();
        let cluster = Self { folder, programs, lent_to, password };
        cluster.lend(cluster.folder.path());
        let file = cluster.folder.path().join("password");
        let mut secret =
            File::options().write(true).create_new(true).mode(0o600).open(&file).expect("a file for the password");
        secret.write_all(cluster.password.as_bytes()).expect("the file is written");
        cluster.lend(&file);
        let made = cluster
            .command("initdb")
            .args(["-U", SUPERUSER, "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C"])
            .args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"])
            .arg(format!("--pwfile={}", file.display()))
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        cluster
    }

    /// Gives a file or folder to the user that Postgres runs as.
    fn lend(&self, path: &Path) {
        if let Some((user, group)) = self.lent_to {
            chown(path, Some(user), Some(group)).expect("root may give files away");
        }
    }

    /// One of Postgres' programs, told where the data is.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .current_dir("/")
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        if let Some((user, group)) = self.lent_to {
            command.uid(user).gid(group);
        }
        command
    }

    fn url(&self, port: u16) -> String {
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{port}/postgres", self.password)
    }

    /// Starts the server and waits until it answers; what it said when it ended before that.
    async fn start(&self, port: u16) -> Result<Running, String> {
        let log = tempfile::NamedTempFile::new().expect("a new file");
        let server = self
            .command("postgres")
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-c", "shared_buffers=32MB", "-c", "max_connections=60", "-c", "timezone=UTC"])
            // After a kill everything is synced at once; a thousand files one by one take a busy disk ten seconds.
            .args(["-c", "recovery_init_sync_method=syncfs"])
            .stdout(Stdio::null())
            .stderr(log.reopen().expect("our file"))
            .spawn()
            .expect("Postgres starts");
        let (mut running, began) = (Running(server), Instant::now());
        while PgConnection::connect(&self.url(port)).await.is_err() {
            let said = || fs::read_to_string(log.path()).expect("our file");
            if running.has_ended() {
                return Err(said());
            }
            assert!(began.elapsed() < STARTS_WITHIN, "it does not answer: {}", said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(running)
    }
}

/// The folder with the programs of the demo stack's Postgres, and the user and group it runs as: whoever has its data.
async fn stacks() -> (PathBuf, (u32, u32)) {
    let mut stack = PgConnection::connect(&stacks_postgres()).await.expect("the server answers");
    let asked = "select (select setting from pg_config where name = 'BINDIR'), current_setting('data_directory')";
    let (programs, data): (String, String) = sqlx::query_as(asked).fetch_one(&mut stack).await.expect("two folders");
    let owner = fs::metadata(data).expect("the stack's Postgres runs on this machine");
    (programs.into(), (owner.uid(), owner.gid()))
}
