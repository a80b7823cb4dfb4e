//! Keeps what a check found, with all that follows from it. The same for Painel's own checks and for a person's test of
//! what is stored: both are looks at the same connection.

use super::{Pace, seen, standing::observe};
use crate::{
    providers::{Finding, Report},
    store::{Act, ConnectionRow, NewChange, NewCheck, Result, Store, TenantScope},
};
use app::{credentials::Provider, lang::Both};
use time::OffsetDateTime;

/// How often a person's test is tried to be kept, when Painel's own checks come in between.
const TRIES: u32 = 3;

/// What a check found.
pub struct Found<'a> {
    /// Of which connection.
    pub provider: Provider,
    /// Of which version of its credential.
    pub version: i64,
    /// What the test told.
    pub report: &'a Report,
    /// When.
    pub at: OffsetDateTime,
}

/// Keeps a check that nobody took before. `false` when another version of the credential is stored by now.
///
/// # Errors
/// When the database fails.
pub async fn record(store: &Store, scope: &TenantScope, found: &Found<'_>, pace: &Pace) -> Result<bool> {
    for _ in 0..TRIES {
        let Some(before) = store.find_connection(scope, found.provider, found.at).await? else { return Ok(false) };
        if record_after(store, scope, found, pace, &before).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps a check of the connection as it was `before`. `false` when it was written meanwhile.
///
/// # Errors
/// When the database fails.
pub(super) async fn record_after(
    store: &Store,
    scope: &TenantScope,
    found: &Found<'_>,
    pace: &Pace,
    before: &ConnectionRow,
) -> Result<bool> {
    let state = seen(found.report.standing());
    let (mut after, change) = observe(before, found.version, state, found.at, pace);
    after.next_at = pace.next_check(&after, found.at, getrandom::u32().unwrap_or(u32::MAX / 2));
    // The worst finding comes first. Its words are ours: nothing of a provider's answer stands in them.
    let worst = found.report.findings.iter().max_by_key(|finding| finding.cause.standing());
    let text = |part: fn(&Finding) -> &Both| worst.map(part).cloned().unwrap_or_default();
    let check = NewCheck {
        at: found.at,
        state,
        what: text(|finding| &finding.what),
        fix: text(|finding| &finding.fix),
        after,
        change: change.map(|change| NewChange {
            from: change.from,
            to: change.to,
            at: change.at,
            // A workflow that cannot be reached is not told so by itself.
            to_workflow: found.provider != Provider::N8n,
        }),
    };
    let kept = store.record_check(scope, &Act::of_painel(), found.provider, &check).await?;
    let (provider, found_state) = (found.provider.as_str(), state.as_str());
    metrics::counter!("painel_health_checks_total", "provider" => provider, "state" => found_state).increment(1);
    if let Some(change) = change.filter(|_| kept) {
        let (from, to) = (change.from.as_str(), change.to.as_str());
        tracing::warn!(tenant = %scope.tenant(), provider = found.provider.as_str(), from, to, "a connection has changed");
    }
    Ok(kept)
}
