//! Who a request comes from, and the scopes that follow from it: the one way from a cookie to a tenant's rows.

use super::{
    AgencyScope, Email, OpenGlass, Result, Slug, StandingRow, Store, TenantId, TenantScope, TenantStatus, UserId,
    agency::{SECOND_FACTOR, read_agency_role},
    fence::Fence,
    health::{Standing, TROUBLES, read_standing},
    instant::Micros,
    on_reader, read_within,
    tenants::{read_hue, read_slug},
    users::{read_email, read_role},
};
use app::session::{Hue, Role};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// A user with a live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Their id.
    pub user: UserId,
    /// What they sign in with.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Leave to work on all tenants' standing, for people of the agency.
    pub agency: Option<AgencyScope>,
    /// Whether a second factor is on.
    pub second_factor: bool,
    /// Whether the agency or the tenant at hand demands one.
    pub second_factor_required: bool,
    /// How many tenants they belong to.
    pub places: u32,
    /// The tenant at hand.
    pub visitor: Option<Arc<Visitor>>,
}

impl Caller {
    /// Whether nothing but setting up a second factor is left to do.
    pub fn second_factor_due(&self) -> bool {
        self.second_factor_required && !self.second_factor
    }
}

/// A caller inside a tenant. A suspended tenant still has visitors: the caller tells them why they see nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Leave to work on the tenant's rows.
    pub scope: TenantScope,
    /// What the user may do here.
    pub role: Role,
    /// Whether they are here by breaking the glass, not by membership.
    pub by_glass: bool,
    /// A glass that is open now, theirs or another's.
    pub glass: Option<OpenGlass>,
    /// The tenant's name.
    pub tenant_name: String,
    /// The tenant's short name.
    pub tenant_slug: Slug,
    /// The tenant's colour.
    pub hue: Hue,
    /// The tenant's IANA time zone.
    pub timezone: String,
    /// Whether members may work.
    pub tenant_status: TenantStatus,
    /// Why not.
    pub suspended_reason: Option<String>,
    /// Connections that do not work, for whoever can mend them: the admins.
    pub troubles: Vec<StandingRow>,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    last_seen: Micros,
    tenant_id: Option<TenantId>,
    user_id: UserId,
    email: String,
    name: String,
    totp_since: Option<Micros>,
    agency_role: Option<String>,
    staff_second_factor: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    role: Option<String>,
    tenant_name: String,
    slug: String,
    colour: Option<String>,
    timezone: String,
    status: String,
    suspended_reason: Option<String>,
    second_factor_required: i64,
    glass_user: Option<UserId>,
    glass_who: Option<String>,
    glass_ends: Option<Micros>,
    glass_reason: Option<String>,
}

