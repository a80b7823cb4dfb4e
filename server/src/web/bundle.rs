//! The browser's files inside this program: `scripts/embed.mjs` appends them to the finished executable as a tar archive,
//! so that one file is all of an installation. Read once, at start, and kept in memory; `assets` decides whether these are
//! served or a folder's.
//!
//! The end of the executable is `archive, SHA-256 of it, its length (u64, little-endian), MAGIC`.

mod backend;

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Ends an executable with a site inside; the last byte is the format.
const MAGIC: [u8; 8] = *b"PAINEL\0\x01";
const DIGEST: usize = 32;
const LENGTH: usize = 8;
const FOOTER: usize = DIGEST + LENGTH + MAGIC.len();
/// Far more than a site: a broken length must not take the machine's memory.
const LARGEST: u64 = 64 << 20;

/// The files, by their path in the site. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bundle(Arc<BTreeMap<PathBuf, Kept>>);

/// One file.
#[derive(Debug, Clone)]
struct Kept {
    bytes: Bytes,
    /// When the site was built.
    modified: SystemTime,
}

/// A site that is inside and cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The program cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// Its end is not what was put there.
    #[error("the browser's files inside {0} are damaged ({1}): install the program again")]
    Damaged(PathBuf, &'static str),
}

impl Bundle {
    /// The site inside an executable; none when it was built without.
    ///
    /// # Errors
    /// When there is one, and it is not as it was put there.
    pub fn read(executable: &Path) -> Result<Option<Self>, BundleError> {
        let unreadable = |error| BundleError::Unreadable(executable.to_owned(), error);
        let damaged = |why| BundleError::Damaged(executable.to_owned(), why);
        let Some(tail) = Tail::cut(executable).map_err(unreadable)? else { return Ok(None) };
        let archive = tail.archive.ok_or_else(|| damaged("its length"))?;
        if Sha256::digest(&archive).as_slice() != tail.digest {
            return Err(damaged("its digest"));
        }
        let files = unpack(&Bytes::from(archive)).map_err(|_| damaged("its archive"))?;
        Ok(Some(Self(Arc::new(files))))
    }

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.find(Path::new(path)).is_some()
    }

    /// A file's text.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(&self.find(Path::new(path))?.bytes).ok()
    }

    /// By the path's names alone: `./pkg/a` is `pkg/a`.
    fn find(&self, path: &Path) -> Option<&Kept> {
        self.0.get(&names(path)?)
    }
}

/// What stands at the end of a file.
struct Tail {
    digest: [u8; DIGEST],
    /// None when its length cannot be right.
    archive: Option<Vec<u8>>,
}

impl Tail {
    fn cut(executable: &Path) -> io::Result<Option<Self>> {
        let mut file = File::open(executable)?;
        let size = file.metadata()?.len();
        let Some(end) = size.checked_sub(FOOTER as u64) else { return Ok(None) };
        let mut footer = [0; FOOTER];
        file.seek(SeekFrom::Start(end))?;
        file.read_exact(&mut footer)?;
        if footer[DIGEST + LENGTH..] != MAGIC {
            return Ok(None);
        }
        let digest = footer[..DIGEST].try_into().expect("as long as a digest");
        let length = u64::from_le_bytes(footer[DIGEST..DIGEST + LENGTH].try_into().expect("as long as a u64"));
        let Some(start) = end.checked_sub(length).filter(|_| length <= LARGEST) else {
            return Ok(Some(Self { digest, archive: None }));
        };
        file.seek(SeekFrom::Start(start))?;
        let mut archive = Vec::new();
        file.take(length).read_to_end(&mut archive)?;
        Ok(Some(Self { digest, archive: Some(archive) }))
    }
}

/// The archive's files, as parts of it.
fn unpack(archive: &Bytes) -> io::Result<BTreeMap<PathBuf, Kept>> {
    let odd = || io::Error::from(io::ErrorKind::InvalidData);
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(archive.as_ref()).entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let start = usize::try_from(entry.raw_file_position()).map_err(|_| odd())?;
        let end = usize::try_from(entry.size()).ok().and_then(|size| start.checked_add(size)).ok_or_else(odd)?;
        if end > archive.len() {
            return Err(odd());
        }
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(entry.header().mtime()?);
        let path = names(&entry.path()?).ok_or_else(odd)?;
        files.insert(path, Kept { bytes: archive.slice(start..end), modified });
    }
    Ok(files)
}

/// A path of plain names; none for one that leads elsewhere.
fn names(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests;
