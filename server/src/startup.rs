//! What must be right before anything is served or changed: the schema and the key ring. A fault here refuses the start
//! with one clear line and exit code 78, before anything is written.

use crate::{
    config::Config,
    store::{Store, StoreError},
    vault::{KeyRing, RingError},
};
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

/// Opens the store and checks its schema and the ring against it: every key that sealed something must be in the ring
/// with the value it had then.
///
/// # Errors
/// A [`Refusal`] that says what to do.
pub async fn open(config: &Config) -> Result<(Store, KeyRing), Refusal> {
    let ring = read_ring(&config.keyring)?;
    let store = Store::connect(&config.database_url).await?;
    store.migrate().await?;
    store.check_schema().await?;
    check_ring(&store, &ring, &config.keyring).await?;
    Ok((store, ring))
}

async fn check_ring(store: &Store, ring: &KeyRing, path: &Path) -> Result<(), Refusal> {
    let known = store.list_key_checks().await?;
    for check in &known {
        let wrong = |error: RingError| Refusal::RingWrong(path.display().to_string(), error);
        ring.check(&check.ring_key, &check.check_value).map_err(wrong)?;
    }
    let active = ring.active().as_str();
    if !known.iter().any(|check| check.ring_key == active) {
        let value = ring.check_value(active).expect("the active key is in its ring");
        store.record_key_check(active, value.as_slice(), OffsetDateTime::now_utc()).await?;
    }
    Ok(())
}
