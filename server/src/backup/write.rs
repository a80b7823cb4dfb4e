//! Writing one file of a backup. Until it is complete and on disk it has another name, and goes when the writer is dropped.

use super::{
    BackupError,
    format::{End, Header, Mark, hex},
};
use crate::store::{Cell, Table};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{BufWriter, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A file that is being written.
pub struct Writer {
    path: PathBuf,
    unfinished: Unfinished,
    out: GzEncoder<BufWriter<File>>,
    digest: Sha256,
    line: Vec<u8>,
    rows: BTreeMap<String, u64>,
}

/// A file that is complete and on disk, but not yet under its name.
pub struct Finished {
    path: PathBuf,
    unfinished: Unfinished,
    /// Rows in it.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The name of a file that is not yet a backup, removed when dropped.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Renamed away, or of no worth.
        let _ = fs::remove_file(&self.0);
    }
}

impl Writer {
    /// Begins the file that will be `path`, for its owner only.
    pub fn create(path: PathBuf, header: &Header) -> Result<Self, BackupError> {
        let mut name = path.clone().into_os_string();
        name.push(".part");
        let part = PathBuf::from(name);
        if path.exists() {
            return Err(BackupError::Exists(path));
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(|source| {
            let path = part.clone();
            if source.kind() == ErrorKind::AlreadyExists {
                BackupError::Exists(path)
            } else {
                BackupError::File { path, source }
            }
        })?;
        let mut writer = Self {
            path,
            unfinished: Unfinished(part),
            out: GzEncoder::new(BufWriter::new(file), Compression::default()),
            digest: Sha256::new(),
            line: Vec::new(),
            rows: BTreeMap::new(),
        };
        writer.put(header)?;
        Ok(writer)
    }

    /// Begins a table.
    pub fn table(&mut self, table: &Table) -> Result<(), BackupError> {
        self.rows.insert(table.name.to_owned(), 0);
        self.put(&Mark::of(table))
    }

    /// Adds a row of the table begun last.
    pub fn row(&mut self, table: &Table, row: &[Cell]) -> Result<(), BackupError> {
        *self.rows.entry(table.name.to_owned()).or_default() += 1;
        self.put(&row)
    }

    /// Ends the file and waits until the disk has it.
    pub fn finish(mut self) -> Result<Finished, BackupError> {
        let rows = self.rows.values().sum();
        let end = End { rows: std::mem::take(&mut self.rows), sha256: hex(&self.digest.clone().finalize()) };
        self.put(&Mark::End { end })?;
        let whole = || -> std::io::Result<u64> {
            let file = self.out.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = whole().map_err(BackupError::file(&self.unfinished.0))?;
        Ok(Finished { path: self.path, unfinished: self.unfinished, rows, bytes })
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).expect("texts, numbers and lists are JSON");
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.out.write_all(&self.line).map_err(BackupError::file(&self.unfinished.0))
    }
}

impl Finished {
    /// Gives the file its name.
    pub fn publish(self) -> Result<PathBuf, BackupError> {
        fs::rename(&self.unfinished.0, &self.path).map_err(BackupError::file(&self.path))?;
        Ok(self.path)
    }
}

/// Makes new names in a folder survive a power cut.
pub fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
}
