//! Wrapped tenant keys, and the values by which a wrong key ring is noticed. What is wrapped how is the vault's matter.

use super::{Result, Store, TenantScope, fence::own, instant::Micros, on_reader, on_writer, read_within};
use time::OffsetDateTime;

/// A tenant's wrapped key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TenantKeyRow {
    /// From 1; the highest seals.
    pub version: i64,
    /// The key of the ring that wraps it.
    pub ring_key: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// A value that only the right key of the ring gives.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyCheck {
    /// The key's name in the ring.
    pub ring_key: String,
    /// The value.
    pub check_value: Vec<u8>,
}

impl Store {
    /// The tenant's newest key; `None` after its keys were shredded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_tenant_key(&self, scope: &TenantScope) -> Result<Option<TenantKeyRow>> {
        const SQL: &str = concat!(
            "select version, ring_key, wrapped from tenant_keys where ",
            own!("tenant_id"),
            " order by version desc limit 1"
        );
        Ok(read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_optional(&mut *db).await?
        }))
    }

    /// The check values of every ring key that ever sealed something here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_key_checks(&self) -> Result<Vec<KeyCheck>> {
        const SQL: &str = "select ring_key, check_value from key_checks order by ring_key";
        Ok(on_reader!(self, |pool| sqlx::query_as(SQL).fetch_all(pool).await?))
    }

    /// Keeps a ring key's check value, unless one is kept already: the first one stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_key_check(&self, ring_key: &str, value: &[u8], now: OffsetDateTime) -> Result<()> {
        const SQL: &str = "insert into key_checks (ring_key, check_value, created_at) values ($1, $2, $3) \
                           on conflict (ring_key) do nothing";
        on_writer!(self, |pool| {
            sqlx::query(SQL).bind(ring_key).bind(value).bind(Micros::from(now)).execute(pool).await?;
        });
        Ok(())
    }
}
