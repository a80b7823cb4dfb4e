//! The one bounded place where the server hashes passwords. Each hash takes a core and 19 MiB for tens of
//! milliseconds: unbounded, a crowd at the sign-in form would take all cores and memory from everybody else.
//!
//! As many hashes run as there are cores, a few callers wait a little, everybody else is told at once to come back. Each runs
//! on a thread of its own that gives way to all others: somebody who signs in waits longer, and pages do not.

use super::{
    memory::{Memory, Shelf},
    password::{self, HashError, Verdict},
};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Semaphore, oneshot};

/// Callers that may wait for a core.
const QUEUE: usize = 32;
/// How long one of them waits.
const WAIT: Duration = Duration::from_secs(2);
/// How much the hashes give way, as `nice` counts: beside a thread that answers a page they have a tenth of a core.
const GIVES_WAY: i32 = 10;

/// Why the gate gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Too many at once.
    #[error("too many passwords are being checked; come back in {retry_after_secs} s")]
    Full {
        /// Seconds after which a new try makes sense.
        retry_after_secs: u32,
    },
    /// The hash itself failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The work was lost: it panicked, or there is no thread for it.
    #[error("the password check was lost")]
    Lost,
}

/// Bounds the hashing. Cheap to clone; clones share the bounds.
#[derive(Clone)]
pub struct PasswordGate {
    /// One permit a caller inside, working or waiting.
    inside: Arc<Semaphore>,
    /// One permit a hash at work.
    working: Arc<Semaphore>,
    cores: usize,
    queue: usize,
    /// What the hashes at work compute in.
    shelf: Shelf,
    wait: Duration,
    /// What an unknown user's password is compared with.
    dummy: Arc<str>,
}

impl PasswordGate {
    /// A gate for this machine's cores. Makes the dummy hash, hence takes as long as one sign-in.
    ///
    /// # Errors
    /// `HashError::Failed` when the dummy cannot be hashed.
    pub fn new() -> Result<Self, HashError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_bounds(cores, QUEUE, WAIT)
    }

    fn with_bounds(cores: usize, queue: usize, wait: Duration) -> Result<Self, HashError> {
        let mut unguessable = [0u8; 32];
        getrandom::fill(&mut unguessable).map_err(|_| HashError::Failed)?;
        let unguessable: String = unguessable.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            inside: Arc::new(Semaphore::new(cores + queue)),
            working: Arc::new(Semaphore::new(cores)),
            cores,
            queue,
            shelf: Shelf::default(),
            wait,
            dummy: password::hash(&unguessable.into())?.into(),
        })
    }

    /// Compares a password with a stored hash. `None` is an unknown user: a dummy of the same cost is compared, and
    /// the verdict is `Wrong` after the same time.
    ///
    /// # Errors
    /// `Full`, `Lost`, `Hash(Unreadable)`.
    pub async fn verify(&self, stored: Option<String>, password: SecretString) -> Result<Verdict, GateError> {
        let dummy = Arc::clone(&self.dummy);
        let verdict = self.run_in_memory(move |memory| match stored {
            Some(stored) => password::verify_in(memory, &stored, &password),
            None => password::verify_in(memory, &dummy, &password).map(|_| Verdict::Wrong),
        });
        Ok(verdict.await??)
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// `Full`, `Lost`, `Hash(Failed)`.
    pub async fn hash(&self, password: SecretString) -> Result<String, GateError> {
        Ok(self.run_in_memory(move |memory| password::hash_in(memory, &password)).await??)
    }

    /// How many passwords are being hashed, and how many callers wait.
    pub fn at_work(&self) -> (usize, usize) {
        let working = self.cores - self.working.available_permits();
        let inside = self.cores + self.queue - self.inside.available_permits();
        (working, inside.saturating_sub(working))
    }

    async fn run_in_memory<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, GateError> {
        let shelf = self.shelf.clone();
        self.run(move || shelf.lend(work)).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, GateError> {
        let full = || {
            metrics::counter!("painel_password_gate_refused_total").increment(1);
            GateError::Full { retry_after_secs: u32::try_from(self.wait.as_secs()).unwrap_or(u32::MAX).max(1) }
        };
        let inside = Arc::clone(&self.inside).try_acquire_owned().map_err(|_| full())?;
        let working = tokio::time::timeout(self.wait, Arc::clone(&self.working).acquire_owned())
            .await
            .map_err(|_| full())?
            .map_err(|_| GateError::Lost)?;
        let (done, outcome) = oneshot::channel();
        let thread = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
            // Both permits live here: a caller that goes away does not stop the hash, so it must go on counting.
            let held = (inside, working);
            // Of this thread alone, on Linux. Where it is not allowed a hash is as good as any thread.
            let _ = rustix::process::nice(GIVES_WAY);
            let outcome = work();
            // Before anybody is told: the next one finds them free.
            drop(held);
            // Nobody waits for it any more where a caller has gone away.
            let _ = done.send(outcome);
        });
        thread.map_err(|_| GateError::Lost)?;
        outcome.await.map_err(|_| GateError::Lost)
    }
}

