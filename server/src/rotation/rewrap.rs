//! The same keys, wrapped with the ring's active key: after a new one was added to the ring and made active.

use super::{Keyhold, RotationError, scope_of, standings};
use crate::{
    store::{Act, AgencyKeyRow, NewTenantKey, TenantKeyRow},
    vault::{VaultError, WrappedKey},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// What was, or would be, wrapped again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// Versions of tenants' keys.
    pub tenant_keys: u64,
    /// Tenants they are of.
    pub tenants: usize,
    /// Versions of the agency's key.
    pub agency_keys: u64,
    /// What does not open and stays as it is: whose, which version, and why.
    pub unopened: Vec<(String, i64, VaultError)>,
}

/// Wraps every key again that another key than the active one wraps.
///
/// # Errors
/// The first [`RotationError`] ends it; what was done before stands.
pub async fn rewrap(hold: Keyhold<'_>) -> Result<Rewrapped, RotationError> {
    let Keyhold { store, ring, plan } = hold;
    let act = Act::of_command_line();
    let active = ring.active().as_str();
    let mut sum = Rewrapped::default();
    for versions in standings(store).await? {
        let Some(newest) = versions.last().filter(|_| versions.iter().any(|key| key.ring_key != active)) else {
            continue;
        };
        let scope = scope_of(store, &newest.slug).await?;
        let mut again = Vec::new();
        for row in store.list_tenant_keys(&scope).await?.into_iter().filter(|row| row.ring_key != active) {
            match wrap_again(hold, *scope.tenant().as_uuid(), &row) {
                Ok(new) => again.push((row, new)),
                Err(error) => sum.unopened.push((newest.slug.as_str().to_owned(), row.version, error)),
            }
        }
        let done = if plan {
            again.len() as u64
        } else {
            store.rewrap_tenant_keys(&scope, &act, &again, OffsetDateTime::now_utc()).await?
        };
        sum.tenants += usize::from(done > 0);
        sum.tenant_keys += done;
    }
    for row in store.list_agency_keys().await?.into_iter().filter(|row| row.ring_key != active) {
        let AgencyKeyRow { version, ring_key, wrapped } = row.clone();
        // The agency's key is the key of the nil tenant.
        let new = match wrap_again(hold, Uuid::nil(), &TenantKeyRow { version, ring_key, wrapped }) {
            Ok(new) => new,
            Err(error) => {
                sum.unopened.push(("the agency".to_owned(), version, error));
                continue;
            }
        };
        let now = OffsetDateTime::now_utc();
        if plan || store.rewrap_agency_key(&store.operator_agency(), &act, &row, &new, now).await? {
            sum.agency_keys += 1;
        }
    }
    Ok(sum)
}

fn wrap_again(hold: Keyhold<'_>, tenant: Uuid, row: &TenantKeyRow) -> Result<NewTenantKey, VaultError> {
    let version = u32::try_from(row.version).map_err(|_| VaultError::Malformed)?;
    let old = WrappedKey { ring_key: row.ring_key.clone(), bytes: row.wrapped.clone() };
    let key = hold.ring.open_tenant_key(tenant, version, &old)?;
    let new = hold.ring.wrap_tenant_key(&key)?;
    Ok(NewTenantKey { ring_key: new.ring_key, wrapped: new.bytes })
}
