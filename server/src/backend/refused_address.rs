//! An address that was good when it was saved and is refused when it is used: the list of the configuration has shrunk, the
//! name now points inside, or somebody edited the row. The tenant's trail says so, once an hour.

use super::RequestBackend;
use crate::{
    egress::EgressError,
    project::ProjectError,
    store::{Event, EventKind, TenantScope},
};
use app::credentials::Provider;
use time::{Duration, OffsetDateTime};

/// At most one such row for a tenant and provider in this time: a page asks several times, and is opened often.
const APART: Duration = Duration::hours(1);

impl RequestBackend {
    /// Notes it in the trail, if that is why a project gave no answer.
    pub(super) fn note_if_refused(&self, scope: &TenantScope, error: ProjectError) {
        if error == ProjectError::NoAnswer(EgressError::AddressRefused) {
            self.note_refused_address(scope, Provider::Supabase);
        }
    }

    /// Notes in the trail that a stored address was refused when it was used. Beside the page: it must not wait for that.
    pub(super) fn note_refused_address(&self, scope: &TenantScope, provider: Provider) {
        let (store, scope, act) = (self.state.store.clone(), *scope, self.act());
        self.state.tasks.spawn(async move {
            let event = Event::new(EventKind::AddressRefused, provider.as_str());
            match store.record_at_most_once(&scope, &act, OffsetDateTime::now_utc(), event, APART).await {
                Ok(true) => {
                    tracing::warn!(tenant = %scope.tenant(), provider = provider.as_str(), "a stored address is refused")
                }
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "cannot note a refused address"),
            }
        });
    }
}
