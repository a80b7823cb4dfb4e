//! What must be right before anything is served or changed: the schema and the key ring. A fault here refuses the start
//! with one clear line and exit code 78, before anything is written.

use crate::{
    config::Config,
    mail::MailError,
    store::{AgencyKeyRow, AuditKey, Backend, Isolation, Store, StoreError},
    vault::{AgencyKey, KeyRing, Purpose, RingError, RootSecret, VaultError, WrappedKey},
};
use secrecy::ExposeSecret;
use std::{fs, path::Path};
use time::OffsetDateTime;

/// Why this process refuses to run as configured.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No key ring file.
    #[error(
        "no key ring at {0}: create one with `painel keygen --out {0}`, or set PAINEL_KEYRING to the existing file"
    )]
    RingMissing(String),
    /// The file cannot be read.
    #[error("cannot read the key ring at {0}: {1}")]
    RingUnreadable(String, std::io::ErrorKind),
    /// Others may read it.
    #[error("the key ring at {0} can be read by others: run `chmod 600 {0}`")]
    RingExposed(String),
    /// Its content is not a key ring.
    #[error("the key ring at {0} cannot be used: {1}")]
    RingBroken(String, String),
    /// It is not the ring this database was sealed with.
    #[error(
        "the key ring at {0} is not the one this database was sealed with ({1}): restore the right file from its backup"
    )]
    RingWrong(String, RingError),
    /// Passwords cannot be hashed.
    #[error("cannot hash passwords: {0}")]
    Passwords(String),
    /// The list of allowed foreign addresses cannot be used.
    #[error("PAINEL_EGRESS_ALLOW: {0}")]
    Egress(String),
    /// The agency's key does not open.
    #[error("the agency's key does not open ({0}): restore key ring and database of the same time")]
    AgencyKey(VaultError),
    /// It is not there though the database is not new.
    #[error("the agency's key is missing in the database: restore the database from its backup, keys included")]
    AgencyKeyMissing,
    /// The tables of a Postgres database belong to another role, whose URL is not known.
    #[error(
        "PAINEL_DATABASE_OWNER_URL is not set: on Postgres `painel migrate` needs the URL of the role that owns the tables, \
         which must not be the one in PAINEL_DATABASE_URL"
    )]
    OwnerMissing,
    /// The same for copying all rows.
    #[error(
        "PAINEL_DATABASE_OWNER_URL is not set: on Postgres `painel backup` and `painel restore` need the URL of the role \
         that owns the tables; the one in PAINEL_DATABASE_URL serves, and may not touch all of them"
    )]
    OwnerMissingForBackup,
    /// Mail cannot be sent as configured.
    #[error("mail: {0}")]
    Mail(MailError),
    /// The database cannot be used.
    #[error("cannot use the database: {0}")]
    Database(#[from] StoreError),
}

/// Reads the key ring's file: there, readable by its owner alone, and whole.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub fn read_ring(path: &Path) -> Result<KeyRing, Refusal> {
    let shown = path.display().to_string();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Refusal::RingMissing(shown)),
        Err(error) => return Err(Refusal::RingUnreadable(shown, error.kind())),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(Refusal::RingExposed(shown));
        }
    }
    let text = fs::read_to_string(path).map_err(|error| Refusal::RingUnreadable(shown.clone(), error.kind()))?;
    let text = zeroize::Zeroizing::new(text);
    KeyRing::parse(&text).map_err(|error| Refusal::RingBroken(shown, error.to_string()))
}

/// What a start opens.
pub struct Opened {
    /// The database, armed with the audit trail's key.
    pub store: Store,
    /// The keys that wrap the tenants' keys.
    pub ring: KeyRing,
    /// The agency's own key.
    pub agency: AgencyKey,
    /// From which further keys are derived.
    pub root: RootSecret,
    /// How tenants are kept apart in this database.
    pub isolation: Isolation,
}

/// Opens the store and checks its schema and the ring against it: every key that sealed something must be in the ring
/// with the value it had then. On Postgres the role must be one that row-level security applies to, and the schema is
/// migrated only when the owner's URL is given.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub async fn open(config: &Config) -> Result<Opened, Refusal> {
    let ring = read_ring(&config.keyring)?;
    let store = Store::connect(&config.database_url).await?;
    if store.backend() == Backend::Sqlite || config.database_owner_url.is_some() {
        migrate(&store, config).await?;
    }
    store.check_schema().await?;
    let isolation = store.check_isolation().await?;
    check_ring(&store, &ring, &config.keyring).await?;
    note_active(&store, &ring).await?;
    finish(store, ring, isolation).await
}

