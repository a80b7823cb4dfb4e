//! How much of the database is in use and how many of what stand in it: counts alone, of all tenants together.

use super::{
    AgencyScope, ConnectionState, Pools, Result, Store, fence::Fence, instant::Micros, on_reader, read_within,
};
use app::credentials::Provider;
use sqlx::{Database, Pool};
use time::{Duration, OffsetDateTime};

/// A pool's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// `readers`, `writer` or `postgres`.
    pub name: &'static str,
    /// At work.
    pub in_use: u32,
    /// Open, and free.
    pub idle: u32,
    /// How many it may have.
    pub most: u32,
}

/// Counts at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Live sessions that somebody is signed in by.
    pub sessions: u32,
    /// Stored connections by provider and where they stand; every pair is there.
    pub connections: Vec<(Provider, ConnectionState, u32)>,
}

impl Store {
    /// What is in use now; asks nobody.
    pub fn pools(&self) -> Vec<PoolUse> {
        match &self.pools {
            Pools::Sqlite { readers, writer } => vec![of("readers", readers), of("writer", writer)],
            Pools::Postgres(pool) => vec![of("postgres", pool)],
        }
    }

    /// Counts what stands in the database at `now`. A session idle for `idle` has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, _: &AgencyScope, now: OffsetDateTime, idle: Duration) -> Result<Figures> {
        const SESSIONS: &str = "select count(*) from sessions where user_id is not null and revoked_at is null \
                                and expires_at > $1 and last_seen > $2";
        const CONNECTIONS: &str = "select provider, state, count(*) from connection_health group by provider, state";
        let sessions: i64 = on_reader!(self, |db| {
            sqlx::query_scalar(SESSIONS).bind(Micros::from(now)).bind(Micros::from(now - idle)).fetch_one(db).await?
        });
        let rows: Vec<(String, String, i64)> =
            read_within!(self, Fence::AGENCY, |db| sqlx::query_as(CONNECTIONS).fetch_all(&mut *db).await?);
        let many = |provider: Provider, state: ConnectionState| {
            let same = |row: &&(String, String, i64)| row.0 == provider.as_str() && row.1 == state.as_str();
            rows.iter().find(same).map_or(0, |row| u32::try_from(row.2).unwrap_or(u32::MAX))
        };
        let connections = Provider::ALL
            .into_iter()
            .flat_map(|provider| ConnectionState::ALL.into_iter().map(move |state| (provider, state)))
            .map(|(provider, state)| (provider, state, many(provider, state)))
            .collect();
        Ok(Figures { sessions: u32::try_from(sessions).unwrap_or(u32::MAX), connections })
    }
}

fn of<DB: Database>(name: &'static str, pool: &Pool<DB>) -> PoolUse {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    PoolUse { name, in_use: pool.size().saturating_sub(idle), idle, most: pool.options().get_max_connections() }
}
