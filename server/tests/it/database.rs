//! A Postgres database of its own for a test, on the server that `PAINEL_TEST_POSTGRES` (a superuser's URL) names, and two
//! roles: one owns the tables and is no superuser, the other serves. Row-level security applies to both.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

const OWNER: &str = "painel_it_owner";
const ROLE: &str = "painel_it_app";
const ROLE_PASSWORD: &str = "only-for-tests";

/// A superuser's URL of the demo stack's server.
pub fn stacks_postgres() -> String {
    std::env::var("PAINEL_TEST_POSTGRES")
        .expect("PAINEL_TEST_POSTGRES is not set: run `node scripts/with-stack.mjs cargo test -p server`")
}

/// A new database; dropped by [`Database::drop_it`].
pub struct Database {
    admin: String,
    name: String,
    /// As a superuser, who sees all rows.
    pub admin_url: String,
    /// As the role that owns it.
    pub owner_url: String,
    /// As the role that serves.
    pub url: String,
}

impl Database {
    pub async fn create() -> Self {
        Self::create_on(stacks_postgres()).await
    }

    /// The same on another server, of which this is a superuser's URL.
    pub async fn create_on(admin: String) -> Self {
        let name = format!("painel_it_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&admin).await.expect("the server answers");
        // Test processes start together: one makes a role, the others find it.
        for role in [OWNER, ROLE] {
            let role = format!(
                "do $$ begin create role {role} login password '{ROLE_PASSWORD}' nosuperuser nobypassrls; \
                 exception when duplicate_object or unique_violation then null; end $$"
            );
            connection.execute(AssertSqlSafe(role)).await.expect("a role");
        }
        connection
            .execute(AssertSqlSafe(format!("create database {name} owner {OWNER}")))
            .await
            .expect("a new database");
        let mut url = url::Url::parse(&admin).expect("a URL");
        url.set_path(&name);
        let admin_url = url.to_string();
        let mut as_role = |role: &str| {
            url.set_username(role).expect("a user name");
            url.set_password(Some(ROLE_PASSWORD)).expect("a password");
            url.to_string()
        };
        let (owner_url, url) = (as_role(OWNER), as_role(ROLE));
        Self { admin, name, admin_url, owner_url, url }
    }

    pub async fn drop_it(self) {
        let mut connection = PgConnection::connect(&self.admin).await.expect("the server answers");
        let drop = format!("drop database {} with (force)", self.name);
        connection.execute(AssertSqlSafe(drop)).await.expect("the database goes");
    }
}
