//! Tenants as the agency sees them: made, listed, suspended. By slug and without a scope, because these rows are what
//! scopes are made of; nothing of a tenant's own is read here.

use super::{
    Act, AgencyScope, Event, EventKind, NewLink, Result, Slug, Store, StoreError, TenantId, audit::record,
    fence::Fence, in_transaction, instant::Micros, links::insert_link, read_within, text::sought,
};
use app::session::Hue;
use time::OffsetDateTime;

/// Whether a tenant's members may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantStatus {
    /// They may.
    Active,
    /// They are refused, with the reason.
    Suspended,
}

impl TenantStatus {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self> {
        match word {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err(StoreError::Corrupt("tenants.status")),
        }
    }
}

/// A tenant to be made.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Chosen by the caller, because the wrapped key is bound to it: [`TenantId::new`].
    pub id: TenantId,
    /// Its short name, unique.
    pub slug: Slug,
    /// Its name as people read it.
    pub name: String,
    /// An IANA time zone, checked by the caller.
    pub timezone: String,
    /// The plan's word.
    pub plan: String,
    /// Its domain; may be empty.
    pub domain: String,
}

/// The plan of tenants for which nothing else was said.
pub const STANDARD_PLAN: &str = "standard";

/// The most characters of a plan's word.
pub const LONGEST_PLAN: usize = 40;

/// Whether a text may stand as a tenant's domain: at least two labels, of what a registry sells.
pub fn is_domain(text: &str) -> bool {
    let dots = text.contains('.') && !text.starts_with('.') && !text.ends_with('.');
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    dots && plain && text.len() <= 253
}

/// A tenant's first key.
#[derive(Debug, Clone)]
pub struct NewTenantKey {
    /// The key of the ring that wraps it.
    pub ring_key: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its short name.
    pub slug: Slug,
    /// Its name as people read it.
    pub name: String,
    /// An IANA time zone.
    pub timezone: String,
    /// What it pays for.
    pub plan: String,
    /// Whether its members may sign in.
    pub status: TenantStatus,
    /// Why not.
    pub suspended_reason: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When this row last changed.
    pub updated_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct TenantRow {
    id: TenantId,
    slug: String,
    name: String,
    timezone: String,
    plan: String,
    status: String,
    suspended_reason: Option<String>,
    created_at: Micros,
    updated_at: Micros,
}

impl TryFrom<TenantRow> for Tenant {
    type Error = StoreError;

    fn try_from(row: TenantRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            slug: read_slug(&row.slug)?,
            name: row.name,
            timezone: row.timezone,
            plan: row.plan,
            status: TenantStatus::read(&row.status)?,
            suspended_reason: row.suspended_reason,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        })
    }
}

pub(super) fn read_hue(word: &str) -> Result<Hue> {
    Hue::parse(word).ok_or(StoreError::Corrupt("tenants.colour"))
}

pub(super) fn read_slug(word: &str) -> Result<Slug> {
    word.parse().map_err(|_refused| StoreError::Corrupt("tenants.slug"))
}

/// A query for [`TenantRow`]s.
macro_rules! select_tenants {
    ($rest:literal) => {
        concat!(
            "select id, slug, name, timezone, plan, status, suspended_reason, created_at, updated_at from tenants ",
            $rest
        )
    };
}

impl Store {
    /// Makes a tenant, its first key and, when given, the invitation of its first admin together: a tenant without a key
    /// could seal nothing, and one that nobody can enter is of no use.
    ///
    /// # Errors
    /// [`StoreError::SlugTaken`].
    pub async fn create_tenant(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        tenant: NewTenant,
        key: NewTenantKey,
        invitation: Option<NewLink>,
        now: OffsetDateTime,
    ) -> Result<TenantId> {
        let at = Micros::from(now);
        in_transaction!(self, Fence::tenant(tenant.id), |tx| {
            sqlx::query(
                "insert into tenants (id, slug, name, timezone, plan, domain, sought, created_at, updated_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            )
            .bind(tenant.id)
            .bind(tenant.slug.as_str())
            .bind(&tenant.name)
            .bind(&tenant.timezone)
            .bind(&tenant.plan)
            .bind(&tenant.domain)
            .bind(sought(&tenant.name, &tenant.slug, &tenant.domain))
            .bind(at)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "insert into tenant_keys (tenant_id, version, ring_key, wrapped, created_at) values ($1, 1, $2, $3, $4)",
            )
            .bind(tenant.id)
            .bind(&key.ring_key)
            .bind(&key.wrapped)
            .bind(at)
            .execute(&mut *tx)
            .await?;
            record!(self, tx, tenant.id, act, now, Event::new(EventKind::TenantCreated, tenant.slug.as_str()));
            if let Some(link) = &invitation {
                insert_link!(tx, link, act, at);
                record!(self, tx, tenant.id, act, now, Event::new(EventKind::Invited, link.email.as_str()));
            }
        });
        Ok(tenant.id)
    }

    /// The tenant of this slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_tenant(&self, _agency: &AgencyScope, slug: &Slug) -> Result<Option<Tenant>> {
        const SQL: &str = select_tenants!("where slug = $1");
        let row: Option<TenantRow> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(SQL).bind(slug.as_str()).fetch_optional(&mut *db).await?
        });
        row.map(Tenant::try_from).transpose()
    }

    /// Up to `limit` tenants by slug, those behind `after`: pass the last one's slug to go on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_tenants(&self, _agency: &AgencyScope, limit: u32, after: Option<Slug>) -> Result<Vec<Tenant>> {
        const SQL: &str = select_tenants!("where slug > $1 order by slug limit $2");
        // No slug is empty, so everything is behind the empty text.
        let after = after.as_ref().map_or("", Slug::as_str);
        let rows: Vec<TenantRow> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(SQL).bind(after).bind(i64::from(limit)).fetch_all(&mut *db).await?
        });
        rows.into_iter().map(Tenant::try_from).collect()
    }

    /// Suspends a tenant, with the reason its members are told, or lets it work again (then `reason` is dropped).
    /// `false` when there is no such tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_tenant_status(
        &self,
        agency: &AgencyScope,
        act: &Act,
        slug: &Slug,
        status: TenantStatus,
        reason: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update tenants set status = $2, suspended_reason = $3, updated_at = $4 \
                           where id = $1 and shredded_at is null";
        let Some(tenant) = self.find_tenant(agency, slug).await? else { return Ok(false) };
        let reason = reason.filter(|_| status == TenantStatus::Suspended);
        let kind = match status {
            TenantStatus::Active => EventKind::TenantResumed,
            TenantStatus::Suspended => EventKind::TenantSuspended,
        };
        Ok(in_transaction!(self, Fence::tenant(tenant.id), |tx| {
            let changed = sqlx::query(SQL)
                .bind(tenant.id)
                .bind(status.as_str())
                .bind(reason)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                record!(self, tx, tenant.id, act, now, Event::new(kind, slug.as_str()));
            }
            changed == 1
        }))
    }
}
