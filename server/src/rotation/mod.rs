//! Looking after the keys while the server serves: `painel keys`. The vault seals and wraps, the store keeps; here is the
//! order of steps between them.
//!
//! Each step is one transaction on one tenant, and each is taken only if what it was made from still stands: a kill between
//! two steps or within one leaves every value readable, and the next run begins where that one ended. Whoever reads
//! meanwhile opens each value with the version that sealed it.
//!
//! | file | |
//! |---|---|
//! | `status.rs` | what is wrapped and sealed with what, and what does not open |
//! | `rotate.rs` | a newer key for a tenant, and its values sealed with it |
//! | `rewrap.rs` | the same keys, wrapped with the ring's active key |
//! | `trim.rs` | what nothing needs any more goes |

mod rewrap;
mod rotate;
mod status;
mod trim;

pub use rewrap::{Rewrapped, rewrap};
pub use rotate::{RotatedTenant, RotationOfAll, rotate_all, rotate_tenant};
pub use status::{RingKeyStatus, Status, TenantKeyStatus, status};
pub use trim::{TrimmedTenant, forget_ring_key, trim_ring_keys, trim_tenant, trim_tenants};

use crate::{
    store::{ForgetRefused, KeyStanding, Slug, Store, StoreError, TenantScope, TrimRefused},
    vault::{KeyRing, VaultError},
};

/// What the steps work on.
#[derive(Clone, Copy)]
pub struct Keyhold<'a> {
    /// The database.
    pub store: &'a Store,
    /// Wraps the keys.
    pub ring: &'a KeyRing,
    /// Whether to tell only what would be done.
    pub plan: bool,
}

/// Why a step was not done. The steps before it are.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sealing, or a key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No tenant of that name.
    #[error("there is no tenant \"{0}\": see `painel tenant list`")]
    UnknownTenant(Slug),
    /// The tenant was shredded.
    #[error("the tenant \"{0}\" has no keys: it was shredded, or its keys were not restored")]
    NoKeys(Slug),
    /// Its newest key does not unwrap.
    #[error("the newest key of \"{slug}\" does not open: {error}")]
    Unopened {
        /// Whose.
        slug: Slug,
        /// Why.
        error: VaultError,
    },
    /// Others saved in between, again and again.
    #[error("somebody keeps saving the credentials of \"{0}\": nothing of it was rotated, try again")]
    Overtaken(Slug),
    /// The key of the ring that wraps new keys.
    #[error("{0} is the active key of the ring: make another one active first")]
    ActiveRingKey(String),
    /// A tenant's keys may not be trimmed so.
    #[error("{slug}: {refused}")]
    Trim {
        /// Whose.
        slug: Slug,
        /// Why.
        refused: TrimRefused,
    },
    /// A ring key may not be forgotten.
    #[error(transparent)]
    Forget(#[from] ForgetRefused),
}

/// The scope of one tenant, for the person at this machine.
async fn scope_of(store: &Store, slug: &Slug) -> Result<TenantScope, RotationError> {
    store.operator_scope(slug).await?.ok_or_else(|| RotationError::UnknownTenant(slug.clone()))
}

/// All tenants that have keys, each with its versions by age.
async fn standings(store: &Store) -> Result<Vec<Vec<KeyStanding>>, StoreError> {
    let rows = store.list_key_standings(&store.operator_agency()).await?;
    Ok(rows.chunk_by(|one, other| one.tenant == other.tenant).map(<[KeyStanding]>::to_vec).collect())
}
