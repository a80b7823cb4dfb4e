//! That a stored value did not open, told in the trail: once, and not at every page that needs it.

use super::{
    Act, Event, EventKind, Result, Store, TenantScope, audit::record, fence::own, in_transaction, instant::Micros,
    keys, read_within,
};
use time::{Duration, OffsetDateTime};

/// How long one event speaks for those after it.
const PAUSE: Duration = Duration::hours(1);

const TOLD: &str =
    concat!("select count(*) from audit_events where ", own!("chain"), " and kind = $2 and subject = $3 and at > $4");

impl Store {
    /// Records that fields of a provider's credential do not open, unless that was recorded within the last hour, by
    /// whichever process; tells whether it was recorded now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_unreadable(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: &str,
        fields: &[&str],
        now: OffsetDateTime,
    ) -> Result<bool> {
        let (kind, since) = (EventKind::CredentialUnreadable, Micros::from(now - PAUSE));
        let told: i64 = read_within!(self, scope.into(), |db| {
            let told = sqlx::query_scalar(TOLD).bind(scope.tenant()).bind(kind.as_str()).bind(provider);
            told.bind(since).fetch_one(&mut *db).await?
        });
        if told > 0 {
            return Ok(false);
        }
        Ok(in_transaction!(self, scope.into(), |tx| {
            // Of several pages that find it at once, one tells.
            sqlx::query(keys::TAKE_TURNS).bind(scope.tenant()).execute(&mut *tx).await?;
            let told = sqlx::query_scalar(TOLD).bind(scope.tenant()).bind(kind.as_str()).bind(provider);
            let told: i64 = told.bind(since).fetch_one(&mut *tx).await?;
            if told == 0 {
                let event = Event::new(kind, provider).with_fields(fields.iter().copied());
                record!(self, tx, scope, act, now, event);
            }
            told == 0
        }))
    }
}
