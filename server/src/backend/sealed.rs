//! Opening what a tenant keeps: the one place where stored values and keys meet, for requests and for Painel's own work.
//!
//! Values and keys are read at one instant, so that a rotation in between parts none from the other. What does not open is
//! an alarm, in the log and in the tenant's trail, and never "nothing stored".

use super::failure;
use crate::{
    ring_watch,
    state::State,
    store::{Act, StoredCredential, TenantKeyRow, TenantScope},
    vault::{Address, KeyRing, TenantKeys, VaultError, WrappedKey},
};
use app::{credentials::Provider, error::AppError};
use secrecy::SecretString;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// One credential's fields as they open: a field that does not is an error of its own.
pub type OpenedFields = BTreeMap<String, Result<SecretString, AppError>>;

/// One provider's credential, as stored and opened.
#[derive(Debug)]
pub struct OpenedCredential {
    /// As stored.
    pub stored: StoredCredential,
    /// Its fields, each opened or `Unreadable`.
    pub fields: OpenedFields,
}

impl OpenedCredential {
    /// Whether a stored field does not open.
    pub fn is_unreadable(&self) -> bool {
        self.fields.values().any(Result::is_err)
    }
}

impl State {
    /// What a tenant keeps for one provider, and the keys to seal more with.
    ///
    /// # Errors
    /// `Internal`. A field that does not open is an error of its own.
    pub async fn open_credential(
        &self,
        scope: &TenantScope,
        provider: Provider,
    ) -> Result<(Option<OpenedCredential>, TenantKeys), AppError> {
        let read = async || self.store.find_credential_and_keys(scope, provider).await;
        let (mut stored, rows) = read().await.map_err(failure::store)?;
        let mut keys = open_keys(&self.ring.current(), scope, rows);
        if keys.lacks_ring_key() && self.reload_ring().await {
            let (again, rows) = read().await.map_err(failure::store)?;
            (stored, keys) = (again, open_keys(&self.ring.current(), scope, rows));
        }
        let opened = match stored {
            Some(stored) => Some(self.open_fields(scope, &keys, stored).await),
            None => None,
        };
        Ok((opened, keys))
    }

    /// Everything a tenant keeps, by provider.
    ///
    /// # Errors
    /// `Internal`. A field that does not open is an error of its own.
    pub async fn open_credentials(&self, scope: &TenantScope) -> Result<Vec<OpenedCredential>, AppError> {
        let read = async || self.store.list_credentials_and_keys(scope).await;
        let (mut stored, rows) = read().await.map_err(failure::store)?;
        let mut keys = open_keys(&self.ring.current(), scope, rows);
        if keys.lacks_ring_key() && self.reload_ring().await {
            let (again, rows) = read().await.map_err(failure::store)?;
            (stored, keys) = (again, open_keys(&self.ring.current(), scope, rows));
        }
        let mut all = Vec::with_capacity(stored.len());
        for credential in stored {
            all.push(self.open_fields(scope, &keys, credential).await);
        }
        Ok(all)
    }

    /// A key may have been wrapped by a ring newer than the one in use: the file is then looked at before its turn.
    async fn reload_ring(&self) -> bool {
        ring_watch::reload(self).await.inspect_err(|error| tracing::warn!(%error, "no newer key ring")).is_ok()
    }

    async fn open_fields(&self, scope: &TenantScope, keys: &TenantKeys, stored: StoredCredential) -> OpenedCredential {
        let mut fields = OpenedFields::new();
        let mut broken: Vec<(&str, VaultError)> = Vec::new();
        for (field, sealed) in &stored.fields {
            let address = Address { tenant: *scope.tenant().as_uuid(), provider: &stored.provider, field };
            let opened = keys.open(&address, sealed).map_err(|error| {
                broken.push((field, error));
                AppError::Unreadable
            });
            fields.insert(field.clone(), opened);
        }
        if !broken.is_empty() {
            self.sound(scope, &stored.provider, &broken).await;
        }
        OpenedCredential { stored, fields }
    }

    /// The alarm: once an hour for a tenant's provider, not at every page that needs the value.
    async fn sound(&self, scope: &TenantScope, provider: &str, broken: &[(&str, VaultError)]) {
        let names: Vec<&str> = broken.iter().map(|(field, _)| *field).collect();
        let now = OffsetDateTime::now_utc();
        let told = self.store.record_unreadable(scope, &Act::of_painel(), provider, &names, now).await;
        if let Err(error) = &told {
            tracing::error!(%error, "an unreadable credential could not be told in the trail");
        }
        if !matches!(told, Ok(false)) {
            for (field, error) in broken {
                tracing::error!(
                    tenant = %scope.tenant(), provider, field, %error,
                    "a stored value does not open: restore its key, or have it saved again"
                );
            }
        }
    }
}

/// All versions of a tenant's key, unwrapped as far as the ring can.
pub fn open_keys(ring: &KeyRing, scope: &TenantScope, rows: Vec<TenantKeyRow>) -> TenantKeys {
    let stored = rows.into_iter().filter_map(|row| {
        // A version beyond 32 bits stands in no envelope.
        let version = u32::try_from(row.version).ok()?;
        Some((version, WrappedKey { ring_key: row.ring_key, bytes: row.wrapped }))
    });
    ring.open_tenant_keys(*scope.tenant().as_uuid(), stored)
}
