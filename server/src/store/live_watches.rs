//! Who watches a tenant's project when people of it listen in several processes: one takes it for some seconds at a time,
//! and tells the others *that* something changed, of which part and when, and how the project stands. Never what.
//!
//! **Without a fence.** A row holds ids, numbers, times and words of ours, and each process reads those of all tenants that
//! it follows by one statement. It is decided by the database's clock: those of several machines differ.

use super::{Backend, Result, Store, StoreError, TenantId, on_reader, on_writer};
use std::time::Duration;
use uuid::Uuid;

/// Who watches a project, and what was told of it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRow {
    /// Whose project it is.
    pub tenant: TenantId,
    /// The process that took it last.
    pub process: Uuid,
    /// Whether it has it still.
    pub held: bool,
    /// How often it went from one process to another.
    pub term: i64,
    /// How often something was told.
    pub told: i64,
    /// Which of these times was the latest that conversations changed; 0 for none.
    pub conversations: i64,
    /// The same of appointments.
    pub appointments: i64,
    /// The latest time that anything may have changed.
    pub refreshed: i64,
    /// How long ago a change was told last.
    pub told_for: Duration,
    /// When that was, on the tenant's clock; empty before the first.
    pub changed_at: String,
    /// How the project stands: a word of [`WatchNews::standing`], or `unknown`.
    pub standing: String,
    /// Of one that does not answer, why.
    pub why: String,
    /// And since when, on the tenant's clock.
    pub since: String,
}

/// What a process tells the others of a project that it watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchNews {
    /// Conversations changed.
    pub conversations: bool,
    /// Appointments changed.
    pub appointments: bool,
    /// Anything may have changed.
    pub refresh: bool,
    /// When, on the tenant's clock.
    pub changed_at: String,
    /// How the project stands: `unknown`, `live`, `blind` or `stale`.
    pub standing: &'static str,
    /// Of one that does not answer, why.
    pub why: &'static str,
    /// And since when, on the tenant's clock.
    pub since: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: TenantId,
    process: Uuid,
    left_for: i64,
    term: i64,
    told: i64,
    conversations: i64,
    appointments: i64,
    refreshed: i64,
    told_for: i64,
    changed_at: String,
    standing: String,
    why: String,
    since: String,
}

impl From<Row> for WatchRow {
    fn from(row: Row) -> Self {
        Self {
            tenant: row.tenant_id,
            process: row.process,
            held: row.left_for > 0,
            term: row.term,
            told: row.told,
            conversations: row.conversations,
            appointments: row.appointments,
            refreshed: row.refreshed,
            told_for: Duration::from_micros(u64::try_from(row.told_for).unwrap_or_default()),
            changed_at: row.changed_at,
            standing: row.standing,
            why: row.why,
            since: row.since,
        }
    }
}

/// A statement in the words of the database at hand for its clock, in microseconds, and for "one of these tenants", of which
/// `$1` is the list. As one text, so that however many they are the statement is prepared once.
macro_rules! in_its_words {
    ($store:expr, $statement:ident) => {
        match $store.backend() {
            Backend::Sqlite => $statement!(
                "cast((julianday('now') - 2440587.5) * 86400000000.0 as integer)",
                "instr($1, lower(hex(tenant_id))) > 0"
            ),
            Backend::Postgres => $statement!(
                "(extract(epoch from clock_timestamp()) * 1000000)::bigint",
                "tenant_id = any(string_to_array($1, ',')::uuid[])"
            ),
        }
    };
}

/// What a row is read by.
macro_rules! columns {
    ($now:literal) => {
        concat!(
            "tenant_id, process, until_at - ",
            $now,
            " as left_for, term, told, conversations, appointments, refreshed, ",
            $now,
            " - told_at as told_for, changed_at, standing, why, since"
        )
    };
}

// Of two that come at once the second waits here for the first one's row, and then finds it taken.
macro_rules! claim {
    ($now:literal, $_among:literal) => {
        concat!(
            "insert into live_watches (tenant_id, process, until_at, term, told, conversations, appointments, refreshed, \
             told_at, changed_at, standing, why, since) values ($1, $2, ",
            $now,
            " + $3, 1, 0, 0, 0, 0, 0, '', 'unknown', '', '') \
             on conflict (tenant_id) do update set process = excluded.process, until_at = excluded.until_at, \
             term = live_watches.term + (case when live_watches.process = excluded.process then 0 else 1 end) \
             where live_watches.process = excluded.process or live_watches.until_at <= ",
            $now,
            " returning ",
            columns!($now)
        )
    };
}

