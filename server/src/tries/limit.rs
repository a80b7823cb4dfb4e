//! Attempts a minute. A key's row in the store is named by an HMAC, as the accounts' locks are: nobody reads an address in it.

use crate::{
    auth::{KeyedLimit, SourceLimit, one_source},
    state::State,
    store::{Allowance, LimitKey, LimitKind, MachineTokenId, StoreError, TenantId},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{hash::Hash, net::IpAddr, time::Duration};
use time::OffsetDateTime;

/// Why a try is not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotNow {
    /// There were too many lately: the next may come after this.
    #[error("too many tries: the next one in {0:?}")]
    Wait(Duration),
    /// Nobody can tell.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl State {
    /// Whether a source may try a password; counts nothing. Says how long a try at one of these tenants' people counts as
    /// wrong whatever was typed, when there were too many wrong ones lately.
    ///
    /// However many tenants there are, none included, it asks the store once: who measures it learns nothing of the account.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn may_guess(&self, source: Option<IpAddr>, tenants: &[TenantId]) -> Result<Option<Duration>, NotNow> {
        if let Some(source) = source {
            self.sources.check_open(source).map_err(NotNow::Wait)?;
        }
        let mut crowded = tenants.iter().filter_map(|tenant| self.tenants.check_open(tenant).err()).max();
        let Some(store) = self.counting_together() else { return Ok(crowded) };
        let of_source = source.map(|source| self.source_key(LimitKind::Source, source));
        let of_tenants = tenants.iter().map(|tenant| self.tenant_key(LimitKind::Tenant, tenant));
        let keys: Vec<LimitKey> = of_source.into_iter().chain(of_tenants).collect();
        for (key, wait) in store.find_shut(&keys, OffsetDateTime::now_utc()).await? {
            match source.filter(|_| key.kind == LimitKind::Source) {
                Some(source) => return Err(shut_here(&self.sources, source, wait)),
                None => crowded = crowded.max(Some(wait)),
            }
        }
        Ok(crowded)
    }

    /// Counts a wrong password of a source, at these tenants' people.
    ///
    /// # Errors
    /// When the store fails; in this process it is counted all the same.
    pub async fn count_wrong(&self, source: Option<IpAddr>, tenants: &[TenantId]) -> Result<(), StoreError> {
        for tenant in tenants {
            self.tenants.count_failure(tenant);
        }
        self.count_wrong_of(LimitKind::Source, &self.sources, source).await?;
        let Some(store) = self.counting_together() else { return Ok(()) };
        for tenant in tenants {
            let key = self.tenant_key(LimitKind::Tenant, tenant);
            let shut = store.count_against_limit(&key, allowance(&self.tenants), OffsetDateTime::now_utc()).await?;
            if let Some(wait) = shut {
                self.tenants.shut_for(tenant, wait);
            }
        }
        Ok(())
    }

    /// Whether a source may show a machine token; counts nothing.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn may_show_token(&self, source: Option<IpAddr>) -> Result<(), NotNow> {
        let Some(source) = source else { return Ok(()) };
        self.machine_guesses.check_open(source).map_err(NotNow::Wait)?;
        let Some(store) = self.counting_together() else { return Ok(()) };
        let key = self.source_key(LimitKind::MachineGuess, source);
        match store.find_shut(&[key], OffsetDateTime::now_utc()).await?.first() {
            Some((_, wait)) => Err(shut_here(&self.machine_guesses, source, *wait)),
            None => Ok(()),
        }
    }

    /// Counts a machine token of a source that was none.
    ///
    /// # Errors
    /// As [`State::count_wrong`].
    pub async fn count_wrong_token(&self, source: Option<IpAddr>) -> Result<(), StoreError> {
        self.count_wrong_of(LimitKind::MachineGuess, &self.machine_guesses, source).await
    }

    /// Counts a read by a machine token.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn count_read(&self, token: &MachineTokenId) -> Result<(), NotNow> {
        let key = self.limit_key(LimitKind::MachineRead, token.as_uuid().as_bytes());
        self.count_one(&self.machine_reads, token, &key).await
    }

    /// Counts a test of a tenant's connections.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn count_test(&self, tenant: &TenantId) -> Result<(), NotNow> {
        let key = self.tenant_key(LimitKind::Test, tenant);
        self.count_one(&self.tests, tenant, &key).await
    }

    async fn count_wrong_of(
        &self,
        kind: LimitKind,
        limit: &SourceLimit,
        source: Option<IpAddr>,
    ) -> Result<(), StoreError> {
        let Some(source) = source else { return Ok(()) };
        limit.count_failure(source);
        let Some(store) = self.counting_together() else { return Ok(()) };
        let (key, now) = (self.source_key(kind, source), OffsetDateTime::now_utc());
        if let Some(wait) = store.count_against_limit(&key, allowance(limit.keyed()), now).await? {
            limit.keyed().shut_for(&one_source(source), wait);
        }
        Ok(())
    }

    async fn count_one<K: Hash + Eq + Clone>(
        &self,
        limit: &KeyedLimit<K>,
        whose: &K,
        key: &LimitKey,
    ) -> Result<(), NotNow> {
        limit.check(whose).map_err(NotNow::Wait)?;
        let Some(store) = self.counting_together() else { return Ok(()) };
        match store.take_of_limit(key, allowance(limit), OffsetDateTime::now_utc()).await? {
            Some(wait) => Err(NotNow::Wait(wait)),
            None => Ok(()),
        }
    }

    fn source_key(&self, kind: LimitKind, source: IpAddr) -> LimitKey {
        match one_source(source) {
            IpAddr::V4(v4) => self.limit_key(kind, &v4.octets()),
            IpAddr::V6(v6) => self.limit_key(kind, &v6.octets()),
        }
    }

    fn tenant_key(&self, kind: LimitKind, tenant: &TenantId) -> LimitKey {
        self.limit_key(kind, tenant.as_uuid().as_bytes())
    }

    fn limit_key(&self, kind: LimitKind, of: &[u8]) -> LimitKey {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.lock_key).expect("HMAC takes any key");
        // The kind's word ends at the NUL: no two kinds share a row.
        mac.update(kind.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(of);
        LimitKey { kind, hash: mac.finalize().into_bytes().into() }
    }
}

/// What the store counts by is what this process counts by.
fn allowance<K: Hash + Eq + Clone>(limit: &KeyedLimit<K>) -> Allowance {
    Allowance { a_minute: limit.attempts(), least: limit.least() }
}

/// Others have found the source to be over its allowance: until then this process refuses it by itself.
fn shut_here(limit: &SourceLimit, source: IpAddr, wait: Duration) -> NotNow {
    limit.keyed().shut_for(&one_source(source), wait);
    NotNow::Wait(wait)
}
