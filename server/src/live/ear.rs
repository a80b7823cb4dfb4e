//! A watcher's ear: the connection over which its project gives hints, where it does, and how far they may be relied on.

use super::{
    pace::silence,
    realtime::{Door, Over, Said},
    trust::{Found, Trust},
};
use futures::{StreamExt, stream::BoxStream};
use metrics::gauge;
use std::{future::pending, pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// A connection that lasted so long had not failed.
const STEADY: Duration = Duration::from_secs(60);

/// The ear. No task of its own: it hears while it is polled, and hangs up when dropped.
pub(super) struct Ear {
    /// Places for connections, of all tenants.
    places: Arc<Semaphore>,
    open: Option<Open>,
    trust: Trust,
    /// By what it was opened, or tried to be.
    by: Option<u64>,
    /// When it may be tried again.
    again: Instant,
    /// Connections in a row that broke.
    broken: u32,
}

struct Open {
    said: BoxStream<'static, Said>,
    since: Instant,
    connected: Option<Connected>,
    _place: OwnedSemaphorePermit,
}

/// Counted as long as it lives.
struct Connected;

impl Ear {
    pub(super) fn new(places: Arc<Semaphore>) -> Self {
        Self { places, open: None, trust: Trust::default(), by: None, again: Instant::now(), broken: 0 }
    }

    /// Waits for what asks for a look or changes how far hints are relied on. May be given up: nothing is lost by it.
    pub(super) async fn hear(&mut self) {
        loop {
            let Some(open) = &mut self.open else { return pending().await };
            let news = match open.said.next().await {
                Some(Said::Listening { whole }) => {
                    open.connected.get_or_insert_with(Connected::new);
                    self.trust.listening(whole)
                }
                Some(Said::Changed(part)) => self.trust.hinted(part),
                Some(Said::Over(over)) => self.ends(over),
                None => self.ends(Over::Broken),
            };
            if news {
                return;
            }
        }
    }

    /// Does `work`, and hears meanwhile.
    pub(super) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.hear() => {}
            }
        }
    }

    /// Whether a hint asks for a look.
    pub(super) fn wants(&self) -> bool {
        self.trust.wants()
    }

    /// Whether it may be relied on that changes are hinted.
    pub(super) fn is_good(&mut self) -> bool {
        self.trust.is_good(Instant::now())
    }

    /// A look begins.
    pub(super) fn begins(&mut self) {
        self.trust.begins();
    }

    /// A look has seen the project by way of `door`: listens there from now on, unless it does so already, has just found
    /// nothing to hear, or has no place.
    pub(super) fn saw(&mut self, found: Option<Found>, door: Option<Door>) {
        self.trust.saw(found, Instant::now());
        let Some(door) = door else { return self.close() };
        if self.by != Some(door.by) {
            self.close();
            self.by = Some(door.by);
        }
        if self.open.is_some() || Instant::now() < self.again {
            return;
        }
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            let said = (door.open)();
            self.open = Some(Open { said, since: Instant::now(), connected: None, _place: place });
        }
    }

    /// Hangs up. The next door is tried at once.
    pub(super) fn close(&mut self) {
        self.open = None;
        self.trust.ends();
        (self.by, self.again, self.broken) = (None, Instant::now(), 0);
    }

    fn ends(&mut self, over: Over) -> bool {
        let steady = self.open.take().is_some_and(|open| open.since.elapsed() >= STEADY);
        self.trust.ends();
        self.broken = if steady { 1 } else { self.broken.saturating_add(1) };
        let luck = getrandom::u32().unwrap_or_default();
        self.again = Instant::now() + silence((over == Over::Broken).then_some(self.broken), luck);
        true
    }
}

impl Connected {
    fn new() -> Self {
        gauge!("painel_live_realtime").increment(1.0);
        Self
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        gauge!("painel_live_realtime").decrement(1.0);
    }
}

#[cfg(test)]
#[path = "ear_tests.rs"]
mod tests;
