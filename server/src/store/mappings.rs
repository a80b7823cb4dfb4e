//! How each tenant's tables are read: versions of a mapping, one after the other. Its text means nothing here.

use super::{
    Act, Event, EventKind, Result, Store, StoreError, TenantScope, audit::record, fence::own, in_transaction,
    instant::Micros, keys, read_within,
};
use time::OffsetDateTime;

/// Versions that are kept of a tenant's mapping; older ones are forgotten.
pub const MOST_MAPPINGS: i64 = 30;

/// The version of what is being edited.
const DRAFT: i64 = 0;

/// One version of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMapping {
    /// From 1 on; 0 is the draft.
    pub version: i64,
    /// Its JSON.
    pub mapping: String,
    /// The version that it brings back, if it does.
    pub based_on: Option<i64>,
    /// When it was saved.
    pub created_at: OffsetDateTime,
    /// By whom; `None` for the command line, and when their account is gone.
    pub created_by_name: Option<String>,
}

/// How a tenant's tables are read at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingInUse {
    /// The tenant's IANA zone: that of times without one.
    pub timezone: String,
    /// The version; 0 for the default tables.
    pub version: i64,
    /// Its JSON; `None` for the default tables.
    pub mapping: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    mapping: String,
    based_on: Option<i64>,
    created_at: Micros,
    created_by_name: Option<String>,
}

impl From<Row> for StoredMapping {
    fn from(row: Row) -> Self {
        let Row { version, mapping, based_on, created_at, created_by_name } = row;
        Self { version, mapping, based_on, created_at: created_at.into(), created_by_name }
    }
}

impl Store {
    /// How the tenant's tables are read.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the tenant is gone.
    pub async fn find_mapping(&self, scope: &TenantScope) -> Result<MappingInUse> {
        const SQL: &str = concat!(
            "select t.timezone, m.version, m.mapping from tenants t left join mappings m on m.tenant_id = t.id \
             and m.version > 0 where ",
            own!("t.id"),
            " order by m.version desc limit 1"
        );
        let found: Option<(String, Option<i64>, Option<String>)> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_optional(&mut *db).await?
        });
        let (timezone, version, mapping) = found.ok_or(StoreError::Missing)?;
        Ok(MappingInUse { timezone, version: version.unwrap_or(0), mapping })
    }

    /// Every version that is kept, newest first, and the draft last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_mappings(&self, scope: &TenantScope) -> Result<Vec<StoredMapping>> {
        const SQL: &str = concat!(
            "select m.version, m.mapping, m.based_on, m.created_at, u.name as created_by_name \
             from mappings m left join users u on u.id = m.created_by where ",
            own!("m.tenant_id"),
            " order by m.version desc limit 100"
        );
        let rows: Vec<Row> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?
        });
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Keeps a draft in place of an earlier one. It is in use nowhere, so the trail does not hear of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_mapping_draft(
        &self,
        scope: &TenantScope,
        act: &Act,
        mapping: &str,
        now: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "insert into mappings (tenant_id, version, mapping, created_at, created_by) \
                           values ($1, $2, $3, $4, $5) on conflict (tenant_id, version) do update set \
                           mapping = excluded.mapping, created_at = excluded.created_at, created_by = excluded.created_by";
        in_transaction!(self, scope.into(), |tx| {
            sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(DRAFT)
                .bind(mapping)
                .bind(Micros::from(now))
                .bind(act.user())
                .execute(&mut *tx)
                .await?;
        });
        Ok(())
    }

    /// Forgets the draft; whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_mapping_draft(&self, scope: &TenantScope) -> Result<bool> {
        const SQL: &str = concat!("delete from mappings where ", own!("tenant_id"), " and version = 0");
        Ok(in_transaction!(self, scope.into(), |tx| {
            sqlx::query(SQL).bind(scope.tenant()).execute(&mut *tx).await?.rows_affected() > 0
        }))
    }

    /// Puts a mapping in use as the version after `current`, and forgets the draft. `based_on` is the version that it brings
    /// back. Gives the new version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another version is in use, [`StoreError::Missing`] when the tenant is gone.
    pub async fn save_mapping(
        &self,
        scope: &TenantScope,
        act: &Act,
        mapping: &str,
        current: i64,
        based_on: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<i64> {
        const NEWEST: &str = "select coalesce(max(version), 0) from mappings where tenant_id = $1";
        const SQL: &str = "insert into mappings (tenant_id, version, mapping, based_on, created_at, created_by) \
                           values ($1, $2, $3, $4, $5, $6)";
        const FORGET: &str = "delete from mappings where tenant_id = $1 and (version = 0 or version <= $2)";
        Ok(in_transaction!(self, scope.into(), |tx| {
            // Of two at once the second sees what the first wrote.
            if sqlx::query(keys::TAKE_TURNS).bind(scope.tenant()).execute(&mut *tx).await?.rows_affected() == 0 {
                return Err(StoreError::Missing);
            }
            let newest: i64 = sqlx::query_scalar(NEWEST).bind(scope.tenant()).fetch_one(&mut *tx).await?;
            if newest != current {
                return Err(StoreError::Conflict { current: newest });
            }
            let version = newest + 1;
            sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(version)
                .bind(mapping)
                .bind(based_on)
                .bind(Micros::from(now))
                .bind(act.user())
                .execute(&mut *tx)
                .await?;
            sqlx::query(FORGET).bind(scope.tenant()).bind(version - MOST_MAPPINGS).execute(&mut *tx).await?;
            let event = match based_on {
                Some(earlier) => Event::new(EventKind::MappingRestored, &format!("{earlier} → {version}")),
                None => Event::new(EventKind::MappingSaved, &version.to_string()),
            };
            record!(self, tx, scope, act, now, event);
            version
        }))
    }
}
