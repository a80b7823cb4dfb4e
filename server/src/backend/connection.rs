//! Whether a connection works: what is stored and what was typed are put together, tested, and told in words.
//!
//! A test changes nothing and is not in the audit trail; it is in the log, with its outcome and without any value. A test
//! of what is stored, and of nothing typed besides, counts as a check of the connection's health.

use super::{OpenedCredential, RequestBackend, calendar, credentials::in_card, failure};
use crate::{
    health::{self, Found, Pace},
    providers::{self, Cause, Probe, Report, Standing},
    store::{TenantScope, Visitor},
    web::session::Flash,
};
use app::{
    credentials::{CredentialForm, Provider, TestFact, TestFinding, TestReport},
    error::AppError,
    session::Permission,
    tr,
    ui::{Status, Tone},
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use time::OffsetDateTime;

/// How long a test waits for what the tenant's own data says: the rest of the time is the provider's.
const WITNESS_WAIT: Duration = Duration::from_secs(2);

impl RequestBackend {
    /// Tests a card as its form stands: what was typed, and what is stored where nothing was.
    ///
    /// # Errors
    /// As [`app::credentials::CredentialsBackend::test`].
    pub(super) async fn test_form(&self, form: &CredentialForm) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let provider = form.provider;
        self.count_test(visitor).await?;
        let (version, mut fields) = self.stored_fields(&visitor.scope, provider).await?;
        if version != form.version {
            return Err(AppError::Conflict);
        }
        let input = self.with_siblings_client(&visitor.scope, provider, &form.fields, &fields).await?;
        let set = providers::validate(provider, &input, &fields, &self.state.rules)
            .and_then(|set| providers::keep_at_home(provider, &set, &fields).map(|()| set))
            .map_err(|errors| in_card(provider, AppError::Invalid(errors)))?;
        let as_stored = version > 0 && set.iter().all(|(name, value)| same(fields.get(*name), value));
        for name in providers::outdated(provider, &set, &fields) {
            fields.remove(*name);
        }
        fields.extend(set.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let report = providers::test(provider, &fields, &self.probe(&visitor.scope, provider).await).await;
        if as_stored {
            let found = Found { provider, version, report: &report, at: OffsetDateTime::now_utc() };
            health::record(&self.state.store, &visitor.scope, &found, &Pace::default())
                .await
                .map_err(failure::store)?;
        }
        self.tell_tested(visitor, provider, report, !as_stored).await
    }

    /// Sends the test event to the stored webhook.
    ///
    /// # Errors
    /// As [`app::credentials::CredentialsBackend::send_event`].
    pub(super) async fn send_test_event(&self, version: i64) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.count_test(visitor).await?;
        let (stored, fields) = self.stored_fields(&visitor.scope, Provider::N8n).await?;
        if !fields.contains_key("webhook_url") {
            return Err(AppError::NotFound);
        }
        if stored != version {
            return Err(AppError::Conflict);
        }
        let report = providers::n8n::send_test_event(&fields, &self.probe(&visitor.scope, Provider::N8n).await).await;
        self.tell(visitor, Provider::N8n, report).await
    }

    /// Counts one test of the tenant's.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub(super) async fn count_test(&self, visitor: &Visitor) -> Result<(), AppError> {
        self.state.count_test(&visitor.scope.tenant()).await.map_err(failure::not_now)
    }

    /// What is stored of a credential and opens, with its version; 0 when nothing is. A field that does not open counts
    /// as missing, so that it must be entered again.
    pub(crate) async fn stored_fields(
        &self,
        scope: &TenantScope,
        provider: Provider,
    ) -> Result<(i64, BTreeMap<String, SecretString>), AppError> {
        let (opened, _keys) = self.state.open_credential(scope, provider).await?;
        let Some(OpenedCredential { stored, fields }) = opened else { return Ok((0, BTreeMap::new())) };
        let opened = fields.into_iter().filter_map(|(name, value)| value.ok().map(|value| (name, value)));
        Ok((stored.version, opened.collect()))
    }

    /// The means of a test of this tenant's.
    pub(crate) async fn probe(&self, scope: &TenantScope, provider: Provider) -> Probe {
        let last_inbound = match provider {
            // The one provider whose own word is not enough.
            Provider::Evolution => {
                let read = async { self.project_now(scope).await.ok()?.0.last_inbound().await.ok()? };
                tokio::time::timeout(WITNESS_WAIT, read).await.ok().flatten()
            }
            _ => None,
        };
        let mapping = match provider {
            // A test with the default tables says more than none.
            Provider::Supabase => self.mapping_in_use(scope).await.map(|in_use| in_use.mapping).unwrap_or_default(),
            _ => Arc::default(),
        };
        Probe { last_inbound, mapping, ..self.means(scope, provider) }
    }

    /// The same without a word of the tenant's own data.
    pub(super) fn means(&self, scope: &TenantScope, provider: Provider) -> Probe {
        Probe {
            provider,
            egress: self.state.egress.clone(),
            lane: *scope.tenant().as_uuid(),
            bases: self.state.bases.clone(),
            base_url: self.state.base_url.clone(),
            google: self.state.google.clone(),
            now: Timestamp::now(),
            last_inbound: None,
            mapping: Arc::default(),
        }
    }

    /// Logs the outcome and leaves it for the page.
    pub(super) async fn tell(&self, visitor: &Visitor, provider: Provider, report: Report) -> Result<(), AppError> {
        self.tell_tested(visitor, provider, report, false).await
    }

    /// The same of what was typed and may be stored or not.
    async fn tell_tested(
        &self,
        visitor: &Visitor,
        provider: Provider,
        report: Report,
        unsaved: bool,
    ) -> Result<(), AppError> {
        let standing = report.standing();
        tracing::info!(tenant = %visitor.scope.tenant(), provider = provider.as_str(), ?standing, "connection tested");
        let report = TestReport {
            provider,
            status: in_words(standing),
            tested: calendar(visitor).recently(Timestamp::now()),
            unsaved,
            findings: report.findings.into_iter().map(finding).collect(),
            facts: report
                .facts
                .into_iter()
                .map(|fact| TestFact { label: fact.label.to_owned(), value: fact.value })
                .collect(),
        };
        self.leave(Flash::Report, &report).await
    }
}

/// Whether what was typed is what is stored: the form shows what is no secret, and sends it back.
fn same(stored: Option<&SecretString>, typed: &SecretString) -> bool {
    stored.is_some_and(|stored| stored.expose_secret() == typed.expose_secret())
}

/// Where a connection stands, as a badge.
pub(super) fn in_words(standing: Standing) -> Status {
    let (tone, label) = match standing {
        Standing::Healthy => (Tone::Ok, tr!("funciona", "works")),
        Standing::Degraded => (Tone::Warn, tr!("falta um acerto", "needs a fix")),
        Standing::Expired => (Tone::Bad, tr!("acesso recusado", "access refused")),
        Standing::Unreachable => (Tone::Bad, tr!("sem resposta", "no answer")),
        Standing::Unknown => (Tone::Quiet, tr!("não deu para saber", "could not tell")),
    };
    Status { tone, label: label.to_owned() }
}

fn finding(finding: providers::Finding) -> TestFinding {
    let tone = match finding.cause {
        Cause::Notice => Tone::Info,
        cause => in_words(cause.standing()).tone,
    };
    let (what, fix) = (finding.what.here().to_owned(), finding.fix.here().to_owned());
    TestFinding { tone, what, fix, paste: finding.paste.unwrap_or_default() }
}
