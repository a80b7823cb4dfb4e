//! Sessions, under the hash of their id. A session once ended cannot come back: writing updates a live row or nothing.
//!
//! Two clocks end a session by itself: `expires_at`, fixed when it begins, and idleness since `last_seen`, which is
//! written at most once a minute, so that reading a page does not mean writing to the disk. An idle session may
//! therefore end up to a minute early, never late.

use super::{
    Act, Event, EventKind, Result, Store, TenantId, UserId,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
    instant::Micros,
    on_reader, on_writer,
};
use time::{Duration, OffsetDateTime};

/// How old `last_seen` may grow before a request renews it.
const TOUCH_EVERY: Duration = Duration::minutes(1);

/// A session to be begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of its id.
    pub id_hash: [u8; 32],
    /// Who signed in.
    pub user_id: Option<UserId>,
    /// The tenant they work in.
    pub tenant_id: Option<TenantId>,
    /// JSON.
    pub data: String,
    /// Browser and system, in words.
    pub device: String,
    /// The address it began from.
    pub source: String,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
}

/// One of a user's own live sessions, as the user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// SHA-256 of its id: names it, and is worth nothing as a cookie.
    pub id_hash: Vec<u8>,
    /// Browser and system, in words.
    pub device: String,
    /// The address it began from.
    pub source: String,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When a request last used it, to a minute.
    pub last_seen: OffsetDateTime,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Who signed in.
    pub user_id: Option<UserId>,
    /// The tenant they work in.
    pub tenant_id: Option<TenantId>,
    /// JSON.
    pub data: String,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When a request last used it, to a minute.
    pub last_seen: OffsetDateTime,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: Option<UserId>,
    tenant_id: Option<TenantId>,
    data: String,
    created_at: Micros,
    last_seen: Micros,
    expires_at: Micros,
}

