//! What is the agency's own: its people, its key and secrets, its settings.

use super::{
    Act, AgencyScope, Email, Event, EventKind, Result, Store, StoreError, UserId,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
    instant::Micros,
    on_reader,
};
use app::session::AgencyRole;
use std::fmt;
use time::OffsetDateTime;

/// The agency's wrapped key.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AgencyKeyRow {
    /// From 1; the highest seals.
    pub version: i64,
    /// The key of the ring that wraps it.
    pub ring_key: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

impl fmt::Debug for AgencyKeyRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AgencyKeyRow").field("version", &self.version).finish_non_exhaustive()
    }
}

/// One person of the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role in the agency.
    pub role: AgencyRole,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they last signed in.
    pub last_login: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    name: String,
    email: String,
    role: String,
    totp_since: Option<Micros>,
    last_login: Option<Micros>,
}

pub(super) fn read_agency_role(word: &str) -> Result<AgencyRole> {
    AgencyRole::parse(word).ok_or(StoreError::Corrupt("agency_members.role"))
}

pub(super) const PUT_STAFF: &str = "insert into agency_members (user_id, role, created_at) values ($1, $2, $3) \
                                    on conflict (user_id) do update set role = excluded.role";

/// The setting that demands a second factor of everybody in the agency.
pub(super) const SECOND_FACTOR: &str = "staff_second_factor";

impl Store {
    /// The agency's newest key; `None` on a new database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_agency_key(&self) -> Result<Option<AgencyKeyRow>> {
        const SQL: &str = "select version, ring_key, wrapped from agency_keys order by version desc limit 1";
        Ok(on_reader!(self, |db| sqlx::query_as(SQL).fetch_optional(db).await?))
    }

    /// Keeps the agency's first key and its sealed secrets, together, unless there are some: of several processes that
    /// start at once, the first one's stand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_agency_key(
        &self,
        key: &AgencyKeyRow,
        secrets: &[(&str, Vec<u8>)],
        now: OffsetDateTime,
    ) -> Result<()> {
        const KEY: &str = "insert into agency_keys (version, ring_key, wrapped, created_at) values ($1, $2, $3, $4) \
                           on conflict (version) do nothing";
        in_transaction!(self, Fence::OPEN_GROUND, |tx| {
            let made = sqlx::query(KEY)
                .bind(key.version)
                .bind(&key.ring_key)
                .bind(&key.wrapped)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if made == 1 {
                for (name, sealed) in secrets {
                    sqlx::query("insert into agency_secrets (name, sealed) values ($1, $2)")
                        .bind(*name)
                        .bind(sealed)
                        .execute(&mut *tx)
                        .await?;
                }
            }
        });
        Ok(())
    }

    /// One of the agency's sealed secrets.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_agency_secret(&self, name: &str) -> Result<Option<Vec<u8>>> {
        const SQL: &str = "select sealed from agency_secrets where name = $1";
        Ok(on_reader!(self, |db| sqlx::query_scalar(SQL).bind(name).fetch_optional(db).await?))
    }

    /// The people of the agency by name, at most 200.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_staff(&self, _agency: &AgencyScope) -> Result<Vec<StaffRow>> {
        const SQL: &str = "select u.id, u.name, u.email, a.role, u.totp_since, u.last_login \
                           from agency_members a join users u on u.id = a.user_id \
                           order by u.name, u.email limit 200";
        let rows: Vec<Row> = on_reader!(self, |db| sqlx::query_as(SQL).fetch_all(db).await?);
        rows.into_iter()
            .map(|row| {
                Ok(StaffRow {
                    id: row.id,
                    name: row.name,
                    email: row.email,
                    role: read_agency_role(&row.role)?,
                    second_factor: row.totp_since.is_some(),
                    last_login: row.last_login.map(Into::into),
                })
            })
            .collect()
    }

    /// Gives a user a role in the agency, or another one; their sessions end.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such user.
    pub async fn put_staff(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        user: UserId,
        email: &Email,
        role: AgencyRole,
        now: OffsetDateTime,
    ) -> Result<()> {
        let at = Micros::from(now);
        in_transaction!(self, Fence::AGENCY, |tx| {
            sqlx::query(PUT_STAFF).bind(user).bind(role.as_str()).bind(at).execute(&mut *tx).await?;
            sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
            let event = Event::new(EventKind::StaffAdded, email.as_str()).with_fields([role.as_str()]);
            record!(self, tx, ChainId::AGENCY, act, now, event);
        });
        Ok(())
    }

    /// Takes a user's role in the agency away; their sessions and open glass end. `false` when they had none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_staff(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let at = Micros::from(now);
        let removed = in_transaction!(self, Fence::AGENCY, |tx| {
            let gone = sqlx::query("delete from agency_members where user_id = $1")
                .bind(user)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if gone == 1 {
                sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
                let email: String =
                    sqlx::query_scalar("select email from users where id = $1").bind(user).fetch_one(&mut *tx).await?;
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::StaffRemoved, &email));
            }
            gone == 1
        });
        // Without a role the glass lets nobody in any more; that it is over is told in each tenant's own chain.
        if removed {
            for tenant in self.list_open_glass(user, now).await? {
                self.end_glass_of(user, act, tenant, now).await?;
            }
        }
        Ok(removed)
    }

    /// Whether the agency demands a second factor of its people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_second_factor_required(&self) -> Result<bool> {
        const SQL: &str = "select count(*) from agency_settings where name = $1 and value = 'on'";
        let on: i64 = on_reader!(self, |db| sqlx::query_scalar(SQL).bind(SECOND_FACTOR).fetch_one(db).await?);
        Ok(on > 0)
    }

    /// Demands a second factor of everybody in the agency, or no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn require_staff_second_factor(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        required: bool,
        now: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "insert into agency_settings (name, value) values ($1, $2) \
                           on conflict (name) do update set value = excluded.value";
        in_transaction!(self, Fence::AGENCY, |tx| {
            sqlx::query(SQL).bind(SECOND_FACTOR).bind(if required { "on" } else { "off" }).execute(&mut *tx).await?;
            let event = Event::new(EventKind::SecondFactorRequired, if required { "sim" } else { "não" });
            record!(self, tx, ChainId::AGENCY, act, now, event);
        });
        Ok(())
    }

    /// Disables an account everywhere, or enables it again; its sessions end. `false` when there is no such user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_user_disabled(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        email: &Email,
        disabled: bool,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update users set disabled_at = $2 where email = $1 returning id";
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let user: Option<UserId> = sqlx::query_scalar(SQL)
                .bind(email.as_str())
                .bind(disabled.then_some(at))
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(user) = user {
                sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
                let kind = if disabled { EventKind::UserDisabled } else { EventKind::UserEnabled };
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(kind, email.as_str()));
            }
            user.is_some()
        }))
    }

    /// Ends every session there is: after an incident.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_every_session(&self, _agency: &AgencyScope, act: &Act, now: OffsetDateTime) -> Result<u64> {
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let ended = sqlx::query("update sessions set revoked_at = $1, data = '{}' where revoked_at is null")
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::AllSessionsEnded, "todos"));
            ended
        }))
    }
}
