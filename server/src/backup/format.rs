//! The lines of a backup file: JSON, one value a line, compressed by gzip.
//!
//! ```text
//! {"painel_backup":"data","format":1,"painel":"0.1.0","schema":2,"created_at":"…","database":"sqlite","id":"…"}
//! {"table":"tenants","columns":["id","slug",…]}
//! [{"b64":"…"},"sol",…]
//! …
//! {"end":{"rows":{"tenants":1,…},"sha256":"…"}}
//! ```
//!
//! The digest covers all lines before the last, with their line ends, before compression. A file without its last line is
//! one that was not finished.

use crate::store::{Cell, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The version of all this.
pub const FORMAT: u32 = 1;

/// How each file begins: gzip, deflate, no name, no time. Compared byte by byte, since gzip itself does not protect it.
pub const MAGIC: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Longest line. No honest row comes near it; it bounds the memory that a hostile file takes.
pub const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Which of the two files: `data` or `keys`.
    pub painel_backup: String,
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the program.
    pub painel: String,
    /// The version of the tables.
    pub schema: i64,
    /// When the snapshot was taken (RFC 3339, UTC).
    pub created_at: String,
    /// `sqlite` or `postgres`; only told, any restores into any.
    pub database: String,
    /// The same in both files of a backup.
    pub id: Uuid,
}

/// A line that is not a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", untagged)]
pub enum Mark {
    /// Rows of a table follow.
    Table {
        /// Its name.
        table: String,
        /// Its columns, in the order of the cells.
        columns: Vec<String>,
    },
    /// The last line.
    End {
        /// What was written.
        end: End,
    },
}

/// What makes a file complete.
#[derive(Debug, Serialize, Deserialize)]
pub struct End {
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// SHA-256 of all lines before, in hexadecimal.
    pub sha256: String,
}

impl Mark {
    /// The line before a table's rows.
    pub fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self::Table { table: table.name.to_owned(), columns }
    }

    /// Whether the line announces this table, with these columns in this order.
    pub fn announces(&self, expected: &Table) -> bool {
        let Self::Table { table, columns } = self else { return false };
        table == expected.name && columns.iter().map(String::as_str).eq(expected.columns.iter().map(|(name, _)| *name))
    }
}

/// Whether the cells can be a row of the table.
pub fn fits(row: &[Cell], table: &Table) -> bool {
    row.len() == table.columns.len() && row.iter().zip(table.columns).all(|(cell, (_, kind))| cell.fits(*kind))
}

/// A digest in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
