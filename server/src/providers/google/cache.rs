//! Access tokens, in memory alone, one a tenant and provider. However many ask at once, Google is asked once; the others wait
//! for that answer. A token that was made of another consent is never given out: the entry knows which one it is of.

use super::{
    grant::Grant,
    token::{self, Granted, TokenError},
};
use crate::providers::probe::Probe;
use app::credentials::Provider;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Mutex as Turn;
use uuid::Uuid;

/// A token with less than this left is not given out any more: its next call may take a while to arrive.
const MARGIN: Duration = Duration::from_secs(60);

/// One access token. Prints no secret.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// What it allows, parted by spaces.
    pub scopes: String,
    /// Until when Google takes it.
    pub expires_at: Timestamp,
    fresh_until: Instant,
}

/// The cache. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct TokenCache {
    slots: Arc<Mutex<Slots>>,
}

/// By tenant and provider. Whoever asks Google holds the slot's turn.
type Slots = HashMap<(Uuid, Provider), Arc<Turn<Slot>>>;

#[derive(Default)]
struct Slot {
    /// The consent that all else here is of.
    of: Option<[u8; 32]>,
    token: Option<AccessToken>,
    failed: Option<(Instant, TokenError)>,
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

impl TokenCache {
    /// A token with more than a minute left.
    ///
    /// # Errors
    /// See [`TokenError`]. After `Ended` Google is not asked again for the same consent.
    pub async fn access(&self, provider: Provider, grant: &Grant, probe: &Probe) -> Result<AccessToken, TokenError> {
        self.take(provider, grant, probe, None).await
    }

    /// A token other than this one, which Google's API did not take.
    ///
    /// # Errors
    /// As [`TokenCache::access`].
    pub(super) async fn access_after(
        &self,
        refused: &AccessToken,
        provider: Provider,
        grant: &Grant,
        probe: &Probe,
    ) -> Result<AccessToken, TokenError> {
        self.take(provider, grant, probe, Some(refused)).await
    }

    /// Keeps the token that came with a consent.
    pub async fn keep(&self, provider: Provider, grant: &Grant, granted: &Granted, probe: &Probe) {
        let slot = self.slot(probe.lane, provider);
        *slot.lock().await =
            Slot { of: Some(grant.fingerprint()), token: Some(AccessToken::new(granted, grant)), failed: None };
    }

    /// Drops what is kept of a tenant's provider: its credential was changed or removed.
    pub fn forget(&self, tenant: Uuid, provider: Provider) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, provider));
    }

    /// The same of all of a tenant's: something of its was changed, in whatever process.
    pub fn forget_tenant(&self, tenant: Uuid) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).retain(|(whose, _), _| *whose != tenant);
    }

    /// The same of everybody's: nobody knows what was changed.
    pub fn forget_all(&self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether Google is known to have ended this consent. Asks nobody.
    pub fn has_ended(&self, tenant: Uuid, provider: Provider, grant: &Grant) -> bool {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = slots.get(&(tenant, provider)).and_then(|slot| slot.try_lock().ok()) else { return false };
        slot.of == Some(grant.fingerprint()) && matches!(slot.failed, Some((_, TokenError::Ended)))
    }

    async fn take(
        &self,
        provider: Provider,
        grant: &Grant,
        probe: &Probe,
        refused: Option<&AccessToken>,
    ) -> Result<AccessToken, TokenError> {
        let (asked, of) = (Instant::now(), Some(grant.fingerprint()));
        let slot = self.slot(probe.lane, provider);
        let mut slot = slot.lock().await;
        if slot.of != of {
            *slot = Slot { of, ..Slot::default() };
        }
        if let Some(token) = &slot.token
            && token.fresh_until > Instant::now()
            && refused.is_none_or(|refused| refused.token.expose_secret() != token.token.expose_secret())
        {
            return Ok(token.clone());
        }
        match slot.failed {
            Some((_, TokenError::Ended)) => return Err(TokenError::Ended),
            // The answer that this one was waiting for.
            Some((at, error)) if at >= asked => return Err(error),
            _ => {}
        }
        match token::refresh(&grant.client, &grant.refresh_token, probe).await {
            Ok(granted) => {
                let token = AccessToken::new(&granted, grant);
                slot.token = Some(token.clone());
                slot.failed = None;
                Ok(token)
            }
            Err(error) => {
                tracing::info!(tenant = %probe.lane, provider = provider.as_str(), %error, "no access token");
                slot.failed = Some((Instant::now(), error));
                Err(error)
            }
        }
    }

    fn slot(&self, tenant: Uuid, provider: Provider) -> Arc<Turn<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry((tenant, provider)).or_default())
    }
}

impl AccessToken {
    fn new(granted: &Granted, grant: &Grant) -> Self {
        let left = Duration::from_secs(granted.expires_in.into());
        let scopes = if granted.scope.is_empty() { &grant.scopes } else { &granted.scope };
        Self {
            token: granted.access_token.clone(),
            scopes: scopes.clone(),
            expires_at: Timestamp::now() + SignedDuration::from_secs(granted.expires_in.into()),
            fresh_until: Instant::now() + left.saturating_sub(MARGIN),
        }
    }
}
