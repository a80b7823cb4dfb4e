//! Backup and restore: the whole installation, less the key ring, as two files, and back into an empty database.
//!
//! | file | holds |
//! |---|---|
//! | `format.rs` | the lines of a backup file |
//! | `write.rs` | one file, complete and on disk or not there at all |
//! | `read.rs` | one file, each line checked |
//! | `take.rs` | [`take`]: makes a pair of files while the server runs |
//! | `restore.rs` | [`restore`]: a pair of files into an empty database, all or nothing |
//! | `error.rs` | [`BackupError`] |
//!
//! **Why a format of our own** and not `pg_dump` or a copy of SQLite's file: it is the same for both databases, so that an
//! installation moves from SQLite to Postgres by a backup and a restore; nothing but this binary is needed, no `pg_dump`
//! of a version that fits the server; and what must be forgotten early can stand apart.
//!
//! **Why two files.** The data file holds sealed values and no key; the keys file holds the wrapped keys of the tenants and
//! of the agency and nothing else. Whoever keeps the first for years and deletes the second after 30 days has backups that
//! survive, and a shredded tenant whose secrets do not. The key ring, which opens both, is in neither.
//!
//! No SQL stands here (`store::dump` has it) and no cipher: keys are copied wrapped, values sealed. Files are read and
//! written without async: a command has the process for itself.

mod error;
mod format;
mod read;
mod restore;
mod take;
mod write;

pub use error::BackupError;
pub use format::Header;
pub use read::{Entry, Reader};
pub use restore::{Restored, check, restore};
pub use take::{Taken, take};
