//! A place with a database of a kind, and the real binary to run there.

use crate::database::Database;
use app::backend::StatusWait;
use server::{
    backup::{Entry, Reader},
    config::Config,
    live::Pace,
    providers::Bases,
    store::{Cell, Part},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

pub fn all() -> [Kind; 2] {
    [Kind::Sqlite, Kind::Postgres]
}

pub struct House {
    folder: TempDir,
    database: Option<Database>,
}

impl House {
    pub async fn new(kind: Kind) -> Self {
        let database = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Database::create().await),
        };
        Self { folder: TempDir::new().unwrap(), database }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn ring(&self) -> PathBuf {
        self.path().join("ring.json")
    }

    /// As the role that serves.
    pub fn url(&self) -> String {
        match &self.database {
            Some(database) => database.url.clone(),
            None => format!("sqlite://{}", self.path().join("house.db").display()),
        }
    }

    pub fn configure(&self, config: &mut Config) {
        config.database_url = self.url();
        config.database_owner_url = self.database.as_ref().map(|database| database.owner_url.clone().into());
        config.keyring = self.ring();
    }

    pub fn config(&self) -> Config {
        let mut config = Config {
            database_url: String::new(),
            database_owner_url: None,
            keyring: PathBuf::new(),
            base_url: "http://127.0.0.1:1".parse().unwrap(),
            egress_allow: String::new(),
            bases: Bases::default(),
            trusted_proxies: Default::default(),
            mail: None,
            address: "127.0.0.1:1".parse().unwrap(),
            site_root: None,
            metrics_address: None,
            stop_delay: Default::default(),
            live: Pace::default(),
            status_wait: StatusWait::default(),
            watched: false,
        };
        self.configure(&mut config);
        config
    }

    /// Starts the binary on this house's database.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_painel"));
        command.args(arguments).current_dir(self.path()).env_clear().env("PAINEL_DATABASE_URL", self.url());
        command.env("PAINEL_KEYRING", self.ring());
        if let Some(database) = &self.database {
            command.env("PAINEL_DATABASE_OWNER_URL", &database.owner_url);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
    }

    /// Runs it to its end.
    pub async fn painel(&self, arguments: &[&str]) -> Output {
        let child = self.start(arguments);
        tokio::task::spawn_blocking(|| child.wait_with_output().expect("the binary ends")).await.unwrap()
    }

    /// Takes a backup by the command line; gives the data file and the keys file.
    pub async fn back_up(&self) -> (PathBuf, PathBuf) {
        let folder = self.path().join(format!("backup-{}", uuid::Uuid::new_v4().simple()));
        let done = self.painel(&["backup", "--out", text(&folder)]).await;
        assert!(done.status.success(), "{}", error(&done));
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let [data, keys] = files.try_into().expect("two files and nothing else");
        assert!(text(&data).ends_with(".data") && text(&keys).ends_with(".keys"));
        (data, keys)
    }

    /// The one number of a query, whatever row-level security says.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.database {
            Some(database) => {
                let mut connection = PgConnection::connect(&database.admin_url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
            }
            None => {
                let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
            }
        }
    }

    /// A statement, whatever row-level security says.
    pub async fn execute(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.database {
            Some(database) => {
                let mut connection = PgConnection::connect(&database.admin_url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
            None => {
                let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// Adds that many events to the agency's chain, which say nothing.
    pub async fn fill(&self, events: u32) {
        let (id, mac) = match self.database {
            Some(_) => ("'00000000-0000-0000-0000-000000000000'::uuid", "sha256(n::text::bytea)"),
            None => ("zeroblob(16)", "randomblob(32)"),
        };
        self.execute(&format!(
            "with recursive numbers(n) as (select 1000000 union all select n + 1 from numbers where n < 999999 + {events}) \
             insert into audit_events (chain, seq, at, kind, actor_id, actor, source, request_id, subject, fields, mac) \
             select {id}, n, 1700000000000000, 'signed_in', null, 'ana@drill.example', '192.0.2.7', \
             '0195c0de-0000-7000-8000-00000000cafe', 'ana@drill.example', '', {mac} from numbers"
        ))
        .await;
    }

    /// Table, name and type of every column.
    pub async fn columns(&self) -> Vec<(String, String, String)> {
        const POSTGRES: &str = "select table_name::text, column_name::text, data_type::text \
                                from information_schema.columns where table_schema = 'public' \
                                order by table_name, ordinal_position";
        const SQLITE: &str = "select t.name, c.name, c.type from sqlite_master t, pragma_table_info(t.name) c \
                              where t.type = 'table' and t.name not like 'sqlite!_%' escape '!' order by t.name, c.cid";
        match &self.database {
            Some(database) => {
                let mut connection = PgConnection::connect(&database.admin_url).await.unwrap();
                sqlx::query_as(POSTGRES).fetch_all(&mut connection).await.unwrap()
            }
            None => {
                let mut connection = SqliteConnection::connect(&self.url()).await.unwrap();
                sqlx::query_as(SQLITE).fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// Whether row-level security stands around a table; `None` where there is no such thing.
    pub async fn is_fenced(&self, table: &str) -> Option<bool> {
        let database = self.database.as_ref()?;
        let mut connection = PgConnection::connect(&database.admin_url).await.unwrap();
        let sql = "select relrowsecurity from pg_class where oid = to_regclass($1)";
        Some(sqlx::query_scalar(sql).bind(table).fetch_one(&mut connection).await.unwrap())
    }

    /// Whether no table of a backup has a row.
    pub async fn is_empty(&self) -> bool {
        let sums: Vec<String> =
            server::store::TABLES.iter().map(|table| format!("(select count(*) from {})", table.name)).collect();
        self.number(&format!("select {}", sums.join(" + "))).await == 0
    }

    pub async fn tear_down(self) {
        if let Some(database) = self.database {
            database.drop_it().await;
        }
    }
}

/// All rows of a backup, each with its table.
pub fn rows_of(data: &Path, keys: &Path) -> Vec<(&'static str, Vec<Cell>)> {
    let mut rows = Vec::new();
    for (path, part) in [(data, Part::Data), (keys, Part::Keys)] {
        let mut reader = Reader::open(path, part).unwrap();
        while let Entry::Row(table, row) = reader.next_entry().unwrap() {
            rows.push((table.name, row));
        }
    }
    rows
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

pub fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
