//! Making a backup while the server runs.

use super::{
    BackupError,
    format::{FORMAT, Header},
    write::{Writer, sync_folder},
};
use crate::store::{Part, Snapshot, Store, TABLES, schema_version};
use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use uuid::Uuid;

/// After how long the remains of a backup that was killed are swept: long after any backup ends.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that was made.
#[derive(Debug)]
pub struct Taken {
    /// Where it is.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Writes `painel-<UTC>.data` and `painel-<UTC>.keys` into a folder, which is made when missing; both of one instant. On
/// Postgres the store must be opened by the role that owns the tables.
///
/// # Errors
/// [`BackupError`]; then neither file is there.
pub async fn take(store: &Store, folder: &Path, now: OffsetDateTime) -> Result<[Taken; 2], BackupError> {
    let now = now.to_offset(time::UtcOffset::UTC);
    let stamp = now
        .format(format_description!("[year][month][day]T[hour][minute][second]Z"))
        .expect("an instant has all parts of a stamp");
    let header = |part: Part, id: Uuid| Header {
        painel_backup: part.as_str().to_owned(),
        format: FORMAT,
        painel: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema_version(),
        created_at: now.format(&Rfc3339).expect("an instant of this millennium"),
        database: store.backend().as_str().to_owned(),
        id,
    };
    store.check_schema().await?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(BackupError::file(folder))?;
    sweep(folder);
    let id = Uuid::new_v4();
    let begin =
        |part: Part| Writer::create(folder.join(format!("painel-{stamp}.{}", part.as_str())), &header(part, id));
    let (mut data, mut keys) = (begin(Part::Data)?, begin(Part::Keys)?);
    let mut snapshot = store.snapshot().await?;
    copy(&mut snapshot, Part::Data, &mut data).await?;
    copy(&mut snapshot, Part::Keys, &mut keys).await?;
    drop(snapshot);
    let (data, keys) = (data.finish()?, keys.finish()?);
    let (sizes, key_sizes) = ((data.rows, data.bytes), (keys.rows, keys.bytes));
    // The keys first: where a data file is, its keys are.
    let keys = keys.publish()?;
    let data = data.publish()?;
    sync_folder(folder)?;
    let taken = |path, (rows, bytes)| Taken { path, rows, bytes };
    Ok([taken(data, sizes), taken(keys, key_sizes)])
}

async fn copy(snapshot: &mut Snapshot, part: Part, out: &mut Writer) -> Result<(), BackupError> {
    for table in TABLES.iter().filter(|table| table.part == part) {
        out.table(table)?;
        snapshot.read(table, |row| out.row(table, &row)).await?;
    }
    Ok(())
}

/// Removes what killed backups left: it may hold keys, and whoever deletes old `.keys` files would not see it.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let left = name.starts_with("painel-") && (name.ends_with(".data.part") || name.ends_with(".keys.part"));
        let age = entry.metadata().and_then(|file| file.modified()).map(|at| SystemTime::now().duration_since(at));
        if left && matches!(age, Ok(Ok(age)) if age > STALE) {
            // The next backup tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}