/// As [`open`], for somebody who only looks: nothing is written, a database that is not this version's is refused.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub async fn look(config: &Config) -> Result<Opened, Refusal> {
    let ring = read_ring(&config.keyring)?;
    let store = Store::connect(&config.database_url).await?;
    store.check_schema().await?;
    let isolation = store.check_isolation().await?;
    check_ring(&store, &ring, &config.keyring).await?;
    if store.find_agency_key().await?.is_none() {
        return Err(Refusal::AgencyKeyMissing);
    }
    finish(store, ring, isolation).await
}

async fn finish(store: Store, ring: KeyRing, isolation: Isolation) -> Result<Opened, Refusal> {
    let (agency, root) = open_agency(&store, &ring).await?;
    store.arm(AuditKey::new(root.derive("painel/audit")));
    Ok(Opened { store, ring, agency, root, isolation })
}

/// Brings the schema to this version's.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub async fn migrate(store: &Store, config: &Config) -> Result<(), Refusal> {
    let owner = config.database_owner_url.as_ref().map(|url| url.expose_secret());
    if store.backend() == Backend::Postgres && owner.is_none() {
        return Err(Refusal::OwnerMissing);
    }
    Ok(store.migrate(owner).await?)
}

/// Opens the store for copying all rows: on Postgres by the role that owns the tables. Neither migrates nor asks for keys.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub async fn open_as_owner(config: &Config) -> Result<Store, Refusal> {
    Ok(match Backend::of_url(&config.database_url)? {
        Backend::Sqlite => Store::connect(&config.database_url).await?,
        Backend::Postgres => {
            let owner = config.database_owner_url.as_ref().ok_or(Refusal::OwnerMissingForBackup)?;
            Store::connect(owner.expose_secret()).await?
        }
    })
}

/// The agency's key and the root secret; makes them on a new database.
async fn open_agency(store: &Store, ring: &KeyRing) -> Result<(AgencyKey, RootSecret), Refusal> {
    if store.find_agency_key().await?.is_none() {
        if store.find_agency_secret(ROOT).await?.is_some() {
            return Err(Refusal::AgencyKeyMissing);
        }
        let (key, wrapped) = ring.create_agency_key(1).map_err(Refusal::AgencyKey)?;
        let root = RootSecret::generate().map_err(Refusal::AgencyKey)?;
        let sealed = key.seal(Purpose::Secret, ROOT, &root.to_text()).map_err(Refusal::AgencyKey)?;
        let row = AgencyKeyRow { version: 1, ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
        // Another process may have been faster; then its key stands, and is read below.
        store.create_agency_key(&row, &[(ROOT, sealed)], OffsetDateTime::now_utc()).await?;
    }
    let row = store.find_agency_key().await?.ok_or(Refusal::AgencyKeyMissing)?;
    let version = u32::try_from(row.version).map_err(|_| Refusal::AgencyKeyMissing)?;
    let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
    let key = ring.open_agency_key(version, &wrapped).map_err(Refusal::AgencyKey)?;
    let sealed = store.find_agency_secret(ROOT).await?.ok_or(Refusal::AgencyKeyMissing)?;
    let root = key.open(Purpose::Secret, ROOT, &sealed).map_err(Refusal::AgencyKey)?;
    let root = RootSecret::from_text(&root).map_err(Refusal::AgencyKey)?;
    Ok((key, root))
}

/// The name of the root secret.
const ROOT: &str = "root";

/// Whether a ring is the one that the database was sealed with: it holds every key that was ever active here and was not
/// forgotten since, with the value it had, and every key that wraps something. Writes nothing.
///
/// # Errors
/// `RingWrong`, `Database`.
pub async fn check_ring(store: &Store, ring: &KeyRing, path: &Path) -> Result<(), Refusal> {
    let wrong = |error: RingError| Refusal::RingWrong(path.display().to_string(), error);
    for check in store.list_key_checks().await? {
        ring.check(&check.ring_key, &check.check_value).map_err(wrong)?;
    }
    for name in store.list_ring_keys_in_use().await? {
        // Wrapped by a process whose ring was older than the last trim.
        if ring.check_value(&name).is_none() {
            return Err(wrong(RingError::Missing(name)));
        }
    }
    Ok(())
}

/// Keeps the active key's check value before anything is wrapped with it.
///
/// # Errors
/// `Database`.
pub async fn note_active(store: &Store, ring: &KeyRing) -> Result<(), Refusal> {
    let active = ring.active().as_str();
    let value = ring.check_value(active).expect("the active key is in its ring");
    Ok(store.record_key_check(active, value.as_slice(), OffsetDateTime::now_utc()).await?)
}
