//! A pair of files into an empty database: both are read to their end before the database is touched, and once more while
//! it is filled, in one transaction.

use super::{BackupError, Entry, Reader, format::Header};
use crate::store::{Load, Part, Store};
use std::path::Path;

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: u64,
    /// When the backup was made (RFC 3339, UTC): what came later is lost.
    pub created_at: String,
}

/// Reads both files to their end and tells what they hold, without any database. Without a keys file only the data is
/// read.
///
/// # Errors
/// [`BackupError`].
pub fn check(data: &Path, keys: Option<&Path>) -> Result<Restored, BackupError> {
    let (mut rows, header) = check_one(data, Part::Data)?;
    if let Some(keys) = keys {
        let (key_rows, of_keys) = check_one(keys, Part::Keys)?;
        if of_keys.id != header.id {
            return Err(BackupError::Unpaired { data: header.created_at, keys: of_keys.created_at });
        }
        rows += key_rows;
    }
    Ok(Restored { rows, created_at: header.created_at })
}

/// Fills an empty, migrated database. On Postgres the store must be opened by the role that owns the tables. Without a keys
/// file nothing that was sealed will open.
///
/// # Errors
/// [`BackupError`]; then the database is still empty.
pub async fn restore(store: &Store, data: &Path, keys: Option<&Path>) -> Result<Restored, BackupError> {
    let expected = check(data, keys)?;
    store.check_schema().await?;
    let mut load = store.load().await?;
    let mut rows = pour(&mut load, data, Part::Data).await?;
    if let Some(keys) = keys {
        rows += pour(&mut load, keys, Part::Keys).await?;
    }
    load.commit().await?;
    Ok(Restored { rows, ..expected })
}

fn check_one(path: &Path, part: Part) -> Result<(u64, Header), BackupError> {
    let mut reader = Reader::open(path, part)?;
    loop {
        if let Entry::End(rows) = reader.next_entry()? {
            return Ok((rows, reader.header().clone()));
        }
    }
}

async fn pour(load: &mut Load, path: &Path, part: Part) -> Result<u64, BackupError> {
    let mut reader = Reader::open(path, part)?;
    loop {
        match reader.next_entry()? {
            Entry::Row(table, row) => load.insert(table, row).await?,
            Entry::End(rows) => return Ok(rows),
        }
    }
}