impl Store {
    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError::SessionTaken`](super::StoreError::SessionTaken) when the id exists, ended or not;
    /// [`StoreError::Missing`](super::StoreError::Missing) when the user or tenant does not.
    pub async fn create_session(&self, session: NewSession, now: OffsetDateTime) -> Result<()> {
        const SQL: &str = "insert into sessions (id_hash, user_id, tenant_id, data, created_at, last_seen, expires_at, \
                           device, source) values ($1, $2, $3, $4, $5, $5, $6, $7, $8)";
        on_writer!(self, |db| {
            sqlx::query(SQL)
                .bind(&session.id_hash[..])
                .bind(session.user_id)
                .bind(session.tenant_id)
                .bind(&session.data)
                .bind(Micros::from(now))
                .bind(Micros::from(session.expires_at))
                .bind(&session.device)
                .bind(&session.source)
                .execute(db)
                .await?;
        });
        Ok(())
    }

    /// Rewrites what a live session holds; `false`, and nothing written, when it has been ended or holds just this. Its end
    /// stays as it was.
    ///
    /// # Errors
    /// [`StoreError::Missing`](super::StoreError::Missing) when the user or tenant does not exist.
    pub async fn update_session(
        &self,
        id_hash: &[u8; 32],
        data: &str,
        user: Option<UserId>,
        tenant: Option<TenantId>,
    ) -> Result<bool> {
        const SQL: &str = "update sessions set data = $2, user_id = $3, tenant_id = $4 \
                           where id_hash = $1 and revoked_at is null and (data <> $2 \
                           or user_id is distinct from $3 or tenant_id is distinct from $4)";
        let changed = on_writer!(self, |db| {
            sqlx::query(SQL).bind(&id_hash[..]).bind(data).bind(user).bind(tenant).execute(db).await?.rows_affected()
        });
        Ok(changed == 1)
    }

    /// A session that was not ended, has not expired at `now` and was used within `idle`; notes that it is used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_session(
        &self,
        id_hash: &[u8; 32],
        now: OffsetDateTime,
        idle: Duration,
    ) -> Result<Option<SessionRow>> {
        const SQL: &str = "select user_id, tenant_id, data, created_at, last_seen, expires_at from sessions \
                           where id_hash = $1 and revoked_at is null and expires_at > $2 and last_seen > $3";
        let row: Option<Row> = on_reader!(self, |db| {
            sqlx::query_as(SQL)
                .bind(&id_hash[..])
                .bind(Micros::from(now))
                .bind(Micros::from(now - idle))
                .fetch_optional(db)
                .await?
        });
        let Some(row) = row else { return Ok(None) };
        let last_seen = self.touch_session(id_hash, row.last_seen.into(), now).await;
        Ok(Some(SessionRow {
            user_id: row.user_id,
            tenant_id: row.tenant_id,
            data: row.data,
            created_at: row.created_at.into(),
            last_seen,
            expires_at: row.expires_at.into(),
        }))
    }

    /// Renews `last_seen` when it is old enough to be worth a write. A database too busy for that must not fail the
    /// request, which has been allowed already: the next one tries again.
    pub(super) async fn touch_session(
        &self,
        id_hash: &[u8; 32],
        last_seen: OffsetDateTime,
        now: OffsetDateTime,
    ) -> OffsetDateTime {
        if now - last_seen < TOUCH_EVERY {
            return last_seen;
        }
        match self.write_last_seen(id_hash, now).await {
            Ok(()) => now,
            Err(error) => {
                tracing::warn!(%error, "cannot note that a session is used");
                last_seen
            }
        }
    }

    async fn write_last_seen(&self, id_hash: &[u8; 32], now: OffsetDateTime) -> Result<()> {
        // `last_seen <= $3` again: of the requests of one page, which arrive together, one writes.
        const SQL: &str = "update sessions set last_seen = $2 \
                           where id_hash = $1 and revoked_at is null and last_seen <= $3";
        on_writer!(self, |db| {
            sqlx::query(SQL)
                .bind(&id_hash[..])
                .bind(Micros::from(now))
                .bind(Micros::from(now - TOUCH_EVERY))
                .execute(db)
                .await?;
        });
        Ok(())
    }

    /// Takes a live session's id away and keeps its row under a name that is no id's hash: no cookie opens it any more,
    /// and whatever ends the user's sessions still meets it. `false` when it is not live.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_session_aside(&self, id_hash: &[u8; 32], aside: &[u8; 32]) -> Result<bool> {
        const SQL: &str = "update sessions set id_hash = $2 where id_hash = $1 and revoked_at is null";
        let changed = on_writer!(self, |db| {
            sqlx::query(SQL).bind(&id_hash[..]).bind(&aside[..]).execute(db).await?.rows_affected()
        });
        Ok(changed == 1)
    }

    /// Ends a session that was set aside; `false` when something else has ended it already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session_aside(&self, aside: &[u8; 32], now: OffsetDateTime) -> Result<bool> {
        let changed = on_writer!(self, |db| {
            sqlx::query(END_ONE).bind(&aside[..]).bind(Micros::from(now)).execute(db).await?.rows_affected()
        });
        Ok(changed == 1)
    }

    /// Ends a session. One that is unknown or ended already is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, id_hash: &[u8; 32], now: OffsetDateTime) -> Result<()> {
        on_writer!(self, |db| {
            sqlx::query(END_ONE).bind(&id_hash[..]).bind(Micros::from(now)).execute(db).await?;
        });
        Ok(())
    }

    /// A user's live sessions, the last used first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_sessions(
        &self,
        user: UserId,
        now: OffsetDateTime,
        idle: Duration,
        limit: u32,
    ) -> Result<Vec<OwnSession>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            id_hash: Vec<u8>,
            device: String,
            source: String,
            created_at: Micros,
            last_seen: Micros,
        }
        const SQL: &str = "select id_hash, device, source, created_at, last_seen from sessions \
                           where user_id = $1 and revoked_at is null and expires_at > $2 and last_seen > $3 \
                           order by last_seen desc, created_at desc limit $4";
        let rows: Vec<Row> = on_reader!(self, |db| {
            sqlx::query_as(SQL)
                .bind(user)
                .bind(Micros::from(now))
                .bind(Micros::from(now - idle))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        let session = |row: Row| OwnSession {
            id_hash: row.id_hash,
            device: row.device,
            source: row.source,
            created_at: row.created_at.into(),
            last_seen: row.last_seen.into(),
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends one of a user's own sessions; `false` when it is not theirs or has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_own_session(&self, user: UserId, act: &Act, id_hash: &[u8], now: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "update sessions set revoked_at = $3, data = '{}' \
                           where user_id = $1 and id_hash = $2 and revoked_at is null";
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let ended = sqlx::query(SQL)
                .bind(user)
                .bind(id_hash)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if ended == 1 {
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::SessionEnded, &act.actor));
            }
            ended == 1
        }))
    }

    /// Ends all of a user's sessions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_own_sessions(&self, user: UserId, act: &Act, now: OffsetDateTime) -> Result<u64> {
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let ended =
                sqlx::query(END_ALL).bind(user).bind(Micros::from(now)).execute(&mut *tx).await?.rows_affected();
            record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::AllSessionsEnded, &act.actor));
            ended
        }))
    }

    /// Ends a user's oldest sessions beyond the `keep` newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions_beyond(&self, user: UserId, keep: u32, now: OffsetDateTime) -> Result<u64> {
        Ok(on_writer!(self, |db| {
            sqlx::query(END_BEYOND)
                .bind(user)
                .bind(i64::from(keep))
                .bind(Micros::from(now))
                .execute(db)
                .await?
                .rows_affected()
        }))
    }

    /// Removes up to `limit` rows of sessions that have been ended or have expired at `now`; says how many. Call it again
    /// while it gives `limit`: short transactions let others write in between.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_dead_sessions(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        const SQL: &str = "delete from sessions where id_hash in (select id_hash from sessions \
                           where expires_at <= $1 or revoked_at is not null limit $2)";
        Ok(on_writer!(self, |db| {
            sqlx::query(SQL).bind(Micros::from(now)).bind(i64::from(limit)).execute(db).await?.rows_affected()
        }))
    }
}

/// Ends one session. The row stays, its content goes: nothing reads it any more.
const END_ONE: &str = "update sessions set revoked_at = $2, data = '{}' where id_hash = $1 and revoked_at is null";

/// Ends a user's oldest sessions beyond so many.
pub(super) const END_BEYOND: &str = "update sessions set revoked_at = $3, data = '{}' where id_hash in \
                                     (select id_hash from sessions where user_id = $1 and revoked_at is null \
                                     order by created_at desc, id_hash limit 1000 offset $2)";

/// Ends all of a user's sessions.
pub(super) const END_ALL: &str =
    "update sessions set revoked_at = $2, data = '{}' where user_id = $1 and revoked_at is null";
