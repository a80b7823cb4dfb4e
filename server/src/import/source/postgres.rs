//! The tables themselves, over a connection of their own: read once, in one snapshot, and closed.
//!
//! Not through `egress`: that speaks HTTP for tenants, this speaks Postgres for the person at this machine.

use super::{SourceError, Tables, from_json};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::time::timeout;

/// For name, network, TLS and password together.
const CONNECT: Duration = Duration::from_secs(10);

/// Reads both tables.
///
/// # Errors
/// When the URL, the connection or a table is not as it should be.
pub(super) async fn read(url: &SecretString) -> Result<Tables, SourceError> {
    let options: PgConnectOptions = url.expose_secret().parse().map_err(|_unprinted| SourceError::PostgresUrl)?;
    let connecting = PgConnection::connect_with(&options);
    let mut connection = timeout(CONNECT, connecting)
        .await
        .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
        .map_err(SourceError::Postgres)?;
    let tables = read_both(&mut connection).await.map_err(SourceError::Postgres)?;
    connection.close().await.map_err(SourceError::Postgres)?;
    Ok(tables)
}

async fn read_both(connection: &mut PgConnection) -> sqlx::Result<Tables> {
    // A user added between the two reads would otherwise have no client.
    let mut snapshot = connection.begin_with("begin isolation level repeatable read read only").await?;
    // As JSON, so that whatever columns there are come by name, and those that are not are simply absent.
    let clients: Vec<String> =
        sqlx::query_scalar("select to_jsonb(c)::text from clients c").fetch_all(&mut *snapshot).await?;
    let users: Vec<String> =
        sqlx::query_scalar("select to_jsonb(u)::text from client_users u").fetch_all(&mut *snapshot).await?;
    snapshot.rollback().await?;
    let rows = |table: &str, texts: Vec<String>| {
        let row = |(at, text): (usize, String)| {
            from_json(format!("{table}, row {}", at + 1), serde_json::from_str(&text).unwrap_or_default())
        };
        texts.into_iter().enumerate().map(row).collect()
    };
    Ok(Tables { clients: rows("clients", clients), users: rows("client_users", users) })
}
