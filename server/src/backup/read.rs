//! Reading one file of a backup, line by line. Nothing is believed: tables, columns and cells must be this program's, in
//! its order, and only the last line says whether all of it was right.

use super::{
    BackupError,
    format::{FORMAT, Header, LONGEST_LINE, MAGIC, Mark, fits, hex},
};
use crate::store::{Cell, Part, TABLES, Table, schema_version};
use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, ErrorKind, Read},
    path::{Path, PathBuf},
};

/// A file that is being read.
pub struct Reader {
    path: PathBuf,
    header: Header,
    lines: BufReader<GzDecoder<BufReader<File>>>,
    digest: Sha256,
    line: Vec<u8>,
    number: u64,
    /// The tables still to come.
    tables: std::vec::IntoIter<&'static Table>,
    current: Option<&'static Table>,
    rows: BTreeMap<String, u64>,
}

/// What a file holds, in its order.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// A row.
    Row(&'static Table, Vec<Cell>),
    /// The end, with the number of all rows: the file is complete and what was written.
    End(u64),
}

impl Reader {
    /// Opens a file and checks that it is one for this program.
    ///
    /// # Errors
    /// [`BackupError`], but nothing yet about what follows the header.
    pub fn open(path: &Path, part: Part) -> Result<Self, BackupError> {
        let mut file = BufReader::new(File::open(path).map_err(BackupError::file(path))?);
        let begin = file.fill_buf().map_err(BackupError::file(path))?;
        if !begin.starts_with(&MAGIC) {
            return Err(BackupError::Foreign(path.to_owned()));
        }
        let mut reader = Self {
            path: path.to_owned(),
            header: Header {
                painel_backup: String::new(),
                format: 0,
                painel: String::new(),
                schema: 0,
                created_at: String::new(),
                database: String::new(),
                id: uuid::Uuid::nil(),
            },
            lines: BufReader::new(GzDecoder::new(file)),
            digest: Sha256::new(),
            line: Vec::new(),
            number: 0,
            tables: TABLES.iter().filter(|table| table.part == part).collect::<Vec<_>>().into_iter(),
            current: None,
            rows: BTreeMap::new(),
        };
        reader.read_line()?;
        reader.digest.update(&reader.line);
        let header: Header = serde_json::from_slice(&reader.line).map_err(|_| BackupError::Foreign(path.to_owned()))?;
        if header.format != FORMAT {
            return Err(BackupError::Format { path: path.to_owned(), found: header.format, known: FORMAT });
        }
        if header.painel_backup != part.as_str() {
            return Err(BackupError::WrongPart { path: path.to_owned(), expected: part.as_str() });
        }
        if header.schema != schema_version() {
            let Header { painel, schema: found, .. } = header;
            return Err(BackupError::Schema { painel, found, needed: schema_version() });
        }
        reader.header = header;
        Ok(reader)
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next row, or the end.
    ///
    /// # Errors
    /// [`BackupError::CutOff`], [`BackupError::Damaged`], [`BackupError::File`].
    pub fn next_entry(&mut self) -> Result<Entry, BackupError> {
        loop {
            self.read_line()?;
            if self.line.starts_with(b"[") {
                let table = self.current.ok_or_else(|| self.damaged("a row before any table"))?;
                let row: Vec<Cell> = serde_json::from_slice(&self.line).map_err(|_| self.damaged("not a row"))?;
                if !fits(&row, table) {
                    return Err(self.damaged("a row that does not fit its table"));
                }
                self.digest.update(&self.line);
                *self.rows.entry(table.name.to_owned()).or_default() += 1;
                return Ok(Entry::Row(table, row));
            }
            let mark: Mark = serde_json::from_slice(&self.line).map_err(|_| self.damaged("not a line of a backup"))?;
            if let Mark::End { end } = mark {
                return self.end(&end.rows, &end.sha256);
            }
            let next = self.tables.next().filter(|table| mark.announces(table));
            let table = next.ok_or_else(|| self.damaged("not the table that must come here"))?;
            self.digest.update(&self.line);
            self.rows.insert(table.name.to_owned(), 0);
            self.current = Some(table);
        }
    }

    fn end(&mut self, rows: &BTreeMap<String, u64>, sha256: &str) -> Result<Entry, BackupError> {
        if self.tables.next().is_some() || *rows != self.rows {
            return Err(self.damaged("tables or rows are missing"));
        }
        if hex(&self.digest.clone().finalize()) != sha256 {
            return Err(self.damaged("the digest is another"));
        }
        // The compressed stream has a checksum of its own, read only at its end, after which nothing may stand.
        let mut more = [0];
        let after = match self.lines.read(&mut more) {
            Ok(0) => self.lines.get_mut().get_mut().read(&mut more),
            other => other,
        };
        match after {
            Ok(0) => Ok(Entry::End(self.rows.values().sum())),
            Ok(_) => Err(self.damaged("something stands after its end")),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// Reads the next line, with its end, into `self.line`.
    fn read_line(&mut self) -> Result<(), BackupError> {
        self.line.clear();
        let read = (&mut self.lines).take(LONGEST_LINE).read_until(b'\n', &mut self.line);
        match read {
            Ok(_) if self.line.ends_with(b"\n") => {
                self.number += 1;
                Ok(())
            }
            Ok(read) if read as u64 == LONGEST_LINE => Err(self.damaged("a line without end")),
            Ok(_) => Err(self.cut_off()),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    fn unreadable(&self, error: std::io::Error) -> BackupError {
        match error.kind() {
            ErrorKind::UnexpectedEof => self.cut_off(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => self.damaged("the compressed data is corrupt"),
            _ => BackupError::File { path: self.path.clone(), source: error },
        }
    }

    fn cut_off(&self) -> BackupError {
        BackupError::CutOff { path: self.path.clone(), line: self.number }
    }

    fn damaged(&self, fault: &'static str) -> BackupError {
        BackupError::Damaged { path: self.path.clone(), line: self.number, fault }
    }
}
