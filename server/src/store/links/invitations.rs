//! Invitations into a tenant or the agency: made, listed, withdrawn, and accepted in one step with the place they give.

use super::{Link, LinkPurpose, NewLink, USE, replace_link};
use crate::store::{
    Act, AgencyScope, Event, EventKind, LinkId, Result, Store, StoreError, TenantScope, UserId, agency,
    audit::{ChainId, record},
    fence::own,
    in_transaction,
    instant::Micros,
    on_reader,
    users::{self, read_role},
};
use app::session::Role;
use time::OffsetDateTime;

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
struct OpenRow {
    id: LinkId,
    email: String,
    role: String,
    created_by_name: Option<String>,
    expires_at: Micros,
}

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
            replace_link!(tx, &link, act, at);
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
        Ok(in_transaction!(self, chain.fence(), |tx| {
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
                    sqlx::query(users::INSERT_MEMBERSHIP)
                        .bind(tenant)
                        .bind(user)
                        .bind(role.as_str())
                        .bind(at)
                        .execute(&mut *tx)
                        .await?;
                }
                LinkPurpose::Staff { role } => {
                    sqlx::query(agency::PUT_STAFF).bind(user).bind(role.as_str()).bind(at).execute(&mut *tx).await?;
                }
                LinkPurpose::Reset { .. } => {}
            }
            // Who accepts is the one the link is for, now that there is an account.
            let act = Act { actor_id: Some(user), actor: link.email.as_str().to_owned(), ..act.clone() };
            let fields = link.purpose.role().into_iter().chain(created.then_some("conta nova"));
            let event = Event::new(EventKind::InvitationAccepted, link.email.as_str()).with_fields(fields);
            record!(self, tx, chain, &act, now, event);
            Some(user)
        }))
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
        let rows: Vec<OpenRow> = on_reader!(self, |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).bind(Micros::from(now)).fetch_all(db).await?
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
}