impl std::fmt::Debug for PasswordGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordGate")
            .field("free", &self.working.available_permits())
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Duration, GateError, PasswordGate, Verdict, password};
    use std::{
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
        time::Instant,
    };

    fn gate(cores: usize, queue: usize, wait_ms: u64) -> PasswordGate {
        PasswordGate::with_bounds(cores, queue, Duration::from_millis(wait_ms)).unwrap()
    }

    #[tokio::test]
    async fn verifies_and_hashes() {
        let gate = PasswordGate::new().unwrap();
        let stored = gate.hash("the right password".into()).await.unwrap();
        let check =
            async |stored: Option<&str>, password: &str| gate.verify(stored.map(str::to_owned), password.into()).await;
        assert_eq!(check(Some(&stored), "the right password").await, Ok(Verdict::Right));
        assert_eq!(check(Some(&stored), "the wrong password").await, Ok(Verdict::Wrong));
        assert_eq!(check(None, "the right password").await, Ok(Verdict::Wrong));
        assert_eq!(check(Some("broken"), "x").await, Err(GateError::Hash(password::HashError::Unreadable)));
    }

    /// The dummy has the parameters of a new hash, hence costs the same; and it is really computed.
    #[tokio::test]
    async fn an_unknown_user_costs_a_hash() {
        let gate = PasswordGate::new().unwrap();
        assert!(gate.dummy.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let start = Instant::now();
        assert_eq!(gate.verify(None, "the wrong password".into()).await, Ok(Verdict::Wrong));
        assert!(start.elapsed() > Duration::from_millis(2), "no machine fills 19 MiB twice in that time");
    }

    #[tokio::test]
    #[ignore = "measures time: run it alone on a quiet machine, in release"]
    async fn an_unknown_user_takes_the_same_time() {
        let gate = PasswordGate::new().unwrap();
        let stored = gate.hash("the right password".into()).await.unwrap();
        let (mut known, mut unknown) = (vec![], vec![]);
        for _ in 0..200 {
            for (times, stored) in [(&mut known, Some(stored.clone())), (&mut unknown, None)] {
                let start = Instant::now();
                assert_eq!(gate.verify(stored, "the wrong password".into()).await, Ok(Verdict::Wrong));
                times.push(start.elapsed());
            }
        }
        let median = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        };
        let factor = median(&mut known) / median(&mut unknown);
        assert!((0.8..1.25).contains(&factor), "known users take {factor} times as long");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn never_works_on_more_than_its_cores() {
        let gate = gate(2, 50, 10_000);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let calls: Vec<_> = (0..52)
            .map(|_| {
                let (gate, now, most) = (gate.clone(), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    gate.run(move || {
                        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        std::thread::sleep(Duration::from_millis(5));
                        now.fetch_sub(1, SeqCst);
                    })
                    .await
                })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), Ok(()));
        }
        assert_eq!(most.load(SeqCst), 2);
        assert_eq!((gate.working.available_permits(), gate.inside.available_permits()), (2, 52));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_gate_says_so_at_once() {
        let gate = gate(1, 2, 60_000);
        let (release, hold) = std::sync::mpsc::channel::<()>();
        let holder = tokio::spawn({
            let gate = gate.clone();
            async move { gate.run(move || hold.recv()).await }
        });
        while gate.working.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move { gate.run(|| ()).await })
            })
            .collect();
        while gate.inside.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let start = Instant::now();
        for _ in 0..100 {
            assert_eq!(gate.run(|| ()).await, Err(GateError::Full { retry_after_secs: 60 }));
        }
        // Waiting would take a minute.
        assert!(start.elapsed() < Duration::from_secs(30));
        release.send(()).unwrap();
        assert!(holder.await.unwrap().is_ok());
        for call in waiting {
            assert_eq!(call.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_to_come_back() {
        let gate = gate(1, 5, 30);
        let (release, hold) = std::sync::mpsc::channel::<()>();
        let holder = tokio::spawn({
            let gate = gate.clone();
            async move { gate.run(move || hold.recv()).await }
        });
        while gate.working.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.run(|| ()).await, Err(GateError::Full { retry_after_secs: 1 }));
        release.send(()).unwrap();
        assert!(holder.await.unwrap().is_ok());
        assert_eq!(gate.run(|| ()).await, Ok(()));
    }

    /// A browser that hangs up does not free the core that is still at its password.
    #[tokio::test]
    async fn a_caller_that_goes_away_still_counts() {
        let gate = gate(1, 0, 1_000);
        let (release, hold) = std::sync::mpsc::channel::<()>();
        let caller = tokio::spawn({
            let gate = gate.clone();
            async move { gate.run(move || hold.recv()).await }
        });
        while gate.working.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        assert!(matches!(gate.run(|| ()).await, Err(GateError::Full { .. })));
        release.send(()).unwrap();
        while gate.inside.available_permits() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(gate.run(|| ()).await, Ok(()));
    }

    #[tokio::test]
    async fn hashes_give_way_and_nobody_else_does() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let gate = gate(1, 0, 1_000);
        let before = nice();
        assert_eq!(gate.run(nice).await, Ok((before + super::GIVES_WAY).min(19)));
        assert_eq!(nice(), before);
        // A thread of the runtime's own would stay slow.
        assert_eq!(tokio::task::spawn_blocking(nice).await.unwrap(), before);
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer_only() {
        let gate = gate(1, 0, 1_000);
        assert_eq!(gate.run(|| panic!("for the test")).await, Err::<(), _>(GateError::Lost));
        assert_eq!(gate.run(|| 7).await, Ok(7));
    }
}
