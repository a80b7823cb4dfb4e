//! Opening a tenant's project: its sealed credential, opened for this request alone.

use super::{RequestBackend, failure};
use crate::{
    project::{ApiKey, Project},
    store::TenantScope,
};
use app::{credentials::Provider, error::AppError};
use secrecy::ExposeSecret;
use url::Url;

impl RequestBackend {
    /// The tenant's project, ready to be read.
    ///
    /// # Errors
    /// `NotConfigured` without a Supabase credential, `Unreadable` when it does not open, `Internal`.
    pub(super) async fn project(&self, scope: &TenantScope) -> Result<Project, AppError> {
        let (credential, _keys) = self.state.open_credential(scope, Provider::Supabase).await?;
        let mut fields = credential.ok_or(AppError::NotConfigured)?.fields;
        let mut take = |name: &str| fields.remove(name).unwrap_or(Err(AppError::NotConfigured));
        let (url, api_key) = (take("project_url")?, take("api_key")?);
        let url = Url::parse(url.expose_secret()).map_err(|error| failure::internal("project address", &error))?;
        let api_key = ApiKey::new(api_key).map_err(|error| failure::internal("project key", &error))?;
        Ok(Project::new(self.state.egress.clone(), *scope.tenant().as_uuid(), url, api_key))
    }
}
