//! Users and their places in tenants: what signing in and the command line need.
//!
//! These rows are what scopes are made of, so they are reached by e-mail and by id, not by scope. A password's hash goes
//! in and out as it comes: what it is made of is `auth`'s matter.

use super::{
    Email, Result, Store, StoreError, TenantId, TenantStatus, UserId, in_transaction, instant::Micros, on_reader,
    on_writer,
};
use app::session::Role;
use std::fmt;
use time::OffsetDateTime;

/// A user to be made.
#[derive(Clone)]
pub struct NewUser {
    /// What they sign in with, unique.
    pub email: Email,
    /// Their name as people read it.
    pub name: String,
    /// A PHC string.
    pub password_hash: String,
    /// Their first place.
    pub membership: Option<(TenantId, Role)>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the hash: it can be attacked at leisure wherever it lands.
        out.debug_struct("NewUser").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they sign in with.
    pub email: Email,
    /// Their name as people read it.
    pub name: String,
    /// Whether they are refused everywhere.
    pub disabled: bool,
    /// When they last signed in.
    pub last_login: Option<OffsetDateTime>,
    /// When they were made.
    pub created_at: OffsetDateTime,
}

/// What signing in must know of a user.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Their id.
    pub user_id: UserId,
    /// A PHC string.
    pub password_hash: String,
    /// Whether they are refused everywhere.
    pub disabled: bool,
    /// Their places, by the tenant's slug.
    pub memberships: Vec<LoginMembership>,
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Login").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// A user's place in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginMembership {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// What the user may do there.
    pub role: Role,
    /// Whether its members may sign in.
    pub status: TenantStatus,
    /// Why not.
    pub suspended_reason: Option<String>,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: UserId,
    email: String,
    name: String,
    disabled_at: Option<Micros>,
    last_login: Option<Micros>,
    created_at: Micros,
}

#[derive(sqlx::FromRow)]
struct LoginRow {
    user_id: UserId,
    password_hash: String,
    disabled_at: Option<Micros>,
    // The rest is missing, all of it, for a user without a place.
    tenant_id: Option<TenantId>,
    tenant_name: Option<String>,
    role: Option<String>,
    status: Option<String>,
    suspended_reason: Option<String>,
}

impl LoginRow {
    fn membership(self) -> Result<Option<LoginMembership>> {
        let (Some(tenant_id), Some(tenant_name), Some(role), Some(status)) =
            (self.tenant_id, self.tenant_name, self.role, self.status)
        else {
            return Ok(None);
        };
        Ok(Some(LoginMembership {
            tenant_id,
            tenant_name,
            role: read_role(&role)?,
            status: TenantStatus::read(&status)?,
            suspended_reason: self.suspended_reason,
        }))
    }
}

pub(super) fn read_role(word: &str) -> Result<Role> {
    Role::parse(word).ok_or(StoreError::Corrupt("memberships.role"))
}

pub(super) fn read_email(word: &str) -> Result<Email> {
    word.parse().map_err(|_refused| StoreError::Corrupt("users.email"))
}

const INSERT_MEMBERSHIP: &str =
    "insert into memberships (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4)";

impl Store {
    /// Makes a user and, when given, their first place, together.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`]; [`StoreError::Missing`] when there is no such tenant.
    pub async fn create_user(&self, user: NewUser, now: OffsetDateTime) -> Result<UserId> {
        let (id, now) = (UserId::new(), Micros::from(now));
        in_transaction!(self, |tx| {
            sqlx::query("insert into users (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(user.email.as_str())
                .bind(&user.name)
                .bind(&user.password_hash)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            if let Some((tenant, role)) = user.membership {
                sqlx::query(INSERT_MEMBERSHIP)
                    .bind(tenant)
                    .bind(id)
                    .bind(role.as_str())
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
            }
        });
        Ok(id)
    }

    /// Gives a user a place in a further tenant.
    ///
    /// # Errors
    /// [`StoreError::AlreadyMember`]; [`StoreError::Missing`] when there is no such user or tenant.
    pub async fn add_membership(&self, user: UserId, tenant: TenantId, role: Role, now: OffsetDateTime) -> Result<()> {
        on_writer!(self, |pool| {
            sqlx::query(INSERT_MEMBERSHIP)
                .bind(tenant)
                .bind(user)
                .bind(role.as_str())
                .bind(Micros::from(now))
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// The user of this address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_user(&self, email: &Email) -> Result<Option<User>> {
        const SQL: &str = "select id, email, name, disabled_at, last_login, created_at from users where email = $1";
        let row: Option<UserRow> =
            on_reader!(self, |pool| sqlx::query_as(SQL).bind(email.as_str()).fetch_optional(pool).await?);
        row.map(|row| {
            Ok(User {
                id: row.id,
                email: read_email(&row.email)?,
                name: row.name,
                disabled: row.disabled_at.is_some(),
                last_login: row.last_login.map(Into::into),
                created_at: row.created_at.into(),
            })
        })
        .transpose()
    }

    /// All that signing in must know of the user of this address, in one query: known and unknown users take the same
    /// time here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_login(&self, email: &Email) -> Result<Option<Login>> {
        const SQL: &str = "select u.id as user_id, u.password_hash, u.disabled_at, t.id as tenant_id, \
                           t.name as tenant_name, m.role, t.status, t.suspended_reason \
                           from users u \
                           left join memberships m on m.user_id = u.id \
                           left join tenants t on t.id = m.tenant_id \
                           where u.email = $1 order by t.slug";
        let rows: Vec<LoginRow> =
            on_reader!(self, |pool| sqlx::query_as(SQL).bind(email.as_str()).fetch_all(pool).await?);
        let Some(first) = rows.first() else { return Ok(None) };
        let (user_id, password_hash) = (first.user_id, first.password_hash.clone());
        let disabled = first.disabled_at.is_some();
        let memberships = rows.into_iter().filter_map(|row| row.membership().transpose()).collect::<Result<_>>()?;
        Ok(Some(Login { user_id, password_hash, disabled, memberships }))
    }

    /// Keeps the time of a sign-in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_login(&self, user: UserId, now: OffsetDateTime) -> Result<()> {
        on_writer!(self, |pool| {
            sqlx::query("update users set last_login = $2 where id = $1")
                .bind(user)
                .bind(Micros::from(now))
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// Replaces a password's hash if it is still `old`; `false` when it is not. So a re-hash that was begun at sign-in
    /// cannot bring back a password changed in between.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_password_hash(&self, user: UserId, old: &str, new: &str) -> Result<bool> {
        let changed = on_writer!(self, |pool| {
            sqlx::query("update users set password_hash = $3 where id = $1 and password_hash = $2")
                .bind(user)
                .bind(old)
                .bind(new)
                .execute(pool)
                .await?
                .rows_affected()
        });
        Ok(changed == 1)
    }
}
