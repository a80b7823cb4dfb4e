//! What links the rows of a chain: the key, what a mac covers, and which chains there are.

use crate::store::{TenantId, TenantScope, fence::Fence};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A chain's mac before its first row.
pub(in crate::store) const GENESIS: [u8; 32] = [0; 32];

/// What the macs of all chains are made with.
#[derive(Clone)]
pub struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    /// From 32 secret bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A row's mac: HMAC-SHA256 over its length-prefixed columns, the chain and the mac before it.
    pub(in crate::store) fn mac(&self, chain: ChainId, before: &[u8], row: &Sealing<'_>) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes any key");
        let mut part = |bytes: &[u8]| {
            mac.update(&u32::try_from(bytes.len()).expect("a column is short").to_be_bytes());
            mac.update(bytes);
        };
        part(b"painel/audit/v1");
        part(chain.0.as_bytes());
        part(before);
        part(&row.seq.to_be_bytes());
        part(&row.at.to_be_bytes());
        for text in [row.kind, row.actor, row.source, row.request_id, row.subject, row.fields] {
            part(text.as_bytes());
        }
        part(row.actor_id.map(|id| *id.as_bytes()).as_ref().map_or(&[][..], |bytes| &bytes[..]));
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AuditKey")
    }
}

/// What a mac covers.
pub(in crate::store) struct Sealing<'a> {
    pub(in crate::store) seq: i64,
    pub(in crate::store) at: i64,
    pub(in crate::store) kind: &'a str,
    pub(in crate::store) actor_id: Option<Uuid>,
    pub(in crate::store) actor: &'a str,
    pub(in crate::store) source: &'a str,
    pub(in crate::store) request_id: &'a str,
    pub(in crate::store) subject: &'a str,
    pub(in crate::store) fields: &'a str,
}

/// Which chain: a tenant's, or the agency's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct ChainId(Uuid);

impl ChainId {
    /// The agency's own.
    pub const AGENCY: Self = Self(Uuid::nil());

    pub(in crate::store) fn fence(self) -> Fence {
        if self == Self::AGENCY { Fence::AGENCY } else { Fence::tenant(TenantId::from_uuid(self.0)) }
    }
}

impl From<TenantId> for ChainId {
    fn from(tenant: TenantId) -> Self {
        Self(*tenant.as_uuid())
    }
}

impl From<&TenantScope> for ChainId {
    fn from(scope: &TenantScope) -> Self {
        scope.tenant().into()
    }
}
