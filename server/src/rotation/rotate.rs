//! A newer key for a tenant, and its values sealed with it.

use super::{Keyhold, RotationError, scope_of, standings};
use crate::{
    backend::open_keys,
    store::{Act, NewTenantKey, ResealedField, Rotated, Slug, TenantScope},
    vault::{Address, TenantKey, TenantKeys},
};
use time::{Duration, OffsetDateTime};

/// How often a rotation is tried that somebody's save overtakes.
const TRIES: u32 = 20;
/// A rotation of all tenants that was broken off longer ago than this is not taken up again but begun anew.
const ABANDONED: Duration = Duration::days(1);

/// What was, or would be, done for one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotatedTenant {
    /// Whose.
    pub slug: Slug,
    /// The version now in force.
    pub version: u32,
    /// Values sealed anew.
    pub values: usize,
    /// Values that do not open, by `provider.field`: they stay as they are, with the key they name.
    pub unreadable: Vec<String>,
}

/// A rotation of all tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationOfAll {
    /// When it began; before this run when that one was broken off.
    pub since: OffsetDateTime,
    /// Tenants that have keys.
    pub tenants: usize,
    /// Those that an earlier run had done.
    pub done_before: usize,
    /// Those done now.
    pub rotated: Vec<RotatedTenant>,
}

/// Gives one tenant a newer key.
///
/// # Errors
/// [`RotationError`]; then nothing of it is written.
pub async fn rotate_tenant(hold: Keyhold<'_>, slug: &Slug) -> Result<RotatedTenant, RotationError> {
    let scope = scope_of(hold.store, slug).await?;
    for _ in 0..TRIES {
        if let Some(rotated) = try_rotate(hold, &scope, slug).await? {
            return Ok(rotated);
        }
    }
    Err(RotationError::Overtaken(slug.clone()))
}

/// Gives every tenant a newer key, one after the other, and tells `each`. A run that was broken off within the last day is
/// taken up again: tenants that it had done are not done twice.
///
/// # Errors
/// The first [`RotationError`] ends it; what was done before stands.
pub async fn rotate_all(
    hold: Keyhold<'_>,
    now: OffsetDateTime,
    mut each: impl FnMut(&RotatedTenant),
) -> Result<RotationOfAll, RotationError> {
    let agency = hold.store.operator_agency();
    let unfinished = hold.store.find_rotation_of_all(&agency).await?.filter(|since| now - *since < ABANDONED);
    let since = unfinished.unwrap_or(now);
    if unfinished.is_none() && !hold.plan {
        hold.store.set_rotation_of_all(&agency, Some(since)).await?;
    }
    let all = standings(hold.store).await?;
    let mut sum = RotationOfAll { since, tenants: all.len(), done_before: 0, rotated: Vec::new() };
    for versions in &all {
        let Some(newest) = versions.last() else { continue };
        // A tenant made since has a key as new as any.
        if unfinished.is_some() && newest.created_at >= since {
            sum.done_before += 1;
            continue;
        }
        match rotate_tenant(hold, &newest.slug).await {
            Ok(rotated) => {
                each(&rotated);
                sum.rotated.push(rotated);
            }
            // Shredded since the list was read.
            Err(RotationError::NoKeys(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if !hold.plan {
        hold.store.set_rotation_of_all(&agency, None).await?;
    }
    Ok(sum)
}

async fn try_rotate(
    hold: Keyhold<'_>,
    scope: &TenantScope,
    slug: &Slug,
) -> Result<Option<RotatedTenant>, RotationError> {
    let Keyhold { store, ring, plan } = hold;
    let (credentials, rows) = store.list_credentials_and_keys(scope).await?;
    let keys = open_keys(ring, scope, rows);
    let newest = keys.newest().ok_or_else(|| RotationError::NoKeys(slug.clone()))?;
    // Were it left behind unopened, nothing would tell a lost key from an old one.
    keys.version(newest).map_err(|error| RotationError::Unopened { slug: slug.clone(), error })?;
    let (key, wrapped) = ring.create_tenant_key(*scope.tenant().as_uuid(), newest + 1)?;
    let (mut fields, mut unreadable) = (Vec::new(), Vec::new());
    for credential in credentials {
        for (field, old) in credential.fields {
            let provider = credential.provider.clone();
            let new = match reseal(&keys, &key, &provider, &field, &old) {
                Ok(new) => new,
                Err(_) => {
                    unreadable.push(format!("{provider}.{field}"));
                    old.clone()
                }
            };
            fields.push(ResealedField { provider, field, old, new });
        }
    }
    let values = fields.len() - unreadable.len();
    let done = RotatedTenant { slug: slug.clone(), version: newest + 1, values, unreadable };
    if plan {
        return Ok(Some(done));
    }
    let new_key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    match store.rotate_tenant_key(scope, &act, newest + 1, &new_key, &fields, now).await? {
        Rotated::Done => Ok(Some(done)),
        Rotated::Overtaken => Ok(None),
    }
}

fn reseal(
    keys: &TenantKeys,
    key: &TenantKey,
    provider: &str,
    field: &str,
    old: &[u8],
) -> Result<Vec<u8>, crate::vault::VaultError> {
    let address = Address { tenant: keys.tenant(), provider, field };
    key.seal(&address, &keys.open(&address, old)?)
}
