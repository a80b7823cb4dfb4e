//! Who a request comes from, and the scope that follows from it: the one way from a cookie to a tenant's rows.

use super::{
    Email, Result, Slug, Store, TenantId, TenantScope, TenantStatus, UserId,
    instant::Micros,
    on_reader,
    tenants::read_slug,
    users::{read_email, read_role},
};
use app::session::Role;
use time::{Duration, OffsetDateTime};

/// A member with a live session. A suspended tenant still has visitors: the caller tells them why they see nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Leave to work on the tenant's rows.
    pub scope: TenantScope,
    /// What the user signs in with.
    pub email: Email,
    /// The user's name.
    pub name: String,
    /// What the user may do here.
    pub role: Role,
    /// The tenant's name.
    pub tenant_name: String,
    /// The tenant's short name.
    pub tenant_slug: Slug,
    /// The tenant's IANA time zone.
    pub timezone: String,
    /// Whether members may work.
    pub tenant_status: TenantStatus,
    /// Why not.
    pub suspended_reason: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    last_seen: Micros,
    user_id: UserId,
    tenant_id: TenantId,
    email: String,
    user_name: String,
    role: String,
    tenant_name: String,
    slug: String,
    timezone: String,
    status: String,
    suspended_reason: Option<String>,
}

impl Store {
    /// The member behind a session; notes that the session is used. `None` when it was ended, has expired at `now` or was
    /// idle for `idle`, when it has no tenant yet, when the user was disabled or is no member any more. All of it in one
    /// query on the rows as they are now: what is withdrawn is withdrawn at the next request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_visitor(
        &self,
        id_hash: &[u8; 32],
        now: OffsetDateTime,
        idle: Duration,
    ) -> Result<Option<Visitor>> {
        const SQL: &str = "select s.last_seen, u.id as user_id, t.id as tenant_id, u.email, u.name as user_name, m.role, \
                           t.name as tenant_name, t.slug, t.timezone, t.status, t.suspended_reason \
                           from sessions s \
                           join users u on u.id = s.user_id and u.disabled_at is null \
                           join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id \
                           join tenants t on t.id = m.tenant_id \
                           where s.id_hash = $1 and s.revoked_at is null and s.expires_at > $2 and s.last_seen > $3";
        let row: Option<Row> = on_reader!(self, |pool| {
            sqlx::query_as(SQL)
                .bind(&id_hash[..])
                .bind(Micros::from(now))
                .bind(Micros::from(now - idle))
                .fetch_optional(pool)
                .await?
        });
        let Some(row) = row else { return Ok(None) };
        self.touch_session(id_hash, row.last_seen.into(), now).await;
        Ok(Some(Visitor {
            scope: TenantScope::new(row.tenant_id, Some(row.user_id)),
            email: read_email(&row.email)?,
            name: row.user_name,
            role: read_role(&row.role)?,
            tenant_name: row.tenant_name,
            tenant_slug: read_slug(&row.slug)?,
            timezone: row.timezone,
            tenant_status: TenantStatus::read(&row.status)?,
            suspended_reason: row.suspended_reason,
        }))
    }
}
