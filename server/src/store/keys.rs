//! Wrapped tenant keys, and the values by which a wrong key ring is noticed. What is wrapped how is the vault's matter.
//!
//! `rotate.rs` puts a newer key in a tenant's place, `rewrap.rs` other wrappings, `trim.rs` takes away what nothing needs.
//! Whoever saves, rotates, wraps again, trims or shreds takes the tenant's row first ([`TAKE_TURNS`]): of several, one works
//! at a time, in whatever process, so that no value is ever sealed with a key that another is about to drop.

use super::{
    AgencyScope, Result, Slug, Store, TenantId, TenantScope, fence::Fence, fence::own, instant::Micros, on_reader,
    on_writer, read_within, tenants::read_slug,
};
use time::OffsetDateTime;

mod rewrap;
mod rotate;
mod trim;

pub use rotate::{ResealedField, Rotated};
pub use trim::{ForgetRefused, TrimRefused, Trimmed};

/// Holds the tenant's row to the end of the transaction and changes nothing. An update, because SQLite has no other lock
/// on a row; there the whole transaction has the file to itself anyway.
pub(super) const TAKE_TURNS: &str = "update tenants set updated_at = updated_at where id = $1";

/// The version that new values must be sealed with.
pub(super) const NEWEST: &str = "select max(version) from tenant_keys where tenant_id = $1";

/// Which version of its tenant's key a sealed value names: the one thing that the store knows of an envelope, whose bytes
/// `vault/envelope.rs` lays out, so that no key goes while something needs it. `None` for what is no such envelope.
pub(super) fn sealed_by(sealed: &[u8]) -> Option<i64> {
    match sealed {
        [1, 1, a, b, c, d, ..] => Some(i64::from(u32::from_be_bytes([*a, *b, *c, *d]))),
        _ => None,
    }
}

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

/// One version of a tenant's key, as the agency sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStanding {
    /// Whose.
    pub tenant: TenantId,
    /// Their short name.
    pub slug: Slug,
    /// From 1; the highest seals.
    pub version: i64,
    /// The key of the ring that wraps it.
    pub ring_key: String,
    /// When this version was made.
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    tenant: TenantId,
    slug: String,
    version: i64,
    ring_key: String,
    created_at: Micros,
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

    /// All versions of the tenant's key, the newest first; none after its keys were shredded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_tenant_keys(&self, scope: &TenantScope) -> Result<Vec<TenantKeyRow>> {
        Ok(read_within!(self, scope.into(), |db| {
            sqlx::query_as(KEYS_OF).bind(scope.tenant()).fetch_all(&mut *db).await?
        }))
    }

    /// Every version of every tenant's key, by slug and version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_key_standings(&self, _agency: &AgencyScope) -> Result<Vec<KeyStanding>> {
        const SQL: &str = "select t.id as tenant, t.slug, k.version, k.ring_key, k.created_at \
                           from tenants t join tenant_keys k on k.tenant_id = t.id order by t.slug, k.version";
        let rows: Vec<StandingRow> =
            read_within!(self, Fence::AGENCY, |db| sqlx::query_as(SQL).fetch_all(&mut *db).await?);
        rows.into_iter()
            .map(|row| {
                Ok(KeyStanding {
                    tenant: row.tenant,
                    slug: read_slug(&row.slug)?,
                    version: row.version,
                    ring_key: row.ring_key,
                    created_at: row.created_at.into(),
                })
            })
            .collect()
    }

    /// The names of the ring keys that wrap something here: tenants' keys or the agency's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_ring_keys_in_use(&self) -> Result<Vec<String>> {
        Ok(read_within!(self, Fence::AGENCY, |db| sqlx::query_scalar(IN_USE).fetch_all(&mut *db).await?))
    }

    /// The check values of every ring key that ever sealed something here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_key_checks(&self) -> Result<Vec<KeyCheck>> {
        const SQL: &str = "select ring_key, check_value from key_checks order by ring_key";
        Ok(on_reader!(self, |db| sqlx::query_as(SQL).fetch_all(db).await?))
    }

    /// Keeps a ring key's check value, unless one is kept already: the first one stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_key_check(&self, ring_key: &str, value: &[u8], now: OffsetDateTime) -> Result<()> {
        const SQL: &str = "insert into key_checks (ring_key, check_value, created_at) values ($1, $2, $3) \
                           on conflict (ring_key) do nothing";
        on_writer!(self, |db| {
            sqlx::query(SQL).bind(ring_key).bind(value).bind(Micros::from(now)).execute(db).await?;
        });
        Ok(())
    }
}

/// All versions of one tenant's key, the newest first.
pub(super) const KEYS_OF: &str =
    concat!("select version, ring_key, wrapped from tenant_keys where ", own!("tenant_id"), " order by version desc");

/// Ring keys that wrap something.
const IN_USE: &str = "select ring_key from tenant_keys union select ring_key from agency_keys order by 1";

#[cfg(test)]
mod tests {
    use super::sealed_by;

    #[test]
    fn the_version_stands_where_the_envelope_has_it() {
        assert_eq!(sealed_by(&[1, 1, 0, 0, 1, 2, 9]), Some(258));
        for other in [&[][..], &[1, 1, 0, 0, 1], &[2, 1, 0, 0, 0, 1], &[1, 2, 0, 0, 0, 1], b"a text"] {
            assert_eq!(sealed_by(other), None, "{other:?}");
        }
    }
}
