//! Users and their places in tenants: what signing in and the command line need.
//!
//! These rows are what scopes are made of, so they are reached by e-mail and by id, not by scope. A password's hash goes
//! in and out as it comes: what it is made of is `auth`'s matter.

use super::{
    Act, Email, Event, EventKind, Result, Slug, Store, StoreError, TenantId, TenantScope, TenantStatus, UserId,
    agency::read_agency_role,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
    instant::Micros,
    on_reader, on_writer, read_within,
    sessions::END_BEYOND,
    tenants::{read_hue, read_slug},
};
use app::{
    lang::Lang,
    session::{AgencyRole, Hue, Role},
};
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
    /// Their name, which may be empty.
    pub name: String,
    /// A PHC string.
    pub password_hash: String,
    /// Whether they are refused everywhere.
    pub disabled: bool,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// Their role in the agency.
    pub agency: Option<AgencyRole>,
    /// The language they chose.
    pub language: Option<Lang>,
    /// When the password was last changed: what a known device's mark is bound to.
    pub password_changed_at: OffsetDateTime,
    /// Their places, by the tenant's slug, at most 500.
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
    /// Its short name.
    pub slug: Slug,
    /// The colour that was chosen for it.
    pub colour: Option<Hue>,
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
    name: String,
    password_hash: String,
    disabled_at: Option<Micros>,
    totp_since: Option<Micros>,
    password_changed_at: Micros,
    agency_role: Option<String>,
    language: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    tenant_id: TenantId,
    tenant_name: String,
    slug: String,
    colour: Option<String>,
    role: String,
    status: String,
    suspended_reason: Option<String>,
}

impl TryFrom<PlaceRow> for LoginMembership {
    type Error = StoreError;

    fn try_from(row: PlaceRow) -> Result<Self> {
        Ok(Self {
            tenant_id: row.tenant_id,
            tenant_name: row.tenant_name,
            slug: read_slug(&row.slug)?,
            colour: row.colour.as_deref().map(read_hue).transpose()?,
            role: read_role(&row.role)?,
            status: TenantStatus::read(&row.status)?,
            suspended_reason: row.suspended_reason,
        })
    }
}

pub(super) fn read_role(word: &str) -> Result<Role> {
    Role::parse(word).ok_or(StoreError::Corrupt("memberships.role"))
}

pub(super) fn read_email(word: &str) -> Result<Email> {
    word.parse().map_err(|_refused| StoreError::Corrupt("users.email"))
}

pub(super) const INSERT_MEMBERSHIP: &str =
    "insert into memberships (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4)";

impl Store {
    /// Makes a user and, when given, their first place, together.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`]; [`StoreError::Missing`] when there is no such tenant.
    pub async fn create_user(&self, act: &Act, user: NewUser, now: OffsetDateTime) -> Result<UserId> {
        let (id, at) = (UserId::new(), Micros::from(now));
        let fence = user.membership.map_or(Fence::AGENCY, |(tenant, _)| Fence::tenant(tenant));
        in_transaction!(self, fence, |tx| {
            sqlx::query(
                "insert into users (id, email, name, password_hash, password_changed_at, created_at) \
                 values ($1, $2, $3, $4, $5, $5)",
            )
            .bind(id)
            .bind(user.email.as_str())
            .bind(&user.name)
            .bind(&user.password_hash)
            .bind(at)
            .execute(&mut *tx)
            .await?;
            if let Some((tenant, role)) = user.membership {
                sqlx::query(INSERT_MEMBERSHIP)
                    .bind(tenant)
                    .bind(id)
                    .bind(role.as_str())
                    .bind(at)
                    .execute(&mut *tx)
                    .await?;
                let event = Event::new(EventKind::MemberAdded, user.email.as_str()).with_fields([role.as_str()]);
                record!(self, tx, tenant, act, now, event);
            }
        });
        Ok(id)
    }

