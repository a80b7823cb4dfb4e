//! Checks: which credentials are due, taking one so that no other process looks at it meanwhile, and keeping what was found.

use super::{
    super::{
        Act, Event, EventKind, Result, Store, TenantId, TenantScope, audit::record, fence::Fence, in_transaction,
        instant::Micros, read_within,
    },
    CHECKS_KEPT, ConnectionRow, ConnectionState,
};
use app::{credentials::Provider, lang::Both};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A credential that is due. It opens nothing: [`Store::claim_check`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueCheck {
    tenant: TenantId,
    provider: Provider,
    version: i64,
}

impl DueCheck {
    /// Whose connection it is.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The credential's version.
    pub fn version(&self) -> i64 {
        self.version
    }
}

/// What one check found and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCheck {
    /// When.
    pub at: OffsetDateTime,
    /// What it found.
    pub state: ConnectionState,
    /// The same in a sentence.
    pub what: Both,
    /// What to do; may be empty.
    pub fix: Both,
    /// The connection after it. Its revision is the one that was read.
    pub after: ConnectionRow,
    /// What has changed, when it has.
    pub change: Option<NewChange>,
}

/// A change of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewChange {
    /// What the tenant was told before.
    pub from: ConnectionState,
    /// Where it stands now.
    pub to: ConnectionState,
    /// Since when.
    pub at: OffsetDateTime,
    /// Whether the tenant's workflow is told, and not only the tenant's people.
    pub to_workflow: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    state: String,
    since: Micros,
    told: String,
    doubted_at: Option<Micros>,
    checked_at: Option<Micros>,
    healthy_at: Option<Micros>,
    failures: i64,
    next_at: Micros,
    revision: i64,
}

impl TryFrom<Row> for ConnectionRow {
    type Error = super::StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            version: row.version,
            state: ConnectionState::read(&row.state)?,
            since: row.since.into(),
            told: ConnectionState::read(&row.told)?,
            doubted_at: row.doubted_at.map(Into::into),
            checked_at: row.checked_at.map(Into::into),
            healthy_at: row.healthy_at.map(Into::into),
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            next_at: row.next_at.into(),
            revision: row.revision,
        })
    }
}

/// Puts a row in place for a credential that is stored and may be looked at; `$rest` says what becomes of one that is
/// there already.
macro_rules! put_row {
    ($rest:literal) => {
        concat!(
            "insert into connection_health (tenant_id, provider, version, state, since, told, failures, next_at, \
             leased_until, revision) \
             select c.tenant_id, c.provider, 0, 'unknown', $3, 'unknown', 0, 0, $4, 1 \
             from credentials c join tenants t on t.id = c.tenant_id \
             where c.tenant_id = $1 and c.provider = $2 and c.removed_at is null and t.status = 'active' \
             and t.shredded_at is null \
             on conflict (tenant_id, provider) do update set ",
            $rest,
            " returning version, state, since, told, doubted_at, checked_at, healthy_at, failures, next_at, revision"
        )
    };
}

