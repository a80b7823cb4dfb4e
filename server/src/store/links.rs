//! Single-use links: invitations and new passwords. Only the hash of a link's token is stored, and a link is good once:
//! taking it and what it does are one transaction.
//!
//! A link is looked up before anybody is signed in, so these rows are reached by their token, not by scope.

use super::{
    Act, AgencyScope, Email, Event, EventKind, LinkId, Result, Store, StoreError, TenantId, TenantScope, UserId,
    audit::{ChainId, record},
    fence::{Fence, own},
    in_transaction,
    instant::Micros,
    read_within,
    users::{read_email, read_role},
};
use app::session::{AgencyRole, Role};
use std::fmt;
use time::OffsetDateTime;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Gives a place in a tenant.
    Invite {
        /// Where.
        tenant: TenantId,
        /// As what.
        role: Role,
    },
    /// Gives a role in the agency.
    Staff {
        /// As what.
        role: AgencyRole,
    },
    /// Sets a new password.
    Reset {
        /// Whose.
        user: UserId,
    },
}

impl LinkPurpose {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Staff { .. } => "staff",
            Self::Reset { .. } => "reset",
        }
    }

    pub(super) fn user(self) -> Option<UserId> {
        if let Self::Reset { user } = self { Some(user) } else { None }
    }

    pub(super) fn tenant(self) -> Option<TenantId> {
        if let Self::Invite { tenant, .. } = self { Some(tenant) } else { None }
    }

    pub(super) fn role(self) -> Option<&'static str> {
        match self {
            Self::Invite { role, .. } => Some(role.as_str()),
            Self::Staff { role } => Some(role.as_str()),
            Self::Reset { .. } => None,
        }
    }
}

/// A link to be made.
#[derive(Clone)]
pub struct NewLink {
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// What it does.
    pub purpose: LinkPurpose,
    /// Whom it is for.
    pub email: Email,
    /// Until when it is good.
    pub expires_at: OffsetDateTime,
}

impl fmt::Debug for NewLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("NewLink").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it does.
    pub purpose: LinkPurpose,
    /// Whom it is for.
    pub email: Email,
    /// The tenant's name, for an invitation.
    pub tenant_name: Option<String>,
    /// Who made it.
    pub created_by_name: Option<String>,
    /// The account of this address, if there is one.
    pub user: Option<UserId>,
    /// Until when it is good.
    pub expires_at: OffsetDateTime,
}

/// An invitation nobody has answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// Its id.
    pub id: LinkId,
    /// Whom it is for.
    pub email: String,
    /// The role it gives.
    pub role: Role,
    /// Who made it.
    pub created_by_name: Option<String>,
    /// Until when it is good.
    pub expires_at: OffsetDateTime,
}

/// Who accepts an invitation.
#[derive(Clone)]
pub enum Placed {
    /// A user there is already.
    Known(UserId),
    /// A new one.
    New {
        /// Their name.
        name: String,
        /// Their password's hash.
        password_hash: String,
    },
}

#[derive(sqlx::FromRow)]
struct Row {
    id: LinkId,
    purpose: String,
    email: String,
    user_id: Option<UserId>,
    tenant_id: Option<TenantId>,
    role: Option<String>,
    created_by_name: Option<String>,
    account: Option<UserId>,
    expires_at: Micros,
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: LinkId,
    email: String,
    role: String,
    created_by_name: Option<String>,
    expires_at: Micros,
}

