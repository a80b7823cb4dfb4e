//! What a test does behind the server's back: it changes rows as the database's owner, searches everything that is stored,
//! and reads the log.

use crate::{
    database::Database,
    harness::{Browser, Server},
};
use reqwest::Response;
use serde_json::Value;
use server::config::Config;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeMap,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::{LazyLock, Mutex},
    time::Duration,
};
use tracing_subscriber::EnvFilter;

/// The way to a server's database past the store.
pub enum Behind {
    Sqlite(PathBuf),
    /// As a superuser, to whom no fence applies, and as the role that serves.
    Postgres {
        owner: String,
        served: String,
    },
}

/// A server and the way to its database, on whichever database `PAINEL_IT_STORE` names.
pub async fn start_with(change: impl FnOnce(&mut Config)) -> (Server, Behind) {
    if std::env::var("PAINEL_IT_STORE").as_deref() == Ok("postgres") {
        // It stays when the test ends; the whole database server goes with the stack.
        return start_on(Database::create().await, change).await;
    }
    let server = Server::start_with(change).await;
    let path = server.folder.path().join("painel.db");
    (server, Behind::Sqlite(path))
}

/// The same on a database of Postgres, whatever is named.
pub async fn start_on(database: Database, change: impl FnOnce(&mut Config)) -> (Server, Behind) {
    let server = Server::start_with(|config| {
        config.database_url.clone_from(&database.url);
        config.database_owner_url = Some(database.owner_url.clone().into());
        change(config);
    })
    .await;
    let (owner, served) = (database.admin_url, database.url);
    (server, Behind::Postgres { owner, served })
}

/// The same as it stands.
pub async fn start() -> (Server, Behind) {
    start_with(|_| {}).await
}

impl Behind {
    /// Runs statements, parted by `;`.
    pub async fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(path) => {
                let mut db = sqlite(path).await;
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.expect("a statement");
                db.close().await.expect("closed");
            }
            Self::Postgres { owner: url, .. } => {
                let mut db = PgConnection::connect(url).await.expect("the server answers");
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.expect("a statement");
                db.close().await.expect("closed");
            }
        }
    }

    /// From now on no event of the trail can be written.
    pub async fn refuse_events(&self) {
        self.run(match self {
            Self::Sqlite(_) => {
                "create trigger full before insert on audit_events begin select raise(abort, 'full'); end"
            }
            Self::Postgres { .. } => {
                "create function full_trail() returns trigger language plpgsql as \
                 $$ begin raise exception 'full'; end $$; \
                 create trigger full_trail before insert on audit_events for each row execute function full_trail()"
            }
        })
        .await;
    }

    /// One number.
    pub async fn count(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(path) => sqlx::query_scalar(sql).fetch_one(&mut sqlite(path).await).await.expect("a number"),
            Self::Postgres { owner: url, .. } => {
                let mut db = PgConnection::connect(url).await.expect("the server answers");
                sqlx::query_scalar(sql).fetch_one(&mut db).await.expect("a number")
            }
        }
    }

    /// Statements on the audit trail, whose triggers are out of the way meanwhile: what somebody does who owns the file or
    /// is the database's superuser.
    pub async fn tamper(&self, sql: &str) {
        let sql = match self {
            Self::Sqlite(_) => format!(
                "drop trigger if exists audit_events_no_update; drop trigger if exists audit_events_no_delete; {sql}"
            ),
            Self::Postgres { .. } => format!("set session_replication_role = replica; {sql}"),
        };
        self.run(&sql).await;
    }

    /// Everything that is stored: SQLite's files with their log, or every row of every table as text.
    pub async fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Sqlite(path) => {
                let mut bytes = Vec::new();
                for entry in std::fs::read_dir(path.parent().expect("a folder")).expect("a folder").flatten() {
                    if entry.file_name().to_string_lossy().starts_with("painel.db") {
                        bytes.extend(std::fs::read(entry.path()).expect("a file"));
                    }
                }
                bytes
            }
            Self::Postgres { owner: url, .. } => {
                let mut db = PgConnection::connect(url).await.expect("the server answers");
                // Column by column: a whole row as text doubles quotes and backslashes.
                const COLUMNS: &str = "select table_name::text, column_name::text from information_schema.columns \
                                       where table_schema = 'public'";
                let columns: Vec<(String, String)> = sqlx::query_as(COLUMNS).fetch_all(&mut db).await.expect("columns");
                sqlx::query("set bytea_output = 'escape'").execute(&mut db).await.expect("a setting");
                let mut text = String::new();
                for (table, column) in columns {
                    let sql = format!("select coalesce(string_agg({column}::text, chr(10)), '') from {table}");
                    text +=
                        &sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_one(&mut db).await.expect("rows");
                    text.push('\n');
                }
                text.into_bytes()
            }
        }
    }

    /// How many events of each kind there are, in all chains.
    pub async fn kinds(&self) -> BTreeMap<String, i64> {
        const SQL: &str = "select kind, count(*) from audit_events group by kind";
        let rows: Vec<(String, i64)> = match self {
            Self::Sqlite(path) => sqlx::query_as(SQL).fetch_all(&mut sqlite(path).await).await.expect("rows"),
            Self::Postgres { owner, .. } => {
                let mut db = PgConnection::connect(owner).await.expect("the server answers");
                sqlx::query_as(SQL).fetch_all(&mut db).await.expect("rows")
            }
        };
        rows.into_iter().collect()
    }

    /// All rows of a table as text, in a stable order.
    pub async fn rows(&self, table: &str) -> String {
        match self {
            Self::Sqlite(path) => {
                let mut db = sqlite(path).await;
                let columns =
                    format!("select group_concat('quote(' || name || ')', '||') from pragma_table_info('{table}')");
                let row: String = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut db).await.expect("columns");
                let sql = format!(
                    "select coalesce(group_concat(r, char(10)), '') from (select {row} as r from {table} order by 1)"
                );
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut db).await.expect("rows")
            }
            Self::Postgres { owner, .. } => {
                let mut db = PgConnection::connect(owner).await.expect("the server answers");
                let sql = format!("select coalesce(string_agg(t::text, chr(10) order by t::text), '') from {table} t");
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut db).await.expect("rows")
            }
        }
    }

    /// The real binary's command line on this database, with the server's key ring.
    pub fn painel(&self, server: &Server, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(server);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        child.wait_with_output().expect("the binary ends")
    }

    /// The real binary, told of this database and the server's key ring.
    pub fn command(&self, server: &Server) -> Command {
        let url = match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres { served, .. } => served.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_painel"));
        command
            .current_dir(server.folder.path())
            .env_clear()
            .env("PAINEL_DATABASE_URL", url)
            .env("PAINEL_KEYRING", server.folder.path().join("keyring.json"))
            .env("PAINEL_BASE_URL", &server.url);
        command
    }

    /// Whether a text stands anywhere in the database.
    pub async fn holds(&self, text: &str) -> bool {
        contains(&self.bytes().await, text)
    }
}

