//! The schema's version: bringing a database up to this program, and refusing one it does not fit.

use super::{Pools, Result, Store, StoreError, error::RoleFault, on_reader, open::read_postgres_url};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection,
    migrate::{AppliedMigration, Migrate, MigrateError, Migrator},
};
use std::time::Duration;

/// How tenants are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// By the scope in every statement.
    App,
    /// And by the database's row-level security.
    AppAndRls,
}

impl Isolation {
    /// The word for logs and `/readyz`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::AppAndRls => "app+rls",
        }
    }
}

/// What the serving role may do with each table. The audit trail is only added to; what stands nowhere here is refused.
pub(super) const GRANTS: &[(&str, &str)] = &[
    ("_sqlx_migrations", "select"),
    ("agency_keys", "select, insert, update, delete"),
    ("agency_members", "select, insert, update, delete"),
    ("agency_secrets", "select, insert, update"),
    ("agency_settings", "select, insert, update"),
    ("audit_events", "select, insert"),
    ("audit_heads", "select, insert, update"),
    ("connection_changes", "select, insert, update, delete"),
    ("connection_checks", "select, insert, delete"),
    ("connection_health", "select, insert, update, delete"),
    ("credential_fields", "select, insert, update, delete"),
    ("credentials", "select, insert, update, delete"),
    ("glass", "select, insert, update"),
    ("imported_rows", "select, insert"),
    ("key_checks", "select, insert, delete"),
    ("limits", "select, insert, update, delete"),
    ("links", "select, insert, update, delete"),
    ("live_watches", "select, insert, update"),
    ("login_locks", "select, insert, update, delete"),
    ("machine_tokens", "select, insert, update"),
    ("mappings", "select, insert, update, delete"),
    ("memberships", "select, insert, update, delete"),
    // Written by triggers, by the owner's rights.
    ("notices", "select, delete"),
    ("recovery_codes", "select, insert, update, delete"),
    ("saved_filters", "select, insert, delete"),
    ("sessions", "select, insert, update, delete"),
    ("tenant_keys", "select, insert, update, delete"),
    ("tenants", "select, insert, update"),
    ("turns", "select, insert, update, delete"),
    ("users", "select, insert, update, delete"),
];

pub(super) static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// An advisory lock's number, drawn once: no other program's.
const GRANT_LOCK: i64 = 7_305_112_946_031_884_513;

/// How long `migrate` waits for another process's migration of the same file.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(60);

impl Store {
    /// Applies what is missing. Several processes may call it at once: one works, the others wait and find it done.
    ///
    /// On Postgres `owner` is the URL of the role that owns the tables; this store's own role, which is another, is then
    /// granted what it needs and no more. Without it this store's role does it, which only tests of the schema want:
    /// [`Store::check_isolation`] will refuse it.
    ///
    /// # Errors
    /// [`StoreError::SchemaNewer`], [`StoreError::SchemaChanged`], [`StoreError::Migration`] (then nothing of the failed
    /// migration is kept), [`StoreError::Unavailable`], [`StoreError::Url`].
    pub async fn migrate(&self, owner: Option<&str>) -> Result<()> {
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
                let own = pool.connect_options();
                let options = match owner {
                    Some(url) => read_postgres_url(url)?,
                    None => (*own).clone(),
                };
                let mut connection = options.connect().await?;
                POSTGRES.run_direct(None, &mut connection, false).await.map_err(|error| explain(error, &POSTGRES))?;
                if options.get_username() != own.get_username() {
                    grant(&mut connection, own.get_username()).await?;
                }
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// How tenants are kept apart here, after making sure that it holds: on Postgres the role in use must be one that
    /// row-level security applies to.
    ///
    /// # Errors
    /// [`StoreError::Role`].
    pub async fn check_isolation(&self) -> Result<Isolation> {
        const SQL: &str = "select current_user::text, rolsuper, exists (select 1 from pg_roles b \
                           where (b.rolsuper or b.rolbypassrls) and pg_has_role(current_user, b.oid, 'member')), exists (select 1 from pg_class c \
                           join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' \
                           and c.relkind in ('r', 'p') and pg_has_role(current_user, c.relowner, 'member')) \
                           from pg_roles where rolname = current_user";
        let Pools::Postgres(pool) = &self.pools else { return Ok(Isolation::App) };
        let (role, superuser, bypasses, owner): (String, bool, bool, bool) =
            sqlx::query_as(SQL).fetch_one(pool).await?;
        match (superuser, bypasses, owner) {
            (true, _, _) => Err(StoreError::Role(RoleFault::Superuser(role))),
            (_, true, _) => Err(StoreError::Role(RoleFault::Bypasses(role))),
            (_, _, true) => Err(StoreError::Role(RoleFault::Owner(role))),
            (false, false, false) => Ok(Isolation::AppAndRls),
        }
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
        let applied = on_reader!(self, |db| {
            let tables: i64 = sqlx::query_scalar(exists).bind(&*mine.table_name).fetch_one(&mut *db).await?;
            if tables == 0 {
                Vec::new()
            } else if let Some(version) = db.dirty_version(&mine.table_name).await.map_err(StoreError::Migration)? {
                return Err(StoreError::SchemaChanged { version });
            } else {
                db.list_applied_migrations(&mine.table_name).await.map_err(StoreError::Migration)?
            }
        });
        compare(&applied, mine)
    }
}

/// The schema's version of this program.
pub fn schema_version() -> i64 {
    newest_of(&SQLITE)
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

/// Gives the serving role what it needs.
async fn grant(connection: &mut PgConnection, role: &str) -> Result<()> {
    let quoted: String = sqlx::query_scalar("select quote_ident($1)").bind(role).fetch_one(&mut *connection).await?;
    // Roles cannot be parameters; this one was quoted by Postgres itself. All of it is one transaction, and one process
    // at a time: Postgres refuses grants on the same table at the same time.
    let mut sql = format!(
        "select pg_advisory_xact_lock({GRANT_LOCK}); revoke all on all tables in schema public from {quoted}; \
         grant usage on schema public to {quoted};"
    );
    for (table, rights) in GRANTS {
        sql.push_str(&format!("grant {rights} on {table} to {quoted};"));
    }
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
