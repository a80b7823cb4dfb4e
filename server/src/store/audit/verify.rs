//! Walking a chain from its first row to its head.

use super::{ChainId, EventRow, GENESIS, Sealing};
use crate::store::{Result, Store, TenantScope, read_within};
use subtle::ConstantTimeEq;

/// Rows read at a time.
const STEP: i64 = 1_000;

/// A chain that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Its rows.
    pub events: i64,
    /// Its last mac: kept elsewhere, it shows later that nothing was cut off together with the head.
    pub head: [u8; 32],
}

/// Where a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The row at this place is not the one that was written, or stands elsewhere.
    #[error("event {0} is not what was written")]
    Changed(i64),
    /// A row is missing before this place.
    #[error("event {0} is missing")]
    Missing(i64),
    /// The chain is shorter or longer than its head says.
    #[error("the chain ends at event {found}, its head says {said}")]
    Tail {
        /// The last row there is.
        found: i64,
        /// The last row the head knows.
        said: i64,
    },
    /// The head's mac is not that of the last row.
    #[error("the head of the chain is not what was written")]
    Head,
}

impl Store {
    /// Checks a tenant's whole chain.
    ///
    /// # Errors
    /// When the database fails; a broken chain is the inner error.
    pub async fn verify_events(&self, scope: &TenantScope) -> Result<std::result::Result<ChainReport, ChainFault>> {
        self.verify_chain(scope.into()).await
    }

    /// Checks the agency's whole chain.
    ///
    /// # Errors
    /// When the database fails; a broken chain is the inner error.
    pub async fn verify_agency_events(&self) -> Result<std::result::Result<ChainReport, ChainFault>> {
        self.verify_chain(ChainId::AGENCY).await
    }

    async fn verify_chain(&self, chain: ChainId) -> Result<std::result::Result<ChainReport, ChainFault>> {
        const ROWS: &str = "select seq, at, kind, actor_id, actor, source, request_id, subject, fields, mac \
                            from audit_events where chain = $1 and seq > $2 order by seq limit $3";
        const HEAD: &str = "select seq, mac from audit_heads where chain = $1";
        let (mut last, mut mac) = (0_i64, GENESIS);
        // The head first: what is added while this runs lies behind it and is no fault.
        let head: Option<(i64, Vec<u8>)> =
            read_within!(self, chain.fence(), |db| sqlx::query_as(HEAD).bind(chain).fetch_optional(&mut *db).await?);
        let (said, head_mac) = head.unwrap_or((0, GENESIS.to_vec()));
        let mut behind = None;
        'walk: loop {
            let rows: Vec<EventRow> = read_within!(self, chain.fence(), |db| {
                sqlx::query_as(ROWS).bind(chain).bind(last).bind(STEP).fetch_all(&mut *db).await?
            });
            let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == STEP);
            for row in rows {
                if row.seq > said {
                    behind = Some(row.seq);
                    break 'walk;
                }
                if row.seq != last + 1 {
                    return Ok(Err(ChainFault::Missing(last + 1)));
                }
                let expected = self.audit_key()?.mac(chain, &mac, &sealing(&row));
                if !bool::from(expected[..].ct_eq(&row.mac)) {
                    return Ok(Err(ChainFault::Changed(row.seq)));
                }
                (last, mac) = (row.seq, expected);
            }
            if !full {
                break;
            }
        }
        // A row behind the head that was read was either added since, with its head, or put there by somebody else.
        if let Some(found) = behind {
            let head: Option<(i64, Vec<u8>)> = read_within!(self, chain.fence(), |db| {
                sqlx::query_as(HEAD).bind(chain).fetch_optional(&mut *db).await?
            });
            let grown = head.map_or(0, |(seq, _)| seq);
            if grown < found {
                return Ok(Err(ChainFault::Tail { found, said: grown }));
            }
        }
        Ok(if last != said {
            Err(ChainFault::Tail { found: last, said })
        } else if bool::from(mac[..].ct_eq(&head_mac)) {
            Ok(ChainReport { events: last, head: mac })
        } else {
            Err(ChainFault::Head)
        })
    }
}

fn sealing(row: &EventRow) -> Sealing<'_> {
    Sealing {
        seq: row.seq,
        at: row.at.get(),
        kind: &row.kind,
        actor_id: row.actor_id.map(|id| *id.as_uuid()),
        actor: &row.actor,
        source: &row.source,
        request_id: &row.request_id,
        subject: &row.subject,
        fields: &row.fields,
    }
}