async fn sqlite(path: &PathBuf) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(10));
    SqliteConnection::connect_with(&options).await.expect("the file opens")
}

/// Whether a text stands in bytes.
pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The lines of what a command has said, but for those in which the database's driver remarks that a busy machine was slow.
pub fn lines_of_ours(said: &str) -> usize {
    said.trim().lines().filter(|line| !line.contains("sqlx::")).count()
}

/// What all servers of this process have logged since the first call.
pub struct Log(Mutex<Vec<u8>>);

static LOG: LazyLock<&'static Log> = LazyLock::new(|| {
    let log: &'static Log = Box::leak(Box::new(Log(Mutex::new(Vec::new()))));
    // As loud as the binary can be made: its filter keeps the csrf layer's remarks out, which name whole paths.
    let filter = EnvFilter::new("trace,h2=info,hyper=info,tower_http::csrf=info");
    let installed = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(move || Pen(log)).try_init();
    installed.expect("no other test gathers the log");
    log
});

/// From now on all that is logged is kept.
pub fn log() -> &'static Log {
    *LOG
}

impl Log {
    /// The lines that hold a text.
    pub fn lines_with(&self, text: &str) -> Vec<String> {
        self.text().lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
    }

    /// Whether a text was logged.
    pub fn holds(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// A copy: whoever logs does not wait for who searches.
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("a lock").clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

struct Pen(&'static Log);

impl Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An answer's JSON.
pub async fn json(answer: Response) -> Value {
    let bytes = answer.bytes().await.expect("a body");
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&bytes)))
}

/// The refused fields of an answer, parted by spaces.
pub async fn refused_fields(answer: Response) -> String {
    let body = json(answer).await;
    let errors = body["Invalid"].as_array().unwrap_or_else(|| panic!("fields were refused, not {body}"));
    let fields: Vec<&str> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
    fields.join(" ")
}

/// The page that a plain form's answer leads to.
pub async fn follow(browser: &Browser, base: &str, answer: &Response) -> String {
    browser.text(crate::harness::location(answer).trim_start_matches(base)).await
}

/// The token of the first `/folder/TOKEN` in a text.
pub fn token_in(text: &str, folder: &str) -> Option<String> {
    let start = format!("/{folder}/");
    text.match_indices(&start).find_map(|(at, _)| {
        let token: String = text[at + start.len()..]
            .chars()
            .take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'))
            .collect();
        (token.len() == 43).then_some(token)
    })
}
