//! Filters that members keep for themselves in a tenant. Their text means nothing here.

use super::{
    Result, SavedFilterId, Store, StoreError, TenantScope, fence::own, in_transaction, instant::Micros, read_within,
};
use time::OffsetDateTime;

/// Filters that one member keeps in a tenant at most.
pub const MOST_SAVED_FILTERS: i64 = 20;

/// One filter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedFilterRow {
    /// Names it.
    pub id: SavedFilterId,
    /// What its owner calls it.
    pub name: String,
    /// What it asks for.
    pub query: String,
}

/// What came of keeping a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptFilter {
    /// It is kept.
    Kept,
    /// Another one of theirs has the name, whatever its case.
    NameTaken,
    /// They have [`MOST_SAVED_FILTERS`].
    Full,
}

/// Holds the member's row to the end of the transaction and changes nothing: of several at once each sees what is there.
const TAKE_TURNS: &str = "update memberships set role = role where tenant_id = $1 and user_id = $2";

impl Store {
    /// The acting member's own filters, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_saved_filters(&self, scope: &TenantScope) -> Result<Vec<SavedFilterRow>> {
        const SQL: &str = concat!(
            "select id, name, query from saved_filters where ",
            own!("tenant_id"),
            " and user_id = $2 order by folded_name, id limit 100"
        );
        Ok(read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).bind(scope.user()).fetch_all(&mut *db).await?
        }))
    }

    /// Keeps a filter for the acting member. It changes nothing of the tenant's, so the trail does not hear of it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when who acts is no member.
    pub async fn save_filter(
        &self,
        scope: &TenantScope,
        name: &str,
        query: &str,
        now: OffsetDateTime,
    ) -> Result<KeptFilter> {
        const TAKEN: &str =
            "select count(*) from saved_filters where tenant_id = $1 and user_id = $2 and folded_name = $3";
        const ALL: &str = "select count(*) from saved_filters where tenant_id = $1 and user_id = $2";
        const SQL: &str = "insert into saved_filters (id, tenant_id, user_id, name, folded_name, query, created_at) \
                           values ($1, $2, $3, $4, $5, $6, $7)";
        let folded = name.to_lowercase();
        Ok(in_transaction!(self, scope.into(), |tx| {
            let (tenant, user) = (scope.tenant(), scope.user());
            if sqlx::query(TAKE_TURNS).bind(tenant).bind(user).execute(&mut *tx).await?.rows_affected() == 0 {
                return Err(StoreError::Missing);
            }
            let taken: i64 =
                sqlx::query_scalar(TAKEN).bind(tenant).bind(user).bind(&folded).fetch_one(&mut *tx).await?;
            let all: i64 = sqlx::query_scalar(ALL).bind(tenant).bind(user).fetch_one(&mut *tx).await?;
            if taken > 0 {
                KeptFilter::NameTaken
            } else if all >= MOST_SAVED_FILTERS {
                KeptFilter::Full
            } else {
                sqlx::query(SQL)
                    .bind(SavedFilterId::new())
                    .bind(tenant)
                    .bind(user)
                    .bind(name)
                    .bind(&folded)
                    .bind(query)
                    .bind(Micros::from(now))
                    .execute(&mut *tx)
                    .await?;
                KeptFilter::Kept
            }
        }))
    }

    /// Forgets one of the acting member's filters; whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_saved_filter(&self, scope: &TenantScope, id: SavedFilterId) -> Result<bool> {
        const SQL: &str =
            concat!("delete from saved_filters where ", own!("tenant_id"), " and user_id = $2 and id = $3");
        Ok(in_transaction!(self, scope.into(), |tx| {
            let gone = sqlx::query(SQL).bind(scope.tenant()).bind(scope.user()).bind(id).execute(&mut *tx).await?;
            gone.rows_affected() > 0
        }))
    }
}
