//! One tenant's channel: who listens, what was told lately, and how the project stands.

use super::news::{News, Place, Told, What};
use crate::store::UserId;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    sync::{Notify, broadcast},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// News that are kept for whoever comes back.
const KEPT: usize = 64;
/// News that a listener may be late by before it is told only that something changed.
const LATE: usize = 16;
/// How long ago a page may have been drawn that begins to listen.
pub(super) const RECENT: Duration = Duration::from_secs(30);

/// The channel.
pub(super) struct Channel {
    epoch: u32,
    told: broadcast::Sender<News>,
    state: Mutex<State>,
    newcomer: AtomicBool,
    /// Told when somebody comes or goes.
    pub(super) moved: Notify,
    /// Cancelled when nobody watches any more.
    pub(super) gone: CancellationToken,
}

#[derive(Default)]
struct State {
    sequence: u64,
    kept: VecDeque<News>,
    told: Option<Instant>,
    standing: Option<(What, Told)>,
    here: BTreeMap<u64, Member>,
    next: u64,
}

/// Somebody who listens.
#[derive(Clone)]
pub(super) struct Member {
    /// The hash of their session's id.
    pub(super) session: [u8; 32],
    /// Who they are, once that was said.
    user: Option<UserId>,
    /// Told when they are to ask whether they may still listen.
    asks: Arc<Notify>,
    /// Cancelled when they may not listen any more.
    pub(super) out: CancellationToken,
}

/// What a listener begins with.
pub(super) struct Joined {
    pub(super) number: u64,
    pub(super) missed: VecDeque<News>,
    pub(super) news: broadcast::Receiver<News>,
    pub(super) out: CancellationToken,
}

/// What there is to pass on to other processes.
pub(super) struct After {
    /// Where the order has got to.
    pub(super) place: Place,
    /// What was told, each thing once.
    pub(super) news: VecDeque<News>,
    /// How the project stands.
    pub(super) standing: Option<(What, Told)>,
}

impl Channel {
    pub(super) fn new() -> Self {
        Self {
            epoch: getrandom::u32().unwrap_or_default(),
            told: broadcast::Sender::new(LATE),
            state: Mutex::default(),
            newcomer: AtomicBool::new(false),
            moved: Notify::new(),
            gone: CancellationToken::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many listen.
    pub(super) fn listeners(&self) -> usize {
        self.state().here.len()
    }

    /// Somebody who listens, the one who came last: as their look is the next one made.
    pub(super) fn somebody(&self) -> Option<Member> {
        self.state().here.last_key_value().map(|(_, member)| member.clone())
    }

    /// Whether somebody came since this was asked.
    pub(super) fn take_newcomer(&self) -> bool {
        self.newcomer.swap(false, Ordering::Relaxed)
    }

    /// One more listens, and first learns what it missed since `last`, if it was here before, and how the project stands.
    pub(super) fn join(&self, session: [u8; 32], last: Option<&str>) -> Joined {
        let mut state = self.state();
        let here = Place { epoch: self.epoch, sequence: state.sequence };
        let mut missed = match last {
            // A page takes a moment from being drawn to listening, and may have been drawn just before something was told.
            None if state.told.is_some_and(|at| at.elapsed() < RECENT) => VecDeque::from([refresh(here)]),
            None => VecDeque::new(),
            Some(last) => state.since(here, last.parse().ok()),
        };
        if let Some((what, told)) = &state.standing {
            missed.push_back(News { place: here, what: *what, told: told.clone() });
        }
        let number = state.next;
        state.next += 1;
        let member = Member { session, user: None, asks: Arc::default(), out: CancellationToken::new() };
        let out = member.out.clone();
        state.here.insert(number, member);
        // Under the same lock as the news are told: none falls between what was missed and what is to come.
        let news = self.told.subscribe();
        drop(state);
        self.newcomer.store(true, Ordering::Relaxed);
        self.moved.notify_one();
        Joined { number, missed, news, out }
    }

    /// One listens no more.
    pub(super) fn leave(&self, number: u64) {
        self.state().here.remove(&number);
        self.moved.notify_one();
    }

    /// Notes who a listener is; gives what tells them to ask again whether they may still listen.
    pub(super) fn name(&self, number: u64, user: UserId) -> Arc<Notify> {
        let mut state = self.state();
        // Who was turned out meanwhile has nothing to ask any more.
        let Some(member) = state.here.get_mut(&number) else { return Arc::default() };
        member.user = Some(user);
        Arc::clone(&member.asks)
    }

    /// Has those ask again whom something is about.
    pub(super) fn ask_again(&self, concerned: impl Fn(Option<UserId>) -> bool) {
        for member in self.state().here.values().filter(|member| concerned(member.user)) {
            member.asks.notify_one();
        }
    }

    /// Ends the listening of a session that may not.
    pub(super) fn turn_out(&self, session: &[u8; 32]) {
        let mut state = self.state();
        state.here.retain(|_, member| {
            let stays = member.session != *session;
            if !stays {
                member.out.cancel();
            }
            stays
        });
    }

    /// Tells all who listen.
    pub(super) fn tell(&self, what: What, told: Told) {
        let mut state = self.state();
        if what.is_standing() {
            let now = Some((what, told.clone()));
            if state.standing == now {
                return;
            }
            state.standing = now;
        } else {
            state.told = Some(Instant::now());
        }
        state.sequence += 1;
        let news = News { place: Place { epoch: self.epoch, sequence: state.sequence }, what, told };
        if state.kept.len() == KEPT {
            state.kept.pop_front();
        }
        state.kept.push_back(news.clone());
        // Without listeners nobody is told, which is no failure.
        let _ = self.told.send(news);
    }

    /// Where the order of what was told has got to.
    pub(super) fn place(&self) -> Place {
        Place { epoch: self.epoch, sequence: self.state().sequence }
    }

    /// What was told after a place, and how the project stands.
    pub(super) fn after(&self, last: Place) -> After {
        let state = self.state();
        let place = Place { epoch: self.epoch, sequence: state.sequence };
        After { place, news: state.since(place, Some(last)), standing: state.standing.clone() }
    }

    /// That anything may have changed, and how the project stands: for one who was too slow for the rest.
    pub(super) fn refresh(&self) -> VecDeque<News> {
        let state = self.state();
        let here = Place { epoch: self.epoch, sequence: state.sequence };
        let standing =
            state.standing.as_ref().map(|(what, told)| News { place: here, what: *what, told: told.clone() });
        [refresh(here)].into_iter().chain(standing).collect()
    }
}

impl State {
    /// What was told after a place, each thing once; that anything may have changed where it is not kept any more.
    fn since(&self, here: Place, last: Option<Place>) -> VecDeque<News> {
        let kept_from = self.kept.front().map_or(self.sequence + 1, |news| news.place.sequence);
        let Some(last) = last.filter(|last| {
            last.epoch == here.epoch && last.sequence <= here.sequence && last.sequence + 1 >= kept_from
        }) else {
            return VecDeque::from([refresh(here)]);
        };
        let mut missed: VecDeque<News> = VecDeque::new();
        for news in self.kept.iter().filter(|news| news.place.sequence > last.sequence && !news.what.is_standing()) {
            missed.retain(|earlier| earlier.what != news.what);
            missed.push_back(news.clone());
        }
        missed
    }
}

fn refresh(place: Place) -> News {
    News { place, what: What::Refresh, told: Told::Refresh }
}
