//! A person's consent at Google: begun, taken back, shown, and made into access tokens. How it is finished stands in
//! `consent.rs`.
//!
//! A consent is fields of its card. When both Google cards have the same client, one consent serves both and each keeps it:
//! a card then works by itself, and taking it back takes it from both.

mod consent;

pub use consent::ConsentAnswer;

use super::{
    RequestBackend,
    credentials::{SAVE_TRIES, in_card},
    failure,
};
use crate::{
    providers::{
        Finding, Report,
        google::{
            self, AccessToken, Client, Consent, GRANT_FIELDS, Grant, TokenError, missing_scopes, redirect_uri, refused,
            scope_in_words,
        },
    },
    store::{CredentialChange, EventKind, StoreError, TenantScope, Visitor},
    vault::Address,
    web::session::Flash,
    words::Calendar,
};
use app::{
    both,
    credentials::{CredentialCard, GoogleBackend, GoogleCard, GoogleGrant, Provider, StoredField},
    error::AppError,
    session::Permission,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Why there is no access token to hand out.
#[derive(Debug, thiserror::Error)]
pub enum NoAccess {
    /// No client or no consent is stored.
    #[error("no Google account is connected")]
    NotConnected,
    /// Google gives none.
    #[error(transparent)]
    Refused(#[from] TokenError),
    /// What is stored could not be read.
    #[error("the stored consent could not be read: {0}")]
    Store(AppError),
}

#[async_trait::async_trait]
impl GoogleBackend for RequestBackend {
    async fn begin_consent(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let sibling = provider.google_sibling().ok_or(AppError::NotFound)?;
        self.confirm_lately(current).await.map_err(|error| in_card(provider, error))?;
        self.count_test(visitor).await?;
        let (stored, fields) = self.stored_fields(&visitor.scope, provider).await?;
        if stored != version {
            return Err(AppError::Conflict);
        }
        let client = Client::of(&fields).ok_or(AppError::NotFound)?;
        let (_, other) = self.stored_fields(&visitor.scope, sibling).await?;
        let shared = Client::of(&other).is_some_and(|other| other.same_as(&client));
        let tenant = *visitor.scope.tenant().as_uuid();
        let consent = Consent::begin(provider, shared, tenant, version, Timestamp::now())
            .map_err(|error| failure::internal("a state for Google", &error))?;
        self.leave(Flash::Consent, &consent).await
    }

    async fn disconnect(&self, provider: Provider, version: i64, current: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let sibling = provider.google_sibling().ok_or(AppError::NotFound)?;
        self.confirm_lately(current).await.map_err(|error| in_card(provider, error))?;
        self.count_test(visitor).await?;
        let scope = &visitor.scope;
        let (stored, fields) = self.stored_fields(scope, provider).await?;
        if stored != version {
            return Err(AppError::Conflict);
        }
        let grant = Grant::of(&fields).ok_or(AppError::NotFound)?;
        let (other_version, other) = self.stored_fields(scope, sibling).await?;
        let revoked = google::revoke(&grant.refresh_token, &self.means(scope, provider)).await;
        self.drop_grant(scope, provider, version).await?;
        if Grant::of(&other).is_some_and(|other| other.same_as(&grant)) {
            self.drop_grant(scope, sibling, other_version).await?;
        }
        match revoked {
            Ok(()) => Ok(()),
            Err(error) => self.tell_not_revoked(visitor, provider, error).await,
        }
    }
}

impl RequestBackend {
    /// The consent that goes with a provider's card: none where the other Google card goes on using it.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn grant_of_card_alone(
        &self,
        scope: &TenantScope,
        provider: Provider,
    ) -> Result<Option<Grant>, AppError> {
        let Some(sibling) = provider.google_sibling() else { return Ok(None) };
        let Some(grant) = Grant::of(&self.stored_fields(scope, provider).await?.1) else { return Ok(None) };
        let other = Grant::of(&self.stored_fields(scope, sibling).await?.1);
        Ok(Some(grant).filter(|grant| other.is_none_or(|other| !other.same_as(grant))))
    }

    /// Takes the consent of a card that is gone back at Google; the next page says so when Google did not take it.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn revoke_removed(
        &self,
        visitor: &Visitor,
        provider: Provider,
        grant: &Grant,
    ) -> Result<(), AppError> {
        match google::revoke(&grant.refresh_token, &self.means(&visitor.scope, provider)).await {
            Ok(()) => Ok(()),
            Err(error) => self.tell_not_revoked(visitor, provider, error).await,
        }
    }

    async fn tell_not_revoked(&self, visitor: &Visitor, provider: Provider, error: TokenError) -> Result<(), AppError> {
        let tenant = visitor.scope.tenant();
        tracing::warn!(%tenant, provider = provider.as_str(), %error, "a consent was not revoked at Google");
        self.tell(visitor, provider, Report::one(not_revoked(error))).await
    }

    /// An access token of a tenant's provider with more than a minute left: from memory, or made anew.
    ///
    /// # Errors
    /// See [`NoAccess`].
    pub async fn google_access_token(&self, scope: &TenantScope, provider: Provider) -> Result<AccessToken, NoAccess> {
        let (_, fields) = self.stored_fields(scope, provider).await.map_err(NoAccess::Store)?;
        let grant = Grant::of(&fields).ok_or(NoAccess::NotConnected)?;
        Ok(self.state.google.access(provider, &grant, &self.means(scope, provider)).await?)
    }

    /// Adds to the cards what no form holds, and takes out of them the fields of the consent.
    ///
    /// # Errors
    /// `Unavailable`, `Internal`.
    pub(super) async fn add_google(
        &self,
        scope: &TenantScope,
        calendar: &Calendar,
        cards: &mut [CredentialCard],
    ) -> Result<(), AppError> {
        for card in cards {
            let Some(sibling) = card.provider.google_sibling() else { continue };
            // What does not open stays: the card sounds the alarm.
            card.stored
                .retain(|name, field| !GRANT_FIELDS.contains(&name.as_str()) || *field == StoredField::Unreadable);
            let readable = card.version > 0 && !card.stored.values().all(|field| *field == StoredField::Unreadable);
            let fields = if readable { self.stored_fields(scope, card.provider).await?.1 } else { BTreeMap::new() };
            let grant = match Grant::of(&fields) {
                None => None,
                Some(grant) => {
                    let (_, other) = self.stored_fields(scope, sibling).await?;
                    let shared = Grant::of(&other).is_some_and(|other| other.same_as(&grant));
                    let ended = self.state.google.has_ended(*scope.tenant().as_uuid(), card.provider, &grant);
                    let shared_with = shared.then(|| sibling.label().to_owned());
                    Some(in_words(card.provider, &grant, calendar, ended, shared_with))
                }
            };
            let (redirect_uri, has_client) = (redirect_uri(&self.state.base_url), Client::of(&fields).is_some());
            card.google = Some(GoogleCard { redirect_uri, has_client, grant });
        }
        Ok(())
    }

    /// Seals and stores a consent.
    ///
    /// # Errors
    /// `Conflict` when the version is not the stored one, `Unreadable`, `Internal`.
    async fn store_grant(
        &self,
        scope: &TenantScope,
        provider: Provider,
        version: i64,
        grant: &Grant,
    ) -> Result<(), AppError> {
        // A rotation of the tenant's key may overtake a try; the code is spent, so another one is worth it.
        for _ in 0..SAVE_TRIES {
            let (_, keys) = self.state.open_credential(scope, provider).await?;
            let seal = |(field, value): (&'static str, secrecy::SecretString)| {
                let address = Address { tenant: *scope.tenant().as_uuid(), provider: provider.as_str(), field };
                keys.seal(&address, &value).map(|sealed| (field.to_owned(), sealed))
            };
            let sealed = grant.fields().into_iter().map(seal).collect::<Result<Vec<_>, _>>();
            let sealed = sealed.map_err(|error| failure::internal("sealing", &error))?;
            let change = CredentialChange { set: &sealed, drop: &[], kind: EventKind::GoogleConnected };
            match self.change_grant(scope, provider, version, change).await {
                Err(StoreError::KeyChanged) => {}
                other => return other.map_err(failure::store),
            }
        }
        Err(failure::store(StoreError::KeyChanged))
    }

    async fn drop_grant(&self, scope: &TenantScope, provider: Provider, version: i64) -> Result<(), AppError> {
        let change = CredentialChange { set: &[], drop: GRANT_FIELDS, kind: EventKind::GoogleDisconnected };
        self.change_grant(scope, provider, version, change).await.map_err(failure::store)
    }

    async fn change_grant(
        &self,
        scope: &TenantScope,
        provider: Provider,
        version: i64,
        change: CredentialChange<'_>,
    ) -> Result<(), StoreError> {
        let kind = change.kind;
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        store.change_credential(scope, &self.act(), provider, Some(version), change, now).await?;
        self.state.google.forget(*scope.tenant().as_uuid(), provider);
        tracing::info!(tenant = %scope.tenant(), provider = provider.as_str(), kind = kind.as_str(), "consent changed");
        Ok(())
    }
}

