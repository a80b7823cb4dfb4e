//! Keeping credentials: validated, sealed, stored in one transaction. Secrets are opened here only to show their end.

use super::{OpenedCredential, RequestBackend, calendar, failure, health::card_health};
use crate::{
    providers,
    store::{Act, CredentialChange, EventKind, StoreError, TenantScope, Visitor},
    vault::Address,
    web::session::Flash,
    words::Calendar,
};
use app::{
    credentials::{
        ConnectionHealth, CredentialCard, CredentialForm, CredentialsBackend, CredentialsView, Pairing, Provider,
        StoredField,
    },
    error::{AppError, FieldError},
    session::Permission,
    tr,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use url::Url;

/// The fields that are opened as addresses.
const ADDRESSES: [&str; 3] = ["project_url", "base_url", "webhook_url"];
/// A secret shorter than this does not show its last four characters.
const LONG_ENOUGH: usize = 16;
/// How often a save is tried that a rotation of the tenant's key overtakes.
pub(super) const SAVE_TRIES: u32 = 5;

fn not_opened() -> &'static str {
    tr!(
        "O painel não abre este endereço. Use um endereço público que comece com https://.",
        "Painel does not open this address. Use a public address that begins with https://.",
    )
}

/// What is said before something that does not open is replaced.
fn replace_unreadable_words() -> &'static str {
    tr!(
        "O que está guardado não abre agora, mas volta a abrir se a chave for restaurada. Marque para substituí-lo \
         mesmo assim.",
        "What is saved cannot be opened now, but can be again if the key is restored. Tick this to replace it all the \
         same.",
    )
}

#[async_trait::async_trait]
impl CredentialsBackend for RequestBackend {
    async fn view(&self) -> Result<CredentialsView, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let calendar = calendar(visitor);
        let opened = self.state.open_credentials(&visitor.scope).await?;
        let card = |provider: Provider| {
            card(&calendar, provider, opened.iter().find(|opened| opened.stored.provider == provider.as_str()))
        };
        let mut cards: Vec<CredentialCard> = Provider::ALL.into_iter().map(card).collect();
        self.add_google(&visitor.scope, &calendar, &mut cards).await?;
        Ok(CredentialsView {
            cards,
            health: self.health(visitor, &opened).await?,
            confirm_due: self.confirm_due().await?,
            tested: self.take(Flash::Report).await,
        })
    }

    async fn save(&self, form: CredentialForm, replace_unreadable: bool, current: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.confirm_lately(current).await.map_err(|error| in_card(form.provider, error))?;
        let CredentialForm { provider, version, fields } = form;
        self.save_over(&visitor.scope, &self.act(), provider, Some(version), &fields, replace_unreadable)
            .await
            .map(drop)
    }

    async fn remove(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.confirm_lately(current).await.map_err(|error| in_card(provider, error))?;
        let grant = self.grant_of_card_alone(&visitor.scope, provider).await?;
        self.state
            .store
            .remove_credential(&visitor.scope, &self.act(), provider, version, OffsetDateTime::now_utc())
            .await
            .map_err(failure::store)?;
        self.state.google.forget(*visitor.scope.tenant().as_uuid(), provider);
        match grant {
            Some(grant) => self.revoke_removed(visitor, provider, &grant).await,
            None => Ok(()),
        }
    }

    async fn pairing(&self, shown: u32) -> Result<Pairing, AppError> {
        self.ask_pairing(shown).await
    }

    async fn test(&self, form: CredentialForm) -> Result<(), AppError> {
        self.test_form(&form).await
    }

    async fn send_event(&self, version: i64) -> Result<(), AppError> {
        self.send_test_event(version).await
    }
}

impl RequestBackend {
    /// The health of what is stored and can be tested.
    async fn health(&self, visitor: &Visitor, opened: &[OpenedCredential]) -> Result<Vec<ConnectionHealth>, AppError> {
        let (standing, checks) = futures::future::try_join(
            self.state.store.list_connections(&visitor.scope),
            self.state.store.list_checks(&visitor.scope),
        )
        .await
        .map_err(failure::store)?;
        let (calendar, now) = (calendar(visitor), OffsetDateTime::now_utc());
        let is_stored = |provider: &Provider| opened.iter().any(|opened| opened.stored.provider == provider.as_str());
        let watched = Provider::ALL.into_iter().filter(is_stored);
        let of = |provider: Provider| {
            let standing = standing.iter().find(|standing| standing.provider == provider);
            card_health(provider, standing, &checks, &calendar, now)
        };
        Ok(watched.map(of).collect())
    }

