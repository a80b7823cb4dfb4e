//! Changes on their way to a tenant's workflow: each has one id, under which it is told again until it has arrived or was
//! given up. Changes of one connection go out in their order.

use super::{
    super::{Result, Store, TenantId, TenantScope, fence::Fence, in_transaction, instant::Micros, read_within},
    ConnectionState,
};
use app::credentials::Provider;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a told change is kept.
const KEEP_TOLD: Duration = Duration::days(7);

/// A connection with a change to tell. It opens nothing: [`Store::take_change`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueChange {
    tenant: TenantId,
    provider: String,
}

/// A change that this process is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenChange {
    /// Leave to read the tenant's webhook.
    pub scope: TenantScope,
    /// The same however often it is told.
    pub id: Uuid,
    /// Whose connection has changed.
    pub provider: Provider,
    /// What the tenant was told before.
    pub from: ConnectionState,
    /// Where it stands now.
    pub to: ConnectionState,
    /// Since when.
    pub at: OffsetDateTime,
    /// What was found, in a sentence.
    pub what: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
    leased_until: Micros,
}

/// How telling a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeEnd {
    /// It is to be told again, not before this instant.
    Again(OffsetDateTime),
    /// It was not sent at all, and is to be told not before this instant: that was no try.
    Unsent(OffsetDateTime),
    /// The workflow took it.
    Delivered,
    /// The workflow answered that it does not take it.
    Refused,
    /// No answer in time: it may have arrived, and is not told twice.
    Unanswered,
    /// It was tried often enough.
    GivenUp,
    /// There is no webhook to tell it to.
    NoWebhook,
}

impl ChangeEnd {
    fn as_str(self) -> &'static str {
        match self {
            Self::Again(_) | Self::Unsent(_) => "",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::GivenUp => "given_up",
            Self::NoWebhook => "no_webhook",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    provider: String,
    from_state: String,
    to_state: String,
    at: Micros,
    what: String,
    attempts: i64,
}

impl Store {
    /// Up to `limit` connections with a change to tell at `now`, the longest due first. None of a suspended or shredded
    /// tenant: its changes wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_changes(&self, now: OffsetDateTime, limit: u32) -> Result<Vec<DueChange>> {
        const SQL: &str = "select h.tenant_id, h.provider from connection_health h join tenants t on t.id = h.tenant_id \
                           where h.tell_at <= $1 and t.status = 'active' and t.shredded_at is null \
                           order by h.tell_at, h.tenant_id, h.provider limit $2";
        let rows: Vec<(TenantId, String)> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(SQL).bind(Micros::from(now)).bind(i64::from(limit)).fetch_all(&mut *db).await?
        });
        Ok(rows.into_iter().map(|(tenant, provider)| DueChange { tenant, provider }).collect())
    }

    /// Takes the oldest change of a connection until `until`, so that no other process tells it meanwhile. `None` when
    /// another has taken it or when it is not due any more. Who dies with it in hand leaves it to the next after `until`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_change(
        &self,
        due: &DueChange,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<TakenChange>> {
        const SQL: &str = "update connection_changes set leased_until = $4, attempts = attempts + 1 \
                           where tenant_id = $1 and id = (select o.id from connection_changes o where o.tenant_id = $1 \
                           and o.provider = $2 and o.done_at is null order by o.at, o.id limit 1) \
                           and done_at is null and next_at <= $3 and leased_until <= $3 \
                           returning id, provider, from_state, to_state, at, what, attempts";
        const LATER: &str = "update connection_health set tell_at = $3 where tenant_id = $1 and provider = $2";
        let (now, until) = (Micros::from(now), Micros::from(until));
        let row: Option<Row> = in_transaction!(self, Fence::tenant(due.tenant), |tx| {
            let row = sqlx::query_as(SQL).bind(due.tenant).bind(&due.provider).bind(now).bind(until);
            let row = row.fetch_optional(&mut *tx).await?;
            if row.is_some() {
                let later = sqlx::query(LATER).bind(due.tenant).bind(&due.provider).bind(until);
                later.execute(&mut *tx).await?;
            }
            row
        });
        let Some(row) = row else { return Ok(None) };
        let Some(provider) = Provider::parse(&row.provider) else { return Ok(None) };
        Ok(Some(TakenChange {
            scope: TenantScope::new(due.tenant, None),
            id: row.id,
            provider,
            from: ConnectionState::read(&row.from_state)?,
            to: ConnectionState::read(&row.to_state)?,
            at: row.at.into(),
            what: row.what,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            leased_until: until,
        }))
    }

    /// Keeps how telling a change ended. Whoever comes back after the time for which they had taken it changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_change(&self, taken: &TakenChange, end: ChangeEnd, now: OffsetDateTime) -> Result<()> {
        const END: &str = "update connection_changes set done_at = $3, outcome = $4, next_at = $5, leased_until = 0, \
                           attempts = attempts - $7 where tenant_id = $1 and id = $2 and leased_until = $6 and done_at is null";
        const NEXT: &str = "update connection_health set tell_at = (select o.next_at from connection_changes o \
                            where o.tenant_id = $1 and o.provider = $2 and o.done_at is null \
                            order by o.at, o.id limit 1) where tenant_id = $1 and provider = $2";
        const PRUNE: &str = "delete from connection_changes where tenant_id = $1 and done_at < $2";
        let tenant = taken.scope.tenant();
        let (next, done) = match end {
            ChangeEnd::Again(next) | ChangeEnd::Unsent(next) => (Micros::from(next), None),
            _ => (Micros::from(now), Some(Micros::from(now))),
        };
        in_transaction!(self, Fence::from(&taken.scope), |tx| {
            let ended = sqlx::query(END)
                .bind(tenant)
                .bind(taken.id)
                .bind(done)
                .bind(end.as_str())
                .bind(next)
                .bind(taken.leased_until)
                .bind(i64::from(matches!(end, ChangeEnd::Unsent(_))))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if ended > 0 {
                sqlx::query(NEXT).bind(tenant).bind(taken.provider.as_str()).execute(&mut *tx).await?;
                sqlx::query(PRUNE).bind(tenant).bind(Micros::from(now - KEEP_TOLD)).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