    /// Gives a user a place in a further tenant.
    ///
    /// # Errors
    /// [`StoreError::AlreadyMember`]; [`StoreError::Missing`] when there is no such user or tenant.
    pub async fn add_membership(
        &self,
        scope: &TenantScope,
        act: &Act,
        user: UserId,
        role: Role,
        now: OffsetDateTime,
    ) -> Result<()> {
        in_transaction!(self, scope.into(), |tx| {
            sqlx::query(INSERT_MEMBERSHIP)
                .bind(scope.tenant())
                .bind(user)
                .bind(role.as_str())
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?;
            let email: Option<String> =
                sqlx::query_scalar("select email from users where id = $1").bind(user).fetch_optional(&mut *tx).await?;
            let email = email.ok_or(StoreError::Missing)?;
            let event = Event::new(EventKind::MemberAdded, &email).with_fields([role.as_str()]);
            record!(self, tx, scope, act, now, event);
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
            on_reader!(self, |db| sqlx::query_as(SQL).bind(email.as_str()).fetch_optional(db).await?);
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

    /// All that signing in must know of the user of this address. Known and unknown users take the same two queries.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_login(&self, email: &Email) -> Result<Option<Login>> {
        const USER: &str = "select u.id as user_id, u.name, u.password_hash, u.disabled_at, u.totp_since, \
                            u.password_changed_at, u.language, a.role as agency_role \
                            from users u left join agency_members a on a.user_id = u.id where u.email = $1";
        let row: Option<LoginRow> =
            on_reader!(self, |db| sqlx::query_as(USER).bind(email.as_str()).fetch_optional(db).await?);
        // Nobody's id has no places.
        let user = row.as_ref().map_or_else(UserId::new, |row| row.user_id);
        let memberships = self.list_places(user).await?;
        row.map(|row| {
            Ok(Login {
                user_id: row.user_id,
                name: row.name,
                password_hash: row.password_hash,
                disabled: row.disabled_at.is_some(),
                second_factor: row.totp_since.is_some(),
                agency: row.agency_role.as_deref().map(read_agency_role).transpose()?,
                language: row.language.as_deref().and_then(Lang::parse),
                password_changed_at: row.password_changed_at.into(),
                memberships,
            })
        })
        .transpose()
    }

    /// The same of a user who has passed the first step.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_login_of(&self, user: UserId) -> Result<Option<(Email, Login)>> {
        let email: Option<String> = on_reader!(self, |db| {
            sqlx::query_scalar("select email from users where id = $1").bind(user).fetch_optional(db).await?
        });
        let Some(email) = email else { return Ok(None) };
        let email = read_email(&email)?;
        Ok(self.find_login(&email).await?.map(|login| (email, login)))
    }

    /// A user's places by the tenant's slug, at most 500.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_places(&self, user: UserId) -> Result<Vec<LoginMembership>> {
        const SQL: &str = "select t.id as tenant_id, t.name as tenant_name, t.slug, t.colour, m.role, t.status, \
                           t.suspended_reason \
                           from memberships m join tenants t on t.id = m.tenant_id \
                           where m.user_id = $1 and t.shredded_at is null order by t.slug limit 500";
        let rows: Vec<PlaceRow> =
            read_within!(self, Fence::user(user), |db| sqlx::query_as(SQL).bind(user).fetch_all(&mut *db).await?);
        rows.into_iter().map(LoginMembership::try_from).collect()
    }

    /// Keeps that a user signed in: the time, the event in the trail of `tenant` or else of the agency, and of their
    /// sessions the `keep` newest; the older ones end. Says how many those were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_login(
        &self,
        user: UserId,
        tenant: Option<TenantId>,
        act: &Act,
        now: OffsetDateTime,
        event: Event,
        keep: u32,
    ) -> Result<u64> {
        const SQL: &str = "update users set last_login = $2 where id = $1";
        let chain = tenant.map_or(ChainId::AGENCY, Into::into);
        Ok(in_transaction!(self, chain.fence(), |tx| {
            sqlx::query(SQL).bind(user).bind(Micros::from(now)).execute(&mut *tx).await?;
            let ended = sqlx::query(END_BEYOND)
                .bind(user)
                .bind(i64::from(keep))
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            record!(self, tx, chain, act, now, event);
            ended
        }))
    }

    /// Keeps the language that a user chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_language(&self, user: UserId, language: Lang) -> Result<()> {
        on_writer!(self, |db| {
            sqlx::query("update users set language = $2 where id = $1")
                .bind(user)
                .bind(language.as_str())
                .execute(db)
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
        let changed = on_writer!(self, |db| {
            sqlx::query("update users set password_hash = $3 where id = $1 and password_hash = $2")
                .bind(user)
                .bind(old)
                .bind(new)
                .execute(db)
                .await?
                .rows_affected()
        });
        Ok(changed == 1)
    }
}
