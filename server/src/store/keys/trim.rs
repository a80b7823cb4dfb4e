//! Dropping keys that nothing needs. Whether something does is asked again in the transaction that drops: what was seen
//! before may have changed.

use super::{IN_USE, NEWEST, TAKE_TURNS, sealed_by};
use crate::store::{
    Act, AgencyScope, Event, EventKind, Result, Store, TenantScope,
    audit::{ChainId, record},
    fence::Fence,
    in_transaction,
};
use time::OffsetDateTime;

/// What was, or would be, dropped of a tenant's keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// The versions that are gone, by age.
    pub dropped: Vec<i64>,
    /// Old versions that stay, for something is sealed with them, and how many values are.
    pub needed: Vec<(i64, u64)>,
}

/// Why a tenant's keys may not be trimmed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrimRefused {
    /// Versions begin at 1, and the oldest cannot be cut off below itself.
    #[error("version {0} is no version of a key: the first is 1")]
    NoVersion(i64),
    /// The newest key seals; it is never dropped.
    #[error("version {wanted} is beyond the newest, which is {newest} and must stay")]
    BeyondNewest {
        /// What was asked for.
        wanted: i64,
        /// The newest.
        newest: i64,
    },
    /// All below is gone already: a trim cannot be taken back.
    #[error("everything below version {0} is gone already: what was trimmed does not come back")]
    AlreadyGone(i64),
    /// Something is sealed with a version that would go.
    #[error("{values} values are still sealed with version {version}: run `painel keys rotate` for this tenant first")]
    StillNeeded {
        /// The version.
        version: i64,
        /// How many values.
        values: u64,
    },
    /// What a stored value is sealed with cannot be told.
    #[error("{0} stored values are no envelopes of this version of Painel: which key they need cannot be told")]
    Unknown(u64),
    /// The tenant was shredded.
    #[error("this tenant has no keys")]
    NoKeys,
}

/// Why a key of the ring may not be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgetRefused {
    /// It wraps something.
    #[error("the ring key {0} still wraps keys: run `painel keys rewrap` first")]
    StillWraps(String),
    /// It was never used here, or was forgotten before.
    #[error("this database does not know a ring key {0}")]
    Unknown(String),
}

impl Store {
    /// Drops old versions of a tenant's key that nothing is sealed with: all of them, or with `below` all below that
    /// version or none. The newest stays always. With `plan` nothing is written and the answer is the same.
    ///
    /// # Errors
    /// When the database fails; the inner error when it is refused, and then nothing is written.
    pub async fn trim_tenant_keys(
        &self,
        scope: &TenantScope,
        act: &Act,
        below: Option<i64>,
        plan: bool,
        now: OffsetDateTime,
    ) -> Result<std::result::Result<Trimmed, TrimRefused>> {
        const VERSIONS: &str = "select version from tenant_keys where tenant_id = $1 order by version";
        const VALUES: &str = "select sealed from credential_fields where tenant_id = $1";
        const DROP: &str = "delete from tenant_keys where tenant_id = $1 and version = $2";
        let tenant = scope.tenant();
        Ok(in_transaction!(self, scope.into(), |tx| {
            sqlx::query(TAKE_TURNS).bind(tenant).execute(&mut *tx).await?;
            let newest: Option<i64> = sqlx::query_scalar(NEWEST).bind(tenant).fetch_one(&mut *tx).await?;
            let Some(newest) = newest else { return Ok(Err(TrimRefused::NoKeys)) };
            let versions: Vec<i64> = sqlx::query_scalar(VERSIONS).bind(tenant).fetch_all(&mut *tx).await?;
            let values: Vec<Vec<u8>> = sqlx::query_scalar(VALUES).bind(tenant).fetch_all(&mut *tx).await?;
            let trimmed = match decide(&versions, newest, &values, below) {
                Ok(trimmed) => trimmed,
                Err(refused) => return Ok(Err(refused)),
            };
            if !plan && !trimmed.dropped.is_empty() {
                for version in &trimmed.dropped {
                    sqlx::query(DROP).bind(tenant).bind(version).execute(&mut *tx).await?;
                }
                let dropped: Vec<String> = trimmed.dropped.iter().map(|version| format!("versão {version}")).collect();
                record!(self, tx, scope, act, now, Event::new(EventKind::KeysTrimmed, &dropped.join(", ")));
            }
            Ok(trimmed)
        }))
    }

    /// Forgets the check value of a ring key that wraps nothing, so that the ring may do without it. With `plan` nothing is
    /// written and the answer is the same.
    ///
    /// # Errors
    /// When the database fails; the inner error when it is refused, and then nothing is written.
    pub async fn forget_ring_key(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        ring_key: &str,
        plan: bool,
        now: OffsetDateTime,
    ) -> Result<std::result::Result<(), ForgetRefused>> {
        const KNOWN: &str = "select count(*) from key_checks where ring_key = $1";
        Ok(in_transaction!(self, Fence::AGENCY, |tx| {
            let in_use: Vec<String> = sqlx::query_scalar(IN_USE).fetch_all(&mut *tx).await?;
            if in_use.iter().any(|name| name == ring_key) {
                return Ok(Err(ForgetRefused::StillWraps(ring_key.to_owned())));
            }
            let known: i64 = sqlx::query_scalar(KNOWN).bind(ring_key).fetch_one(&mut *tx).await?;
            if known == 0 {
                return Ok(Err(ForgetRefused::Unknown(ring_key.to_owned())));
            }
            if !plan {
                let forget = sqlx::query("delete from key_checks where ring_key = $1").bind(ring_key);
                forget.execute(&mut *tx).await?;
                record!(self, tx, ChainId::AGENCY, act, now, Event::new(EventKind::RingKeyForgotten, ring_key));
            }
            Ok(())
        }))
    }
}

fn decide(
    versions: &[i64],
    newest: i64,
    values: &[Vec<u8>],
    below: Option<i64>,
) -> std::result::Result<Trimmed, TrimRefused> {
    if let Some(below) = below {
        if below < 1 {
            return Err(TrimRefused::NoVersion(below));
        }
        if below > newest {
            return Err(TrimRefused::BeyondNewest { wanted: below, newest });
        }
        if versions.iter().all(|version| *version >= below) {
            return Err(TrimRefused::AlreadyGone(below));
        }
    }
    let strange = values.iter().filter(|sealed| sealed_by(sealed).is_none()).count();
    if strange > 0 {
        return Err(TrimRefused::Unknown(strange as u64));
    }
    let mut trimmed = Trimmed::default();
    for version in versions.iter().copied().filter(|version| *version < below.unwrap_or(newest)) {
        match values.iter().filter(|sealed| sealed_by(sealed) == Some(version)).count() as u64 {
            0 => trimmed.dropped.push(version),
            values if below.is_some() => return Err(TrimRefused::StillNeeded { version, values }),
            values => trimmed.needed.push((version, values)),
        }
    }
    Ok(trimmed)
}
