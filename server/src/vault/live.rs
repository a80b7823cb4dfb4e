//! The ring of a running server. A key is added to it, made active or taken out while requests are served; each request
//! works with the ring of the moment to its end. Where a new ring comes from, and whether it may take the old one's place,
//! is `ring_watch`'s matter.

use super::{
    error::VaultError,
    ring::KeyRing,
    tenant_key::{TenantKey, WrappedKey},
};
use arc_swap::ArcSwap;
use std::sync::Arc;
use uuid::Uuid;

/// A key ring that can be replaced as a whole.
#[derive(Debug)]
pub struct LiveRing(ArcSwap<KeyRing>);

impl LiveRing {
    /// The ring of the start.
    pub fn new(ring: KeyRing) -> Self {
        Self(ArcSwap::from_pointee(ring))
    }

    /// The ring of this moment.
    pub fn current(&self) -> Arc<KeyRing> {
        self.0.load_full()
    }

    /// Puts another in its place; whoever holds the old one ends with it.
    pub fn replace(&self, ring: KeyRing) {
        self.0.store(Arc::new(ring));
    }

    /// As [`KeyRing::create_tenant_key`], with the ring of this moment.
    ///
    /// # Errors
    /// `Random`.
    pub fn create_tenant_key(&self, tenant: Uuid, version: u32) -> Result<(TenantKey, WrappedKey), VaultError> {
        self.current().create_tenant_key(tenant, version)
    }

    /// As [`KeyRing::open_tenant_key`], with the ring of this moment.
    ///
    /// # Errors
    /// As there.
    pub fn open_tenant_key(&self, tenant: Uuid, version: u32, wrapped: &WrappedKey) -> Result<TenantKey, VaultError> {
        self.current().open_tenant_key(tenant, version, wrapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_the_ring_it_began_with() {
        let live = LiveRing::new(KeyRing::generate("k1").unwrap().0);
        let before = live.current();
        live.replace(KeyRing::generate("k2").unwrap().0);
        assert_eq!(before.active().as_str(), "k1");
        assert_eq!(live.current().active().as_str(), "k2");
        let (_, wrapped) = live.create_tenant_key(Uuid::nil(), 1).unwrap();
        assert_eq!(wrapped.ring_key, "k2");
        assert!(live.open_tenant_key(Uuid::nil(), 1, &wrapped).is_ok());
        assert!(before.open_tenant_key(Uuid::nil(), 1, &wrapped).is_err());
    }
}
