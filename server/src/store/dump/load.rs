//! Filling an empty database: all or nothing.

use super::{Cell, TABLES, Table, cell::Cells, raise};
use crate::store::{Pools, Result, Store, StoreError, fence::Fence};
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Sqlite, Transaction};
use uuid::Uuid;

/// Rows of one statement. SQLite takes 32 766 values in one, the widest table has 14 columns.
const BATCH: usize = 500;

/// One transaction that fills an empty database. Dropping it, or dying, leaves the database empty.
pub struct Load {
    inner: Inner,
    waiting: Vec<Vec<Cell>>,
    place: Option<Place>,
}

/// Where the waiting rows go.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    table: &'static Table,
    /// Behind whose fence; the nil id is the agency's chain.
    whose: Option<Uuid>,
}

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Begins to fill this database, which must be migrated and empty; on Postgres it must be opened by the role that owns
    /// the tables. Nobody else can write until it ends.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; when the database fails.
    pub async fn load(&self) -> Result<Load> {
        let mut inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let names = TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", ");
                let lock = format!("lock table {names} in share row exclusive mode");
                sqlx::query(AssertSqlSafe(lock)).execute(&mut *transaction).await?;
                // Behind this fence tenants show themselves, on which all hidden rows depend.
                Fence::AGENCY.raise(&mut transaction).await?;
                Inner::Postgres(transaction)
            }
        };
        for table in TABLES {
            let sql = format!("select exists (select 1 from {})", table.name);
            let filled: bool = match &mut inner {
                Inner::Sqlite(tx) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut **tx).await?,
                Inner::Postgres(tx) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut **tx).await?,
            };
            if filled {
                return Err(StoreError::NotEmpty { table: table.name });
            }
        }
        Ok(Load { inner, waiting: Vec::with_capacity(BATCH), place: None })
    }
}

impl Load {
    /// Adds a row, whose cells must fit the table's columns. Those of one tenant should come together.
    ///
    /// # Errors
    /// When the database refuses a row or fails.
    pub async fn insert(&mut self, table: &'static Table, row: Vec<Cell>) -> Result<()> {
        let whose = table.tenant_index().and_then(|index| row.get(index)?.id());
        let place = Place { table, whose };
        if self.place != Some(place) || self.waiting.len() == BATCH {
            self.flush().await?;
            if let (Inner::Postgres(tx), Some(whose), true) = (&mut self.inner, whose, self.place != Some(place)) {
                raise(whose, tx).await?;
            }
            self.place = Some(place);
        }
        self.waiting.push(row);
        Ok(())
    }

    /// Keeps everything.
    ///
    /// # Errors
    /// When the database refuses a row or fails; then nothing is kept.
    pub async fn commit(mut self) -> Result<()> {
        self.flush().await?;
        match self.inner {
            Inner::Sqlite(transaction) => transaction.commit().await?,
            Inner::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let Some(Place { table, .. }) = self.place else { return Ok(()) };
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = self.waiting.drain(..);
        match &mut self.inner {
            Inner::Sqlite(transaction) => {
                statement::<Sqlite>(table, rows).build().execute(&mut **transaction).await?;
            }
            Inner::Postgres(transaction) => {
                statement::<Postgres>(table, rows).build().execute(&mut **transaction).await?;
            }
        }
        Ok(())
    }
}

fn statement<DB: Cells>(table: &Table, rows: impl Iterator<Item = Vec<Cell>>) -> QueryBuilder<DB> {
    let mut sql = QueryBuilder::new(format!("insert into {} ({}) ", table.name, table.column_list()));
    sql.push_values(rows, |mut values, row| {
        for ((_, kind), cell) in table.columns.iter().zip(row) {
            DB::write(*kind, cell, &mut values);
        }
    });
    sql
}
