//! Other wrappings around the same keys, after the ring's active key changed.

use super::TAKE_TURNS;
use crate::store::{
    Act, AgencyKeyRow, AgencyScope, Event, EventKind, NewTenantKey, Result, Store, TenantKeyRow, TenantScope,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction, on_reader,
};
use time::OffsetDateTime;

impl Store {
    /// Puts other wrappings around versions of a tenant's key, each only where the old one still stands; tells how many.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn rewrap_tenant_keys(
        &self,
        scope: &TenantScope,
        act: &Act,
        keys: &[(TenantKeyRow, NewTenantKey)],
        now: OffsetDateTime,
    ) -> Result<u64> {
        const SQL: &str = "update tenant_keys set ring_key = $4, wrapped = $5 \
                           where tenant_id = $1 and version = $2 and wrapped = $3";
        let tenant = scope.tenant();
        let mut changed = 0;
        in_transaction!(self, scope.into(), |tx| {
            sqlx::query(TAKE_TURNS).bind(tenant).execute(&mut *tx).await?;
            let mut to = "";
            for (old, new) in keys {
                let done = sqlx::query(SQL)
                    .bind(tenant)
                    .bind(old.version)
                    .bind(&old.wrapped)
                    .bind(&new.ring_key)
                    .bind(&new.wrapped)
                    .execute(&mut *tx)
                    .await?;
                changed += done.rows_affected();
                to = &new.ring_key;
            }
            if changed > 0 {
                record!(self, tx, scope, act, now, Event::new(EventKind::KeysRewrapped, to));
            }
        });
        Ok(changed)
    }

    /// All versions of the agency's key, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_agency_keys(&self) -> Result<Vec<AgencyKeyRow>> {
        const SQL: &str = "select version, ring_key, wrapped from agency_keys order by version desc";
        Ok(on_reader!(self, |db| sqlx::query_as(SQL).fetch_all(db).await?))
    }

    /// Puts another wrapping around a version of the agency's key, if the old one still stands; `false` when it does not.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn rewrap_agency_key(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        old: &AgencyKeyRow,
        new: &NewTenantKey,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "update agency_keys set ring_key = $3, wrapped = $4 where version = $1 and wrapped = $2";
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let done = sqlx::query(SQL)
                .bind(old.version)
                .bind(&old.wrapped)
                .bind(&new.ring_key)
                .bind(&new.wrapped)
                .execute(&mut *tx)
                .await?;
            let changed = done.rows_affected() == 1;
            if changed {
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::KeysRewrapped, &new.ring_key));
            }
            changed
        }))
    }
}
