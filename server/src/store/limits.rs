//! What all processes on one database count together, by GCRA: one instant says how much of a key's allowance is used up, and
//! one statement decides and counts. A key is an HMAC: no address stands here. What is counted, and that each process asks its
//! own memory first, is the matter of `tries`.

use super::{Result, Store, instant::Micros, on_reader, on_writer};
use std::{num::NonZeroU32, time::Duration};
use time::OffsetDateTime;

/// Microseconds.
const MINUTE: i64 = 60_000_000;
/// Keys asked for in one statement.
const KEYS: usize = 8;
/// Rows kept at most: a crowd of sources must not fill the disk. Those that are nearest to rest go first.
const MOST_ROWS: i64 = 200_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// Wrong passwords of a source.
    Source,
    /// Wrong passwords of a tenant's people.
    Tenant,
    /// Wrong machine tokens of a source.
    MachineGuess,
    /// Reads by a machine token.
    MachineRead,
    /// Connection tests of a tenant.
    Test,
}

impl LimitKind {
    /// Its word in the rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Tenant => "tenant",
            Self::MachineGuess => "machine_guess",
            Self::MachineRead => "machine_read",
            Self::Test => "test",
        }
    }
}

/// Whose tries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitKey {
    /// What is counted.
    pub kind: LimitKind,
    /// Of whom: an HMAC.
    pub hash: [u8; 32],
}

/// How much is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// So many at once, and as many in each minute.
    pub a_minute: NonZeroU32,
    /// A key that is shut stays so at least this long.
    pub least: Duration,
}

impl Allowance {
    /// From one to the next, when those at once are used up.
    fn every(self) -> i64 {
        MINUTE / i64::from(self.a_minute.get())
    }

    /// How far ahead of the clock a key's instant may be for one more to be let in.
    fn ahead(self) -> i64 {
        self.every() * i64::from(self.a_minute.get() - 1)
    }
}

impl Store {
    /// Counts one of a key's; says how long the next must wait when there are too many, and then this one counted for nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_of_limit(
        &self,
        key: &LimitKey,
        allowance: Allowance,
        now: OffsetDateTime,
    ) -> Result<Option<Duration>> {
        const TAKE: &str = "insert into limits (kind, key_hash, tat, shut_until) values ($1, $2, $3 + $4, 0) \
                            on conflict (kind, key_hash) do update \
                            set tat = (case when limits.tat > $3 then limits.tat else $3 end) + $4 \
                            where limits.tat <= $3 + $5 returning tat";
        const READ: &str = "select tat from limits where kind = $1 and key_hash = $2";
        let taken: Option<Micros> = on_writer!(self, |db| {
            sqlx::query_scalar(TAKE)
                .bind(key.kind.as_str())
                .bind(&key.hash[..])
                .bind(Micros::from(now))
                .bind(allowance.every())
                .bind(allowance.ahead())
                .fetch_optional(db)
                .await?
        });
        if taken.is_some() {
            return Ok(None);
        }
        let tat: Option<Micros> = on_reader!(self, |db| {
            sqlx::query_scalar(READ).bind(key.kind.as_str()).bind(&key.hash[..]).fetch_optional(db).await?
        });
        // Swept meanwhile: whoever comes back at once is let in.
        Ok(Some(tat.map_or(Duration::ZERO, |tat| until(now, tat.get() - allowance.ahead()))))
    }

    /// Counts a failed try of a key's, which nothing has refused; beyond the allowance the key is shut for a while, and it is
    /// said for how long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_against_limit(
        &self,
        key: &LimitKey,
        allowance: Allowance,
        now: OffsetDateTime,
    ) -> Result<Option<Duration>> {
        // Beyond the allowance the instant stays as it is, and the end of the shutting follows from it.
        const SQL: &str = "insert into limits (kind, key_hash, tat, shut_until) values ($1, $2, $3 + $4, 0) \
                           on conflict (kind, key_hash) do update \
                           set tat = case when limits.tat > $3 + $5 then limits.tat \
                           when limits.tat > $3 then limits.tat + $4 else $3 + $4 end, \
                           shut_until = case when limits.tat <= $3 + $5 then limits.shut_until \
                           when limits.tat - $5 > $3 + $6 then limits.tat - $5 else $3 + $6 end \
                           returning shut_until";
        let shut: Micros = on_writer!(self, |db| {
            sqlx::query_scalar(SQL)
                .bind(key.kind.as_str())
                .bind(&key.hash[..])
                .bind(Micros::from(now))
                .bind(allowance.every())
                .bind(allowance.ahead())
                .bind(i64::try_from(allowance.least.as_micros()).unwrap_or(MINUTE))
                .fetch_one(db)
                .await?
        });
        Ok(Some(until(now, shut.get())).filter(|wait| !wait.is_zero()))
    }

    /// Which of these keys are shut, and for how long still; counts nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_shut(&self, keys: &[LimitKey], now: OffsetDateTime) -> Result<Vec<(LimitKey, Duration)>> {
        const SQL: &str = "select key_hash, shut_until from limits where shut_until > $1 and (\
                           (kind = $2 and key_hash = $3) or (kind = $4 and key_hash = $5) or \
                           (kind = $6 and key_hash = $7) or (kind = $8 and key_hash = $9) or \
                           (kind = $10 and key_hash = $11) or (kind = $12 and key_hash = $13) or \
                           (kind = $14 and key_hash = $15) or (kind = $16 and key_hash = $17))";
        let mut found = Vec::new();
        for some in keys.chunks(KEYS) {
            let rows: Vec<(Vec<u8>, Micros)> = on_reader!(self, |db| {
                let mut query = sqlx::query_as(SQL).bind(Micros::from(now));
                // One key or eight are one statement and as much work: what it takes does not tell how many there are.
                for key in some.iter().cycle().take(KEYS) {
                    query = query.bind(key.kind.as_str()).bind(&key.hash[..]);
                }
                query.fetch_all(db).await?
            });
            for (hash, shut) in rows {
                let key = some.iter().find(|key| key.hash[..] == hash[..]);
                found.extend(key.map(|key| (*key, until(now, shut.get()))));
            }
        }
        Ok(found)
    }

    /// Drops the rows whose whole allowance is back and, beyond the most that are kept, those nearest to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_old_limits(&self, now: OffsetDateTime) -> Result<u64> {
        const OLD: &str = "delete from limits where tat <= $1 and shut_until <= $1";
        const MANY: &str = "delete from limits where (kind, key_hash) in \
                            (select kind, key_hash from limits order by tat desc limit 10000 offset $1)";
        Ok(on_writer!(self, |db| {
            let old = sqlx::query(OLD).bind(Micros::from(now)).execute(&mut *db).await?;
            let many = sqlx::query(MANY).bind(MOST_ROWS).execute(&mut *db).await?;
            old.rows_affected() + many.rows_affected()
        }))
    }
}

/// From now until an instant in microseconds; nothing when it is over.
fn until(now: OffsetDateTime, micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros - Micros::from(now).get()).unwrap_or(0))
}
