//! Opening a tenant's project: its sealed credential, opened for this request alone.

use super::{RequestBackend, failure};
use crate::{
    project::{ApiKey, Project},
    store::{StoredCredential, TenantScope},
    vault::{Address, TenantKey, WrappedKey},
};
use app::{credentials::Provider, error::AppError};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use url::Url;

/// One credential's fields as they open: a field that does not is an error of its own.
pub type OpenedFields = BTreeMap<String, Result<SecretString, AppError>>;

impl RequestBackend {
    /// The tenant's project, ready to be read.
    ///
    /// # Errors
    /// `NotConfigured` without a Supabase credential, `Unreadable` when it does not open, `Internal`.
    pub(super) async fn project(&self, scope: &TenantScope) -> Result<Project, AppError> {
        let (credential, key) = futures::future::try_join(
            self.state.store.find_credential(scope, Provider::Supabase),
            self.state.store.find_tenant_key(scope),
        )
        .await
        .map_err(failure::store)?;
        let credential = credential.ok_or(AppError::NotConfigured)?;
        let key = self.open_key(scope, key)?;
        let mut fields = open_fields(scope, &key, Provider::Supabase, &credential);
        let mut take = |name: &str| fields.remove(name).unwrap_or(Err(AppError::NotConfigured));
        let (url, api_key) = (take("project_url")?, take("api_key")?);
        let url = Url::parse(url.expose_secret()).map_err(|error| failure::internal("project address", &error))?;
        let api_key = ApiKey::new(api_key).map_err(|error| failure::internal("project key", &error))?;
        Ok(Project::new(self.state.egress.clone(), *scope.tenant().as_uuid(), url, api_key))
    }

    /// The tenant's own key, unwrapped.
    ///
    /// # Errors
    /// `Unreadable` when the ring does not open it; `Internal` when there is none, which `create_tenant` excludes.
    pub(super) fn open_key(
        &self,
        scope: &TenantScope,
        row: Option<crate::store::TenantKeyRow>,
    ) -> Result<TenantKey, AppError> {
        let row = row.ok_or_else(|| failure::internal("tenant key", &"the tenant has none"))?;
        let version = u32::try_from(row.version).map_err(|error| failure::internal("tenant key", &error))?;
        let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
        self.state
            .ring
            .open_tenant_key(*scope.tenant().as_uuid(), version, &wrapped)
            .map_err(|error| failure::unreadable(&error))
    }
}

/// Opens every field of one credential.
pub fn open_fields(
    scope: &TenantScope,
    key: &TenantKey,
    provider: Provider,
    stored: &StoredCredential,
) -> OpenedFields {
    let open = |field: &str, sealed: &[u8]| {
        let address = Address { tenant: *scope.tenant().as_uuid(), provider: provider.as_str(), field };
        key.open(&address, sealed).map_err(|error| failure::unreadable(&error))
    };
    stored.fields.iter().map(|(field, sealed)| (field.clone(), open(field, sealed))).collect()
}