    /// Saves a credential where nothing unreadable is stored. Without a version the stored one, whichever it is, is replaced.
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
        self.save_over(scope, act, provider, version, input, false).await
    }

    /// The one way a credential is saved, from a page or from the command line. What is stored and does not open may be
    /// readable again once its key is restored: it is replaced only when `replace_unreadable` says so.
    ///
    /// # Errors
    /// `Invalid` with fields named `provider.field`, or `provider.replace_unreadable` when that must be said first;
    /// `Conflict`, `Internal`.
    pub async fn save_over(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        version: Option<i64>,
        input: &BTreeMap<String, String>,
        replace_unreadable: bool,
    ) -> Result<i64, AppError> {
        // A rotation may overtake each try; more than a few would have to begin within the same milliseconds.
        for _ in 0..SAVE_TRIES {
            match self.try_save(scope, act, provider, version, input, replace_unreadable).await? {
                Ok(version) => {
                    tracing::info!(tenant = %scope.tenant(), provider = provider.as_str(), version, "credential saved");
                    return Ok(version);
                }
                Err(StoreError::KeyChanged) => {}
                Err(error) => return Err(failure::store(error)),
            }
        }
        Err(failure::store(StoreError::KeyChanged))
    }

    async fn try_save(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        version: Option<i64>,
        input: &BTreeMap<String, String>,
        replace_unreadable: bool,
    ) -> Result<Result<i64, StoreError>, AppError> {
        let (stored, keys) = self.state.open_credential(scope, provider).await?;
        if stored.as_ref().is_some_and(OpenedCredential::is_unreadable) && !replace_unreadable {
            let error = FieldError::new("replace_unreadable", replace_unreadable_words());
            return Err(in_card(provider, AppError::Invalid(vec![error])));
        }
        // An unreadable field counts as missing here, so that it must be entered again; it is never taken for empty.
        let opened: BTreeMap<String, SecretString> = stored
            .into_iter()
            .flat_map(|opened| opened.fields)
            .filter_map(|(field, value)| value.ok().map(|value| (field, value)))
            .collect();
        let input = self.with_siblings_client(scope, provider, input, &opened).await?;
        let set = providers::validate(provider, &input, &opened, &self.state.rules)
            .map_err(|errors| in_card(provider, AppError::Invalid(errors)))?;
        self.check_addresses(provider, &set)?;
        let sealed = set
            .iter()
            .map(|(field, value)| {
                let address = Address { tenant: *scope.tenant().as_uuid(), provider: provider.as_str(), field };
                keys.seal(&address, value).map(|sealed| ((*field).to_owned(), sealed))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failure::internal("sealing", &error))?;
        let drop = providers::outdated(provider, &set, &opened);
        let change = CredentialChange { set: &sealed, drop, kind: EventKind::CredentialSaved };
        let now = OffsetDateTime::now_utc();
        let saved = self.state.store.change_credential(scope, act, provider, version, change, now).await;
        self.state.google.forget(*scope.tenant().as_uuid(), provider);
        Ok(saved)
    }

    /// Both Google cards may use one client, whose secret Google shows once and this page never again: where a card has
    /// none yet and none was typed, the other's stands in.
    pub(super) async fn with_siblings_client(
        &self,
        scope: &TenantScope,
        provider: Provider,
        input: &BTreeMap<String, String>,
        stored: &BTreeMap<String, SecretString>,
    ) -> Result<BTreeMap<String, String>, AppError> {
        const CLIENT: [&str; 2] = ["client_id", "client_secret"];
        let typed = |field: &str| input.get(field).map(|value| value.trim()).filter(|value| !value.is_empty());
        let sibling = provider.google_sibling();
        let Some(sibling) = sibling.filter(|_| !stored.contains_key("client_secret")) else { return Ok(input.clone()) };
        if typed("client_secret").is_some() {
            return Ok(input.clone());
        }
        let (_, other) = self.stored_fields(scope, sibling).await?;
        let client = CLIENT.map(|field| other.get(field).map(|value| value.expose_secret().to_owned()));
        let mut whole = input.clone();
        if let [Some(id), Some(secret)] = client
            && typed("client_id").is_none_or(|typed| typed == id)
        {
            whole.extend(CLIENT.map(str::to_owned).into_iter().zip([id, secret]));
        }
        Ok(whole)
    }

    /// What will open these addresses judges them now, too: its rules are the strictest, and its list the one that counts.
    fn check_addresses(&self, provider: Provider, set: &BTreeMap<&'static str, SecretString>) -> Result<(), AppError> {
        let refused = |field: &&str| {
            let address = set.get(field).and_then(|value| Url::parse(value.expose_secret()).ok());
            address.is_some_and(|address| self.state.egress.check(&address).is_err())
        };
        let place = |field| FieldError::new(format!("{}.{field}", provider.as_str()), not_opened());
        let errors: Vec<FieldError> = ADDRESSES.into_iter().filter(refused).map(place).collect();
        if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
    }
}

fn card(calendar: &Calendar, provider: Provider, opened: Option<&OpenedCredential>) -> CredentialCard {
    let Some(OpenedCredential { stored, fields }) = opened else {
        let none = BTreeMap::new();
        return CredentialCard {
            provider,
            version: 0,
            stored: none,
            saved: None,
            saved_by: String::new(),
            google: None,
        };
    };
    let shown = |(field, value): (&String, &Result<SecretString, AppError>)| {
        let shown = value.as_ref().map_or(StoredField::Unreadable, |value| show(provider, field, value));
        (field.clone(), shown)
    };
    let saved = Timestamp::from_second(stored.updated_at.unix_timestamp()).ok();
    CredentialCard {
        provider,
        version: stored.version,
        stored: fields.iter().map(shown).collect(),
        saved: saved.map(|instant| calendar.recently(instant)),
        saved_by: stored.updated_by_name.clone().unwrap_or_default(),
        google: None,
    }
}

/// Names the refused fields by their card: the page has several.
pub(super) fn in_card(provider: Provider, error: AppError) -> AppError {
    let AppError::Invalid(errors) = error else { return error };
    let place = |error: FieldError| FieldError { field: format!("{}.{}", provider.as_str(), error.field), ..error };
    AppError::Invalid(errors.into_iter().map(place).collect())
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
