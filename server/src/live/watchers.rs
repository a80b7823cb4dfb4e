//! The channels of all tenants: the first who listens begins one, and a few seconds after the last one left it ends.
//! Everything is counted against a bound before it is begun.

use super::{
    asking::{Asks, Whom},
    channel::Channel,
    desk::Desk,
    ear::Ear,
    lease::Lease,
    news::News,
    pace::{Limits, Pace},
    watch::{Look, watch},
};
use crate::{
    listen::Stop,
    store::{Backend, Store, TenantId, UserId},
};
use metrics::gauge;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{
        Semaphore, SemaphorePermit,
        broadcast::{self, error::RecvError},
    },
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// Streams that ask the database at the same time because they were told to: when all are, pages still find connections.
const ASKING: usize = 8;
/// From being known to listening a request takes no longer.
const ARRIVING: Duration = Duration::from_secs(10);

/// All of them. Cheap to clone; clones share them.
#[derive(Clone)]
pub struct Watchers(Arc<Inner>);

struct Inner {
    pace: Pace,
    limits: Limits,
    stop: Stop,
    /// Where several processes share a database.
    desk: Option<Arc<Desk>>,
    looks: Semaphore,
    sockets: Arc<Semaphore>,
    asking: Semaphore,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    channels: HashMap<TenantId, Arc<Channel>>,
    sessions: HashMap<[u8; 32], usize>,
    streams: usize,
    /// When somebody was last told to ask again.
    asked: Option<Instant>,
}

/// Why somebody may not listen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// This session has too many streams.
    #[error("too many pages of this session listen")]
    Session,
    /// The tenant has too many, or all together have.
    #[error("too many listen")]
    All,
}

impl Watchers {
    /// None at first. They end when the process is asked to.
    pub fn new(pace: Pace, limits: Limits, stop: Stop) -> Self {
        Self::at(None, pace, limits, stop)
    }

    /// The same for a process that may have others beside it on this store: each project is looked at by one of them.
    pub fn sharing(store: &Store, pace: Pace, limits: Limits, stop: Stop) -> Self {
        let shared = store.backend() == Backend::Postgres;
        Self::at(shared.then(|| Desk::new(Arc::new(store.clone()))), pace, limits, stop)
    }

    pub(super) fn at(desk: Option<Arc<Desk>>, pace: Pace, limits: Limits, stop: Stop) -> Self {
        let looks = Semaphore::new(limits.looks);
        let sockets = Arc::new(Semaphore::new(limits.sockets));
        let asking = Semaphore::new(ASKING);
        Self(Arc::new(Inner { pace, limits, stop, desk, looks, sockets, asking, table: Mutex::default() }))
    }

    /// How they go about their work.
    pub fn pace(&self) -> &Pace {
        &self.0.pace
    }

    /// Listens to what is new in a tenant's project, after `last` if it was heard before. `look` is how the first one who
    /// listens has the project looked at.
    ///
    /// # Errors
    /// [`Full`].
    pub fn listen(
        &self,
        tenant: TenantId,
        session: [u8; 32],
        last: Option<&str>,
        look: impl FnOnce() -> Look,
    ) -> Result<Listener, Full> {
        let limits = &self.0.limits;
        let mut table = self.table();
        if table.sessions.get(&session).is_some_and(|open| *open >= limits.of_session) {
            return Err(Full::Session);
        }
        let of_tenant = table.channels.get(&tenant).map(|channel| channel.listeners());
        let crowded = of_tenant.is_some_and(|open| open >= limits.of_tenant);
        let one_too_many = of_tenant.is_none() && table.channels.len() >= limits.watchers;
        if crowded || one_too_many || table.streams >= limits.streams {
            return Err(Full::All);
        }
        let channel = match table.channels.get(&tenant) {
            Some(channel) => Arc::clone(channel),
            None => {
                let channel = Arc::new(Channel::new());
                table.channels.insert(tenant, Arc::clone(&channel));
                gauge!("painel_live_watchers").increment(1.0);
                self.begin(tenant, Arc::clone(&channel), look());
                channel
            }
        };
        table.streams += 1;
        *table.sessions.entry(session).or_default() += 1;
        table.show();
        let joined = channel.join(session, last);
        drop(table);
        Ok(Listener {
            watchers: self.clone(),
            channel,
            session,
            number: joined.number,
            missed: joined.missed,
            news: joined.news,
            out: joined.out,
        })
    }

    /// Has whoever listens and something withdrawn is about ask at once whether they may still listen.
    pub fn ask_again(&self, whom: &Whom) {
        if whom.is_nobody() {
            return;
        }
        let mut table = self.table();
        table.asked = Some(Instant::now());
        let channels: Vec<_> = table.channels.iter().map(|(tenant, channel)| (*tenant, Arc::clone(channel))).collect();
        drop(table);
        for (tenant, channel) in channels {
            channel.ask_again(|user| whom.concerns(tenant, user));
        }
    }