impl Store {
    /// Up to `limit` credentials of these providers that are due at `now`, the longest due first: by their own hour, or
    /// `after_save` after they were saved. None of a suspended or shredded tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_checks(
        &self,
        providers: &[Provider],
        now: OffsetDateTime,
        after_save: Duration,
        limit: u32,
    ) -> Result<Vec<DueCheck>> {
        const SQL: &str = "select c.tenant_id, c.provider, c.version from credentials c \
                           join tenants t on t.id = c.tenant_id \
                           left join connection_health h on h.tenant_id = c.tenant_id and h.provider = c.provider \
                           where c.removed_at is null and t.status = 'active' and t.shredded_at is null \
                           and $3 like '%,' || c.provider || ',%' and coalesce(h.leased_until, 0) <= $1 \
                           and (case when h.version = c.version then h.next_at else c.updated_at + $2 end) <= $1 \
                           order by (case when h.version = c.version then h.next_at else c.updated_at + $2 end), \
                           c.tenant_id, c.provider limit $4";
        let words: Vec<&str> = providers.iter().map(|provider| provider.as_str()).collect();
        let after_save = i64::try_from(after_save.whole_microseconds()).unwrap_or(i64::MAX / 4);
        let rows: Vec<(TenantId, String, i64)> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(SQL)
                .bind(Micros::from(now))
                .bind(after_save)
                .bind(format!(",{},", words.join(",")))
                .bind(i64::from(limit))
                .fetch_all(&mut *db)
                .await?
        });
        let read = |(tenant, provider, version): (TenantId, String, i64)| {
            Provider::parse(&provider).map(|provider| DueCheck { tenant, provider, version })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Takes a due credential until `until`, so that no other process looks at it meanwhile. `None` when another has taken
    /// it, when it is not due any more, or when it may no longer be looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_check(
        &self,
        due: &DueCheck,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<(TenantScope, ConnectionRow)>> {
        // Of two that come at once the second waits here for the first one's row, and then finds it taken.
        const SQL: &str = put_row!(
            "leased_until = excluded.leased_until, revision = connection_health.revision + 1 \
             where connection_health.leased_until <= $3 \
             and (connection_health.version <> $5 or connection_health.next_at <= $3)"
        );
        let row: Option<Row> = in_transaction!(self, Fence::tenant(due.tenant), |tx| {
            sqlx::query_as(SQL)
                .bind(due.tenant)
                .bind(due.provider.as_str())
                .bind(Micros::from(now))
                .bind(Micros::from(until))
                .bind(due.version)
                .fetch_optional(&mut *tx)
                .await?
        });
        row.map(|row| Ok((TenantScope::new(due.tenant, None), row.try_into()?))).transpose()
    }

    /// One connection as it stands, for a check that nobody took: a person's own test. `None` when nothing is stored, or
    /// when it may not be looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_connection(
        &self,
        scope: &TenantScope,
        provider: Provider,
        now: OffsetDateTime,
    ) -> Result<Option<ConnectionRow>> {
        const SQL: &str = put_row!("revision = connection_health.revision");
        let row: Option<Row> = in_transaction!(self, scope.into(), |tx| {
            let query = sqlx::query_as(SQL).bind(scope.tenant()).bind(provider.as_str());
            query.bind(Micros::from(now)).bind(0_i64).fetch_optional(&mut *tx).await?
        });
        row.map(TryInto::try_into).transpose()
    }

    /// Keeps what a check found, and all that follows from it, in one step: the state, the history, the event of the trail
    /// and the change to tell. `false`, and nothing is written, when the connection was written since it was read, when
    /// another version of the credential is stored by now, or when the tenant was suspended meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_check(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        check: &NewCheck,
    ) -> Result<bool> {
        const STATE: &str = "update connection_health set version = $3, state = $4, since = $5, told = $6, \
                             doubted_at = $7, checked_at = $8, healthy_at = $9, failures = $10, next_at = $11, \
                             leased_until = 0, revision = revision + 1 \
                             where tenant_id = $1 and provider = $2 and revision = $12 \
                             and exists (select 1 from credentials c where c.tenant_id = $1 and c.provider = $2 \
                             and c.version = $3 and c.removed_at is null) \
                             and exists (select 1 from tenants t where t.id = $1 and t.status = 'active' \
                             and t.shredded_at is null)";
        const CHECK: &str = "insert into connection_checks (tenant_id, provider, revision, at, state, what, fix, \
                             what_en, fix_en) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        const PRUNE: &str = "delete from connection_checks where tenant_id = $1 and provider = $2 and revision <= \
                             (select revision from connection_checks where tenant_id = $1 and provider = $2 \
                             order by revision desc limit 1 offset $3)";
        const CHANGE: &str = "insert into connection_changes (tenant_id, id, provider, from_state, to_state, at, what, \
                              attempts, next_at, leased_until, outcome) \
                              values ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, '')";
        // Behind an older change that is not told yet it waits for its turn.
        const TELL: &str = "update connection_health set tell_at = coalesce(tell_at, $3) \
                            where tenant_id = $1 and provider = $2";
        let (tenant, word, at) = (scope.tenant(), provider.as_str(), Micros::from(check.at));
        let after = &check.after;
        let instant = |at: Option<OffsetDateTime>| at.map(Micros::from);
        Ok(in_transaction!(self, scope.into(), |tx| {
            let written = sqlx::query(STATE)
                .bind(tenant)
                .bind(word)
                .bind(after.version)
                .bind(after.state.as_str())
                .bind(Micros::from(after.since))
                .bind(after.told.as_str())
                .bind(instant(after.doubted_at))
                .bind(instant(after.checked_at))
                .bind(instant(after.healthy_at))
                .bind(i64::from(after.failures))
                .bind(Micros::from(after.next_at))
                .bind(after.revision)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if written == 0 {
                return Ok(false);
            }
            sqlx::query(CHECK)
                .bind(tenant)
                .bind(word)
                .bind(after.revision + 1)
                .bind(at)
                .bind(check.state.as_str())
                .bind(&*check.what.pt)
                .bind(&*check.fix.pt)
                .bind(&*check.what.en)
                .bind(&*check.fix.en)
                .execute(&mut *tx)
                .await?;
            sqlx::query(PRUNE).bind(tenant).bind(word).bind(CHECKS_KEPT).execute(&mut *tx).await?;
            if let Some(change) = &check.change {
                if change.to_workflow {
                    sqlx::query(CHANGE)
                        .bind(tenant)
                        .bind(Uuid::now_v7())
                        .bind(word)
                        .bind(change.from.as_str())
                        .bind(change.to.as_str())
                        .bind(Micros::from(change.at))
                        // A workflow is told in Portuguese.
                        .bind(&*check.what.pt)
                        .bind(at)
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query(TELL).bind(tenant).bind(word).bind(at).execute(&mut *tx).await?;
                }
                let event = Event::new(EventKind::ConnectionChanged, word).with_fields([change.to.as_str()]);
                record!(self, tx, scope, act, check.at, event);
            }
            true
        }))
    }
}