/// Adds a link within a transaction.
macro_rules! insert_link {
    ($tx:ident, $link:expr, $act:expr, $at:expr) => {{
        let link: &$crate::store::NewLink = $link;
        sqlx::query(
            "insert into links (token_hash, id, purpose, email, user_id, tenant_id, role, created_by, created_at, \
             expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&link.token_hash[..])
        .bind($crate::store::LinkId::new())
        .bind(link.purpose.word())
        .bind(link.email.as_str())
        .bind(link.purpose.user())
        .bind(link.purpose.tenant())
        .bind(link.purpose.role())
        .bind($act.user())
        .bind($at)
        .bind($crate::store::instant::Micros::from(link.expires_at))
        .execute(&mut *$tx)
        .await?;
    }};
}
pub(super) use insert_link;

/// Withdraws whatever open link of the same purpose there is for the same address and place.
const WITHDRAW_SAME: &str = "update links set withdrawn_at = $5 where email = $1 and purpose = $2 \
                             and (tenant_id = $3 or (tenant_id is null and $3 is null)) \
                             and (user_id = $4 or (user_id is null and $4 is null)) \
                             and used_at is null and withdrawn_at is null";

impl Store {
    /// Makes an invitation into the tenant; an open one for the same address is withdrawn.
    ///
    /// # Errors
    /// [`StoreError::AlreadyMember`] when the address has a place here; [`StoreError::Missing`] when the link is for
    /// another tenant.
    pub async fn create_invitation(
        &self,
        scope: &TenantScope,
        act: &Act,
        link: NewLink,
        now: OffsetDateTime,
    ) -> Result<()> {
        const MEMBER: &str = concat!(
            "select count(*) from memberships m join users u on u.id = m.user_id where ",
            own!("m.tenant_id"),
            " and u.email = $2"
        );
        if link.purpose.tenant() != Some(scope.tenant()) {
            return Err(StoreError::Missing);
        }
        let at = Micros::from(now);
        in_transaction!(self, scope.into(), |tx| {
            let places: i64 =
                sqlx::query_scalar(MEMBER).bind(scope.tenant()).bind(link.email.as_str()).fetch_one(&mut *tx).await?;
            if places > 0 {
                return Err(StoreError::AlreadyMember);
            }
            // First: the chain is held from here on, so that of two made at the same time the second sees the first.
            let role = link.purpose.role();
            record!(self, tx, scope, act, now, Event::new(EventKind::Invited, link.email.as_str()).with_fields(role));
            sqlx::query(WITHDRAW_SAME)
                .bind(link.email.as_str())
                .bind(link.purpose.word())
                .bind(link.purpose.tenant())
                .bind(link.purpose.user())
                .bind(at)
                .execute(&mut *tx)
                .await?;
            insert_link!(tx, &link, act, at);
        });
        Ok(())
    }

    /// The same by the agency, for an admin of whichever tenant the link names.
    ///
    /// # Errors
    /// [`StoreError::AlreadyMember`]; [`StoreError::Missing`] when the link names no tenant.
    pub async fn create_admin_invitation(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        link: NewLink,
        now: OffsetDateTime,
    ) -> Result<()> {
        let tenant = link.purpose.tenant().ok_or(StoreError::Missing)?;
        self.create_invitation(&TenantScope::new(tenant, None), act, link, now).await
    }

    /// Makes an invitation into the agency; an open one for the same address is withdrawn.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_staff_invitation(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        link: NewLink,
        now: OffsetDateTime,
    ) -> Result<()> {
        self.create_other_link(ChainId::AGENCY, act, link, EventKind::Invited, now).await
    }

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

    async fn create_other_link(
        &self,
        chain: ChainId,
        act: &Act,
        link: NewLink,
        kind: EventKind,
        now: OffsetDateTime,
    ) -> Result<()> {
        let at = Micros::from(now);
        in_transaction!(self, chain.fence(), |tx| {
            // First, as in an invitation.
            let event = Event::new(kind, link.email.as_str()).with_fields(link.purpose.role());
            record!(self, tx, chain, act, now, event);
            sqlx::query(WITHDRAW_SAME)
                .bind(link.email.as_str())
                .bind(link.purpose.word())
                .bind(link.purpose.tenant())
                .bind(link.purpose.user())
                .bind(at)
                .execute(&mut *tx)
                .await?;
            insert_link!(tx, &link, act, at);
        });
        Ok(())
    }

    /// Whether a link to a user's new password was made since `since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_fresh_reset(&self, user: UserId, since: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "select count(*) from links where user_id = $1 and purpose = 'reset' and created_at > $2";
        let made: i64 = super::on_reader!(self, |pool| {
            sqlx::query_scalar(SQL).bind(user).bind(Micros::from(since)).fetch_one(pool).await?
        });
        Ok(made > 0)
    }

    /// The link of this token, when it is still good at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_link(&self, token_hash: &[u8; 32], now: OffsetDateTime) -> Result<Option<Link>> {
        const SQL: &str = "select l.id, l.purpose, l.email, l.user_id, l.tenant_id, l.role, c.name as created_by_name, \
                           u.id as account, l.expires_at \
                           from links l left join users c on c.id = l.created_by \
                           left join users u on u.email = l.email \
                           where l.token_hash = $1 and l.used_at is null and l.withdrawn_at is null and l.expires_at > $2";
        let row: Option<Row> = super::on_reader!(self, |pool| {
            sqlx::query_as(SQL).bind(&token_hash[..]).bind(Micros::from(now)).fetch_optional(pool).await?
        });
        let Some(row) = row else { return Ok(None) };
        // The name stands behind the tenant's own fence; whoever holds the link may read it.
        let tenant_name: Option<String> = match row.tenant_id {
            None => None,
            Some(tenant) => read_within!(self, Fence::tenant(tenant), |db| {
                sqlx::query_scalar("select name from tenants where id = $1 and shredded_at is null")
                    .bind(tenant)
                    .fetch_optional(&mut *db)
                    .await?
            }),
        };
        if row.tenant_id.is_some() && tenant_name.is_none() {
            return Ok(None);
        }
        Ok(Some(Link {
            id: row.id,
            purpose: read_purpose(&row)?,
            email: read_email(&row.email)?,
            tenant_name,
            created_by_name: row.created_by_name,
            user: row.account,
            expires_at: row.expires_at.into(),
        }))
    }

    /// Takes an invitation: the place, the new account if any, and the use of the link are one step. `None` when the link
    /// is not good any more.
    ///
    /// # Errors
    /// [`StoreError::AlreadyMember`], [`StoreError::EmailTaken`].
    pub async fn accept_invitation(
        &self,
        link: &Link,
        act: &Act,
        placed: Placed,
        now: OffsetDateTime,
    ) -> Result<Option<UserId>> {
        let at = Micros::from(now);
        if matches!(link.purpose, LinkPurpose::Reset { .. }) {
            return Ok(None);
        }
        let chain = link.purpose.tenant().map_or(ChainId::AGENCY, Into::into);
        in_transaction!(self, chain.fence(), |tx| {
            if sqlx::query(USE).bind(link.id).bind(at).execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(None);
            }
            let (user, created) = match &placed {
                Placed::Known(user) => (*user, false),
                Placed::New { .. } => (UserId::new(), true),
            };
            if let Placed::New { name, password_hash } = &placed {
                sqlx::query(
                    "insert into users (id, email, name, password_hash, password_changed_at, created_at) \
                     values ($1, $2, $3, $4, $5, $5)",
                )
                .bind(user)
                .bind(link.email.as_str())
                .bind(name)
                .bind(password_hash)
                .bind(at)
                .execute(&mut *tx)
                .await?;
            }
            match link.purpose {
                LinkPurpose::Invite { tenant, role } => {
                    sqlx::query(super::users::INSERT_MEMBERSHIP)
                        .bind(tenant)
                        .bind(user)
                        .bind(role.as_str())
                        .bind(at)
                        .execute(&mut *tx)
                        .await?;
                }
                LinkPurpose::Staff { role } => {
                    sqlx::query(super::agency::PUT_STAFF)
                        .bind(user)
                        .bind(role.as_str())
                        .bind(at)
                        .execute(&mut *tx)
                        .await?;
                }
                LinkPurpose::Reset { .. } => {}
            }
            // Who accepts is the one the link is for, now that there is an account.
            let act = Act { actor_id: Some(user), actor: link.email.as_str().to_owned(), ..act.clone() };
            let fields = link.purpose.role().into_iter().chain(created.then_some("conta nova"));
            let event = Event::new(EventKind::InvitationAccepted, link.email.as_str()).with_fields(fields);
            record!(self, tx, chain, &act, now, event);
            Ok(Some(user))
        })
    }

    /// Takes a link that sets a password: hash, use of the link, withdrawal of any other and the end of all the user's
    /// sessions are one step.
    /// `false` when the link is not good any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_password(
        &self,
        link: &Link,
        act: &Act,
        password_hash: &str,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let Some(user) = link.purpose.user() else { return Ok(false) };
        let at = Micros::from(now);
        in_transaction!(self, Fence::AGENCY, |tx| {
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
            sqlx::query(super::sessions::END_ALL).bind(user).bind(at).execute(&mut *tx).await?;
            let act = Act { actor_id: Some(user), actor: link.email.as_str().to_owned(), ..act.clone() };
            record!(self, tx, ChainId::AGENCY, &act, now, Event::new(EventKind::PasswordReset, link.email.as_str()));
            Ok(true)
        })
    }

    /// The tenant's open invitations, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_invitations(&self, scope: &TenantScope, now: OffsetDateTime) -> Result<Vec<OpenInvitation>> {
        const SQL: &str = concat!(
            "select l.id, l.email, l.role, u.name as created_by_name, l.expires_at from links l \
             left join users u on u.id = l.created_by where ",
            "l.tenant_id = $1",
            " and l.purpose = 'invite' and l.used_at is null and l.withdrawn_at is null and l.expires_at > $2 \
             order by l.created_at desc limit 200"
        );
        let rows: Vec<OpenRow> = super::on_reader!(self, |pool| {
            sqlx::query_as(SQL).bind(scope.tenant()).bind(Micros::from(now)).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|row| {
                Ok(OpenInvitation {
                    id: row.id,
                    email: row.email,
                    role: read_role(&row.role)?,
                    created_by_name: row.created_by_name,
                    expires_at: row.expires_at.into(),
                })
            })
            .collect()
    }

    /// Withdraws one of the tenant's open invitations; `false` when there is none of this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_invitation(
        &self,
        scope: &TenantScope,
        act: &Act,
        id: LinkId,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update links set withdrawn_at = $3 where tenant_id = $1 and id = $2 and purpose = 'invite' \
                           and used_at is null and withdrawn_at is null returning email";
        Ok(in_transaction!(self, scope.into(), |tx| {
            let email: Option<String> = sqlx::query_scalar(SQL)
                .bind(scope.tenant())
                .bind(id)
                .bind(Micros::from(now))
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(email) = &email {
                record!(self, tx, scope, act, now, Event::new(EventKind::InvitationWithdrawn, email));
            }
            email.is_some()
        }))
    }

    /// Removes up to `limit` links that have been dead for a month; says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_dead_links(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        const SQL: &str = "delete from links where token_hash in \
                           (select token_hash from links where expires_at < $1 limit $2)";
        let month_ago = Micros::from(now - time::Duration::days(30));
        Ok(super::on_writer!(self, |pool| {
            sqlx::query(SQL).bind(month_ago).bind(i64::from(limit)).execute(pool).await?.rows_affected()
        }))
    }
}

/// Withdraws a user's open links to a new password, whoever had them made.
pub(super) const WITHDRAW_RESETS: &str = "update links set withdrawn_at = $2 where user_id = $1 and purpose = 'reset' \
                                          and used_at is null and withdrawn_at is null";

/// The use of a link: once.
const USE: &str = "update links set used_at = $2 where id = $1 and used_at is null and withdrawn_at is null \
                   and expires_at > $2";

fn read_purpose(row: &Row) -> Result<LinkPurpose> {
    const CORRUPT: StoreError = StoreError::Corrupt("links.purpose");
    let role = row.role.as_deref();
    match row.purpose.as_str() {
        "invite" => {
            Ok(LinkPurpose::Invite { tenant: row.tenant_id.ok_or(CORRUPT)?, role: read_role(role.ok_or(CORRUPT)?)? })
        }
        "staff" => Ok(LinkPurpose::Staff { role: role.and_then(AgencyRole::parse).ok_or(CORRUPT)? }),
        "reset" => Ok(LinkPurpose::Reset { user: row.user_id.ok_or(CORRUPT)? }),
        _ => Err(CORRUPT),
    }
}