fn in_words(
    provider: Provider,
    grant: &Grant,
    calendar: &Calendar,
    ended: bool,
    shared_with: Option<String>,
) -> GoogleGrant {
    let words = |scope: &str| scope_in_words(scope).to_owned();
    let mut allowed: Vec<String> = grant.scopes.split_ascii_whitespace().map(words).collect();
    allowed.sort();
    allowed.dedup();
    GoogleGrant {
        account: grant.account.clone(),
        since: grant.since.map(|at| calendar.recently(at)),
        until: grant.until.map(|at| calendar.recently(at)),
        allowed,
        missing: missing_scopes(provider, &grant.scopes).into_iter().map(words).collect(),
        ended,
        shared_with,
    }
}

/// Removed here, and perhaps not at Google.
fn not_revoked(error: TokenError) -> Finding {
    let Finding { cause, .. } = refused(error, None, Timestamp::UNIX_EPOCH);
    Finding::new(
        cause,
        both!(
            "Aqui o acesso foi apagado, mas o Google não confirmou que o retirou: lá ele ainda pode valer.",
            "The access was deleted here, but Google did not confirm that it revoked it: there it may still be valid.",
        ),
        both!(
            "Com a conta que estava conectada, abra myaccount.google.com/connections, escolha o seu app e retire o \
             acesso.",
            "With the account that was connected, open myaccount.google.com/connections, choose your app and remove \
             its access.",
        ),
    )
}
