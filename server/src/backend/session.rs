//! Signing in and out.

use super::{RequestBackend, failure};
use crate::{
    auth::Verdict,
    store::{Email, Login, LoginMembership, TenantStatus},
    web::session::begin,
    words,
};
use app::{
    error::AppError,
    session::{SessionBackend, Viewer},
};
use secrecy::SecretString;
use time::OffsetDateTime;

#[async_trait::async_trait]
impl SessionBackend for RequestBackend {
    async fn log_in(&self, email: &str, password: &str) -> Result<(), AppError> {
        let session = self.session.as_ref().ok_or(AppError::NotSignedIn)?;
        let login = match email.parse::<Email>() {
            Ok(email) => self.state.store.find_login(&email).await.map_err(failure::store)?,
            Err(_) => None,
        };
        // An unknown user costs the same hash as a known one: the gate verifies a dummy when there is none.
        let login = login.filter(|login| !login.disabled);
        let hash = login.as_ref().map(|login| login.password_hash.clone());
        let password = SecretString::from(password.to_owned());
        let verdict = self.state.gate.verify(hash, password.clone()).await.map_err(failure::gate)?;
        let login = match (login, verdict) {
            (Some(login), Verdict::Right | Verdict::RightButOld) => login,
            _ => return Err(AppError::SignInFailed),
        };
        let place = choose(&login)?;
        if verdict == Verdict::RightButOld {
            self.renew_hash(&login, password).await?;
        }
        begin(session, login.user_id, place.tenant_id).await.map_err(|error| failure::internal("session", &error))?;
        self.state.store.record_login(login.user_id, OffsetDateTime::now_utc()).await.map_err(failure::store)?;
        tracing::info!(user = %login.user_id, tenant = %place.tenant_id, "signed in");
        Ok(())
    }

    async fn log_out(&self) -> Result<(), AppError> {
        match &self.session {
            Some(session) => session.flush().await.map_err(|error| failure::internal("session", &error)),
            None => Ok(()),
        }
    }

    fn viewer(&self) -> Result<Viewer, AppError> {
        let visitor = self.visitor()?;
        Ok(Viewer {
            name: visitor.name.clone(),
            role: visitor.role,
            tenant: visitor.tenant_name.clone(),
            initial: words::initial(&visitor.tenant_name),
        })
    }
}

impl RequestBackend {
    /// The password is right but its hash has older parameters: keep it with today's, unless it was changed meanwhile.
    async fn renew_hash(&self, login: &Login, password: SecretString) -> Result<(), AppError> {
        let hash = self.state.gate.hash(password).await.map_err(failure::gate)?;
        let renewed = self.state.store.replace_password_hash(login.user_id, &login.password_hash, &hash).await;
        renewed.map(drop).map_err(failure::store)
    }
}

/// The tenant to enter: the first that is active. Only suspended ones: the reason.
fn choose(login: &Login) -> Result<&LoginMembership, AppError> {
    if let Some(place) = login.memberships.iter().find(|place| place.status == TenantStatus::Active) {
        return Ok(place);
    }
    match login.memberships.first() {
        Some(place) => Err(AppError::Suspended { reason: place.suspended_reason.clone().unwrap_or_default() }),
        None => Err(AppError::NotAllowed),
    }
}
