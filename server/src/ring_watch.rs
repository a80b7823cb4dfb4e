//! The key ring's file, while the server runs: a changed file takes the old ring's place without a restart, if it holds
//! every key that the database needs. A bad one is refused, with a line at error in the log, and the old ring goes on.

use crate::{
    startup::{self, Refusal},
    state::State,
};
use std::{fs, os::unix::fs::MetadataExt, path::Path, sync::Arc, time::Duration};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What changes when a file is written or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Trace {
    inode: u64,
    modified: (i64, i64),
    /// Of the inode, hence also of its mode.
    changed: (i64, i64),
    size: u64,
}

impl Trace {
    /// `None` while there is no file, as for a moment when it is moved away and another in.
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            inode: file.ino(),
            modified: (file.mtime(), file.mtime_nsec()),
            changed: (file.ctime(), file.ctime_nsec()),
            size: file.size(),
        })
    }
}

/// Reads the file again and puts its ring in the old one's place.
///
/// # Errors
/// A [`Refusal`]; the old ring then stays.
pub async fn reload(state: &State) -> Result<(), Refusal> {
    let ring = startup::read_ring(&state.ring_file)?;
    startup::check_ring(&state.store, &ring, &state.ring_file).await?;
    startup::note_active(&state.store, &ring).await?;
    let ids: Vec<&str> = ring.ids().map(|id| id.as_str()).collect();
    tracing::info!(active = %ring.active(), keys = ids.join(", "), "key ring loaded");
    state.ring.replace(ring);
    Ok(())
}

/// Watches the file for as long as it is let; SIGHUP has it read at once, and that another process has begun to use a key
/// has it looked at.
pub async fn watch(state: State) {
    let mut hangups = hangups();
    let path: Arc<Path> = state.ring_file.clone();
    // Not what the file is now but what it was when the start read it cannot be told: read once more.
    let mut seen = None;
    let mut pause = tokio::time::interval(LOOK_EVERY);
    loop {
        let asked = tokio::select! {
            _ = pause.tick() => false,
            () = state.ring_asked.notified() => false,
            () = hangups.next() => true,
        };
        let now = Trace::of(&path);
        if !asked && now == seen {
            continue;
        }
        match reload(&state).await {
            Ok(()) => seen = now,
            // The file is not at fault: it is tried again at the next look.
            Err(Refusal::Database(error)) => tracing::warn!(%error, "the key ring cannot be checked just now"),
            Err(refused) => {
                tracing::error!(error = %refused, "the changed key ring is refused, the one in use stays");
                seen = now;
            }
        }
    }
}

/// Signals that ask for the file to be read.
struct Hangups(Option<tokio::signal::unix::Signal>);

impl Hangups {
    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

fn hangups() -> Hangups {
    use tokio::signal::unix::{SignalKind, signal};
    Hangups(signal(SignalKind::hangup()).inspect_err(|error| tracing::warn!(%error, "SIGHUP is not heard")).ok())
}
