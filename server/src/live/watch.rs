//! Watches one tenant for as long as somebody listens: looks, tells what is not as it was, and waits, for its time or for
//! a hint of the project's own.

use super::{
    channel::Channel,
    ear::Ear,
    lease::{Lease, Turn},
    news::{Told, What, Why},
    pace::Pace,
    realtime::Door,
    trust::Found,
};
use crate::project::Sight;
use futures::future::BoxFuture;
use std::{mem, sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, sleep_until},
};

/// Has a project looked at in the name of whoever has a session with this hash.
pub type Look = Arc<dyn Fn([u8; 32]) -> BoxFuture<'static, Looked> + Send + Sync>;

/// What came of a look.
pub enum Looked {
    /// The project answered; and the way to its hints, if there can be one.
    Seen(Seen, Option<Door>),
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
    /// Another process looked before: what changed until the first look from here is known to nobody.
    taken_over: bool,
}

/// When the last look was made, and why.
struct Last {
    /// `None` before the first.
    began: Option<Instant>,
    /// How long the project wants to be left alone after it.
    pause: Option<Duration>,
    /// When the last one began that a hint had asked for.
    hinted: Option<Instant>,
    /// Of the wait for the next one.
    luck: u32,
}

impl Last {
    /// When the next look is due.
    fn next(&self, pace: &Pace, failures: u32, wanted: Wanted) -> Instant {
        let Some(began) = self.began else { return Instant::now() };
        let soonest = began + pace.least(self.pause);
        // Whoever comes wants to know now; what the project asked for still holds.
        let usual = if wanted.newcomer { soonest } else { began + pace.wait(failures, wanted.rarely, self.luck) };
        let next = soonest.max(usual);
        // A project that fails is not hurried by what it says itself.
        if !wanted.hint || failures > 0 {
            return next;
        }
        next.min(self.hinted.map_or(began, |hinted| hinted + pace.apart))
    }
}

/// What asks for a look, and what makes it less urgent.
struct Wanted {
    /// Somebody came since the last one.
    newcomer: bool,
    /// The project said that something changed.
    hint: bool,
    /// It always does.
    rarely: bool,
}

/// Watches until nobody listened for a while and `end` agrees.
pub(super) async fn watch(
    channel: &Channel,
    pace: &Pace,
    looks: &Semaphore,
    mut ear: Ear,
    mut lease: Lease,
    look: Look,
    end: impl Fn() -> bool,
) {
    let mut memory = Memory::default();
    let mut last = Last { began: None, pause: None, hinted: None, luck: 0 };
    let mut newcomer = false;
    loop {
        let Some(somebody) = channel.somebody() else {
            lease.give_up().await;
            tokio::select! {
                () = sleep(pace.linger) => if end() { return },
                () = channel.moved.notified() => {}
            }
            continue;
        };
        match lease.claim().await {
            Turn::Ours => {}
            Turn::TakenOver => memory = Memory { taken_over: true, ..Memory::default() },
            Turn::Theirs => {
                ear.close();
                lease.follow().await;
                continue;
            }
        }
        newcomer |= channel.take_newcomer();
        let wanted = Wanted { newcomer, hint: ear.wants(), rarely: memory.is_plain() && ear.is_good() };
        let next = last.next(pace, memory.failures, wanted);
        if Instant::now() < next {
            tokio::select! {
                () = sleep_until(next) => {}
                () = channel.moved.notified() => {}
                () = ear.hear() => {}
            }
            continue;
        }
        let place = ear.beside(looks.acquire()).await.expect("the places are never closed");
        let (began, hint) = (Instant::now(), ear.wants());
        ear.begins();
        let looked = ear.beside(look(somebody.session)).await;
        drop(place);
        let seen = matches!(looked, Looked::Seen(..));
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
                if matches!(why, Why::NotConfigured | Why::Unreadable | Why::AddressRefused) {
                    // There is no key any more that a connection might stand on.
                    ear.close();
                }
                memory.failed(channel, why, at);
                pause
            }
            Looked::Seen(seen, door) => {
                let found = memory.saw(channel, seen, pace.slowest);
                ear.saw(found, door);
                None
            }
        };
        lease.pass_on(seen).await;
        newcomer = false;
        let hinted = if hint { Some(began) } else { last.hinted };
        last = Last { began: Some(began), pause, hinted, luck: getrandom::u32().unwrap_or_default() };
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

    /// Whether all that can be seen of the project tells what is new.
    fn is_plain(&self) -> bool {
        let untold = |sight: Sight| sight == Sight::Untold;
        self.seen.as_ref().is_some_and(|seen| !untold(seen.conversations) && !untold(seen.appointments))
    }

    /// Gives what had changed, where that could be compared.
    fn saw(&mut self, channel: &Channel, seen: Seen, slowest: Duration) -> Option<Found> {
        let back = self.failing_since.take().is_some() && (self.failures > 1 || self.seen.is_none());
        self.failures = 0;
        let before = self.seen.as_ref();
        let other = back || before.is_some_and(|before| before.by != seen.by);
        let differs = |sight: fn(&Seen) -> Sight| before.is_some_and(|before| sight(before) != sight(&seen));
        let conversations = differs(|seen| seen.conversations);
        let appointments = differs(|seen| seen.appointments);
        let found = (before.is_some() && !other).then_some(Found { conversations, appointments });
        let untold = |sight: Sight| sight == Sight::Untold;
        let blind = untold(seen.conversations) || untold(seen.appointments);
        // The first time counts from the first look: the page has just been read.
        let reread = blind && self.reread.get_or_insert_with(Instant::now).elapsed() >= slowest;
        if reread {
            self.reread = Some(Instant::now());
        }
        let news = [
            (What::Conversations, other || conversations || (reread && untold(seen.conversations))),
            (What::Appointments, other || appointments || (reread && untold(seen.appointments))),
        ];
        channel.tell(What::Live, if blind { Told::Blind } else { Told::Watching });
        for (what, _) in news.into_iter().filter(|(_, tell)| *tell) {
            channel.tell(what, Told::Changed { at: seen.at.as_str().into() });
        }
        if mem::take(&mut self.taken_over) && !other {
            channel.tell(What::Refresh, Told::Refresh);
        }
        self.seen = Some(seen);
        found
    }
}
