//! What a tenant's automation gets of a provider: opened for it at each request, and told in the trail before it leaves.
//!
//! Of a card only the fields that are listed here go out. Of Google it is an access token: the refresh token and the client's
//! secret, which would outlive the token that was shown, stay.

use super::{NoAccess, OpenedCredential, RequestBackend};
use crate::{
    providers::google::TokenError,
    store::{Act, Machine, TenantStatus},
    words,
};
use app::{credentials::Provider, error::AppError};
use secrecy::SecretString;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// What Google's access token is called, and what goes with it.
const GOOGLE: [&str; 3] = ["access_token", "expires_at", "scopes"];

/// The fields that go out for a provider, in the order of its card.
pub fn fields_handed_out(provider: Provider) -> Vec<&'static str> {
    let stored = provider.fields().iter().map(|field| field.name);
    match provider.google_sibling() {
        None => stored.collect(),
        Some(_) => GOOGLE.into_iter().chain(stored.filter(|name| !is_of_the_client(name))).collect(),
    }
}

/// Google's client is the agency's or the tenant's own: whoever has it and a refresh token needs no Painel any more.
fn is_of_the_client(name: &str) -> bool {
    matches!(name, "client_id" | "client_secret")
}

/// One provider's credential as it is handed out.
pub struct HandedOut {
    /// Whose.
    pub provider: Provider,
    /// The stored version.
    pub version: i64,
    /// When it was saved.
    pub updated_at: OffsetDateTime,
    /// The values, all of [`fields_handed_out`] that there are.
    pub fields: BTreeMap<&'static str, SecretString>,
}

/// Why nothing is handed out.
#[derive(Debug)]
pub enum NotHandedOut {
    /// The token was withdrawn or ended, or the tenant was closed, while the request was under way.
    TokenEnded,
    /// The tenant may not work.
    Suspended,
    /// The token is not for this provider.
    OutOfScope,
    /// Nothing is stored.
    NotStored,
    /// Nobody has connected a Google account, or the consent is over.
    NotConnected,
    /// Google gave no token this time.
    GoogleUnavailable,
    /// What is stored does not open.
    Unreadable,
    /// Our own fault.
    Failed(AppError),
}

impl From<AppError> for NotHandedOut {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unreadable => Self::Unreadable,
            other => Self::Failed(other),
        }
    }
}

impl RequestBackend {
    /// Opens what a machine asked for. When this returns a value, the trail says so already.
    ///
    /// # Errors
    /// See [`NotHandedOut`].
    pub async fn hand_out(&self, machine: &Machine, provider: Provider) -> Result<HandedOut, NotHandedOut> {
        if machine.tenant_status == TenantStatus::Suspended {
            return Err(NotHandedOut::Suspended);
        }
        if !machine.providers.contains(&provider) {
            return Err(NotHandedOut::OutOfScope);
        }
        let (opened, _keys) = self.state.open_credential(&machine.scope, provider).await?;
        let OpenedCredential { stored, fields: opened } = opened.ok_or(NotHandedOut::NotStored)?;
        let mut fields = BTreeMap::new();
        for name in fields_handed_out(provider) {
            if let Some(value) = opened.get(name) {
                fields.insert(name, value.clone()?);
            }
        }
        if provider.google_sibling().is_some() {
            // What the token is made from goes nowhere, but it must open: this consent is not missing, it is unreadable.
            if let Some(error) = opened.into_values().find_map(Result::err) {
                return Err(error.into());
            }
            fields.extend(self.google_fields(machine, provider).await?);
        }
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        let recorded = store.record_hand_out(machine, &self.act_of_machine(machine), provider, now).await;
        if !recorded.map_err(super::failure::store)? {
            return Err(NotHandedOut::TokenEnded);
        }
        Ok(HandedOut { provider, version: stored.version, updated_at: stored.updated_at, fields })
    }

    async fn google_fields(
        &self,
        machine: &Machine,
        provider: Provider,
    ) -> Result<BTreeMap<&'static str, SecretString>, NotHandedOut> {
        match self.google_access_token(&machine.scope, provider).await {
            Ok(access) => Ok(GOOGLE
                .into_iter()
                .zip([access.token, access.expires_at.to_string().into(), access.scopes.into()])
                .collect()),
            Err(NoAccess::NotConnected | NoAccess::Refused(TokenError::Ended)) => Err(NotHandedOut::NotConnected),
            Err(NoAccess::Refused(error)) => {
                let tenant = machine.scope.tenant();
                tracing::warn!(%tenant, provider = provider.as_str(), %error, "no access token to hand out");
                Err(NotHandedOut::GoogleUnavailable)
            }
            Err(NoAccess::Store(error)) => Err(error.into()),
        }
    }

    /// The machine, as the audit trail knows it.
    fn act_of_machine(&self, machine: &Machine) -> Act {
        let origin = &self.identity.origin;
        Act::of_stranger(&format!("{}{}", words::AUTOMATION, machine.name), origin.source, &origin.request_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_googles_client_or_consent_goes_out() {
        for provider in Provider::ALL {
            let fields = fields_handed_out(provider);
            assert!(!fields.is_empty(), "{provider:?}");
            for kept in ["client_secret", "client_id", "refresh_token", "granted_scopes", "granted_account"] {
                assert!(!fields.contains(&kept), "{kept} of {provider:?}");
            }
        }
        assert_eq!(
            fields_handed_out(Provider::GoogleCalendar),
            ["access_token", "expires_at", "scopes", "calendar_id"]
        );
        assert_eq!(fields_handed_out(Provider::Supabase), ["project_url", "api_key"]);
    }
}
