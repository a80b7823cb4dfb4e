//! How often one source may try: per address, and per tenant by [`KeyedLimit`] itself. In memory only: a restart
//! forgives a minute, and the soft lock of the account remembers the rest. Where several processes serve one database,
//! `tries` has them count together behind this.
//!
//! Memory is bounded. Whoever has a whole provider's addresses can fill the table, so from [`CAP`] keys on everybody
//! shares a fixed number of counters: stricter, but never open and never without bounds.

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DashMapStateStore,
};
use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// Attempts a minute of one source: so many at once, then one every three seconds.
const PER_SOURCE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Attempts a minute at one tenant, whoever makes them.
const PER_TENANT: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// A tenant over its allowance stays shut for so long after the last failure: while people guess on, nobody gets through
/// the gaps in between.
const TENANT_SHUT: Duration = Duration::from_secs(5);
/// Keys held apart: some 10 MB at worst.
const CAP: usize = 100_000;
/// Counters that everybody shares above [`CAP`].
const SHARED: u64 = 4_096;
/// Checks between two sweeps of keys that are at rest.
const SWEEP_EVERY: u32 = 1_024;

type Limiter<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A number of attempts a minute for each key, in constant memory.
pub struct KeyedLimit<K: Hash + Eq + Clone, C: Clock + Clone = DefaultClock> {
    apart: Limiter<K, C>,
    shared: Limiter<u64, C>,
    hasher: RandomState,
    clock: C,
    cap: usize,
    attempts: NonZeroU32,
    /// A key that is shut stays so at least this long.
    least: Duration,
    checks: AtomicU32,
    /// Keys that have used up their allowance, and until when.
    shut: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq + Clone> KeyedLimit<K> {
    /// So many attempts a minute for each key.
    pub fn per_minute(attempts: NonZeroU32) -> Self {
        Self::with(attempts, CAP, DefaultClock::default())
    }

    /// The limit of one tenant's sign-in, keyed by whatever names a tenant: 200 a minute, and then none until it has been
    /// quiet for five seconds.
    pub fn per_tenant() -> Self {
        Self { least: TENANT_SHUT, ..Self::per_minute(PER_TENANT) }
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> KeyedLimit<K, C> {
    fn with(attempts: NonZeroU32, cap: usize, clock: C) -> Self {
        let quota = Quota::per_minute(attempts);
        Self {
            apart: RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()),
            shared: RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()),
            hasher: RandomState::new(),
            clock,
            cap,
            attempts,
            least: Duration::ZERO,
            checks: AtomicU32::new(0),
            shut: Mutex::default(),
        }
    }

    /// Whether this key may try now; counts nothing. Right passwords cost nothing: an office behind one address signs in
    /// at eight in the morning.
    ///
    /// # Errors
    /// The time until it may.
    pub fn check_open(&self, key: &K) -> Result<(), Duration> {
        let shut = self.shut.lock().unwrap_or_else(PoisonError::into_inner);
        match shut.get(key).map(|until| until.saturating_duration_since(Instant::now())) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => Ok(()),
        }
    }

    /// Counts a failed attempt; beyond the allowance [`KeyedLimit::check_open`] refuses the key for a while.
    pub fn count_failure(&self, key: &K) {
        if let Err(wait) = self.check(key) {
            self.shut_for(key, wait.max(self.least));
        }
    }

    /// Shuts a key, whatever was counted here: another process knows it to be beyond its allowance.
    pub fn shut_for(&self, key: &K, wait: Duration) {
        let mut shut = self.shut.lock().unwrap_or_else(PoisonError::into_inner);
        if shut.len() < self.cap {
            shut.insert(key.clone(), Instant::now() + wait);
        }
    }

    /// So many attempts a minute are let in.
    pub fn attempts(&self) -> NonZeroU32 {
        self.attempts
    }

    /// A key that is shut stays so at least this long.
    pub fn least(&self) -> Duration {
        self.least
    }

