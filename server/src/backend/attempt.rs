//! Guessing is counted: a password or a code is tried by one request at a time for an account, after the account's own
//! wait, its source's and its tenant's allowance. Unknown addresses are counted like known ones.

use super::{RequestBackend, failure};
use crate::{
    auth::SoftLock,
    store::{Act, Event, EventKind, Lock, LockDevice, Login, TenantId},
    tries::AccountTurn,
    web::device,
};
use app::error::AppError;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::Duration;
use time::OffsetDateTime;

/// Leave to try once; the account's next try waits until it is dropped.
pub(super) struct Attempt {
    account: [u8; 32],
    device: LockDevice,
    /// Too many wrong tries at the tenant's people lately, and this device is not one that the account knows.
    crowded: Option<Duration>,
    /// Whether wrong tries stand in the account's row. Nobody else's can come to stand there before this turn ends.
    counted: bool,
    _turn: AccountTurn,
}

impl Attempt {
    /// Whether this try counts as wrong whatever was typed. Where nobody has proven anything yet the answer must be that
    /// of a wrong password: an unknown address has no tenant, so "wait" would say that this one has.
    pub(super) fn is_crowded(&self) -> bool {
        self.crowded.is_some()
    }

    /// Goes on unless it is crowded: for callers who have shown already that they know the account.
    ///
    /// # Errors
    /// `Throttled`.
    pub(super) fn uncrowded(self) -> Result<Self, AppError> {
        match self.crowded {
            Some(wait) => Err(failure::throttled(wait)),
            None => Ok(self),
        }
    }
}

impl RequestBackend {
    /// Asks for leave to try a password or a code of this address. What was read of the account before may be old when
    /// the turn comes: whoever compares with it reads it again.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`, `Internal`.
    pub(super) async fn begin_attempt(&self, email: &str, login: Option<&Login>) -> Result<Attempt, AppError> {
        let known = login.is_some_and(|login| {
            let mark = device::mark(&self.state.device_key, &normal(email), login.password_changed_at);
            device::is_known(self.identity.origin.device_mark.as_deref(), &mark)
        });
        let tenants = places(login.filter(|_| !known));
        let crowded = self.state.may_guess(self.identity.origin.source, &tenants).await.map_err(failure::not_now)?;
        let account = self.account(email);
        let device = if known { LockDevice::Known } else { LockDevice::Any };
        // Each budget has its own turns: a stranger's tries do not hold up the owner's device either.
        let mut queue = account;
        queue[0] ^= u8::from(known);
        let turn = self.state.take_turn(queue).await.map_err(failure::store)?;
        let turn = turn.ok_or(AppError::Throttled { retry_after: 1 })?;
        let lock = self.state.store.find_lock(&account, device).await.map_err(failure::store)?;
        let counted = lock.is_some();
        SoftLock::check(lock.map(soft).as_ref(), OffsetDateTime::now_utc()).map_err(failure::throttled)?;
        Ok(Attempt { account, device, crowded, counted, _turn: turn })
    }

    /// The password or code was wrong.
    ///
    /// # Errors
    /// `Internal` when it cannot be counted.
    pub(super) async fn attempt_failed(
        &self,
        attempt: &Attempt,
        email: &str,
        login: Option<&Login>,
        kind: EventKind,
    ) -> Result<(), AppError> {
        let now = OffsetDateTime::now_utc();
        let tenants = places(login);
        let next = |lock: Option<Lock>| {
            let next = SoftLock::after_failure(lock.map(soft), now);
            Lock { failures: next.failures, since: next.since, until: next.until }
        };
        // Side by side: a known account's answer must not come later than another's.
        let of_source = self.state.count_wrong(self.identity.origin.source, &tenants);
        let of_account = self.state.store.count_failure(&attempt.account, attempt.device, next);
        let ((), lock) = futures::future::try_join(of_source, of_account).await.map_err(failure::store)?;
        // Only known accounts stand in the trail: made-up addresses must not fill it.
        if let Some(login) = login {
            let act = self.act_of(email);
            self.record_for(login, &act, Event::new(kind, &normal(email))).await?;
            if lock.until - now > time::Duration::MINUTE {
                self.record_for(login, &act, Event::new(EventKind::AccountLocked, &normal(email))).await?;
            }
        }
        tracing::info!(kind = kind.as_str(), failures = lock.failures, known = login.is_some(), "a try failed");
        Ok(())
    }

    /// All steps were right: the account's failures are forgotten.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn attempt_passed(&self, attempt: &Attempt) -> Result<(), AppError> {
        if !attempt.counted {
            return Ok(());
        }
        self.state.store.clear_lock(&attempt.account, attempt.device).await.map_err(failure::store)
    }

    /// Somebody who says to be this address.
    pub(super) fn act_of(&self, email: &str) -> Act {
        Act::of_stranger(&normal(email), self.identity.origin.source, &self.identity.origin.request_id)
    }

    /// Writes into the trail of the user's only tenant, or into the agency's.
    pub(super) async fn record_for(&self, login: &Login, act: &Act, event: Event) -> Result<(), AppError> {
        let now = OffsetDateTime::now_utc();
        self.state.store.record_for_user(trail_of(login), act, now, event).await.map_err(failure::store)
    }

    /// The account's row: nobody reads an address in it.
    pub(super) fn account(&self, email: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.state.lock_key).expect("HMAC takes any key");
        mac.update(normal(email).as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Whose trail has what happens to an account before it is in a place: the only tenant's, or the agency's.
pub(super) fn trail_of(login: &Login) -> Option<TenantId> {
    match login.memberships.as_slice() {
        [only] if login.agency.is_none() => Some(only.tenant_id),
        _ => None,
    }
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn soft(lock: Lock) -> SoftLock {
    SoftLock { failures: lock.failures, since: lock.since, until: lock.until }
}

/// The tenants that somebody belongs to.
fn places(login: Option<&Login>) -> Vec<TenantId> {
    login.iter().flat_map(|login| &login.memberships).map(|place| place.tenant_id).collect()
}
