//! Wrong passwords, counted by account, so that a restart forgets none. The account is an HMAC of the address: unknown
//! addresses are counted like known ones, and none of them is kept. What the numbers mean is `auth`'s matter.

use super::{Result, Store, fence::Fence, in_transaction, instant::Micros, on_reader, on_writer};
use time::{Duration, OffsetDateTime};

/// Which budget of tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockDevice {
    /// Any browser.
    Any,
    /// One that the account was used on before.
    Known,
}

impl LockDevice {
    fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Known => "known",
        }
    }
}

/// A row: so many failures since, and locked until.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Wrong passwords in a row.
    pub failures: u32,
    /// The first of them.
    pub since: OffsetDateTime,
    /// No try before.
    pub until: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    failures: i64,
    since: Micros,
    until_at: Micros,
}

impl Row {
    fn lock(self) -> Option<Lock> {
        (self.failures > 0).then(|| Lock {
            failures: u32::try_from(self.failures).unwrap_or(u32::MAX),
            since: self.since.into(),
            until: self.until_at.into(),
        })
    }
}

const READ: &str = "select failures, since, until_at from login_locks where account = $1 and device = $2";

/// Forgets all of an account's wrong passwords, from whichever device.
pub(super) const CLEAR_ALL: &str = "delete from login_locks where account = $1";

/// Rows kept at most: a crowd of made-up addresses must not fill the disk. The oldest go first.
const MOST_ROWS: i64 = 200_000;

impl Store {
    /// An account's row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_lock(&self, account: &[u8; 32], device: LockDevice) -> Result<Option<Lock>> {
        let row: Option<Row> = on_reader!(self, |db| {
            sqlx::query_as(READ).bind(&account[..]).bind(device.as_str()).fetch_optional(db).await?
        });
        Ok(row.and_then(Row::lock))
    }

    /// Counts a failed try: `next` is told the row at hand and gives the row to keep; both are one transaction, so that
    /// failures at the same time are all counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_failure(
        &self,
        account: &[u8; 32],
        device: LockDevice,
        next: impl Fn(Option<Lock>) -> Lock,
    ) -> Result<Lock> {
        const WRITE: &str = "insert into login_locks (account, device, failures, since, until_at) \
                             values ($1, $2, $3, $4, $5) on conflict (account, device) do update \
                             set failures = excluded.failures, since = excluded.since, until_at = excluded.until_at";
        Ok(in_transaction!(self, Fence::OPEN_GROUND, |tx| {
            // Makes sure that there is a row, whose lock the update below then takes: two first tries wait for each other.
            sqlx::query(
                "insert into login_locks (account, device, failures, since, until_at) values ($1, $2, 0, 0, 0) \
                 on conflict (account, device) do update set failures = login_locks.failures",
            )
            .bind(&account[..])
            .bind(device.as_str())
            .execute(&mut *tx)
            .await?;
            let row: Row = sqlx::query_as(READ).bind(&account[..]).bind(device.as_str()).fetch_one(&mut *tx).await?;
            let lock = row.lock();
            let kept = next(lock);
            sqlx::query(WRITE)
                .bind(&account[..])
                .bind(device.as_str())
                .bind(i64::from(kept.failures))
                .bind(Micros::from(kept.since))
                .bind(Micros::from(kept.until))
                .execute(&mut *tx)
                .await?;
            kept
        }))
    }

    /// Forgets an account's wrong passwords.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_lock(&self, account: &[u8; 32], device: LockDevice) -> Result<()> {
        const SQL: &str = "delete from login_locks where account = $1 and device = $2";
        on_writer!(self, |db| {
            sqlx::query(SQL).bind(&account[..]).bind(device.as_str()).execute(db).await?;
        });
        Ok(())
    }

    /// Drops rows older than a day and, beyond the most that are kept, the oldest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_old_locks(&self, now: OffsetDateTime) -> Result<u64> {
        const OLD: &str = "delete from login_locks where since < $1";
        const MANY: &str = "delete from login_locks where (account, device) in \
                            (select account, device from login_locks order by since desc limit 10000 offset $1)";
        Ok(on_writer!(self, |db| {
            let old = sqlx::query(OLD).bind(Micros::from(now - Duration::days(1))).execute(&mut *db).await?;
            let many = sqlx::query(MANY).bind(MOST_ROWS).execute(&mut *db).await?;
            old.rows_affected() + many.rows_affected()
        }))
    }
}
