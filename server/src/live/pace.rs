//! How often a tenant's project is looked at, and how much of everything there may be. Pure: the luck is given.

use std::time::Duration;

/// How a watcher goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From one look to the next, give or take [`SPREAD`] percent.
    pub every: Duration,
    /// The same while a project's hints may be relied on: for what they fail to tell.
    pub relied: Duration,
    /// The least from one look that a hint asked for to the next.
    pub apart: Duration,
    /// The most between two looks while a project fails; and how often pages are read again whose tables do not tell what
    /// is new.
    pub slowest: Duration,
    /// How long a watcher stays when nobody listens any more: who only loads the next page finds it again.
    pub linger: Duration,
    /// How often it is asked again whether a listener may still listen.
    pub recheck: Duration,
}

/// In percent of each wait, so that not all tenants are looked at in the same moment.
const SPREAD: f64 = 15.0;
/// The longest that a project is left alone because it asked for that.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// How long it is before a project that gives no hints is asked for them again.
const OFF: Duration = Duration::from_secs(600);
/// How long it is before one is asked again whose connection broke.
const BROKEN: Duration = Duration::from_secs(1);

impl Default for Pace {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(4),
            relied: Duration::from_secs(30),
            apart: Duration::from_secs(3),
            slowest: Duration::from_secs(60),
            linger: Duration::from_secs(5),
            recheck: Duration::from_secs(15),
        }
    }
}

impl Pace {
    /// From the beginning of a look to that of the next, after so many failures in a row; `luck` is drawn anew each time.
    /// The second look after a failure is as soon as any: most pass by themselves. `relied`: whether the project's hints
    /// may be relied on.
    pub fn wait(&self, failures: u32, relied: bool, luck: u32) -> Duration {
        if relied && failures == 0 {
            return spread(self.relied.max(self.every), luck);
        }
        spread(doubled(self.every, failures).min(self.slowest.max(self.every)), luck)
    }

    /// The soonest that the next look may begin, whoever comes: what the project asked for is honoured.
    pub fn least(&self, asked: Option<Duration>) -> Duration {
        self.every.mul_f64(1.0 - SPREAD / 100.0).max(asked.unwrap_or_default().min(LONGEST_PAUSE))
    }
}

/// How long a project is not asked for hints, after so many connections in a row that broke, or where it gives none.
pub(super) fn silence(broken: Option<u32>, luck: u32) -> Duration {
    spread(broken.map_or(OFF, |broken| doubled(BROKEN, broken).min(OFF)), luck)
}

/// Twice as long for each further time.
fn doubled(wait: Duration, times: u32) -> Duration {
    wait.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1).min(16)))
}

/// Give or take [`SPREAD`] percent.
fn spread(wait: Duration, luck: u32) -> Duration {
    let luck = f64::from(luck) / f64::from(u32::MAX);
    wait.mul_f64(1.0 + SPREAD / 100.0 * (2.0 * luck - 1.0))
}

/// How many there may be, in one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Tenants that are watched.
    pub watchers: usize,
    /// Streams, of all tenants.
    pub streams: usize,
    /// Streams of one tenant.
    pub of_tenant: usize,
    /// Streams of one session: windows that somebody looks at. A browser has six connections to a host, and needs some for
    /// everything else.
    pub of_session: usize,
    /// Looks under way, of all tenants. Fewer than the places on the way out: pages go first.
    pub looks: usize,
    /// Connections over which projects give hints. Few enough for the files that are kept for other use than clients'; who
    /// finds no place has its project looked at as ever.
    pub sockets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { watchers: 1_000, streams: 4_000, of_tenant: 50, of_session: 4, looks: 24, sockets: 100 }
    }
}
