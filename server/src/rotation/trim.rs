//! What nothing needs any more goes: old versions of tenants' keys, and what is remembered of ring keys that wrap nothing.
//! Whether something needs them is the store's to say, in the transaction that drops them.

use super::{Keyhold, RotationError, scope_of, standings};
use crate::store::{Act, Slug, TrimRefused, Trimmed};
use time::OffsetDateTime;

/// What was, or would be, dropped of one tenant's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrimmedTenant {
    /// Whose.
    pub slug: Slug,
    /// What went and what stayed.
    pub trimmed: Result<Trimmed, TrimRefused>,
}

/// Drops old versions of one tenant's key: all that nothing needs, or with `below` all below that version or none.
///
/// # Errors
/// [`RotationError`]; then nothing is dropped.
pub async fn trim_tenant(hold: Keyhold<'_>, slug: &Slug, below: Option<i64>) -> Result<TrimmedTenant, RotationError> {
    let scope = scope_of(hold.store, slug).await?;
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    match hold.store.trim_tenant_keys(&scope, &act, below, hold.plan, now).await? {
        Ok(trimmed) => Ok(TrimmedTenant { slug: slug.clone(), trimmed: Ok(trimmed) }),
        Err(refused) => Err(RotationError::Trim { slug: slug.clone(), refused }),
    }
}

/// Drops of every tenant's keys what nothing needs. A tenant whose values cannot be told is left alone.
///
/// # Errors
/// [`RotationError`]; what was dropped before is gone.
pub async fn trim_tenants(hold: Keyhold<'_>) -> Result<Vec<TrimmedTenant>, RotationError> {
    let mut all = Vec::new();
    for versions in standings(hold.store).await? {
        let Some(newest) = versions.last().filter(|_| versions.len() > 1) else { continue };
        match trim_tenant(hold, &newest.slug, None).await {
            Ok(trimmed) => all.push(trimmed),
            // Shredded since the list was read.
            Err(RotationError::Trim { refused: TrimRefused::NoKeys, .. }) => {}
            Err(RotationError::Trim { slug, refused }) => all.push(TrimmedTenant { slug, trimmed: Err(refused) }),
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Forgets a key of the ring.
///
/// # Errors
/// [`RotationError`] when it is the active one, wraps something, or is not known here.
pub async fn forget_ring_key(hold: Keyhold<'_>, name: &str) -> Result<(), RotationError> {
    if hold.ring.active().as_str() == name {
        return Err(RotationError::ActiveRingKey(name.to_owned()));
    }
    let (agency, act) = (hold.store.operator_agency(), Act::of_command_line());
    Ok(hold.store.forget_ring_key(&agency, &act, name, hold.plan, OffsetDateTime::now_utc()).await??)
}

/// Forgets every key of the ring that wraps nothing and is not active; gives their names.
///
/// # Errors
/// [`RotationError`]; what was forgotten before is.
pub async fn trim_ring_keys(hold: Keyhold<'_>) -> Result<Vec<String>, RotationError> {
    let in_use = hold.store.list_ring_keys_in_use().await?;
    let active = hold.ring.active().as_str();
    let mut forgotten = Vec::new();
    for check in hold.store.list_key_checks().await? {
        if check.ring_key != active && !in_use.contains(&check.ring_key) {
            forget_ring_key(hold, &check.ring_key).await?;
            forgotten.push(check.ring_key);
        }
    }
    Ok(forgotten)
}
