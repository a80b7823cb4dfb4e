//! The agency's view of its tenants: states, counts and ages, a page at a time. No content and no sealed field is here.

use super::{
    Act, AgencyScope, Event, EventKind, MemberRow, Result, Slug, StandingRow, Store, TenantId, TenantScope,
    TenantStatus,
    audit::record,
    fence::Fence,
    health::{Standing, read_standing, select_standing},
    in_transaction,
    instant::Micros,
    read_within,
    tenants::{read_hue, read_slug},
    text::{contains, sought},
};
use app::{credentials::Provider, session::Hue};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

/// Which tenants are wanted.
#[derive(Debug, Clone, Default)]
pub struct FleetQuery {
    /// Part of a name, slug or domain, whatever the case.
    pub search: String,
    /// Only tenants of this state.
    pub status: Option<TenantStatus>,
    /// Only those behind this slug.
    pub after: Option<Slug>,
    /// Only those before this slug: the page then ends there.
    pub before: Option<Slug>,
}

/// A page of the fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetPage {
    /// By slug.
    pub tenants: Vec<FleetTenant>,
    /// Whether there are more behind the last one.
    pub more_after: bool,
    /// Whether there are more before the first one.
    pub more_before: bool,
}

/// One tenant at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetTenant {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Whether its members may sign in.
    pub status: TenantStatus,
    /// Whether its keys were destroyed.
    pub shredded: bool,
    /// Its plan.
    pub plan: String,
    /// Its members.
    pub members: u64,
    /// The providers it has something stored for.
    pub providers: Vec<Provider>,
    /// Where those stand that were looked at.
    pub connections: Vec<StandingRow>,
    /// The newest row seen in its project.
    pub last_data_at: Option<OffsetDateTime>,
    /// When its newest key was made.
    pub key_made_at: Option<OffsetDateTime>,
}

/// The whole fleet in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetTotals {
    /// All tenants.
    pub tenants: u64,
    /// Of them suspended.
    pub suspended: u64,
    /// Of them without a Supabase project.
    pub unconnected: u64,
}

/// One tenant in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantFacts {
    /// As in the fleet.
    pub row: FleetTenant,
    /// Its IANA time zone.
    pub timezone: String,
    /// Its domain; may be empty.
    pub domain: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Why it is suspended.
    pub suspended_reason: Option<String>,
    /// The colour that was chosen for it.
    pub colour: Option<Hue>,
    /// Its members, at most 200.
    pub members: Vec<MemberRow>,
}

/// What may be changed of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantEdit {
    /// Its name.
    pub name: String,
    /// An IANA time zone, checked by the caller.
    pub timezone: String,
    /// The plan's word.
    pub plan: String,
    /// Its domain; may be empty.
    pub domain: String,
    /// Its colour in the frame; none leaves that to its slug.
    pub colour: Option<Hue>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TenantId,
    slug: String,
    name: String,
    status: String,
    shredded_at: Option<Micros>,
    plan: String,
    members: i64,
    providers: i64,
    last_data_at: Option<Micros>,
    key_made_at: Option<Micros>,
    timezone: String,
    domain: String,
    created_at: Micros,
    suspended_reason: Option<String>,
    colour: Option<String>,
}

/// A query for [`Row`]s. A tenant's providers come as the sum of powers of two, in the catalogue's order, so that a page
/// is one query whatever the number of tenants.
macro_rules! select_fleet {
    ($rest:literal) => {
        concat!(
            "select t.id, t.slug, t.name, t.status, t.shredded_at, t.plan, t.last_data_at, t.timezone, t.domain, \
             t.created_at, t.suspended_reason, t.colour, \
             (select count(*) from memberships m where m.tenant_id = t.id) as members, \
             (select cast(coalesce(sum(case c.provider when 'supabase' then 1 when 'whatsapp' then 2 \
             when 'evolution' then 4 when 'google_calendar' then 8 when 'google_meet' then 16 when 'n8n' then 32 \
             else 0 end), 0) as bigint) from credentials c where c.tenant_id = t.id and c.removed_at is null) \
             as providers, \
             (select max(k.created_at) from tenant_keys k where k.tenant_id = t.id) as key_made_at \
             from tenants t ",
            $rest
        )
    };
}

const PROVIDER_BITS: [(Provider, i64); 6] = [
    (Provider::Supabase, 1),
    (Provider::Whatsapp, 2),
    (Provider::Evolution, 4),
    (Provider::GoogleCalendar, 8),
    (Provider::GoogleMeet, 16),
    (Provider::N8n, 32),
];

