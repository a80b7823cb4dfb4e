//! The broken glass: somebody of the agency inside a tenant, for a short time, with a reason that the tenant reads.

use super::{
    Act, AgencyScope, Event, EventKind, Result, Slug, Store, TenantId, UserId, audit::record, fence::Fence,
    in_transaction, instant::Micros, read_within,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// One time the glass was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlassRow {
    /// Who.
    pub who: String,
    /// When it began.
    pub began_at: OffsetDateTime,
    /// Until when, or when it was ended.
    pub ended_at: OffsetDateTime,
    /// Why.
    pub reason: String,
}

/// A glass that is open now, as the tenant's own people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGlass {
    /// Who is inside.
    pub user: UserId,
    /// Their name.
    pub who: String,
    /// Until when.
    pub ends_at: OffsetDateTime,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Breaks a tenant's glass for `span`; gives the tenant's id, which opens nothing by itself: the scope comes from the
    /// session, request by request, as long as the glass is open. `None` when there is no such tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn break_glass(
        &self,
        agency: &AgencyScope,
        act: &Act,
        slug: &Slug,
        reason: &str,
        span: Duration,
        now: OffsetDateTime,
    ) -> Result<Option<TenantId>> {
        const SQL: &str = "insert into glass (id, tenant_id, user_id, reason, began_at, ends_at) \
                           values ($1, $2, $3, $4, $5, $6)";
        let (Some(tenant), Some(user)) = (self.find_tenant(agency, slug).await?, agency.user()) else {
            return Ok(None);
        };
        in_transaction!(self, Fence::tenant(tenant.id), |tx| {
            sqlx::query(SQL)
                .bind(Uuid::now_v7())
                .bind(tenant.id)
                .bind(user)
                .bind(reason)
                .bind(Micros::from(now))
                .bind(Micros::from(now + span))
                .execute(&mut *tx)
                .await?;
            record!(self, tx, tenant.id, act, now, Event::new(EventKind::GlassBroken, reason));
        });
        Ok(Some(tenant.id))
    }

    /// Ends a user's open glass in a tenant; one that is not there is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_glass(
        &self,
        agency: &AgencyScope,
        act: &Act,
        tenant: TenantId,
        now: OffsetDateTime,
    ) -> Result<()> {
        match agency.user() {
            Some(user) => self.end_glass_of(user, act, tenant, now).await,
            None => Ok(()),
        }
    }

    pub(super) async fn end_glass_of(
        &self,
        user: UserId,
        act: &Act,
        tenant: TenantId,
        now: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "update glass set ended_at = $3 where tenant_id = $1 and user_id = $2 \
                           and ended_at is null and ends_at > $3";
        in_transaction!(self, Fence::tenant(tenant), |tx| {
            let ended = sqlx::query(SQL)
                .bind(tenant)
                .bind(user)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if ended > 0 {
                record!(self, tx, tenant, act, now, Event::new(EventKind::GlassEnded, &act.actor));
            }
        });
        Ok(())
    }

    /// The tenants in which a user's glass is open.
    pub(super) async fn list_open_glass(&self, user: UserId, now: OffsetDateTime) -> Result<Vec<TenantId>> {
        const SQL: &str =
            "select distinct tenant_id from glass where user_id = $1 and ended_at is null and ends_at > $2";
        Ok(read_within!(self, Fence::user(user), |db| {
            sqlx::query_scalar(SQL).bind(user).bind(Micros::from(now)).fetch_all(&mut *db).await?
        }))
    }

    /// Glass broken in a tenant since `from`, newest first, at most 50.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_glass(&self, agency: &AgencyScope, slug: &Slug, from: OffsetDateTime) -> Result<Vec<GlassRow>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            who: String,
            began_at: Micros,
            ends_at: Micros,
            ended_at: Option<Micros>,
            reason: String,
        }
        const SQL: &str = "select u.name as who, g.began_at, g.ends_at, g.ended_at, g.reason \
                           from glass g join users u on u.id = g.user_id \
                           where g.tenant_id = $1 and g.began_at >= $2 order by g.began_at desc limit 50";
        let Some(tenant) = self.find_tenant(agency, slug).await? else { return Ok(Vec::new()) };
        let rows: Vec<Row> = read_within!(self, Fence::tenant(tenant.id), |db| {
            sqlx::query_as(SQL).bind(tenant.id).bind(Micros::from(from)).fetch_all(&mut *db).await?
        });
        let row = |row: Row| GlassRow {
            who: row.who,
            began_at: row.began_at.into(),
            ended_at: row.ended_at.unwrap_or(row.ends_at).into(),
            reason: row.reason,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}
