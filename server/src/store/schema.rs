//! The schema's version: bringing a database up to this program, and refusing one it does not fit.

use super::{Pools, Result, Store, StoreError, on_reader};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::{AppliedMigration, Migrate, MigrateError, Migrator},
};
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// How long `migrate` waits for another process's migration of the same file.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(60);

impl Store {
    /// Applies what is missing. Several processes may call it at once: one works, the others wait and find it done.
    ///
    /// # Errors
    /// [`StoreError::SchemaNewer`], [`StoreError::SchemaChanged`], [`StoreError::Migration`] (then nothing of the failed
    /// migration is kept), [`StoreError::Unavailable`].
    pub async fn migrate(&self) -> Result<()> {
        // Not a pooled connection: a failed run would go back into the pool with the lock still held.
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let options = (*writer.connect_options()).clone().busy_timeout(MIGRATION_PATIENCE);
                let mut connection: SqliteConnection = options.connect().await?;
                // sqlx takes no lock on SQLite. The file's own write lock around it all is one, and makes each
                // migration a savepoint within.
                let mut all = connection.begin_with("BEGIN IMMEDIATE").await?;
                SQLITE.run_direct(None, &mut *all, false).await.map_err(|error| explain(error, &SQLITE))?;
                all.commit().await?;
                connection.close().await?;
            }
            Pools::Postgres(pool) => {
                let mut connection = pool.connect_options().connect().await?;
                POSTGRES.run_direct(None, &mut connection, false).await.map_err(|error| explain(error, &POSTGRES))?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// Refuses a database whose tables are not exactly this program's; writes nothing.
    ///
    /// # Errors
    /// [`StoreError::SchemaOlder`], [`StoreError::SchemaNewer`], [`StoreError::SchemaChanged`].
    pub async fn check_schema(&self) -> Result<()> {
        let (mine, exists) = match &self.pools {
            Pools::Sqlite { .. } => (&SQLITE, "select count(*) from sqlite_master where name = $1"),
            Pools::Postgres(_) => (&POSTGRES, "select count(to_regclass($1))"),
        };
        let applied = on_reader!(self, |pool| {
            let mut connection = pool.acquire().await?;
            let tables: i64 = sqlx::query_scalar(exists).bind(&*mine.table_name).fetch_one(&mut *connection).await?;
            if tables == 0 {
                Vec::new()
            } else if let Some(version) =
                connection.dirty_version(&mine.table_name).await.map_err(StoreError::Migration)?
            {
                return Err(StoreError::SchemaChanged { version });
            } else {
                connection.list_applied_migrations(&mine.table_name).await.map_err(StoreError::Migration)?
            }
        });
        compare(&applied, mine)
    }
}

fn compare(applied: &[AppliedMigration], mine: &Migrator) -> Result<()> {
    let newest = applied.iter().map(|migration| migration.version).max().unwrap_or(0);
    for migration in applied {
        match mine.iter().find(|known| known.version == migration.version) {
            None => return Err(StoreError::SchemaNewer { found: newest, known: newest_of(mine) }),
            Some(known) if known.checksum != migration.checksum => {
                return Err(StoreError::SchemaChanged { version: known.version });
            }
            Some(_) => {}
        }
    }
    if mine.iter().any(|known| applied.iter().all(|migration| migration.version != known.version)) {
        return Err(StoreError::SchemaOlder { found: newest, needed: newest_of(mine) });
    }
    Ok(())
}

fn newest_of(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The same words from `migrate` as from `check_schema`.
fn explain(error: MigrateError, mine: &Migrator) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) => StoreError::SchemaNewer { found, known: newest_of(mine) },
        MigrateError::VersionMismatch(version) | MigrateError::Dirty(version) => StoreError::SchemaChanged { version },
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other),
    }
}