// What was given up is not taken again by that.
macro_rules! renew {
    ($now:literal, $among:literal) => {
        concat!(
            "update live_watches set until_at = ",
            $now,
            " + $3 where ",
            $among,
            " and process = $2 and until_at > 0 returning tenant_id"
        )
    };
}

macro_rules! read {
    ($now:literal, $among:literal) => {
        concat!("select ", columns!($now), " from live_watches where ", $among)
    };
}

macro_rules! tell {
    ($now:literal, $_among:literal) => {
        concat!(
            "update live_watches set told = told + 1, \
             conversations = case when $3 then told + 1 else conversations end, \
             appointments = case when $4 then told + 1 else appointments end, \
             refreshed = case when $5 then told + 1 else refreshed end, \
             told_at = case when $3 or $4 then ",
            $now,
            " else told_at end, changed_at = case when $3 or $4 then $6 else changed_at end, \
             standing = $7, why = $8, since = $9 where tenant_id = $1 and process = $2 returning ",
            columns!($now)
        )
    };
}

impl Store {
    /// Takes a tenant's project for this process, or takes it for longer, unless another process has it. Gives the row as it
    /// is then, which says whose it is.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such tenant; when the database fails.
    pub async fn claim_watch(&self, tenant: TenantId, process: Uuid, lease: Duration) -> Result<WatchRow> {
        let sql = in_its_words!(self, claim);
        let taken: Option<Row> = on_writer!(self, |db| {
            let query = sqlx::query_as(sql).bind(tenant).bind(process).bind(micros(lease));
            query.fetch_optional(db).await?
        });
        match taken {
            Some(row) => Ok(row.into()),
            None => self.watches_of(&[tenant]).await?.pop().ok_or(StoreError::Missing),
        }
    }

    /// Takes for longer what this process has of these; gives those that are its own still.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_watches(&self, process: Uuid, lease: Duration, tenants: &[TenantId]) -> Result<Vec<TenantId>> {
        let sql = in_its_words!(self, renew);
        Ok(on_writer!(self, |db| {
            let query = sqlx::query_scalar(sql).bind(list_of(tenants)).bind(process).bind(micros(lease));
            query.fetch_all(db).await?
        }))
    }

    /// Who watches these tenants' projects, and what was told of them. Nobody ever did where there is no row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watches_of(&self, tenants: &[TenantId]) -> Result<Vec<WatchRow>> {
        let sql = in_its_words!(self, read);
        let rows: Vec<Row> = on_reader!(self, |db| sqlx::query_as(sql).bind(list_of(tenants)).fetch_all(db).await?);
        Ok(rows.into_iter().map(WatchRow::from).collect())
    }

    /// Tells the others; gives the row as it is then. `None`, and nothing is told, when another process has the project.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_watch(&self, tenant: TenantId, process: Uuid, news: &WatchNews) -> Result<Option<WatchRow>> {
        let sql = in_its_words!(self, tell);
        let row: Option<Row> = on_writer!(self, |db| {
            sqlx::query_as(sql)
                .bind(tenant)
                .bind(process)
                .bind(news.conversations)
                .bind(news.appointments)
                .bind(news.refresh)
                .bind(news.changed_at.as_str())
                .bind(news.standing)
                .bind(news.why)
                .bind(news.since.as_str())
                .fetch_optional(db)
                .await?
        });
        Ok(row.map(WatchRow::from))
    }

    /// Leaves a project to whoever wants it, before its time is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up_watch(&self, tenant: TenantId, process: Uuid) -> Result<()> {
        const SQL: &str = "update live_watches set until_at = 0 where tenant_id = $1 and process = $2";
        on_writer!(self, |db| {
            sqlx::query(SQL).bind(tenant).bind(process).execute(db).await?;
        });
        Ok(())
    }

    /// Leaves all that a process has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up_watches(&self, process: Uuid) -> Result<()> {
        const SQL: &str = "update live_watches set until_at = 0 where process = $1 and until_at > 0";
        on_writer!(self, |db| {
            sqlx::query(SQL).bind(process).execute(db).await?;
        });
        Ok(())
    }
}

fn micros(lease: Duration) -> i64 {
    i64::try_from(lease.as_micros()).unwrap_or(i64::MAX / 4)
}

/// As both databases compare it: small hexadecimal digits, parted by commas.
fn list_of(tenants: &[TenantId]) -> String {
    tenants.iter().map(|tenant| tenant.as_uuid().simple().to_string()).collect::<Vec<_>>().join(",")
}
