//! Keeping credentials: validated, sealed, stored in one transaction. Secrets are opened here only to show their end.

use super::{RequestBackend, calendar, failure, project::open_fields};
use crate::{
    providers,
    store::{Act, StoredCredential, TenantScope},
    vault::{Address, TenantKey},
    words::Calendar,
};
use app::{
    credentials::{CredentialCard, CredentialForm, CredentialsBackend, Provider, StoredField},
    error::{AppError, FieldError},
    session::Permission,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// A secret shorter than this does not show its last four characters.
const LONG_ENOUGH: usize = 16;

#[async_trait::async_trait]
impl CredentialsBackend for RequestBackend {
    async fn cards(&self) -> Result<Vec<CredentialCard>, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let calendar = calendar(visitor);
        let (stored, key) = futures::future::try_join(
            self.state.store.list_credentials(&visitor.scope),
            self.state.store.find_tenant_key(&visitor.scope),
        )
        .await
        .map_err(failure::store)?;
        let key = self.open_key(&visitor.scope, key).ok();
        let card = |provider: Provider| {
            let stored = stored.iter().find(|credential| credential.provider == provider.as_str());
            self.card(&visitor.scope, &calendar, provider, stored, key.as_ref())
        };
        Ok(Provider::ALL.into_iter().map(card).collect())
    }

    async fn save(&self, form: CredentialForm) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.save_fields(&visitor.scope, &self.act(), form.provider, Some(form.version), &form.fields).await.map(drop)
    }

    async fn remove(&self, provider: Provider, version: i64) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.state
            .store
            .remove_credential(&visitor.scope, &self.act(), provider, version, OffsetDateTime::now_utc())
            .await
            .map_err(failure::store)
    }
}

impl RequestBackend {
    /// The one way a credential is saved, from a page or from the command line. Without a version the stored one,
    /// whichever it is, is replaced.
    ///
    /// # Errors
    /// `Invalid` with fields named `provider.field`, `Conflict`, `Internal`.
    pub async fn save_fields(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        version: Option<i64>,
        input: &BTreeMap<String, String>,
    ) -> Result<i64, AppError> {
        let (stored, key) = futures::future::try_join(
            self.state.store.find_credential(scope, provider),
            self.state.store.find_tenant_key(scope),
        )
        .await
        .map_err(failure::store)?;
        let key = self.open_key(scope, key)?;
        // An unreadable field counts as missing here, so that it must be entered again; it is never taken for empty.
        let opened: BTreeMap<String, SecretString> = stored
            .iter()
            .flat_map(|stored| open_fields(scope, &key, provider, stored))
            .filter_map(|(field, value)| value.ok().map(|value| (field, value)))
            .collect();
        let set = providers::validate(provider, input, &opened, &self.state.rules).map_err(|errors| {
            let place =
                |error: FieldError| FieldError { field: format!("{}.{}", provider.as_str(), error.field), ..error };
            AppError::Invalid(errors.into_iter().map(place).collect())
        })?;
        let sealed = set
            .iter()
            .map(|(field, value)| {
                let address = Address { tenant: *scope.tenant().as_uuid(), provider: provider.as_str(), field };
                key.seal(&address, value).map(|sealed| ((*field).to_owned(), sealed))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failure::internal("sealing", &error))?;
        let now = OffsetDateTime::now_utc();
        let version = self
            .state
            .store
            .save_credential(scope, act, provider, version, &sealed, now)
            .await
            .map_err(failure::store)?;
        tracing::info!(tenant = %scope.tenant(), provider = provider.as_str(), version, "credential saved");
        Ok(version)
    }

    fn card(
        &self,
        scope: &TenantScope,
        calendar: &Calendar,
        provider: Provider,
        stored: Option<&StoredCredential>,
        key: Option<&TenantKey>,
    ) -> CredentialCard {
        let Some(stored) = stored else {
            let none = BTreeMap::new();
            return CredentialCard { provider, version: 0, stored: none, saved: None, saved_by: String::new() };
        };
        let fields = match key {
            Some(key) => open_fields(scope, key, provider, stored)
                .into_iter()
                .map(|(field, value)| {
                    let shown = value.map_or(StoredField::Unreadable, |value| show(provider, &field, &value));
                    (field, shown)
                })
                .collect(),
            None => stored.fields.iter().map(|(field, _)| (field.clone(), StoredField::Unreadable)).collect(),
        };
        let saved = Timestamp::from_second(stored.updated_at.unix_timestamp()).ok();
        CredentialCard {
            provider,
            version: stored.version,
            stored: fields,
            saved: saved.map(|instant| calendar.recently(instant)),
            saved_by: stored.updated_by_name.clone().unwrap_or_default(),
        }
    }
}

/// What the page may know of an opened field: a secret only by its end.
fn show(provider: Provider, field: &str, value: &SecretString) -> StoredField {
    let value = value.expose_secret();
    match provider.field(field) {
        Some(spec) if !spec.secret => StoredField::Plain(value.to_owned()),
        _ => {
            let signs = value.chars().count();
            let last_four = (signs >= LONG_ENOUGH).then(|| value.chars().skip(signs - 4).collect());
            StoredField::Secret { last_four }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_its_end_only_when_it_is_long_enough() {
        let field = |value: &str| show(Provider::Supabase, "api_key", &SecretString::from(value.to_owned()));
        assert_eq!(field("0123456789abcdef"), StoredField::Secret { last_four: Some("cdef".to_owned()) });
        assert_eq!(field("0123456789abcde"), StoredField::Secret { last_four: None });
        let unknown = show(Provider::N8n, "left_over", &SecretString::from("x".repeat(40)));
        assert!(matches!(unknown, StoredField::Secret { .. }), "a field that the catalogue does not know is a secret");
    }
}