    /// Counts one attempt.
    ///
    /// # Errors
    /// The time until the next one is let in; this one counted for nothing.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.sweep();
        }
        let outcome = if self.apart.len() < self.cap {
            self.apart.check_key(key)
        } else {
            self.shared.check_key(&(self.hasher.hash_one(key) % SHARED))
        };
        outcome.map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// Forgets the keys whose whole allowance is back: they are like new.
    fn sweep(&self) {
        self.apart.retain_recent();
        self.shared.retain_recent();
        self.apart.shrink_to_fit();
        let now = Instant::now();
        self.shut.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until > now);
    }
}

/// How often one source address may try to sign in: 20 a minute.
pub struct SourceLimit<C: Clock + Clone = DefaultClock>(KeyedLimit<IpAddr, C>);

impl SourceLimit {
    /// A limit without any attempts yet.
    pub fn new() -> Self {
        Self(KeyedLimit::per_minute(PER_SOURCE))
    }
}

impl<C: Clock + Clone> SourceLimit<C> {
    /// Counts one attempt of this address.
    ///
    /// # Errors
    /// The time until the next one is let in.
    pub fn check(&self, source: IpAddr) -> Result<(), Duration> {
        self.0.check(&one_source(source))
    }

    /// Whether this address may try now; counts nothing.
    ///
    /// # Errors
    /// The time until it may.
    pub fn check_open(&self, source: IpAddr) -> Result<(), Duration> {
        self.0.check_open(&one_source(source))
    }

    /// Counts a failed attempt of this address.
    pub fn count_failure(&self, source: IpAddr) {
        self.0.count_failure(&one_source(source));
    }

    /// The limit itself, whose keys are those of [`one_source`].
    pub fn keyed(&self) -> &KeyedLimit<IpAddr, C> {
        &self.0
    }
}

impl Default for SourceLimit {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> std::fmt::Debug for KeyedLimit<K, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyedLimit").field("keys", &self.apart.len()).finish_non_exhaustive()
    }
}

impl<C: Clock + Clone> std::fmt::Debug for SourceLimit<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SourceLimit").field(&self.0).finish()
    }
}

