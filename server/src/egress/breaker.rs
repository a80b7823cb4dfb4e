//! A host that does not answer is left alone for a while: asking it costs a tenant seconds a page, and costs the host the
//! quiet it needs to come back.
//!
//! One breaker for each lane and origin, so that no tenant's trouble is another's. It opens after five failures in a row,
//! or when half of the last twenty calls within thirty seconds failed; after about fifteen seconds one call is let
//! through, and its outcome decides. A breaker never learns what was asked: only whether the host was alive.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use uuid::Uuid;

use super::error::EgressError;

/// Failures in a row that open a breaker.
const IN_A_ROW: u32 = 5;
/// How many of the latest calls are looked at; half of them must have failed.
const LATEST: usize = 20;
/// Calls older than this count no more.
const WINDOW: Duration = Duration::from_secs(30);
/// How long a host is left alone, give or take [`SPREAD`] percent, so that not all come back at the same moment.
const REST: Duration = Duration::from_secs(15);
/// In percent of [`REST`].
const SPREAD: u32 = 20;
/// What a caller is told to wait when another call is just finding out.
const SHORTLY: Duration = Duration::from_secs(1);
/// A breaker that nobody asked for so long is forgotten: longer than any call may take.
const FORGOTTEN: Duration = Duration::from_secs(300);

/// Which breaker: a lane and an origin, as text.
pub(super) type Key = (Uuid, String);

/// What a call told of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It answered.
    Alive,
    /// It did not, or only its gateway did.
    Dead,
    /// Nobody can tell: the call was given up, or never left.
    None,
}

/// One origin's breaker. Knows no clock: every step is told the time.
#[derive(Debug)]
struct Breaker {
    state: State,
    in_a_row: u32,
    under_way: u32,
    latest: VecDeque<(Instant, Sign)>,
    touched: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open {
        until: Instant,
    },
    /// One call is finding out.
    Probing,
}

impl Breaker {
    fn new(now: Instant) -> Self {
        Self { state: State::Closed, in_a_row: 0, under_way: 0, latest: VecDeque::new(), touched: now }
    }

    /// Whether a call may go out; counts nothing.
    fn look(&self, now: Instant) -> Result<(), Duration> {
        match self.state {
            // As many at once as failures are missing: so a host that has just died is asked five times and not eight.
            State::Closed if self.under_way + self.in_a_row < IN_A_ROW => Ok(()),
            State::Closed | State::Probing => Err(SHORTLY),
            State::Open { until } if until <= now => Ok(()),
            State::Open { until } => Err(until - now),
        }
    }

    /// Lets a call out, or says how long to wait. `true` when it is the one that finds out.
    fn start(&mut self, now: Instant) -> Result<bool, Duration> {
        self.touched = now;
        self.look(now)?;
        self.under_way += 1;
        let probe = matches!(self.state, State::Open { .. });
        if probe {
            self.state = State::Probing;
        }
        Ok(probe)
    }

    /// Takes a call's outcome; `rest` is how long to leave the host alone if it comes to that.
    fn settle(&mut self, now: Instant, probe: bool, sign: Sign, rest: Duration) {
        self.touched = now;
        self.under_way = self.under_way.saturating_sub(1);
        match (probe, sign) {
            (true, Sign::Alive) => *self = Self { under_way: self.under_way, ..Self::new(now) },
            (true, Sign::Dead) => self.open(now + rest),
            (true, Sign::None) => self.open(now),
            // A call from before that ends only now says nothing new.
            (false, _) if self.state != State::Closed => {}
            (false, Sign::None) => {}
            (false, sign) => {
                self.in_a_row = if sign == Sign::Dead { self.in_a_row + 1 } else { 0 };
                self.latest.push_back((now, sign));
                while self.latest.len() > LATEST || self.latest.front().is_some_and(|(at, _)| now - *at > WINDOW) {
                    self.latest.pop_front();
                }
                let dead = self.latest.iter().filter(|(_, sign)| *sign == Sign::Dead).count();
                if self.in_a_row >= IN_A_ROW || (self.latest.len() == LATEST && dead * 2 >= LATEST) {
                    self.open(now + rest);
                }
            }
        }
    }

    fn open(&mut self, until: Instant) {
        self.state = State::Open { until };
        self.in_a_row = 0;
        self.latest.clear();
    }
}

/// The breakers of all lanes and origins.
#[derive(Default)]
pub(super) struct Breakers {
    all: Mutex<HashMap<Key, Breaker>>,
}

/// Leave for one call. Must be settled; dropped, it says nothing of the host.
pub(super) struct Leave<'a> {
    breakers: &'a Breakers,
    key: Key,
    probe: bool,
    sign: Sign,
}

impl Breakers {
    /// Whether a call would be let out now: asked before waiting for a place in a lane.
    ///
    /// # Errors
    /// [`EgressError::Resting`].
    pub(super) fn check(&self, key: &Key) -> Result<(), EgressError> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(key).map_or(Ok(()), |breaker| breaker.look(Instant::now())).map_err(resting)
    }

    /// Lets one call out.
    ///
    /// # Errors
    /// [`EgressError::Resting`].
    pub(super) fn leave(&self, key: &Key) -> Result<Leave<'_>, EgressError> {
        let now = Instant::now();
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains_key(key) {
            // A new one is the moment to sweep out those nobody uses.
            all.retain(|_, breaker| now - breaker.touched < FORGOTTEN);
        }
        let breaker = all.entry(key.clone()).or_insert_with(|| Breaker::new(now));
        let probe = breaker.start(now).map_err(resting)?;
        Ok(Leave { breakers: self, key: key.clone(), probe, sign: Sign::None })
    }
}

impl Leave<'_> {
    /// Tells what the call told of its host.
    pub(super) fn settle(mut self, sign: Sign) {
        self.sign = sign;
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let mut all = self.breakers.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(breaker) = all.get_mut(&self.key) {
            let before = breaker.state;
            breaker.settle(Instant::now(), self.probe, self.sign, rest());
            if !matches!(before, State::Open { .. }) && matches!(breaker.state, State::Open { .. }) {
                metrics::counter!("painel_upstream_breakers_opened_total").increment(1);
                tracing::info!(lane = %self.key.0, "a host that does not answer is left alone for a while");
            }
        }
    }
}

fn resting(wait: Duration) -> EgressError {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    EgressError::Resting { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
}

/// [`REST`], give or take.
fn rest() -> Duration {
    let share = getrandom::u32().unwrap_or(0) % (2 * SPREAD + 1);
    REST * (100 - SPREAD + share) / 100
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
