//! All versions of one tenant's key. New values are sealed with the newest; a value is opened with the version that sealed
//! it, which stands in its envelope, so that a rotation and those who read meanwhile do not get in each other's way.
//!
//! A version that does not unwrap takes only its own values along.

use super::{
    envelope,
    error::VaultError,
    ring::KeyRing,
    tenant_key::{Address, TenantKey, WrappedKey},
};
use secrecy::SecretString;
use std::{collections::BTreeMap, fmt};
use uuid::Uuid;

/// One tenant's keys, ready for use.
pub struct TenantKeys {
    tenant: Uuid,
    versions: BTreeMap<u32, Result<TenantKey, VaultError>>,
}

impl TenantKeys {
    /// Whose they are.
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// The version that new values are sealed with; `None` when there is no key at all.
    pub fn newest(&self) -> Option<u32> {
        self.versions.keys().next_back().copied()
    }

    /// One version's key.
    ///
    /// # Errors
    /// `MissingVersion`, or why it does not unwrap.
    pub fn version(&self, version: u32) -> Result<&TenantKey, VaultError> {
        match self.versions.get(&version) {
            Some(key) => key.as_ref().map_err(Clone::clone),
            None if self.versions.is_empty() => Err(VaultError::NoKey),
            None => Err(VaultError::MissingVersion(version)),
        }
    }

    /// Seals a field with the newest version.
    ///
    /// # Errors
    /// `NoKey`, why the newest does not unwrap, or as of [`TenantKey::seal`].
    pub fn seal(&self, address: &Address<'_>, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        self.version(self.newest().ok_or(VaultError::NoKey)?)?.seal(address, secret)
    }

    /// Opens a field with the version that sealed it.
    ///
    /// # Errors
    /// `NoKey`, `MissingVersion`, why that version does not unwrap, or as of [`TenantKey::open`]. Each is an alarm.
    pub fn open(&self, address: &Address<'_>, sealed: &[u8]) -> Result<SecretString, VaultError> {
        self.version(envelope::key_version(sealed)?)?.open(address, sealed)
    }

    /// Whether a version is wrapped by a key that the ring did not hold: perhaps a later ring does.
    pub fn lacks_ring_key(&self) -> bool {
        self.versions.values().any(|key| matches!(key, Err(VaultError::UnknownRingKey(_))))
    }
}

impl fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantKeys")
            .field("tenant", &self.tenant)
            .field("versions", &self.versions.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl KeyRing {
    /// Unwraps every stored version of a tenant's key.
    pub fn open_tenant_keys(&self, tenant: Uuid, stored: impl IntoIterator<Item = (u32, WrappedKey)>) -> TenantKeys {
        let open = |(version, wrapped)| (version, self.open_tenant_key(tenant, version, &wrapped));
        TenantKeys { tenant, versions: stored.into_iter().map(open).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    const A: Uuid = Uuid::from_u128(0xa);
    const HERE: Address<'static> = Address { tenant: A, provider: "n8n", field: "token" };

    #[test]
    fn old_values_open_with_their_version_and_new_ones_are_sealed_with_the_newest() {
        let ring = KeyRing::generate("k1").unwrap().0;
        let stored: Vec<_> = (1..=3).map(|version| (version, ring.create_tenant_key(A, version).unwrap().1)).collect();
        let keys = ring.open_tenant_keys(A, stored.clone());
        assert_eq!((keys.newest(), keys.tenant()), (Some(3), A));
        for (version, wrapped) in &stored {
            let key = ring.open_tenant_key(A, *version, wrapped).unwrap();
            let sealed = key.seal(&HERE, &format!("by {version}").into()).unwrap();
            assert_eq!(keys.open(&HERE, &sealed).unwrap().expose_secret(), &format!("by {version}"));
            // Without that version it is an alarm that names it.
            let others = stored.iter().filter(|(other, _)| other != version).cloned();
            let refused = ring.open_tenant_keys(A, others).open(&HERE, &sealed).err();
            assert_eq!(refused, Some(VaultError::MissingVersion(*version)));
        }
        assert_eq!(envelope::key_version(&keys.seal(&HERE, &"x".into()).unwrap()), Ok(3));
        let none = ring.open_tenant_keys(A, []);
        assert_eq!(none.seal(&HERE, &"x".into()).err(), Some(VaultError::NoKey));
        assert_eq!(none.open(&HERE, &keys.seal(&HERE, &"x".into()).unwrap()).err(), Some(VaultError::NoKey));
    }

    #[test]
    fn a_version_that_does_not_unwrap_leaves_the_others_be() {
        let (ring, other) = (KeyRing::generate("k1").unwrap().0, KeyRing::generate("k2").unwrap().0);
        let (old, wrapped) = other.create_tenant_key(A, 1).unwrap();
        let stored = [(1, wrapped), (2, ring.create_tenant_key(A, 2).unwrap().1)];
        let keys = ring.open_tenant_keys(A, stored);
        let sealed = old.seal(&HERE, &"x".into()).unwrap();
        assert_eq!(keys.open(&HERE, &sealed).err(), Some(VaultError::UnknownRingKey("k2".into())));
        assert!(keys.lacks_ring_key());
        assert!(!other.open_tenant_keys(A, [(1, other.create_tenant_key(A, 1).unwrap().1)]).lacks_ring_key());
        let damaged = ring.open_tenant_keys(uuid::Uuid::from_u128(0xb), [(2, ring.create_tenant_key(A, 2).unwrap().1)]);
        assert!(!damaged.lacks_ring_key(), "another's key does not open, and no later ring will change that");
        let fresh = keys.seal(&HERE, &"y".into()).unwrap();
        assert_eq!(keys.open(&HERE, &fresh).unwrap().expose_secret(), "y");
        assert_eq!(format!("{keys:?}"), format!("TenantKeys {{ tenant: {A:?}, versions: [1, 2], .. }}"));
    }
}
