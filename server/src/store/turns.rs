//! One try at a time for an account, in whichever process: a row that one statement takes, that is given back after the try,
//! and that is forgotten after a while, when whoever took it cannot give it back any more.

use super::{Result, Store, instant::Micros, on_writer};
use time::OffsetDateTime;
use uuid::Uuid;

impl Store {
    /// Takes an account's turn for one `holder`, until `until` at most; `false` when another has it at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_turn(
        &self,
        account: &[u8; 32],
        holder: Uuid,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "insert into turns (account, holder, taken_until) values ($1, $2, $3) \
                           on conflict (account) do update \
                           set holder = excluded.holder, taken_until = excluded.taken_until \
                           where turns.taken_until <= $4 returning taken_until";
        let taken: Option<Micros> = on_writer!(self, |db| {
            sqlx::query_scalar(SQL)
                .bind(&account[..])
                .bind(holder)
                .bind(Micros::from(until))
                .bind(Micros::from(now))
                .fetch_optional(db)
                .await?
        });
        Ok(taken.is_some())
    }

    /// Gives a turn back. One that another has taken since stays theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_turn_back(&self, account: &[u8; 32], holder: Uuid) -> Result<()> {
        const SQL: &str = "delete from turns where account = $1 and holder = $2";
        on_writer!(self, |db| {
            sqlx::query(SQL).bind(&account[..]).bind(holder).execute(db).await?;
        });
        Ok(())
    }

    /// Drops the turns that nobody gave back in time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_old_turns(&self, now: OffsetDateTime) -> Result<u64> {
        const SQL: &str = "delete from turns where taken_until <= $1";
        Ok(on_writer!(self, |db| sqlx::query(SQL).bind(Micros::from(now)).execute(db).await?.rows_affected()))
    }
}
