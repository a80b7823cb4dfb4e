//! Single-use links: invitations and new passwords. Only the hash of a link's token is stored, and a link is good once:
//! taking it and what it does are one transaction.
//!
//! A link is looked up before anybody is signed in, so these rows are reached by their token, not by scope. Making and
//! taking stand in `links/`, one file a kind.

mod invitations;
mod resets;

pub use invitations::{OpenInvitation, Placed};

use super::{
    Act, Email, Event, EventKind, LinkId, Result, Store, StoreError, TenantId, UserId,
    audit::{ChainId, record},
    fence::Fence,
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

/// Adds a link within a transaction, in place of whatever open link of the same purpose there is for the same address and
/// place.
macro_rules! replace_link {
    ($tx:ident, $link:expr, $act:expr, $at:expr) => {{
        let link: &$crate::store::NewLink = $link;
        sqlx::query($crate::store::links::WITHDRAW_SAME)
            .bind(link.email.as_str())
            .bind(link.purpose.word())
            .bind(link.purpose.tenant())
            .bind(link.purpose.user())
            .bind($at)
            .execute(&mut *$tx)
            .await?;
        $crate::store::links::insert_link!($tx, link, $act, $at);
    }};
}
use replace_link;

/// What [`replace_link`] withdraws.
const WITHDRAW_SAME: &str = "update links set withdrawn_at = $5 where email = $1 and purpose = $2 \
                             and (tenant_id = $3 or (tenant_id is null and $3 is null)) \
                             and (user_id = $4 or (user_id is null and $4 is null)) \
                             and used_at is null and withdrawn_at is null";

impl Store {
    /// A link that is no invitation into a tenant, which need not look for a member first.
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
            replace_link!(tx, &link, act, at);
        });
        Ok(())
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
        let row: Option<Row> = super::on_reader!(self, |db| {
            sqlx::query_as(SQL).bind(&token_hash[..]).bind(Micros::from(now)).fetch_optional(db).await?
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

    /// Removes up to `limit` links that have been dead for a month; says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_dead_links(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        const SQL: &str = "delete from links where token_hash in \
                           (select token_hash from links where expires_at < $1 limit $2)";
        let month_ago = Micros::from(now - time::Duration::days(30));
        Ok(super::on_writer!(self, |db| {
            sqlx::query(SQL).bind(month_ago).bind(i64::from(limit)).execute(db).await?.rows_affected()
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