    /// A place to ask the database in, after being told to.
    pub async fn turn(&self) -> SemaphorePermit<'_> {
        self.0.asking.acquire().await.expect("the places are never closed")
    }

    /// Leaves the projects that are looked at here to other processes, at once instead of when their time is over.
    pub async fn give_up(&self) {
        if let Some(desk) = &self.0.desk {
            desk.give_up_all().await;
        }
    }

    /// Streams there are, and tenants that somebody listens to, whichever process looks at their projects.
    pub fn open(&self) -> (usize, usize) {
        let table = self.table();
        (table.streams, table.channels.len())
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, tenant: TenantId, channel: Arc<Channel>, look: Look) {
        let watchers = self.clone();
        let stop = self.0.stop.clone();
        if let Some(desk) = &self.0.desk {
            desk.begin(&stop);
        }
        tokio::spawn(async move {
            // Dropped however the task ends: a channel that nobody watches must not stay.
            let kept = Kept { watchers: &watchers, tenant, channel: &channel };
            let Inner { pace, looks, sockets, desk, .. } = &*watchers.0;
            let ear = Ear::new(Arc::clone(sockets));
            let lease = Lease::new(desk.as_ref(), tenant, &channel);
            stop.until_asked(watch(&channel, pace, looks, ear, lease, look, || kept.end_if_empty())).await;
        });
    }
}

impl Table {
    fn show(&self) {
        gauge!("painel_live_streams").set(f64::from(u32::try_from(self.streams).unwrap_or(u32::MAX)));
    }

    /// Takes a channel away, unless another has come in its place.
    fn drop_channel(&mut self, tenant: TenantId, channel: &Arc<Channel>) {
        if self.channels.get(&tenant).is_some_and(|kept| Arc::ptr_eq(kept, channel)) {
            self.channels.remove(&tenant);
            gauge!("painel_live_watchers").decrement(1.0);
        }
    }
}

/// A watched channel's place in the table.
struct Kept<'a> {
    watchers: &'a Watchers,
    tenant: TenantId,
    channel: &'a Arc<Channel>,
}

impl Kept<'_> {
    /// Gives the place up if nobody listens: whoever comes from now on begins another.
    fn end_if_empty(&self) -> bool {
        let mut table = self.watchers.table();
        let empty = self.channel.listeners() == 0;
        if empty {
            table.drop_channel(self.tenant, self.channel);
        }
        empty
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.watchers.table().drop_channel(self.tenant, self.channel);
        self.channel.gone.cancel();
    }
}

/// Somebody who listens. Ends when dropped.
pub struct Listener {
    watchers: Watchers,
    channel: Arc<Channel>,
    session: [u8; 32],
    number: u64,
    missed: VecDeque<News>,
    news: broadcast::Receiver<News>,
    out: CancellationToken,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something is new.
    News(News),
    /// They may not listen any more.
    NotAllowed,
    /// Nobody watches any more; whoever listens again begins anew.
    Gone,
}

impl Listener {
    /// Says who listens; gives what tells them to ask again whether they still may.
    pub fn belongs_to(&self, user: UserId) -> Asks {
        let told = self.channel.name(self.number, user);
        // Whether they may was read before they listened: what was withdrawn in between told nobody here.
        if self.watchers.table().asked.is_some_and(|at| at.elapsed() < ARRIVING) {
            told.notify_one();
        }
        Asks::new(told)
    }

    /// Waits for the next thing. May be given up and waited for again: nothing is lost by it.
    pub async fn next(&mut self) -> Heard {
        if let Some(missed) = self.missed.pop_front() {
            return Heard::News(missed);
        }
        tokio::select! {
            biased;
            () = self.out.cancelled() => Heard::NotAllowed,
            () = self.channel.gone.cancelled() => Heard::Gone,
            heard = self.news.recv() => match heard {
                Ok(news) => Heard::News(news),
                Err(RecvError::Closed) => Heard::Gone,
                // Too slow: it learns that something changed, and goes on from here.
                Err(RecvError::Lagged(_)) => {
                    self.news = self.news.resubscribe();
                    self.missed = self.channel.refresh();
                    Box::pin(self.next()).await
                }
            },
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut table = self.watchers.table();
        table.streams = table.streams.saturating_sub(1);
        if let Some(open) = table.sessions.get_mut(&self.session) {
            *open -= 1;
            if *open == 0 {
                table.sessions.remove(&self.session);
            }
        }
        table.show();
        drop(table);
        self.channel.leave(self.number);
    }
}
