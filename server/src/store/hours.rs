//! When a tenant's business is open: a text of JSON, which means nothing here.

use super::{
    Act, Event, EventKind, Result, Store, StoreError, TenantScope, audit::record, in_transaction, instant::Micros,
    read_within,
};
use time::OffsetDateTime;

impl Store {
    /// What was said last; `None` while nobody has said anything.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the tenant is gone.
    pub async fn find_business_hours(&self, scope: &TenantScope) -> Result<Option<String>> {
        const SQL: &str = "select business_hours from tenants where id = $1";
        let found: Option<Option<String>> = read_within!(self, scope.into(), |db| {
            sqlx::query_scalar(SQL).bind(scope.tenant()).fetch_optional(&mut *db).await?
        });
        found.ok_or(StoreError::Missing)
    }

    /// Keeps what is said now; `words` tells it in the trail. Saying the same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the tenant is gone.
    pub async fn set_business_hours(
        &self,
        scope: &TenantScope,
        act: &Act,
        hours: &str,
        now: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "update tenants set business_hours = $2, updated_at = $3 \
                           where id = $1 and (business_hours is null or business_hours <> $2)";
        if self.find_business_hours(scope).await?.as_deref() == Some(hours) {
            return Ok(());
        }
        in_transaction!(self, scope.into(), |tx| {
            let changed = sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(hours)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                record!(self, tx, scope, act, now, Event::new(EventKind::HoursSaved, hours));
            }
        });
        Ok(())
    }
}
