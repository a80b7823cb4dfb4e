//! Links to a new password: made by an admin, by the agency or on request at the door, and taken.

use super::{Link, NewLink, USE, WITHDRAW_RESETS, insert_link};
use crate::store::{
    Act, Event, EventKind, Result, Store, TenantScope,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
    instant::Micros,
    locks, sessions,
};
use time::OffsetDateTime;

impl Store {
    /// Makes a link for a user to set a new password; older ones are withdrawn. `scope` is the tenant whose admin asked,
    /// or `None` when the user asked or the agency did.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such user.
    pub async fn create_reset(
        &self,
        scope: Option<&TenantScope>,
        act: &Act,
        link: NewLink,
        now: OffsetDateTime,
    ) -> Result<()> {
        let chain = scope.map_or(ChainId::AGENCY, Into::into);
        self.create_other_link(chain, act, link, EventKind::ResetMade, now).await
    }

    /// The same because somebody asked for it at the door: only when the user is enabled and no link to a new password
    /// was made since `since`, so that a stranger fills no mailbox. Looking and making are one step: of many requests at
    /// once one makes a link. `false` when none was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_requested_reset(
        &self,
        act: &Act,
        link: NewLink,
        since: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<bool> {
        // A change that changes nothing takes the user's row: whoever comes second waits here and then sees the first's.
        const HOLD: &str = "update users set disabled_at = disabled_at where id = $1 and disabled_at is null";
        const FRESH: &str = "select count(*) from links where user_id = $1 and purpose = 'reset' and created_at > $2";
        let Some(user) = link.purpose.user() else { return Ok(false) };
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            // Links, user, chain: the order in which taking a link holds them. Undone when there is a fresh one.
            sqlx::query(WITHDRAW_RESETS).bind(user).bind(at).execute(&mut *tx).await?;
            if sqlx::query(HOLD).bind(user).execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(false);
            }
            let fresh: i64 = sqlx::query_scalar(FRESH).bind(user).bind(Micros::from(since)).fetch_one(&mut *tx).await?;
            if fresh > 0 {
                return Ok(false);
            }
            record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::ResetMade, link.email.as_str()));
            insert_link!(tx, &link, act, at);
            true
        }))
    }

    /// Takes a link that sets a password: hash, use of the link, withdrawal of any other, the end of all the user's
    /// sessions and of the lock that wrong passwords led to (`account` is the one of [`Store::count_failure`]) are one
    /// step. `false` when the link is not good any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_password(
        &self,
        link: &Link,
        act: &Act,
        password_hash: &str,
        account: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<bool> {
        let Some(user) = link.purpose.user() else { return Ok(false) };
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            if sqlx::query(USE).bind(link.id).bind(at).execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query("update users set password_hash = $2, password_changed_at = $3 where id = $1")
                .bind(user)
                .bind(password_hash)
                .bind(at)
                .execute(&mut *tx)
                .await?;
            sqlx::query(WITHDRAW_RESETS).bind(user).bind(at).execute(&mut *tx).await?;
            sqlx::query(sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
            sqlx::query(locks::CLEAR_ALL).bind(&account[..]).execute(&mut *tx).await?;
            let act = Act { actor_id: Some(user), actor: link.email.as_str().to_owned(), ..act.clone() };
            record!(self, tx, ChainId::AGENCY, &act, now, Event::new(EventKind::PasswordReset, link.email.as_str()));
            true
        }))
    }
}