/// What one subscriber has: an IPv4 address, or a /64 of IPv6. A mapped IPv4 address is that IPv4 address.
pub fn one_source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::{CAP, Duration, IpAddr, Ipv6Addr, KeyedLimit, NonZeroU32, PER_SOURCE, PER_TENANT, SHARED, SourceLimit};
    use governor::clock::FakeRelativeClock;

    fn limit(attempts: NonZeroU32, cap: usize) -> (KeyedLimit<IpAddr, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (KeyedLimit::with(attempts, cap, clock.clone()), clock)
    }

    fn source_limit() -> (SourceLimit<FakeRelativeClock>, FakeRelativeClock) {
        let (limit, clock) = limit(PER_SOURCE, CAP);
        (SourceLimit(limit), clock)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_at_once_then_one_every_three_seconds() {
        let (limit, clock) = source_limit();
        let source = ip("203.0.113.7");
        let let_in = (0..100).filter(|_| limit.check(source).is_ok()).count();
        eprintln!("source limit: {let_in} of 100 attempts in one instant let in");
        assert_eq!(let_in, 20);
        assert_eq!(limit.check(source), Err(Duration::from_secs(3)));
        clock.advance(Duration::from_millis(2_999));
        assert_eq!(limit.check(source), Err(Duration::from_millis(1)));
        clock.advance(Duration::from_millis(1));
        assert_eq!(limit.check(source), Ok(()));
        clock.advance(Duration::from_secs(60));
        assert_eq!((0..100).filter(|_| limit.check(source).is_ok()).count(), 20);
    }

    #[test]
    fn sources_do_not_share() {
        let (limit, _) = source_limit();
        for last in 1..=50 {
            let source = IpAddr::from([203, 0, 113, last]);
            assert_eq!((0..30).filter(|_| limit.check(source).is_ok()).count(), 20);
        }
    }

    #[test]
    fn a_64_of_ipv6_is_one_source() {
        let (limit, _) = source_limit();
        let network = ip("2001:db8:1:2::");
        let IpAddr::V6(network) = network else { panic!("an IPv6 address") };
        let host = |host: u64| IpAddr::from(Ipv6Addr::from_bits(network.to_bits() | u128::from(host)));
        let let_in = (0..1_000u64).filter(|n| limit.check(host(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).is_ok()).count();
        eprintln!("source limit: {let_in} of 1000 addresses of one /64 let in");
        assert_eq!(let_in, 20);
        assert_eq!(limit.check(ip("2001:db8:1:3::1")), Ok(()));
    }

    #[test]
    fn a_mapped_address_is_its_ipv4_address() {
        let (limit, _) = source_limit();
        for _ in 0..10 {
            assert_eq!(limit.check(ip("203.0.113.7")), Ok(()));
            assert_eq!(limit.check(ip("::ffff:203.0.113.7")), Ok(()));
        }
        assert!(limit.check(ip("203.0.113.7")).is_err());
        assert_eq!(limit.check(ip("::ffff:203.0.113.8")), Ok(()));
    }

    #[test]
    fn a_tenant_has_two_hundred() {
        let limit = KeyedLimit::with(PER_TENANT, CAP, FakeRelativeClock::default());
        let let_in = |tenant: &str| (0..1_000).filter(|_| limit.check(&tenant.to_owned()).is_ok()).count();
        assert_eq!((let_in("clinica-aurora"), let_in("clinica-sol")), (200, 200));
    }

    #[test]
    fn a_tenant_that_is_guessed_at_stays_shut() {
        let limit = KeyedLimit::per_tenant();
        let source = KeyedLimit::per_minute(PER_TENANT);
        for _ in 0..400 {
            limit.count_failure(&"clinica-aurora");
            source.count_failure(&"clinica-aurora");
        }
        let wait = limit.check_open(&"clinica-aurora").unwrap_err();
        assert!(wait > Duration::from_secs(4) && wait <= Duration::from_secs(5), "{wait:?}");
        assert!(source.check_open(&"clinica-aurora").unwrap_err() <= Duration::from_millis(300));
        assert_eq!(limit.check_open(&"clinica-sol"), Ok(()));
    }

    #[test]
    fn what_another_process_shut_is_shut_here() {
        let limit = SourceLimit::new();
        limit.keyed().shut_for(&super::one_source(ip("2001:db8:1:2::1")), Duration::from_secs(3));
        let wait = limit.check_open(ip("2001:db8:1:2::2")).unwrap_err();
        assert!(wait > Duration::from_secs(2) && wait <= Duration::from_secs(3), "{wait:?}");
        assert_eq!(limit.check_open(ip("2001:db8:1:3::2")), Ok(()));
        assert_eq!(limit.check(ip("2001:db8:1:2::1")), Ok(()), "and nothing was counted");
    }

    #[test]
    fn keys_at_rest_are_forgotten() {
        let (limit, clock) = limit(PER_SOURCE, CAP);
        for n in 0..500u16 {
            let [high, low] = n.to_be_bytes();
            assert_eq!(limit.check(&IpAddr::from([198, 51, high, low])), Ok(()));
        }
        assert_eq!(limit.apart.len(), 500);
        clock.advance(Duration::from_secs(120));
        for _ in 0..600 {
            let _ = limit.check(&ip("203.0.113.7"));
        }
        assert_eq!(limit.apart.len(), 1);
    }

    #[test]
    fn a_flood_of_sources_stays_bounded_and_limited() {
        let (limit, clock) = limit(PER_SOURCE, 1_000);
        let flood = || (0..200_000u32).filter(|n| limit.check(&IpAddr::from(n.to_be_bytes())).is_ok()).count();
        let let_in = flood();
        let most = 1_000 + usize::try_from(SHARED).unwrap() * 20;
        eprintln!("source limit: {let_in} of 200000 sources in one instant let in, {} counters", limit.apart.len());
        assert!(limit.apart.len() <= 1_000 && limit.shared.len() <= usize::try_from(SHARED).unwrap());
        assert!(let_in <= most);
        // When the flood is over, everybody is held apart again.
        clock.advance(Duration::from_secs(120));
        for _ in 0..1_100 {
            let _ = limit.check(&ip("203.0.113.7"));
        }
        assert_eq!((limit.apart.len(), limit.shared.len()), (1, 1));
    }

    #[test]
    fn threads_together_get_no_more() {
        let (limit, _) = source_limit();
        let let_in: usize = std::thread::scope(|scope| {
            let guess = || (0..50).filter(|_| limit.check(ip("203.0.113.7")).is_ok()).count();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(guess)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(let_in, 20);
    }
}
