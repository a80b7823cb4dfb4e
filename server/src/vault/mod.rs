//! The vault: how secrets are sealed and by which key. No IO, no SQL, no async: bytes in, bytes out.
//!
//! | file | holds |
//! |---|---|
//! | `ring.rs` | [`KeyRing`]: the installation's named keys, read from the key file's text; what it wraps are tenant keys |
//! | `tenant_key.rs` | [`TenantKey`]: one tenant's own key; seals and opens that tenant's fields |
//! | `tenant_keys.rs` | [`TenantKeys`]: all versions of one tenant's key; seals with the newest, opens with the one that sealed |
//! | `live.rs` | [`LiveRing`]: the ring of a running server, which may be replaced by another |
//! | `agency.rs` | [`AgencyKey`]: the agency's own key for what is no tenant's, and [`RootSecret`] |
//! | `envelope.rs` | the sealed form of both, byte by byte, and the one place where the cipher is called |
//! | `aad.rs` | the digest that binds a sealed value to its place |
//! | `error.rs` | [`VaultError`]: why something does not open |
//!
//! The chain is ring key → wrapped tenant key → sealed field. Deleting a tenant's wrapped key makes all its fields
//! unreadable for good; replacing a ring key needs only the tenant keys wrapped again.

mod aad;
mod agency;
mod envelope;
mod error;
mod live;
mod ring;
mod tenant_key;
mod tenant_keys;
#[cfg(test)]
mod tests;

pub use agency::{AgencyKey, Purpose, RootSecret};
pub use envelope::{MAX_PLAINTEXT, key_version};
pub use error::VaultError;
pub use live::LiveRing;
pub use ring::{CheckValue, KeyId, KeyRing, RingError};
pub use tenant_key::{Address, TenantKey, WrappedKey};
pub use tenant_keys::TenantKeys;