impl TryFrom<Row> for FleetTenant {
    type Error = super::StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let has = |provider: &Provider| {
            PROVIDER_BITS.iter().any(|(known, bit)| known == provider && row.providers & bit != 0)
        };
        Ok(Self {
            slug: read_slug(&row.slug)?,
            providers: Provider::ALL.into_iter().filter(has).collect(),
            connections: Vec::new(),
            name: row.name,
            status: TenantStatus::read(&row.status)?,
            shredded: row.shredded_at.is_some(),
            plan: row.plan,
            members: u64::try_from(row.members).unwrap_or(0),
            last_data_at: row.last_data_at.map(Into::into),
            key_made_at: row.key_made_at.map(Into::into),
        })
    }
}

impl Store {
    /// Up to `limit` tenants by slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_fleet(&self, _agency: &AgencyScope, query: &FleetQuery, limit: u32) -> Result<FleetPage> {
        const FORWARD: &str = select_fleet!(
            "where t.slug > $1 and ($2 = '' or t.status = $2) and ($3 = '' or t.sought like $3 escape '!') \
             order by t.slug limit $4"
        );
        const BACKWARD: &str = select_fleet!(
            "where t.slug < $1 and ($2 = '' or t.status = $2) and ($3 = '' or t.sought like $3 escape '!') \
             order by t.slug desc limit $4"
        );
        let (sql, edge) = match (&query.before, &query.after) {
            (Some(before), _) => (BACKWARD, before.as_str()),
            (None, Some(after)) => (FORWARD, after.as_str()),
            (None, None) => (FORWARD, ""),
        };
        let mut rows: Vec<Row> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(sql)
                .bind(edge)
                .bind(query.status.map_or("", TenantStatus::as_str))
                .bind(contains(&query.search))
                // One more than is shown: whether there is a further page.
                .bind(i64::from(limit) + 1)
                .fetch_all(&mut *db)
                .await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let backward = query.before.is_some();
        if backward {
            rows.reverse();
        }
        let ids: Vec<TenantId> = rows.iter().map(|row| row.id).collect();
        let mut standing = self.list_standing(&ids).await?;
        let read = |row: Row| {
            let connections = standing.remove(&row.id).unwrap_or_default();
            Ok(FleetTenant { connections, ..FleetTenant::try_from(row)? })
        };
        Ok(FleetPage {
            more_after: if backward { true } else { more },
            more_before: if backward { more } else { query.after.is_some() },
            tenants: rows.into_iter().map(read).collect::<Result<_>>()?,
        })
    }

    /// Where the connections of these tenants stand.
    async fn list_standing(&self, tenants: &[TenantId]) -> Result<HashMap<TenantId, Vec<StandingRow>>> {
        const SQL: &str = select_standing!("h.tenant_id, ", "where h.tenant_id in (");
        #[derive(sqlx::FromRow)]
        struct OfTenant {
            tenant_id: TenantId,
            #[sqlx(flatten)]
            standing: Standing,
        }
        let mut found: HashMap<TenantId, Vec<StandingRow>> = HashMap::new();
        if tenants.is_empty() {
            return Ok(found);
        }
        let places: Vec<String> = (1..=tenants.len()).map(|number| format!("${number}")).collect();
        // Nothing but the numbers of the parameters is put in.
        let sql = AssertSqlSafe(format!("{SQL}{}) order by h.provider", places.join(", ")));
        let rows: Vec<OfTenant> = read_within!(self, Fence::AGENCY, |db| {
            let mut query = sqlx::query_as(sql);
            for tenant in tenants {
                query = query.bind(*tenant);
            }
            query.fetch_all(&mut *db).await?
        });
        for row in rows {
            if let Some(standing) = read_standing(row.standing)? {
                found.entry(row.tenant_id).or_default().push(standing);
            }
        }
        Ok(found)
    }

    /// The whole fleet in numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_fleet(&self, _agency: &AgencyScope) -> Result<FleetTotals> {
        const SQL: &str = "select count(*), \
                           cast(coalesce(sum(case when t.status = 'suspended' then 1 else 0 end), 0) as bigint), \
                           cast(coalesce(sum(case when exists (select 1 from credentials c where c.tenant_id = t.id \
                           and c.provider = 'supabase' and c.removed_at is null) then 0 else 1 end), 0) as bigint) \
                           from tenants t";
        let (tenants, suspended, unconnected): (i64, i64, i64) =
            read_within!(self, Fence::AGENCY, |db| sqlx::query_as(SQL).fetch_one(&mut *db).await?);
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(FleetTotals { tenants: count(tenants), suspended: count(suspended), unconnected: count(unconnected) })
    }

    /// One tenant in full.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_tenant_facts(&self, _agency: &AgencyScope, slug: &Slug) -> Result<Option<TenantFacts>> {
        const SQL: &str = select_fleet!("where t.slug = $1");
        let row: Option<Row> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_as(SQL).bind(slug.as_str()).fetch_optional(&mut *db).await?
        });
        let Some(row) = row else { return Ok(None) };
        let members = self.list_members(&TenantScope::new(row.id, None), 200).await?;
        let connections = self.list_standing(&[row.id]).await?.remove(&row.id).unwrap_or_default();
        Ok(Some(TenantFacts {
            timezone: row.timezone.clone(),
            domain: row.domain.clone(),
            created_at: row.created_at.into(),
            suspended_reason: row.suspended_reason.clone(),
            colour: row.colour.as_deref().map(read_hue).transpose()?,
            members,
            row: FleetTenant { connections, ..row.try_into()? },
        }))
    }

    /// Changes name, zone, plan, domain and colour; `false` when there is no such tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn edit_tenant(
        &self,
        agency: &AgencyScope,
        act: &Act,
        slug: &Slug,
        edit: &TenantEdit,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update tenants set name = $2, timezone = $3, plan = $4, domain = $5, sought = $6, \
                           updated_at = $7, colour = $8 where id = $1";
        let Some(facts) = self.find_tenant_facts(agency, slug).await? else { return Ok(false) };
        let Some(tenant) = self.find_tenant(agency, slug).await? else { return Ok(false) };
        let changed: Vec<&str> = [
            ("nome", facts.row.name == edit.name),
            ("fuso", facts.timezone == edit.timezone),
            ("plano", facts.row.plan == edit.plan),
            ("domínio", facts.domain == edit.domain),
            ("cor", facts.colour == edit.colour),
        ]
        .into_iter()
        .filter_map(|(field, same)| (!same).then_some(field))
        .collect();
        if changed.is_empty() {
            return Ok(true);
        }
        in_transaction!(self, Fence::tenant(tenant.id), |tx| {
            sqlx::query(SQL)
                .bind(tenant.id)
                .bind(&edit.name)
                .bind(&edit.timezone)
                .bind(&edit.plan)
                .bind(&edit.domain)
                .bind(sought(&edit.name, slug, &edit.domain))
                .bind(Micros::from(now))
                .bind(edit.colour.map(Hue::as_str))
                .execute(&mut *tx)
                .await?;
            let event = Event::new(EventKind::TenantEdited, slug.as_str()).with_fields(changed.iter().copied());
            record!(self, tx, tenant.id, act, now, event);
        });
        Ok(true)
    }

    /// Notes the newest row seen in the tenant's project, when it is newer by five minutes: reading a panel must not
    /// write to the disk each time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_last_data(&self, scope: &TenantScope, seen: OffsetDateTime) -> Result<()> {
        const READ: &str = "select last_data_at from tenants where id = $1";
        const WRITE: &str = "update tenants set last_data_at = $2 where id = $1";
        let known: Option<Option<Micros>> = read_within!(self, scope.into(), |db| {
            sqlx::query_scalar(READ).bind(scope.tenant()).fetch_optional(&mut *db).await?
        });
        let known = known.flatten().map(OffsetDateTime::from);
        if known.is_none_or(|known| seen - known >= Duration::minutes(5)) {
            in_transaction!(self, scope.into(), |tx| {
                sqlx::query(WRITE).bind(scope.tenant()).bind(Micros::from(seen)).execute(&mut *tx).await?;
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_a_bit_of_its_own() {
        let mut bits: Vec<i64> = Provider::ALL
            .iter()
            .map(|provider| PROVIDER_BITS.iter().find(|(known, _)| known == provider).expect("a bit").1)
            .collect();
        bits.sort_unstable();
        bits.dedup();
        assert_eq!(bits.len(), Provider::ALL.len());
        for (provider, bit) in PROVIDER_BITS {
            let said = format!("when '{}' then {bit} ", provider.as_str());
            assert!(select_fleet!("").contains(&said), "{said}");
        }
    }
}
