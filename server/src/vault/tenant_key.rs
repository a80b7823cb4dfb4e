//! One tenant's own key: it seals and opens that tenant's fields, and is itself kept only wrapped by the ring.
//!
//! A sealed field opens only at its address: the AAD binds tenant, provider, field, algorithm and key version, so a
//! database row copied to another tenant, provider or field is refused, not misread.

use super::{
    aad,
    envelope::{self, Algorithm, Envelope, KEY_LEN},
    error::VaultError,
    ring::KeyRing,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Where a sealed field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// Whose it is.
    pub tenant: Uuid,
    /// The provider's word, as in the store.
    pub provider: &'a str,
    /// The field's name, as in the store.
    pub field: &'a str,
}

/// A tenant key as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Which key of the ring wrapped it.
    pub ring_key: String,
    /// The sealed key.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappedKey").field("ring_key", &self.ring_key).finish_non_exhaustive()
    }
}

/// One tenant's key, ready for use. Wiped when dropped, never printed.
pub struct TenantKey {
    tenant: Uuid,
    version: u32,
    bytes: Zeroizing<[u8; KEY_LEN]>,
}

impl TenantKey {
    /// Whose key it is.
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Seals a field for its address. Sealing the same text twice gives different bytes.
    ///
    /// # Errors
    /// `OtherTenant`, `TooLong`, `Random`.
    pub fn seal(&self, address: &Address<'_>, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        self.own(address)?;
        let aad = field_aad(address, Algorithm::CURRENT, self.version);
        envelope::seal(&self.bytes, self.version, &aad, secret.expose_secret().as_bytes())
    }

    /// Opens a sealed field at its address.
    ///
    /// # Errors
    /// `OtherTenant`, `Malformed`, `UnknownFormat`, `UnknownAlgorithm`, `KeyVersion`, `Refused`, `NotText`. Each is an
    /// alarm: none of them means "nothing stored".
    pub fn open(&self, address: &Address<'_>, sealed: &[u8]) -> Result<SecretString, VaultError> {
        self.own(address)?;
        let envelope = Envelope::parse(sealed)?;
        if envelope.key_version != self.version {
            return Err(VaultError::KeyVersion { sealed: envelope.key_version, held: self.version });
        }
        let plaintext = envelope.open(&self.bytes, &field_aad(address, envelope.algorithm, self.version))?;
        let text = std::str::from_utf8(&plaintext).map_err(|_| VaultError::NotText)?;
        Ok(text.into())
    }

    /// The same bytes as another tenant's key, to show that it is the address that refuses.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn of_another(&self, tenant: Uuid) -> Self {
        Self { tenant, version: self.version, bytes: self.bytes.clone() }
    }

    /// For the tests.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.bytes
    }

    /// A key works for its own tenant only, even where a caller mixed up two.
    fn own(&self, address: &Address<'_>) -> Result<(), VaultError> {
        if address.tenant == self.tenant { Ok(()) } else { Err(VaultError::OtherTenant) }
    }
}

impl fmt::Debug for TenantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantKey")
            .field("tenant", &self.tenant)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl KeyRing {
    /// A new random key for a tenant, and its wrapped form to store.
    ///
    /// # Errors
    /// `Random`.
    pub fn create_tenant_key(&self, tenant: Uuid, version: u32) -> Result<(TenantKey, WrappedKey), VaultError> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        getrandom::fill(&mut *bytes).map_err(|_| VaultError::Random)?;
        let key = TenantKey { tenant, version, bytes };
        let wrapped = self.wrap_tenant_key(&key)?;
        Ok((key, wrapped))
    }

    /// Wraps a tenant key with the active key: for a new key, or again after the active key changed.
    ///
    /// # Errors
    /// `Random`.
    pub fn wrap_tenant_key(&self, key: &TenantKey) -> Result<WrappedKey, VaultError> {
        let (ring_id, ring_key) = self.active_key();
        let aad = wrap_aad(key.tenant, key.version, ring_id.as_str(), Algorithm::CURRENT);
        let bytes = envelope::seal(ring_key.bytes(), key.version, &aad, key.bytes.as_slice())?;
        Ok(WrappedKey { ring_key: ring_id.as_str().to_owned(), bytes })
    }

    /// Unwraps a stored tenant key.
    ///
    /// # Errors
    /// `UnknownRingKey`, `Malformed`, `UnknownFormat`, `UnknownAlgorithm`, `KeyVersion`, `Refused`.
    pub fn open_tenant_key(&self, tenant: Uuid, version: u32, wrapped: &WrappedKey) -> Result<TenantKey, VaultError> {
        let ring_key =
            self.find_key(&wrapped.ring_key).ok_or_else(|| VaultError::UnknownRingKey(wrapped.ring_key.clone()))?;
        let envelope = Envelope::parse(&wrapped.bytes)?;
        if envelope.key_version != version {
            return Err(VaultError::KeyVersion { sealed: envelope.key_version, held: version });
        }
        let aad = wrap_aad(tenant, version, &wrapped.ring_key, envelope.algorithm);
        let plaintext = envelope.open(ring_key.bytes(), &aad)?;
        let bytes = <[u8; KEY_LEN]>::try_from(plaintext.as_slice()).map_err(|_| VaultError::Malformed)?;
        Ok(TenantKey { tenant, version, bytes: Zeroizing::new(bytes) })
    }
}

fn field_aad(address: &Address<'_>, algorithm: Algorithm, version: u32) -> [u8; 32] {
    aad::digest(
        "credential",
        &[
            address.tenant.as_bytes(),
            address.provider.as_bytes(),
            address.field.as_bytes(),
            &[algorithm.byte()],
            &version.to_be_bytes(),
        ],
    )
}

fn wrap_aad(tenant: Uuid, version: u32, ring_id: &str, algorithm: Algorithm) -> [u8; 32] {
    aad::digest("tenant-key", &[tenant.as_bytes(), &version.to_be_bytes(), ring_id.as_bytes(), &[algorithm.byte()]])
}

#[cfg(test)]
mod tests;
