//! All rows of all tables, out and in again, for `backup`: the same cells whatever the database.
//!
//! | file | holds |
//! |---|---|
//! | `tables.rs` | which tables and columns, in which order, and what is left out |
//! | `cell.rs` | one value, from and into a row of either database |
//! | `snapshot.rs` | [`Snapshot`]: reads everything as it was at one instant |
//! | `load.rs` | [`Load`]: fills an empty database in one transaction |
//!
//! **Behind row-level security.** The tables are under FORCE ROW LEVEL SECURITY: their owner too sees nothing unless a
//! fence is told, and only a superuser steps over that, which an installation need not have. So rows of tenants are read
//! and written tenant by tenant, each behind that tenant's own fence, within the one transaction: a fence is a setting,
//! which may change between two statements of a snapshot. The other ways are worse: `no force row level security` is a
//! change of the schema that waits for everybody and opens the tables to whoever serves meanwhile, and a policy for
//! backups would be one more way around the fence. The price is two round trips a tenant and table.

mod cell;
mod load;
mod snapshot;
mod tables;

pub use cell::Cell;
pub use load::Load;
pub use snapshot::Snapshot;
pub use tables::{ColumnKind, LEFT_OUT, Part, TABLES, Table};

use super::{Result, TenantId, fence::Fence};
use sqlx::PgConnection;
use uuid::Uuid;

/// Raises the fence behind which the rows of one tenant, or with the nil id the agency's own chain, can be read and
/// written.
async fn raise(whose: Uuid, connection: &mut PgConnection) -> Result<()> {
    let fence = if whose.is_nil() { Fence::AGENCY } else { Fence::tenant(TenantId::from_uuid(whose)) };
    fence.raise(connection).await
}
