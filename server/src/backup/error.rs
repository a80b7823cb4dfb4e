//! Why a backup cannot be made or used, in words for the person at the command line.

use crate::store::StoreError;
use std::path::{Path, PathBuf};

/// Why a backup cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be read or written.
    #[error("cannot read or write {}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A backup of this second is there, or under way.
    #[error("{} is there already: backups are at least a second apart", .0.display())]
    Exists(PathBuf),
    /// Another kind of file.
    #[error("{} is no backup of Painel", .0.display())]
    Foreign(PathBuf),
    /// The file for data and the one for keys were confused.
    #[error("{} is not the {expected} file of a backup", path.display())]
    WrongPart {
        /// Which file.
        path: PathBuf,
        /// What was wanted: `data` or `keys`.
        expected: &'static str,
    },
    /// Two files of different backups.
    #[error("the two files are not of the same backup: data of {data}, keys of {keys}")]
    Unpaired {
        /// When the data file was made.
        data: String,
        /// When the keys file was made.
        keys: String,
    },
    /// A format that this program does not read.
    #[error("{} has format {found}, this program reads format {known}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The one known here.
        known: u32,
    },
    /// The tables of another version.
    #[error(
        "the backup was made by painel {painel} at schema {found}, this program has {needed}: restore with painel {painel}, \
         then migrate with this one"
    )]
    Schema {
        /// The version of the program that made the backup.
        painel: String,
        /// Its schema.
        found: i64,
        /// The schema of this program.
        needed: i64,
    },
    /// It ends before its end: the copy or the backup was broken off.
    #[error("{} is cut off after line {line}", path.display())]
    CutOff {
        /// Which file.
        path: PathBuf,
        /// The last whole line, from 1.
        line: u64,
    },
    /// It is not what was written.
    #[error("{} is damaged at line {line}: {fault}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where it was noticed, from 1.
        line: u64,
        /// What is wrong.
        fault: &'static str,
    },
    /// The database refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }
}
