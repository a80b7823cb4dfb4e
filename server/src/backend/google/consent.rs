//! Somebody on their way to Google and back. Whatever comes back is looked at once: right or wrong, the question is over.

use crate::{
    backend::RequestBackend,
    providers::{
        self, Cause, Finding, Report,
        google::{self, Client, Consent, Grant, denied, redirect_uri, refused},
    },
    store::Visitor,
    web::session::Flash,
};
use app::{both, credentials::Provider, error::AppError, session::Permission};
use jiff::Timestamp;
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// How long the test after a consent may take: what came before it, and the page, have to fit into the request as well.
const TEST_WAIT: Duration = Duration::from_secs(6);

/// What Google's page sends people back with. Has no `Debug`: the code is a secret.
#[derive(Deserialize, Default)]
pub struct ConsentAnswer {
    /// To be exchanged.
    #[serde(default)]
    code: String,
    /// That of the question.
    #[serde(default)]
    state: String,
    /// Why there is no code.
    #[serde(default)]
    error: String,
}

impl RequestBackend {
    /// Where the consent that was begun in this session goes on: Google's own page.
    ///
    /// # Errors
    /// `Gone` when none was begun, or too long ago, or the card was changed since; `NotAllowed`, `Internal`.
    pub async fn consent_url(&self) -> Result<Url, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let consent: Consent = self.look(Flash::Consent).await.ok_or(AppError::Gone)?;
        let (version, fields) = self.stored_fields(&visitor.scope, consent.provider).await?;
        let client = Client::of(&fields).filter(|_| version == consent.version && consent.is_open(Timestamp::now()));
        let client = client.ok_or(AppError::Gone)?;
        Ok(consent.url(&self.state.bases.google_auth, &client, &redirect_uri(&self.state.base_url)))
    }

    /// Takes what Google's page sent the person back with, and gives the page that tells what came of it.
    ///
    /// # Errors
    /// `Gone` when it is not the answer to this session's question; `NotAllowed`, `Internal`.
    pub async fn finish_consent(&self, answer: &ConsentAnswer) -> Result<String, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let consent: Consent = self.take(Flash::Consent).await.ok_or(AppError::Gone)?;
        let tenant = *visitor.scope.tenant().as_uuid();
        if !consent.is_answered_by(&answer.state, tenant, Timestamp::now()) {
            tracing::warn!(tenant = %visitor.scope.tenant(), "an answer from Google is not that of the question");
            return Err(AppError::Gone);
        }
        let provider = consent.provider;
        let (report, done) = match self.accept(visitor, &consent, answer).await? {
            Ok(report) => (report, "connected"),
            Err(finding) => (Report::one(finding), "tested"),
        };
        self.tell(visitor, provider, report).await?;
        Ok(format!("/settings/credentials?{done}={0}#{0}", provider.as_str()))
    }

    /// Exchanges the code, stores the consent and tests it. The inner error is what the person is told.
    async fn accept(
        &self,
        visitor: &Visitor,
        consent: &Consent,
        answer: &ConsentAnswer,
    ) -> Result<Result<Report, Finding>, AppError> {
        let (scope, provider) = (&visitor.scope, consent.provider);
        if answer.code.is_empty() {
            return Ok(Err(denied(&answer.error)));
        }
        let (version, fields) = self.stored_fields(scope, provider).await?;
        let Some(client) = Client::of(&fields).filter(|_| version == consent.version) else {
            return Ok(Err(changed()));
        };
        let probe = self.means(scope, provider);
        let redirect = redirect_uri(&self.state.base_url);
        let granted = match google::exchange(&client, &answer.code, consent, &redirect, &probe).await {
            Ok(granted) => granted,
            Err(error) => {
                tracing::info!(tenant = %scope.tenant(), provider = provider.as_str(), %error, "no consent");
                return Ok(Err(refused(error, None, probe.now)));
            }
        };
        let Some(grant) = Grant::new(client, &granted, probe.now) else { return Ok(Err(no_refresh_token())) };
        match self.store_grant(scope, provider, version, &grant).await {
            Ok(()) => {}
            Err(AppError::Conflict) => return Ok(Err(changed())),
            Err(error) => return Err(error),
        }
        probe.google.keep(provider, &grant, &granted, &probe).await;
        if consent.shared {
            self.share(visitor, provider, &grant).await?;
        }
        let (_, fields) = self.stored_fields(scope, provider).await?;
        let test = tokio::time::timeout(TEST_WAIT, providers::test(provider, &fields, &probe)).await;
        let mut report = test.unwrap_or_else(|_| Report::one(untested()));
        if grant.until.is_some() {
            report.findings.push(testing_mode());
        }
        Ok(Ok(report))
    }

    /// Gives the consent to the other Google card too, if that still has the same client. It has been given: what goes wrong
    /// here leaves the other card as it was.
    async fn share(&self, visitor: &Visitor, provider: Provider, grant: &Grant) -> Result<(), AppError> {
        let Some(sibling) = provider.google_sibling() else { return Ok(()) };
        let (version, fields) = self.stored_fields(&visitor.scope, sibling).await?;
        if !Client::of(&fields).is_some_and(|client| client.same_as(&grant.client)) {
            return Ok(());
        }
        match self.store_grant(&visitor.scope, sibling, version, grant).await {
            Ok(()) | Err(AppError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn changed() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "Esta conexão foi mudada enquanto você estava na página do Google, e o acesso não foi guardado.",
            "This connection was changed while you were on Google’s page, and the access was not saved.",
        ),
        both!("Confira os campos e conecte de novo.", "Check the fields and connect again."),
    )
}

fn no_refresh_token() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "O Google deu acesso só por uma hora, e não permanente.",
            "Google gave access for an hour only, not permanently.",
        ),
        both!(
            "Abra myaccount.google.com/connections com a mesma conta, retire o acesso do seu app e conecte de novo.",
            "Open myaccount.google.com/connections with the same account, remove the access of your app and connect \
             again.",
        ),
    )
}

fn untested() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "A conta foi conectada, mas o Google demorou a responder ao teste.",
            "The account was connected, but Google took too long to answer the test.",
        ),
        both!("Use “Testar conexão” em um minuto.", "Use “Test connection” in a minute."),
    )
}

fn testing_mode() -> Finding {
    Finding::new(
        Cause::Notice,
        both!(
            "O Google deu este acesso por tempo limitado: o seu app está em modo de teste (“Testing”), em que tudo \
             acaba em sete dias.",
            "Google gave this access for a limited time: your app is in testing mode (“Testing”), in which everything \
             ends after seven days.",
        ),
        both!(
            "No Google Cloud, em Google Auth Platform → Audience, use “Publish app” e conecte de novo.",
            "In Google Cloud, in Google Auth Platform → Audience, use “Publish app” and connect again.",
        ),
    )
}
