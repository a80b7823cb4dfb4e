//! Second factors and passwords of one's own account. Secrets come and go sealed; what a code is, is `auth`'s matter.

use super::{
    Act, Event, EventKind, Result, Store, UserId,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
    instant::Micros,
    on_reader, on_writer,
};
use std::fmt;
use time::OffsetDateTime;

/// The state of a user's second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactorRow {
    /// The sealed secret; `None` when it is off.
    pub sealed: Option<Vec<u8>>,
    /// Since when it is on.
    pub since: Option<OffsetDateTime>,
    /// The last step a code was taken for.
    pub last_step: u64,
    /// Drawn and not confirmed yet, sealed.
    pub pending: Option<Vec<u8>>,
    /// Recovery codes not used yet.
    pub recovery_left: u32,
}

impl fmt::Debug for SecondFactorRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SecondFactorRow").field("since", &self.since).finish_non_exhaustive()
    }
}

/// What the account page needs beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorState {
    /// The second factor.
    pub factor: SecondFactorRow,
    /// When the password was last changed.
    pub password_changed_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    totp_sealed: Option<Vec<u8>>,
    totp_since: Option<Micros>,
    totp_last_step: i64,
    totp_pending: Option<Vec<u8>>,
    recovery_left: i64,
    password_changed_at: Micros,
    created_at: Micros,
}

impl Store {
    /// A user's second factor; `None` when there is no such user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_second_factor(&self, user: UserId) -> Result<Option<SecondFactorState>> {
        const SQL: &str = "select totp_sealed, totp_since, totp_last_step, totp_pending, \
                           (select count(*) from recovery_codes r where r.user_id = u.id and r.used_at is null) \
                           as recovery_left, password_changed_at, created_at from users u where id = $1";
        let row: Option<Row> = on_reader!(self, |db| sqlx::query_as(SQL).bind(user).fetch_optional(db).await?);
        Ok(row.map(|row| SecondFactorState {
            factor: SecondFactorRow {
                sealed: row.totp_sealed,
                since: row.totp_since.map(Into::into),
                last_step: u64::try_from(row.totp_last_step).unwrap_or(u64::MAX),
                pending: row.totp_pending,
                recovery_left: u32::try_from(row.recovery_left).unwrap_or(0),
            },
            // 0 is a user of before this column: the password is as old as the account.
            password_changed_at: row.password_changed_at.max(row.created_at).into(),
        }))
    }

    /// Keeps a drawn secret until it is confirmed; `false` when a second factor is on already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_second_factor(&self, user: UserId, pending: &[u8]) -> Result<bool> {
        const SQL: &str = "update users set totp_pending = $2 where id = $1 and totp_sealed is null";
        let changed =
            on_writer!(self, |db| sqlx::query(SQL).bind(user).bind(pending).execute(db).await?.rows_affected());
        Ok(changed == 1)
    }

    /// Switches the second factor on: secret, recovery codes and the first step used; all the user's sessions end.
    /// `false` when none was begun.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enable_second_factor(
        &self,
        user: UserId,
        act: &Act,
        sealed: &[u8],
        recovery: &[[u8; 32]],
        step: u64,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update users set totp_sealed = $2, totp_since = $3, totp_last_step = $4, totp_pending = null \
                           where id = $1 and totp_sealed is null and totp_pending is not null";
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let changed = sqlx::query(SQL)
                .bind(user)
                .bind(sealed)
                .bind(at)
                .bind(i64::try_from(step).unwrap_or(i64::MAX))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                sqlx::query("delete from recovery_codes where user_id = $1").bind(user).execute(&mut *tx).await?;
                for hash in recovery {
                    sqlx::query("insert into recovery_codes (user_id, code_hash) values ($1, $2)")
                        .bind(user)
                        .bind(&hash[..])
                        .execute(&mut *tx)
                        .await?;
                }
                sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
                let event = Event::new(EventKind::SecondFactorOn, &act.actor);
                record!(self, tx, ChainId::AGENCY, act, now, event);
            }
            changed == 1
        }))
    }

    /// Switches the second factor off, by the user or from the command line; all the user's sessions end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable_second_factor(&self, user: UserId, act: &Act, now: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "update users set totp_sealed = null, totp_since = null, totp_pending = null where id = $1";
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let changed = sqlx::query(SQL).bind(user).execute(&mut *tx).await?.rows_affected();
            if changed == 1 {
                sqlx::query("delete from recovery_codes where user_id = $1").bind(user).execute(&mut *tx).await?;
                sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
                let email: String =
                    sqlx::query_scalar("select email from users where id = $1").bind(user).fetch_one(&mut *tx).await?;
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::SecondFactorOff, &email));
            }
            changed == 1
        }))
    }

    /// Notes that a code of `step` is used; `false` when one of that step or a later one was: of two requests with the
    /// same code one wins.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_step(&self, user: UserId, step: u64) -> Result<bool> {
        const SQL: &str = "update users set totp_last_step = $2 where id = $1 and totp_last_step < $2";
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let changed = on_writer!(self, |db| sqlx::query(SQL).bind(user).bind(step).execute(db).await?.rows_affected());
        Ok(changed == 1)
    }

    /// Uses up a recovery code; `false` when it is unknown or used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_recovery_code(
        &self,
        user: UserId,
        act: &Act,
        code_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update recovery_codes set used_at = $3 \
                           where user_id = $1 and code_hash = $2 and used_at is null";
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let changed = sqlx::query(SQL)
                .bind(user)
                .bind(&code_hash[..])
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::RecoveryCodeUsed, &act.actor));
            }
            changed == 1
        }))
    }

    /// Changes a password, if the stored hash is still `old`; all the user's sessions end, and open links to a new
    /// password are withdrawn. `false` when it is not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_password(
        &self,
        user: UserId,
        act: &Act,
        old: &str,
        new: &str,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update users set password_hash = $3, password_changed_at = $4 \
                           where id = $1 and password_hash = $2";
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let changed =
                sqlx::query(SQL).bind(user).bind(old).bind(new).bind(at).execute(&mut *tx).await?.rows_affected();
            if changed == 1 {
                sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
                sqlx::query(super::links::WITHDRAW_RESETS).bind(user).bind(at).execute(&mut *tx).await?;
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::PasswordChanged, &act.actor));
            }
            changed == 1
        }))
    }
}
