//! A tenant's members as its admins see and change them.

use super::{
    Act, Event, EventKind, Result, Store, TenantScope, UserId,
    audit::record,
    fence::{Fence, own},
    in_transaction,
    instant::Micros,
    read_within,
    users::read_role,
};
use app::session::Role;
use time::OffsetDateTime;

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role here.
    pub role: Role,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they last signed in.
    pub last_login: Option<OffsetDateTime>,
    /// Whether the account is refused everywhere.
    pub disabled: bool,
}

/// What decides whether an admin may be shown a link to a member's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberStanding {
    /// What they sign in with.
    pub email: String,
    /// Whether this tenant is all they have: no other tenant, no role in the agency.
    pub only_here: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    name: String,
    email: String,
    role: String,
    totp_since: Option<Micros>,
    last_login: Option<Micros>,
    disabled_at: Option<Micros>,
}

impl Store {
    /// Members by name, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_members(&self, scope: &TenantScope, limit: u32) -> Result<Vec<MemberRow>> {
        const SQL: &str = concat!(
            "select u.id, u.name, u.email, m.role, u.totp_since, u.last_login, u.disabled_at \
             from memberships m join users u on u.id = m.user_id where ",
            own!("m.tenant_id"),
            " order by u.name, u.email limit $2"
        );
        let rows: Vec<Row> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).bind(i64::from(limit)).fetch_all(&mut *db).await?
        });
        rows.into_iter()
            .map(|row| {
                Ok(MemberRow {
                    id: row.id,
                    name: row.name,
                    email: row.email,
                    role: read_role(&row.role)?,
                    second_factor: row.totp_since.is_some(),
                    last_login: row.last_login.map(Into::into),
                    disabled: row.disabled_at.is_some(),
                })
            })
            .collect()
    }

    /// How a member stands here and elsewhere; `None` when they are no member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_member_standing(&self, scope: &TenantScope, user: UserId) -> Result<Option<MemberStanding>> {
        const HERE: &str = concat!(
            "select u.email from memberships m join users u on u.id = m.user_id where ",
            own!("m.tenant_id"),
            " and m.user_id = $2"
        );
        const PLACES: &str = "select (select count(*) from memberships where user_id = $1) \
                              + (select count(*) from agency_members where user_id = $1)";
        // Two fences, one after the other: behind the user's own, all of their places would look like places here.
        let email: Option<String> = read_within!(self, scope.into(), |db| {
            sqlx::query_scalar(HERE).bind(scope.tenant()).bind(user).fetch_optional(&mut *db).await?
        });
        let Some(email) = email else { return Ok(None) };
        let places: i64 = read_within!(self, Fence::user(user), |db| {
            sqlx::query_scalar(PLACES).bind(user).fetch_one(&mut *db).await?
        });
        Ok(Some(MemberStanding { email, only_here: places == 1 }))
    }

    /// Changes a member's role and ends their sessions here; `false` when they are no member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_role(
        &self,
        scope: &TenantScope,
        act: &Act,
        user: UserId,
        role: Role,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = concat!("update memberships set role = $3 where ", own!("tenant_id"), " and user_id = $2");
        Ok(in_transaction!(self, scope.into(), |tx| {
            let changed = sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(user)
                .bind(role.as_str())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                sqlx::query(END_HERE).bind(scope.tenant()).bind(user).bind(Micros::from(now)).execute(&mut *tx).await?;
                let email: String = sqlx::query_scalar(EMAIL).bind(user).fetch_one(&mut *tx).await?;
                let event = Event::new(EventKind::RoleChanged, &email).with_fields([role.as_str()]);
                record!(self, tx, scope, act, now, event);
            }
            changed == 1
        }))
    }

    /// Takes a member's place away and ends their sessions here; `false` when they are no member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_member(
        &self,
        scope: &TenantScope,
        act: &Act,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = concat!("delete from memberships where ", own!("tenant_id"), " and user_id = $2");
        Ok(in_transaction!(self, scope.into(), |tx| {
            let changed = sqlx::query(SQL).bind(scope.tenant()).bind(user).execute(&mut *tx).await?.rows_affected();
            if changed == 1 {
                sqlx::query(END_HERE).bind(scope.tenant()).bind(user).bind(Micros::from(now)).execute(&mut *tx).await?;
                let email: String = sqlx::query_scalar(EMAIL).bind(user).fetch_one(&mut *tx).await?;
                record!(self, tx, scope, act, now, Event::new(EventKind::MemberRemoved, &email));
            }
            changed == 1
        }))
    }

    /// Whether every member needs a second factor.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factor_required(&self, scope: &TenantScope) -> Result<bool> {
        const SQL: &str = "select second_factor_required from tenants where id = $1";
        let required: Option<i64> = read_within!(self, scope.into(), |db| {
            sqlx::query_scalar(SQL).bind(scope.tenant()).fetch_optional(&mut *db).await?
        });
        Ok(required.is_some_and(|required| required != 0))
    }

    /// Demands a second factor of every member, or no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn require_second_factor(
        &self,
        scope: &TenantScope,
        act: &Act,
        required: bool,
        now: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "update tenants set second_factor_required = $2, updated_at = $3 where id = $1";
        in_transaction!(self, scope.into(), |tx| {
            sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(i64::from(required))
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?;
            let event = Event::new(EventKind::SecondFactorRequired, if required { "sim" } else { "não" });
            record!(self, tx, scope, act, now, event);
        });
        Ok(())
    }
}

/// Ends a user's sessions in one tenant.
const END_HERE: &str = "update sessions set revoked_at = $3, data = '{}' \
                        where tenant_id = $1 and user_id = $2 and revoked_at is null";
const EMAIL: &str = "select email from users where id = $1";
