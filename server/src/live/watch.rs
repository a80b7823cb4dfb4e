//! Watches one tenant for as long as somebody listens: looks, tells what is not as it was, and waits.

use super::{
    channel::Channel,
    news::{Told, What, Why},
    pace::Pace,
};
use crate::project::Sight;
use futures::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, sleep_until},
};

/// Has a project looked at in the name of whoever has a session with this hash.
pub type Look = Arc<dyn Fn([u8; 32]) -> BoxFuture<'static, Looked> + Send + Sync>;

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// The project answered.
    Seen(Seen),
    /// It did not, or there is none.
    Failed {
        /// Why, as a page's mark says it.
        why: Why,
        /// When, on the tenant's clock.
        at: String,
        /// How long the project wants to be left alone.
        pause: Option<Duration>,
    },
    /// The session may not listen any more.
    NotAllowed,
    /// Our own database is away: nothing is known of anything.
    Unknown,
}

/// What stands at the top of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By what it was asked: another credential or mapping shows other things.
    pub by: u64,
    /// Of conversations and their messages.
    pub conversations: Sight,
    /// Of appointments.
    pub appointments: Sight,
    /// When, on the tenant's clock: "14:32".
    pub at: String,
}

/// What is remembered from look to look.
#[derive(Default)]
struct Memory {
    seen: Option<Seen>,
    failures: u32,
    failing_since: Option<Arc<str>>,
    /// When pages were last told to read again because nobody can tell what is new.
    reread: Option<Instant>,
}

/// Watches until nobody listened for a while and `end` agrees.
pub(super) async fn watch(channel: &Channel, pace: &Pace, looks: &Semaphore, look: Look, end: impl Fn() -> bool) {
    let mut memory = Memory::default();
    let mut next = Instant::now();
    let mut soonest = next;
    loop {
        let Some(somebody) = channel.somebody() else {
            tokio::select! {
                () = sleep(pace.linger) => if end() { return },
                () = channel.moved.notified() => {}
            }
            continue;
        };
        if channel.take_newcomer() {
            // Whoever comes wants to know now; what the project asked for still holds.
            next = next.min(soonest);
        }
        if Instant::now() < next {
            tokio::select! {
                () = sleep_until(next) => {}
                () = channel.moved.notified() => {}
            }
            continue;
        }
        let place = looks.acquire().await.expect("the places are never closed");
        let began = Instant::now();
        let looked = look(somebody.session).await;
        drop(place);
        let pause = match looked {
            Looked::NotAllowed => {
                channel.turn_out(&somebody.session);
                continue;
            }
            Looked::Unknown => {
                memory.failures = memory.failures.saturating_add(1);
                None
            }
            Looked::Failed { why, at, pause } => {
                memory.failed(channel, why, at);
                pause
            }
            Looked::Seen(seen) => {
                memory.saw(channel, seen, pace.slowest);
                None
            }
        };
        soonest = began + pace.least(pause);
        next = soonest.max(began + pace.wait(memory.failures, getrandom::u32().unwrap_or_default()));
    }
}

impl Memory {
    /// One failure may pass by itself. From the second on pages say so, and at once if nothing ever came.
    fn failed(&mut self, channel: &Channel, why: Why, at: String) {
        self.failures = self.failures.saturating_add(1);
        let since = self.failing_since.get_or_insert_with(|| at.into());
        if self.failures > 1 || self.seen.is_none() {
            channel.tell(What::Stale, Told::Stopped { why, since: Arc::clone(since) });
        }
    }

    fn saw(&mut self, channel: &Channel, seen: Seen, slowest: Duration) {
        let back = self.failing_since.take().is_some() && (self.failures > 1 || self.seen.is_none());
        self.failures = 0;
        let before = self.seen.as_ref();
        let other = back || before.is_some_and(|before| before.by != seen.by);
        let changed = |sight: fn(&Seen) -> Sight| other || before.is_some_and(|before| sight(before) != sight(&seen));
        let untold = |sight: Sight| sight == Sight::Untold;
        let blind = untold(seen.conversations) || untold(seen.appointments);
        // The first time counts from the first look: the page has just been read.
        let reread = blind && self.reread.get_or_insert_with(Instant::now).elapsed() >= slowest;
        if reread {
            self.reread = Some(Instant::now());
        }
        let news = [
            (What::Conversations, changed(|seen| seen.conversations) || (reread && untold(seen.conversations))),
            (What::Appointments, changed(|seen| seen.appointments) || (reread && untold(seen.appointments))),
        ];
        channel.tell(What::Live, if blind { Told::Blind } else { Told::Watching });
        for (what, _) in news.into_iter().filter(|(_, tell)| *tell) {
            channel.tell(what, Told::Changed { at: seen.at.as_str().into() });
        }
        self.seen = Some(seen);
    }
}
