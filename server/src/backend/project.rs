//! Opening a tenant's project: its sealed credential, opened for this request alone.

use super::{OpenedCredential, RequestBackend, failure};
use crate::{
    project::{ApiKey, Project},
    store::TenantScope,
    words::Calendar,
};
use app::{credentials::Provider, error::AppError, ui::Stale};
use secrecy::ExposeSecret;
use url::Url;

impl RequestBackend {
    /// The tenant's project, ready to be read for a page: what it said last stands in while it does not answer, and
    /// [`RequestBackend::stale`] says so.
    ///
    /// # Errors
    /// `NotConfigured` without a Supabase credential, `Unreadable` when it does not open, `Internal`.
    pub(super) async fn project(&self, scope: &TenantScope) -> Result<Project, AppError> {
        let (project, version) = self.project_now(scope).await?;
        Ok(project.remembering(&self.state.kept_answers, version))
    }

    /// The tenant's project as it is at this moment, with its credential's version.
    ///
    /// # Errors
    /// As [`RequestBackend::project`].
    pub(super) async fn project_now(&self, scope: &TenantScope) -> Result<(Project, i64), AppError> {
        let (credential, _keys) = self.state.open_credential(scope, Provider::Supabase).await?;
        let OpenedCredential { stored, mut fields } = credential.ok_or(AppError::NotConfigured)?;
        let mut take = |name: &str| fields.remove(name).unwrap_or(Err(AppError::NotConfigured));
        let (url, api_key) = (take("project_url")?, take("api_key")?);
        let url = Url::parse(url.expose_secret()).map_err(|error| failure::internal("project address", &error))?;
        let api_key = ApiKey::new(api_key).map_err(|error| failure::internal("project key", &error))?;
        let project = Project::new(self.state.egress.clone(), *scope.tenant().as_uuid(), url, api_key);
        Ok((project, stored.version))
    }

    /// What a page says when some of it is older than it should be.
    pub(super) fn stale(&self, calendar: &Calendar, project: &Project) -> Option<Stale> {
        let stale = project.stale()?;
        Some(Stale { since: calendar.time(stale.since), why: failure::project(stale.error) })
    }
}
