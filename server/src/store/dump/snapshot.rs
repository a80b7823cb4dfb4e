//! Reading everything as it was at one instant, while others go on writing.

use super::{Cell, Table, cell::Cells, raise};
use crate::store::{Pools, Result, Store, StoreError, fence::Fence};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};
use uuid::Uuid;

/// One read transaction: every table read through it is of the same instant. Dropping it ends it.
///
/// It holds up nobody. On SQLite the write-ahead log grows while it lives.
pub struct Snapshot(Inner);

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres {
        transaction: Transaction<'static, Postgres>,
        /// The nil id, which is the agency's chain, and all tenants, in order.
        whose: Vec<Uuid>,
    },
}

impl Store {
    /// Takes a snapshot of the database. On Postgres it should be opened by the role that owns the tables.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        Ok(Snapshot(match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin_with("begin isolation level repeatable read, read only").await?;
                Fence::AGENCY.raise(&mut transaction).await?;
                let mut whose = vec![Uuid::nil()];
                let tenants: Vec<Uuid> =
                    sqlx::query_scalar("select id from tenants order by id").fetch_all(&mut *transaction).await?;
                whose.extend(tenants);
                Inner::Postgres { transaction, whose }
            }
        }))
    }
}

impl Snapshot {
    /// Gives each row of a table to `sink`, in the table's order, as it arrives; tells how many there were.
    ///
    /// # Errors
    /// When the database fails, or the first error of `sink`.
    pub async fn read<E: From<StoreError>>(
        &mut self,
        table: &'static Table,
        mut sink: impl FnMut(Vec<Cell>) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let (columns, name, order) = (table.column_list(), table.name, table.order);
        let whole = format!("select {columns} from {name} order by {order}");
        let mut rows = 0;
        macro_rules! pass_on {
            ($database:ty, $query:expr, $connection:expr) => {
                let mut found = $query.fetch($connection);
                while let Some(row) = found.try_next().await.map_err(StoreError::from)? {
                    sink(<$database>::read(table, &row).map_err(StoreError::from)?)?;
                    rows += 1;
                }
            };
        }
        // Names of tables and columns are this program's own.
        match &mut self.0 {
            Inner::Sqlite(transaction) => {
                pass_on!(Sqlite, sqlx::query(AssertSqlSafe(whole)), &mut **transaction);
            }
            Inner::Postgres { transaction, whose } => match table.tenant {
                None => {
                    pass_on!(Postgres, sqlx::query(AssertSqlSafe(whole)), &mut **transaction);
                }
                Some(tenant) => {
                    let own = format!("select {columns} from {name} where {tenant} = $1 order by {order}");
                    for id in whose.iter() {
                        raise(*id, transaction).await?;
                        pass_on!(Postgres, sqlx::query(AssertSqlSafe(own.clone())).bind(id), &mut **transaction);
                    }
                }
            },
        }
        Ok(rows)
    }
}
