//! A tenant's end: its keys go, and with them the sense of everything they sealed. The tenant's row and its audit trail
//! stay, for the receipt refers to them.

use super::{
    Act, AgencyScope, Event, EventKind, Result, Slug, Store, audit::record, fence::Fence, in_transaction,
    instant::Micros,
};
use time::OffsetDateTime;

/// What was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shredded {
    /// Wrapped keys.
    pub keys: u64,
    /// Sealed fields.
    pub fields: u64,
    /// Live sessions.
    pub sessions: u64,
}

impl Store {
    /// Destroys a tenant's keys and sealed fields, takes all places in it and machines' tokens away and ends its sessions, in one step. `None`
    /// when there is no such tenant or it was done before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shred_tenant(
        &self,
        agency: &AgencyScope,
        act: &Act,
        slug: &Slug,
        now: OffsetDateTime,
    ) -> Result<Option<Shredded>> {
        const MARK: &str = "update tenants set status = 'suspended', suspended_reason = 'Encerrado.', shredded_at = $2, \
                            updated_at = $2 where id = $1 and shredded_at is null";
        const CREDENTIALS: &str = "update credentials set removed_at = $2, version = version + 1, updated_at = $2 \
                                   where tenant_id = $1 and removed_at is null";
        const SESSIONS: &str = "update sessions set revoked_at = $2, data = '{}' \
                                where tenant_id = $1 and revoked_at is null";
        const LINKS: &str = "update links set withdrawn_at = $2 where tenant_id = $1 and withdrawn_at is null";
        const TOKENS: &str = "update machine_tokens set revoked_at = $2 where tenant_id = $1 and revoked_at is null";
        let Some(tenant) = self.find_tenant(agency, slug).await? else { return Ok(None) };
        let at = Micros::from(now);
        Ok(in_transaction!(self, Fence::tenant(tenant.id), |tx| {
            if sqlx::query(MARK).bind(tenant.id).bind(at).execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(None);
            }
            let keys = sqlx::query("delete from tenant_keys where tenant_id = $1")
                .bind(tenant.id)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            let fields = sqlx::query("delete from credential_fields where tenant_id = $1")
                .bind(tenant.id)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            sqlx::query(CREDENTIALS).bind(tenant.id).bind(at).execute(&mut *tx).await?;
            sqlx::query("delete from connection_health where tenant_id = $1").bind(tenant.id).execute(&mut *tx).await?;
            sqlx::query("delete from mappings where tenant_id = $1").bind(tenant.id).execute(&mut *tx).await?;
            sqlx::query("delete from memberships where tenant_id = $1").bind(tenant.id).execute(&mut *tx).await?;
            sqlx::query(TOKENS).bind(tenant.id).bind(at).execute(&mut *tx).await?;
            sqlx::query(LINKS).bind(tenant.id).bind(at).execute(&mut *tx).await?;
            let sessions = sqlx::query(SESSIONS).bind(tenant.id).bind(at).execute(&mut *tx).await?.rows_affected();
            record!(self, tx, tenant.id, act, now, Event::new(EventKind::TenantShredded, slug.as_str()));
            Some(Shredded { keys, fields, sessions })
        }))
    }
}
