//! Whether a disk has room for the next save. A write to SQLite alone does not tell: in a log that was begun a small one finds
//! a place that is its own already, on a disk where nothing else does.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// In bytes: above what a save adds to the log, some dozens of pages of 4 KiB.
const ROOM: u64 = 256 * 1024;
/// Beside the database, for as long as it is written.
const NAME: &str = ".painel-room";

/// Writes a file beside the database and takes it away again.
///
/// # Errors
/// What the system says when there is no room.
pub(super) async fn look_for_room(database: &Path) -> io::Result<()> {
    let beside = database.with_file_name(NAME);
    let looked = tokio::task::spawn_blocking(move || {
        let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside);
        let written = file.and_then(|mut file| io::copy(&mut io::repeat(0).take(ROOM), &mut file));
        // Also what was written of it until there was no more. Of two who look at once one finds it gone.
        let _ = fs::remove_file(&beside);
        written.map(drop)
    });
    looked.await.unwrap_or_else(|_| Err(io::Error::other("nobody looked")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("painel.db");
        let (one, other) = tokio::join!(look_for_room(&database), look_for_room(&database));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let missing = folder.path().join("gone/painel.db");
        assert_eq!(look_for_room(&missing).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
