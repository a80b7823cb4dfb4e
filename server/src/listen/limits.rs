//! What a client may take of the server, before anybody knows who it is.

use std::time::Duration;

/// Files that are no client's connection: the database, foreign hosts, the log, and some to spare.
const OTHER_FILES: u64 = 256;

/// How many connections, and how slow they may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time. Beyond them new ones wait in the system's queue until one ends.
    pub connections: usize,
    /// From a request's first byte to the end of its head, and from connecting to the end of the first head.
    pub head: Duration,
    /// From a response to the next request's first byte. Longer than proxies keep their connections (a minute, mostly):
    /// were it shorter, they would send requests into connections that are just being closed.
    pub idle: Duration,
    /// How long a client may take nothing of a response that waits for it.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(150),
            stall: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The same with no more connections than this process may open files for, having asked the system for enough.
    #[must_use]
    pub fn within_open_files(self) -> Self {
        let wanted = u64::try_from(self.connections).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or_else(|error| {
            tracing::warn!(%error, "the limit on open files cannot be raised");
            2 * OTHER_FILES
        });
        let connections = self.connections.min(most_with(files));
        if connections < self.connections {
            tracing::warn!(
                connections,
                open_files = files,
                "the system's limit on open files leaves fewer connections"
            );
        }
        Self { connections, ..self }
    }
}

/// Connections beside the other files; some, whatever the limit.
fn most_with(files: u64) -> usize {
    usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX).max(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        for (files, connections) in [(20_000, 19_744), (1_024, 768), (256, 16), (0, 16)] {
            assert_eq!(most_with(files), connections, "of {files} files");
        }
        let few = Limits { connections: 7, ..Limits::default() };
        assert_eq!(few.within_open_files(), few);
    }
}
