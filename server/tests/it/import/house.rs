//! An installation for one import: a folder, a database, the binary, and what stands in the store afterwards.

use crate::database::Database;
use app::credentials::Provider;
use secrecy::ExposeSecret;
use server::{
    startup,
    store::{AuditQuery, COMMAND_LINE, EventKind, Store, TenantStatus},
    vault::{Address, WrappedKey},
};
use sqlx::Connection;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/import").join(name).display().to_string()
}

pub fn read_json<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let text = std::fs::read_to_string(fixture(name)).expect("the fixture is there");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

/// What must come of the fixtures.
pub fn expected() -> serde_json::Value {
    read_json("expected.json")
}

pub struct House {
    path: PathBuf,
    /// Goes with the house, unless it stands beside a server.
    _folder: Option<TempDir>,
    database: String,
    owner: Option<String>,
    /// `PAINEL_EGRESS_ALLOW`
    pub allow: String,
}

impl House {
    /// On SQLite.
    pub fn new() -> Self {
        Self::on(None)
    }

    /// On Postgres, when a database is given.
    pub fn on(database: Option<&Database>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let house = Self::beside(folder.path(), database);
        Self { _folder: Some(folder), ..house }
    }

    /// In the folder of a server that runs: on its SQLite file, or on the Postgres database that it is on too.
    pub fn beside(folder: &Path, database: Option<&Database>) -> Self {
        Self {
            path: folder.to_owned(),
            _folder: None,
            database: database.map_or_else(|| "sqlite://painel.db".to_owned(), |database| database.url.clone()),
            owner: database.map(|database| database.owner_url.clone()),
            allow: String::new(),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Makes key ring and tables.
    pub fn ready(&self) {
        for arguments in [&["keygen", "--out", "keyring.json"][..], &["migrate"]] {
            let output = self.command(arguments).output().expect("the binary runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        // Opens once with the ring, so that its check value is not what a first import writes.
        let output = self.command(&["tenant", "create", "--slug", "ja-aqui", "--name", "Já Aqui"]).output();
        assert!(output.expect("the binary runs").status.success());
        // Importing closes the database properly, so that its file is whole and stays the same until something is written.
        let empty = self.path.join("empty");
        std::fs::create_dir(&empty).expect("a folder");
        for table in ["clients", "client_users"] {
            std::fs::write(empty.join(table).with_extension("json"), "[]").expect("a file");
        }
        assert!(self.import(&["--from", "empty"]).contains("\n0 changes made"));
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_painel"));
        command
            .args(arguments)
            .current_dir(&self.path)
            .env_clear()
            .env("PAINEL_DATABASE_URL", &self.database)
            .env("PAINEL_KEYRING", "keyring.json")
            .env("PAINEL_EGRESS_ALLOW", &self.allow)
            .envs(self.owner.iter().map(|url| ("PAINEL_DATABASE_OWNER_URL", url)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn import_command(&self, arguments: &[&str]) -> Command {
        let key = fixture("fernet.key");
        self.command(&[&["import", "--fernet-key-file", &key], arguments].concat())
    }

    /// Imports and gives what the person reads.
    pub fn import(&self, arguments: &[&str]) -> String {
        let output = self.import_command(arguments).output().expect("the binary runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the report is text")
    }

    /// Imports and gives everything that was written anywhere.
    pub fn import_all(&self, arguments: &[&str]) -> String {
        let output = self.import_command(arguments).env("RUST_LOG", "trace").output().expect("the binary runs");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// Imports without expecting success.
    pub fn try_import(&self, arguments: &[&str]) -> Output {
        self.import_command(arguments).output().expect("the binary runs")
    }

    /// Begins to import.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.import_command(arguments).spawn().expect("the binary starts")
    }

    /// Everything of the SQLite database on disk.
    pub fn database_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in ["painel.db", "painel.db-wal"] {
            bytes.extend(std::fs::read(self.path.join(name)).unwrap_or_default());
        }
        bytes
    }

    fn database_url(&self) -> String {
        self.database.replace("sqlite://", &format!("sqlite://{}/", self.path.display()))
    }

    pub async fn store(&self) -> Store {
        Store::connect(&self.database_url()).await.expect("the database opens")
    }

    /// Compares everything that was imported with what the fixture's script expects.
    pub async fn assert_expected(&self) {
        let expected = expected();
        let ring = startup::read_ring(&self.path.join("keyring.json")).expect("the ring is there");
        let store = self.store().await;
        let mut memberships = BTreeSet::new();
        let emails: Vec<String> = expected["passwords"].as_object().unwrap().keys().cloned().collect();
        for email in &emails {
            let login = store.find_login(&email.parse().unwrap()).await.unwrap();
            let login = login.unwrap_or_else(|| panic!("{email} is here"));
            for place in login.memberships {
                memberships.insert((email.clone(), place.tenant_id, place.role.as_str()));
            }
        }
        let tenants = store.list_tenants(&store.operator_agency(), 1000, None).await.unwrap();
        let slugs: BTreeMap<_, _> = tenants.iter().map(|tenant| (tenant.id, tenant.slug.to_string())).collect();
        let memberships: BTreeSet<_> =
            memberships.into_iter().map(|(email, id, role)| (email, slugs[&id].clone(), role.to_owned())).collect();
        let wanted: BTreeSet<(String, String, String)> =
            serde_json::from_value(expected["memberships"].clone()).unwrap();
        assert_eq!(memberships, wanted);
        let wanted_places = wanted.len();

        let (mut fields, mut credentials) = (BTreeSet::new(), 0);
        for tenant in &tenants {
            let scope = store.operator_scope(&tenant.slug).await.unwrap().unwrap();
            let row = store.find_tenant_key(&scope).await.unwrap().expect("a key");
            let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
            let key = ring.open_tenant_key(*tenant.id.as_uuid(), 1, &wrapped).expect("the ring opens it");
            for credential in store.list_credentials(&scope).await.unwrap() {
                credentials += 1;
                assert!(Provider::parse(&credential.provider).is_some());
                for (field, sealed) in &credential.fields {
                    let address = Address { tenant: *tenant.id.as_uuid(), provider: &credential.provider, field };
                    let value = key.open(&address, sealed).expect("it opens").expose_secret().to_owned();
                    fields.insert((tenant.slug.to_string(), credential.provider.clone(), field.clone(), value));
                }
            }
        }
        let wanted: BTreeSet<(String, String, String, String)> =
            serde_json::from_value(expected["fields"].clone()).unwrap();
        assert!(fields == wanted, "sealed fields differ: {} of {}", fields.intersection(&wanted).count(), wanted.len());
        eprintln!("sealed fields that open to what the source held: {} of {}", fields.len(), wanted.len());
        assert_eq!(credentials, expected["credentials"].as_u64().unwrap());
        // And the one that stood there before.
        assert_eq!(tenants.len() as u64, expected["tenants"].as_u64().unwrap() + 1);
        let suspended: Vec<_> = tenants.iter().filter(|tenant| tenant.status == TenantStatus::Suspended).collect();
        assert_eq!(suspended.len() as u64, expected["suspended"].as_u64().unwrap());
        assert!(suspended.iter().all(|tenant| tenant.suspended_reason.is_some()), "they are told why");
        self.assert_told(credentials, wanted_places).await;
        store.close().await;
    }

    /// Every chain of the audit trail is whole, and tells of each credential and each place once.
    async fn assert_told(&self, credentials: u64, places: usize) {
        let output = self.command(&["audit", "verify"]).output().expect("the binary runs");
        let chains = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && !chains.contains("BROKEN"), "{chains}");
        let store = self.store().await;
        let (mut told, mut runs) = (BTreeMap::new(), 0);
        for tenant in store.list_tenants(&store.operator_agency(), 1000, None).await.unwrap() {
            let scope = store.operator_scope(&tenant.slug).await.unwrap().unwrap();
            for event in store.list_events(&scope, &AuditQuery::default(), 500).await.unwrap() {
                assert_eq!(event.actor, COMMAND_LINE);
                match event.kind {
                    Some(EventKind::Imported) => runs += 1,
                    Some(EventKind::CredentialSaved | EventKind::MemberAdded) => {
                        let what = (tenant.slug.to_string(), event.word, event.subject);
                        assert!(!event.fields.is_empty(), "{what:?}");
                        *told.entry(what).or_insert(0) += 1;
                    }
                    _ => assert_eq!(tenant.slug.as_str(), "ja-aqui", "{event:?}"),
                }
            }
        }
        let (chains, expected) = (chains.lines().count(), credentials as usize + places);
        eprintln!("audit: {chains} chains whole, {runs} clients, {} of {expected} credentials and places", told.len());
        assert!(told.values().all(|times| *times == 1) && told.len() == expected);
        assert_eq!(runs, expected_tenants());
        store.close().await;
    }

    /// Makes a password older; how many were.
    pub async fn shift_password(&self, email: &str, micros: i64) -> u64 {
        const SQL: &str = "update users set password_changed_at = password_changed_at - $1 where email = $2";
        match &self.owner {
            Some(url) => {
                let mut connection = sqlx::PgConnection::connect(url).await.expect("the database answers");
                let done = sqlx::query(SQL).bind(micros).bind(email).execute(&mut connection).await;
                done.expect("an update").rows_affected()
            }
            None => {
                let mut connection =
                    sqlx::SqliteConnection::connect(&self.database_url()).await.expect("the database opens");
                let done = sqlx::query(SQL).bind(micros).bind(email).execute(&mut connection).await;
                done.expect("an update").rows_affected()
            }
        }
    }
}

fn expected_tenants() -> u64 {
    expected()["tenants"].as_u64().expect("a number")
}
