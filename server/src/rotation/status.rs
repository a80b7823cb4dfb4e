//! What is wrapped and sealed with what, and what does not open. Reads only.

use super::{Keyhold, RotationError, scope_of, standings};
use crate::{
    backend::open_keys,
    store::Slug,
    vault::{Address, VaultError, key_version},
};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// All keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The ring's, by name.
    pub ring: Vec<RingKeyStatus>,
    /// Versions of the agency's key, each with the ring key that wraps it.
    pub agency: Vec<(i64, String)>,
    /// When a rotation of all tenants began that has not ended.
    pub rotating_since: Option<OffsetDateTime>,
    /// The tenants', by slug.
    pub tenants: Vec<TenantKeyStatus>,
}

/// One key of the ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RingKeyStatus {
    /// Its name.
    pub name: String,
    /// Whether it wraps new keys.
    pub active: bool,
    /// Keys it wraps, tenants' and the agency's.
    pub wraps: usize,
    /// Whether the database remembers its check value, so that the ring may not do without it.
    pub remembered: bool,
}

/// One tenant's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantKeyStatus {
    /// Whose.
    pub slug: Slug,
    /// Each version with the ring key that wraps it and the values sealed with it, by age.
    pub versions: Vec<(i64, String, usize)>,
    /// Values that open.
    pub readable: usize,
    /// Those that do not, by `provider.field`, and why.
    pub unreadable: Vec<(String, VaultError)>,
}

/// Looks at all keys and tries all values, of one tenant when it is named.
///
/// # Errors
/// [`RotationError`].
pub async fn status(hold: Keyhold<'_>, only: Option<&Slug>) -> Result<Status, RotationError> {
    let Keyhold { store, ring, .. } = hold;
    let all = standings(store).await?;
    let agency: Vec<(i64, String)> =
        store.list_agency_keys().await?.into_iter().map(|row| (row.version, row.ring_key)).collect();
    let mut wraps: BTreeMap<&str, usize> = BTreeMap::new();
    for name in all.iter().flatten().map(|key| &key.ring_key).chain(agency.iter().map(|(_, name)| name)) {
        *wraps.entry(name).or_default() += 1;
    }
    let known = store.list_key_checks().await?;
    let ring_keys = ring.ids().map(|id| RingKeyStatus {
        name: id.as_str().to_owned(),
        active: id == ring.active(),
        wraps: wraps.get(id.as_str()).copied().unwrap_or_default(),
        remembered: known.iter().any(|check| check.ring_key == id.as_str()),
    });
    let ring_keys = ring_keys.collect();
    if let Some(slug) = only {
        scope_of(store, slug).await?;
    }
    let mut tenants = Vec::new();
    for slug in all.iter().filter_map(|versions| versions.last()).map(|key| &key.slug) {
        if only.is_none_or(|only| only == slug) {
            tenants.push(tenant(hold, slug).await?);
        }
    }
    let rotating_since = store.find_rotation_of_all(&store.operator_agency()).await?;
    Ok(Status { ring: ring_keys, agency, rotating_since, tenants })
}

async fn tenant(hold: Keyhold<'_>, slug: &Slug) -> Result<TenantKeyStatus, RotationError> {
    let scope = scope_of(hold.store, slug).await?;
    let (credentials, rows) = hold.store.list_credentials_and_keys(&scope).await?;
    let mut versions: Vec<(i64, String, usize)> =
        rows.iter().rev().map(|row| (row.version, row.ring_key.clone(), 0)).collect();
    let keys = open_keys(hold.ring, &scope, rows);
    let (mut readable, mut unreadable) = (0, Vec::new());
    for credential in &credentials {
        for (field, sealed) in &credential.fields {
            let of = key_version(sealed).ok().map(i64::from);
            if let Some(version) = versions.iter_mut().find(|(version, ..)| Some(*version) == of) {
                version.2 += 1;
            }
            let address = Address { tenant: keys.tenant(), provider: &credential.provider, field };
            match keys.open(&address, sealed) {
                Ok(_) => readable += 1,
                Err(error) => unreadable.push((format!("{}.{field}", credential.provider), error)),
            }
        }
    }
    Ok(TenantKeyStatus { slug: slug.clone(), versions, readable, unreadable })
}
