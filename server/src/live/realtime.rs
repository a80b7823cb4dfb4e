//! Listens to what a project says by itself, with a deadline for each step, and makes hints of it: that something
//! changed, and of which part. Nothing else of what comes is kept, and nothing is shown: a hint only has a watcher look.

use crate::{
    mapping::Part,
    project::{Heard, Line, Realtime, RealtimeError},
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A way to a project's hints, as a look has found it.
pub struct Door {
    /// By what it was found: another credential, or other tables, need another connection.
    pub by: u64,
    /// Begins to listen.
    pub open: Box<dyn FnOnce() -> BoxStream<'static, Said> + Send>,
}

/// What a connection has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// From now on one more table is told of, or one is again.
    Listening {
        /// Whether all are.
        whole: bool,
    },
    /// Rows of this part changed.
    Changed(Part),
    /// The last thing: there is nothing to hear.
    Over(Over),
}

/// Why there is nothing to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The project gives no hints.
    Off,
    /// It did, or would have, and the connection broke.
    Broken,
}

/// How long each step is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patience {
    /// From the open connection to the first answer.
    joined: Duration,
    /// From the open connection to the first table that is told of: a project's replication may be asleep.
    listening: Duration,
    /// From one sign of ours to the next. Projects hang up after a minute without.
    beat: Duration,
    /// For the answer to it.
    answer: Duration,
}

const PATIENCE: Patience = Patience {
    joined: Duration::from_secs(10),
    listening: Duration::from_secs(30),
    beat: Duration::from_secs(25),
    answer: Duration::from_secs(10),
};

impl Door {
    /// The way that a project has.
    pub fn new(by: u64, realtime: Realtime) -> Self {
        Self { by, open: Box::new(move || hear(realtime, PATIENCE)) }
    }
}

/// One connection, from its beginning to its end. Lives in whoever polls it, and ends when dropped.
fn hear(realtime: Realtime, patience: Patience) -> BoxStream<'static, Said> {
    let step = move |talk: Talk| async move {
        let mut call = match talk {
            Talk::Before(realtime) => match realtime.open().await {
                Ok(line) => Box::new(Call::new(line, patience)),
                Err(error) => return Some((Said::Over(over(error, false)), Talk::After)),
            },
            Talk::Open(call) => call,
            Talk::After => return None,
        };
        Some(match call.next().await {
            Ok(said) => (said, Talk::Open(call)),
            Err(over) => (Said::Over(over), Talk::After),
        })
    };
    stream::unfold(Talk::Before(realtime), step).boxed()
}

/// Where a connection stands between two things that it says.
enum Talk {
    Before(Realtime),
    Open(Box<Call>),
    After,
}

/// An open connection.
struct Call {
    line: Line,
    patience: Patience,
    opened: Instant,
    /// Whether any table is told of.
    listening: bool,
    /// When we give a sign again.
    beat: Instant,
    /// When it is over unless something comes.
    until: Instant,
}

impl Call {
    fn new(line: Line, patience: Patience) -> Self {
        let opened = Instant::now();
        let (beat, until) = (opened + patience.beat, opened + patience.joined);
        Self { line, patience, opened, listening: false, beat, until }
    }

    async fn next(&mut self) -> Result<Said, Over> {
        loop {
            let heard = tokio::select! {
                biased;
                () = sleep_until(self.beat) => {
                    self.beat = Instant::now() + self.patience.beat;
                    self.line.beat().await.map_err(|error| over(error, self.listening))?;
                    continue;
                }
                heard = self.line.next() => heard.map_err(|error| over(error, self.listening))?,
                () = sleep_until(self.until) => {
                    tracing::debug!(listening = self.listening, "a project's Realtime fell silent");
                    return Err(if self.listening { Over::Broken } else { Over::Off });
                }
            };
            self.listening |= matches!(heard, Heard::Listening { .. });
            if self.listening {
                self.until = Instant::now() + self.patience.beat + self.patience.answer;
            } else if heard == Heard::Joined {
                self.until = self.opened + self.patience.listening;
            }
            match heard {
                Heard::Listening { whole } => return Ok(Said::Listening { whole }),
                Heard::Changed(part) => return Ok(Said::Changed(part)),
                Heard::Joined | Heard::Alive => {}
            }
        }
    }
}

/// What an error means for the next try.
fn over(error: RealtimeError, listening: bool) -> Over {
    tracing::debug!(%error, listening, "a project's Realtime is not listened to");
    if error.is_ours() || (listening && !error.lasts()) { Over::Broken } else { Over::Off }
}

#[cfg(test)]
#[path = "realtime_tests.rs"]
mod tests;