impl Store {
    /// [`Store::peek_caller`], and notes that the session is used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_caller(&self, id_hash: &[u8; 32], now: OffsetDateTime, idle: Duration) -> Result<Option<Caller>> {
        let found = self.read_caller(id_hash, now, idle).await?;
        let Some((caller, last_seen)) = found else { return Ok(None) };
        self.touch_session(id_hash, last_seen, now).await;
        Ok(Some(caller))
    }

    /// The user behind a session and the tenant they work in; the session is as idle as it was. `None` when it was ended,
    /// has expired at `now` or was idle for `idle`, when nobody is signed in by it, or when the user was disabled. A
    /// tenant they are no member of any more is as none. All of it on the rows as they are now: what is withdrawn is
    /// withdrawn at the next request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn peek_caller(&self, id_hash: &[u8; 32], now: OffsetDateTime, idle: Duration) -> Result<Option<Caller>> {
        Ok(self.read_caller(id_hash, now, idle).await?.map(|(caller, _)| caller))
    }

    async fn read_caller(
        &self,
        id_hash: &[u8; 32],
        now: OffsetDateTime,
        idle: Duration,
    ) -> Result<Option<(Caller, OffsetDateTime)>> {
        const SQL: &str = "select s.last_seen, s.tenant_id, u.id as user_id, u.email, u.name, u.totp_since, \
                           a.role as agency_role, \
                           (select value from agency_settings where name = $4) as staff_second_factor \
                           from sessions s \
                           join users u on u.id = s.user_id and u.disabled_at is null \
                           left join agency_members a on a.user_id = u.id \
                           where s.id_hash = $1 and s.revoked_at is null and s.expires_at > $2 and s.last_seen > $3";
        let row: Option<UserRow> = on_reader!(self, |db| {
            sqlx::query_as(SQL)
                .bind(&id_hash[..])
                .bind(Micros::from(now))
                .bind(Micros::from(now - idle))
                .bind(SECOND_FACTOR)
                .fetch_optional(db)
                .await?
        });
        let Some(row) = row else { return Ok(None) };
        let agency = row.agency_role.as_deref().map(read_agency_role).transpose()?;
        let (visitor, places, tenant_requires) =
            self.find_place(row.user_id, row.tenant_id, agency.is_some(), now).await?;
        let staff_requires = agency.is_some() && row.staff_second_factor.as_deref() == Some("on");
        let caller = Caller {
            user: row.user_id,
            email: read_email(&row.email)?,
            name: row.name,
            agency: agency.map(|role| AgencyScope::new(Some(row.user_id), role)),
            second_factor: row.totp_since.is_some(),
            second_factor_required: staff_requires || tenant_requires,
            places,
            visitor: visitor.map(Arc::new),
        };
        Ok(Some((caller, row.last_seen.into())))
    }

    /// A user's place in a tenant, by membership or by a broken glass; how many places they have; and whether the tenant
    /// demands a second factor.
    async fn find_place(
        &self,
        user: UserId,
        tenant: Option<TenantId>,
        agency: bool,
        now: OffsetDateTime,
    ) -> Result<(Option<Visitor>, u32, bool)> {
        const PLACES: &str = "select count(*) from memberships m join tenants t on t.id = m.tenant_id \
                              where m.user_id = $1 and t.shredded_at is null";
        // Of the glass that is open now the user's own comes first: it is what lets them in.
        const SQL: &str = "select m.role, t.name as tenant_name, t.slug, t.colour, t.timezone, t.status, t.suspended_reason, \
                           t.second_factor_required, g.user_id as glass_user, gu.name as glass_who, \
                           g.ends_at as glass_ends, g.reason as glass_reason \
                           from tenants t \
                           left join memberships m on m.tenant_id = t.id and m.user_id = $2 \
                           left join glass g on g.id = (select o.id from glass o where o.tenant_id = t.id \
                           and o.ended_at is null and o.ends_at > $3 \
                           order by case when o.user_id = $2 then 0 else 1 end, o.ends_at desc limit 1) \
                           left join users gu on gu.id = g.user_id \
                           where t.id = $1 and t.shredded_at is null";
        let fence = tenant.map_or(Fence::user(user), |tenant| Fence::tenant(tenant).and_user(user));
        let (places, row, troubles): (i64, Option<PlaceRow>, Vec<Standing>) = read_within!(self, fence, |db| {
            let places = sqlx::query_scalar(PLACES).bind(user).fetch_one(&mut *db).await?;
            let row: Option<PlaceRow> = match tenant {
                None => None,
                Some(tenant) => {
                    sqlx::query_as(SQL).bind(tenant).bind(user).bind(Micros::from(now)).fetch_optional(&mut *db).await?
                }
            };
            let admin = row.as_ref().is_some_and(|row| row.role.as_deref() == Some(Role::Admin.as_str()));
            let troubles = match tenant.filter(|_| admin) {
                None => Vec::new(),
                Some(tenant) => sqlx::query_as(TROUBLES).bind(tenant).fetch_all(&mut *db).await?,
            };
            (places, row, troubles)
        });
        let places = u32::try_from(places).unwrap_or(u32::MAX);
        let (Some(tenant), Some(row)) = (tenant, row) else { return Ok((None, places, false)) };
        let required = row.second_factor_required != 0;
        let glass = match (row.glass_user, row.glass_who, row.glass_ends, row.glass_reason) {
            (Some(user), Some(who), Some(ends), Some(reason)) => {
                Some(OpenGlass { user, who, ends_at: ends.into(), reason })
            }
            _ => None,
        };
        let role = row.role.as_deref().map(read_role).transpose()?;
        let own_glass = agency && glass.as_ref().is_some_and(|glass| glass.user == user);
        let (role, by_glass) = match role {
            Some(role) => (role, false),
            None if own_glass => (Role::Viewer, true),
            None => return Ok((None, places, false)),
        };
        let visitor = Visitor {
            scope: TenantScope::new(tenant, Some(user)),
            role,
            by_glass,
            glass,
            tenant_name: row.tenant_name,
            tenant_slug: read_slug(&row.slug)?,
            hue: row.colour.as_deref().map_or_else(|| Ok(Hue::of_slug(&row.slug)), read_hue)?,
            timezone: row.timezone,
            tenant_status: TenantStatus::read(&row.status)?,
            suspended_reason: row.suspended_reason,
            troubles: troubles.into_iter().filter_map(|row| read_standing(row).transpose()).collect::<Result<_>>()?,
        };
        Ok((Some(visitor), places, required))
    }
}
