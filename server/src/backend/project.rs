//! Opening a tenant's project: its sealed credential, opened for this request alone, and the mapping of its tables.

use super::{OpenedCredential, RequestBackend, failure};
use crate::{
    mapping::{Mapping, Part},
    project::{ApiKey, Lost, Project, ProjectError},
    store::{Event, EventKind, MappingInUse, TenantScope, Visitor},
    telemetry::Phase,
    words::Calendar,
};
use app::{
    credentials::Provider,
    error::AppError,
    session::Permission,
    tr,
    ui::{Reading, Stale},
};
use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use std::sync::Arc;
use time::OffsetDateTime;
use url::Url;

/// How long a lost column is known before the trail hears of it again.
const APART: time::Duration = time::Duration::days(1);

/// How a tenant's tables are read.
pub(super) struct InUse {
    /// What is read from where.
    pub(super) mapping: Arc<Mapping>,
    /// The tenant's zone.
    pub(super) zone: TimeZone,
    /// The mapping's version; 0 for the default tables.
    pub(super) version: i64,
}

/// What a project is read with: whoever keeps something of it must know.
pub(super) struct Versions {
    /// The version of its credential.
    pub(super) credential: i64,
    /// The version of its mapping.
    pub(super) mapping: i64,
}

impl RequestBackend {
    /// The tenant's project, ready to be read for a page: what it said last stands in while it does not answer, and
    /// [`RequestBackend::reading`] says so.
    ///
    /// # Errors
    /// `NotConfigured` without a Supabase credential, `Unreadable` when it does not open, `Internal`.
    pub(super) async fn project(&self, visitor: &Visitor) -> Result<Project, AppError> {
        self.project_and_versions(visitor).await.map(|(project, _)| project)
    }

    /// The same with the versions of what it is read with.
    ///
    /// # Errors
    /// As [`RequestBackend::project`].
    pub(super) async fn project_and_versions(&self, visitor: &Visitor) -> Result<(Project, Versions), AppError> {
        let (project, versions) = self.opened(&visitor.scope).await?;
        Ok((project.remembering(&self.state.kept_answers, versions.credential), versions))
    }

    /// The tenant's project as it is at this moment, with its credential's version.
    ///
    /// # Errors
    /// As [`RequestBackend::project`].
    pub(super) async fn project_now(&self, scope: &TenantScope) -> Result<(Project, i64), AppError> {
        self.opened(scope).await.map(|(project, versions)| (project, versions.credential))
    }

    async fn opened(&self, scope: &TenantScope) -> Result<(Project, Versions), AppError> {
        let timing = &self.identity.timing;
        let both =
            async { tokio::join!(self.state.open_credential(scope, Provider::Supabase), self.mapping_in_use(scope)) };
        let (opened, mapping) = timing.during(Phase::Open, both).await;
        let (credential, _keys) = opened?;
        let OpenedCredential { stored, mut fields } = credential.ok_or(AppError::NotConfigured)?;
        let mut take = |name: &str| fields.remove(name).unwrap_or(Err(AppError::NotConfigured));
        let (url, api_key) = (take("project_url")?, take("api_key")?);
        let url = Url::parse(url.expose_secret()).map_err(|error| failure::internal("project address", &error))?;
        let api_key = ApiKey::new(api_key).map_err(|error| failure::internal("project key", &error))?;
        let project =
            Project::new(self.state.egress.clone(), *scope.tenant().as_uuid(), url, api_key).timed(timing.clone());
        let InUse { mapping, zone, version } = mapping?;
        Ok((project.reading(mapping, zone), Versions { credential: stored.version, mapping: version }))
    }

    /// How the tenant's tables are read at this moment.
    ///
    /// # Errors
    /// `Unavailable`, `Internal`.
    pub(super) async fn mapping_in_use(&self, scope: &TenantScope) -> Result<InUse, AppError> {
        let MappingInUse { timezone, mapping, version } =
            self.state.store.find_mapping(scope).await.map_err(failure::store)?;
        let mapping = match mapping {
            None => Arc::default(),
            Some(json) => {
                Mapping::from_json(&json).map(Arc::new).map_err(|error| failure::internal("mapping", &error))?
            }
        };
        Ok(InUse { mapping, zone: TimeZone::get(&timezone).unwrap_or(TimeZone::UTC), version })
    }

    /// What a failed read is told as, with the tenant's own name of the table. A refused address is noted.
    pub(super) fn project_failed(&self, visitor: &Visitor, project: &Project, error: ProjectError) -> AppError {
        self.note_if_refused(&visitor.scope, error);
        let mut told = failure::project(error);
        let part = match error {
            ProjectError::Grant(part) | ProjectError::TableMissing(part) | ProjectError::ColumnMissing(part) => part,
            _ => return told,
        };
        if let Some(own) = project.mapping().table(part) {
            told.rename_table(&own.name);
        }
        told
    }

    /// What a page says about how its data was read: that some of it is older than it should be, that columns are missing.
    pub(super) fn reading(&self, visitor: &Visitor, calendar: &Calendar, project: &Project) -> Reading {
        let stale = project
            .stale()
            .map(|stale| Stale { since: calendar.time(stale.since), why: failure::project(stale.error) });
        let lost = project.lost();
        for column in &lost {
            self.note_lost(&visitor.scope, column);
        }
        Reading {
            stale,
            lost: lost.iter().map(sentence).collect(),
            may_map: visitor.role.may(Permission::KeepCredentials),
        }
    }

    /// Notes in the trail that a column is gone, once a day. Beside the page: it must not wait for that.
    fn note_lost(&self, scope: &TenantScope, lost: &Lost) {
        let (store, scope, act) = (self.state.store.clone(), *scope, self.act());
        let event = Event::new(EventKind::MappingColumnLost, &format!("{} · {}", lost.table, lost.column));
        self.state.tasks.spawn(async move {
            if let Err(error) = store.record_at_most_once(&scope, &act, OffsetDateTime::now_utc(), event, APART).await {
                tracing::error!(%error, "cannot note a lost column");
            }
        });
    }
}

fn sentence(lost: &Lost) -> String {
    let Lost { part, table, column } = lost;
    let what = match part {
        Part::Conversations => tr!("das conversas", "of the conversations"),
        Part::Messages => tr!("das mensagens", "of the messages"),
        Part::Appointments => tr!("da agenda", "of the appointments"),
    };
    tr!(
        format!("A tabela “{table}” {what} não tem mais a coluna “{column}”."),
        format!("The table “{table}” {what} no longer has the column “{column}”.")
    )
}
