//! Where the two tables of a former installation are read from. Every source gives the same: rows as JSON objects, as
//! they stand there; what they mean is `record`'s matter.
//!
//! | file | reads |
//! |---|---|
//! | `folder.rs` | `clients` and `client_users` as .json or .csv |
//! | `postgres.rs` | the tables themselves |
//! | `supabase.rs` | a project's REST API |
//!
//! A source is only read. A row that cannot be read is a row too, so that it is reported and the others go on.

pub(super) mod folder;
mod postgres;
mod supabase;

use crate::{egress::Egress, project::ApiKey};
use serde_json::{Map, Value};
use std::path::PathBuf;
use url::Url;

/// One row as it stands at the source.
pub struct RawRow {
    /// Where it stands, for a row that has no id: `clients.csv, row 12`.
    pub place: String,
    /// Its columns, or why there are none.
    pub columns: Result<Map<String, Value>, &'static str>,
}

/// Both tables.
#[derive(Default)]
pub struct Tables {
    /// `clients`
    pub clients: Vec<RawRow>,
    /// `client_users`
    pub users: Vec<RawRow>,
}

/// Which source.
#[derive(Clone)]
pub enum Source {
    /// A folder with the tables as files.
    Folder(PathBuf),
    /// A Postgres database; the URL may hold a password.
    Postgres(secrecy::SecretString),
    /// A Supabase project, with a key that may read the tables.
    Supabase {
        /// The project's origin.
        url: Url,
        /// Most often the service key: the tables have no policy for others.
        key: ApiKey,
    },
}

/// Why a source cannot be read at all. Holds no URL and no key.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file is missing, or there are two of it.
    #[error("{0}")]
    Files(String),
    /// A file cannot be read.
    #[error("cannot read {place}: {source}")]
    Io {
        /// The file.
        place: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not what its name says.
    #[error("{place} is {problem}")]
    Format {
        /// The file or address.
        place: String,
        /// What it is instead.
        problem: String,
    },
    /// The Postgres URL cannot be used; it may hold a password, so it is not repeated.
    #[error("the source's Postgres URL cannot be used: write it as postgres://user:password@host:port/database")]
    PostgresUrl,
    /// The source's database did not answer as it should.
    #[error("the source's database: {0}")]
    Postgres(#[source] sqlx::Error),
    /// The project did not answer as it should.
    #[error("the source's project, table {table}: {problem}")]
    Project {
        /// Which table was asked for.
        table: &'static str,
        /// What happened.
        problem: String,
    },
}

impl Source {
    /// Reads both tables whole: a former installation has hundreds of clients, not millions.
    ///
    /// # Errors
    /// When the source as a whole cannot be read; then nothing is known of any row.
    pub async fn read(&self, egress: &Egress) -> Result<Tables, SourceError> {
        match self {
            Self::Folder(path) => folder::read(path),
            Self::Postgres(url) => postgres::read(url).await,
            Self::Supabase { url, key } => supabase::read(egress, url, key).await,
        }
    }
}

/// A row that came as JSON.
fn from_json(place: String, value: Value) -> RawRow {
    let columns = match value {
        Value::Object(columns) => Ok(columns),
        _ => Err("not an object with columns"),
    };
    RawRow { place, columns }
}
