//! A newer key for a tenant, and all its values sealed with it, in one step.

use super::{NEWEST, TAKE_TURNS};
use crate::store::{
    Act, AgencyScope, Event, EventKind, NewTenantKey, Result, Store, TenantScope, audit::record, fence::Fence,
    in_transaction, instant::Micros, on_reader,
};
use std::fmt;
use time::OffsetDateTime;

/// A field sealed anew.
pub struct ResealedField {
    /// The provider's word.
    pub provider: String,
    /// The field's name.
    pub field: String,
    /// What must still be stored.
    pub old: Vec<u8>,
    /// The same value sealed with the newer key.
    pub new: Vec<u8>,
}

impl fmt::Debug for ResealedField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ResealedField").field("provider", &self.provider).field("field", &self.field).finish()
    }
}

/// What became of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotated {
    /// The newer key is in force.
    Done,
    /// Somebody saved, removed or rotated meanwhile, and that stands; nothing was written. Read again and try again.
    Overtaken,
}

/// The agency's setting with the instant at which a rotation of all tenants began that has not ended; empty when none has.
const ALL_SINCE: &str = "keys_rotating_since";

impl Store {
    /// Puts a newer version in the place of a tenant's key, with all its values sealed anew. The credentials' own versions
    /// stay: a form that was filled before can still be saved.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn rotate_tenant_key(
        &self,
        scope: &TenantScope,
        act: &Act,
        version: u32,
        key: &NewTenantKey,
        fields: &[ResealedField],
        now: OffsetDateTime,
    ) -> Result<Rotated> {
        const KEY: &str =
            "insert into tenant_keys (tenant_id, version, ring_key, wrapped, created_at) values ($1, $2, $3, $4, $5)";
        const FIELD: &str = "update credential_fields set sealed = $5 \
                             where tenant_id = $1 and provider = $2 and field = $3 and sealed = $4";
        const ALL: &str = "select count(*) from credential_fields where tenant_id = $1";
        let (tenant, version) = (scope.tenant(), i64::from(version));
        Ok(in_transaction!(self, scope.into(), |tx| {
            sqlx::query(TAKE_TURNS).bind(tenant).execute(&mut *tx).await?;
            let newest: Option<i64> = sqlx::query_scalar(NEWEST).bind(tenant).fetch_one(&mut *tx).await?;
            let stored: i64 = sqlx::query_scalar(ALL).bind(tenant).fetch_one(&mut *tx).await?;
            if newest != Some(version - 1) || usize::try_from(stored).ok() != Some(fields.len()) {
                return Ok(Rotated::Overtaken);
            }
            sqlx::query(KEY)
                .bind(tenant)
                .bind(version)
                .bind(&key.ring_key)
                .bind(&key.wrapped)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?;
            for field in fields {
                let changed = sqlx::query(FIELD)
                    .bind(tenant)
                    .bind(&field.provider)
                    .bind(&field.field)
                    .bind(&field.old)
                    .bind(&field.new)
                    .execute(&mut *tx)
                    .await?;
                if changed.rows_affected() == 0 {
                    return Ok(Rotated::Overtaken);
                }
            }
            let subject = format!("versão {version}");
            record!(self, tx, scope, act, now, Event::new(EventKind::KeyRotated, &subject));
            Rotated::Done
        }))
    }

    /// When a rotation of all tenants began that has not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_rotation_of_all(&self, _agency: &AgencyScope) -> Result<Option<OffsetDateTime>> {
        const SQL: &str = "select value from agency_settings where name = $1";
        let since: Option<String> =
            on_reader!(self, |db| sqlx::query_scalar(SQL).bind(ALL_SINCE).fetch_optional(db).await?);
        let micros = since.and_then(|text| text.parse::<i64>().ok());
        Ok(micros.and_then(|micros| OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()))
    }

    /// Notes that a rotation of all tenants begins, or with `None` that it has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_rotation_of_all(&self, _agency: &AgencyScope, since: Option<OffsetDateTime>) -> Result<()> {
        const SQL: &str = "insert into agency_settings (name, value) values ($1, $2) \
                           on conflict (name) do update set value = excluded.value";
        let value = since.map(|since| Micros::from(since).get().to_string()).unwrap_or_default();
        in_transaction!(self, Fence::AGENCY, |tx| {
            sqlx::query(SQL).bind(ALL_SINCE).bind(value).execute(&mut *tx).await?;
        });
        Ok(())
    }
}
