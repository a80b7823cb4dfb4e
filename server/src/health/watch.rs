//! Does what is due: looks at connections and tells changes, so many at once, until it is asked to stop. A stop ends a
//! question to a provider in the middle, which changes nothing anywhere; what is being written is written to its end.

use super::{Found, Pace, record::record_after, tell::tell};
use crate::{
    backend::RequestBackend,
    providers::{self, Cause, Finding, Report},
    state::State,
    store::{ChangeEnd, DueChange, DueCheck, StoreError},
    telemetry::spans,
    web::caller::Identity,
};
use app::{both, credentials::Provider, error::AppError};
use futures::{StreamExt, stream};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use time::OffsetDateTime;
use tokio::{sync::watch, task::JoinHandle};
use tracing::Instrument;

/// How much is looked up at once: what is due beyond it comes in the next round.
const AT_A_TIME: u32 = 200;
/// How long a stop waits: a delivery under way may take ten seconds.
const STOPS_WITHIN: Duration = Duration::from_secs(12);

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The one who looks. Cheap to clone.
#[derive(Clone)]
pub struct Watch {
    state: State,
    pace: Pace,
    clock: Clock,
    stop: watch::Receiver<bool>,
}

/// A watch at work beside the server.
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Begins to watch.
pub fn start(state: State) -> Running {
    let (stop, stopped) = watch::channel(false);
    let watch = Watch::new(state, Pace::default(), Arc::new(OffsetDateTime::now_utc), stopped);
    Running { stop, task: tokio::spawn(watch.run()) }
}

impl Running {
    /// Ends the work under way, and waits for what has to be finished.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(STOPS_WITHIN, self.task).await.is_err() {
            tracing::warn!("some checks of connections did not end in time");
        }
    }
}

impl Watch {
    /// A watch that goes by this pace and clock, until `stop` says true.
    pub fn new(state: State, pace: Pace, clock: Clock, stop: watch::Receiver<bool>) -> Self {
        Self { state, pace, clock, stop }
    }

    async fn run(mut self) {
        while !*self.stop.borrow() {
            for outcome in [self.check_due().await, self.tell_due().await] {
                if let Err(error) = outcome {
                    tracing::warn!(%error, "the connections could not be looked at");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(self.pace.look) => {}
                _ = self.stop.wait_for(|stop| *stop) => {}
            }
        }
    }

    /// Looks at every connection that is due; gives how many were looked at.
    ///
    /// # Errors
    /// When what is due cannot be read. A fault in the middle is logged and leaves that one to a later round.
    pub async fn check_due(&self) -> Result<usize, StoreError> {
        let store = &self.state.store;
        let due = store.list_due_checks(&Provider::ALL, (self.clock)(), self.pace.soon, AT_A_TIME).await?;
        let check = |watch: Self, due| watch.check(due).instrument(spans::work("connection check"));
        Ok(self.each(due, check).await)
    }

    /// Tells every change that is due; gives how many were sent.
    ///
    /// # Errors
    /// When what is due cannot be read. A fault in the middle is logged and leaves that one to a later round.
    pub async fn tell_due(&self) -> Result<usize, StoreError> {
        let due = self.state.store.list_due_changes((self.clock)(), AT_A_TIME).await?;
        let tell = |watch: Self, due| watch.tell(due).instrument(spans::work("connection change"));
        Ok(self.each(due, tell).await)
    }

    /// Does each piece of work in a task of its own, so many at once.
    async fn each<T, F>(&self, due: Vec<T>, work: impl Fn(Self, T) -> F) -> usize
    where
        F: Future<Output = Result<bool, AppError>> + Send + 'static,
    {
        let done = AtomicUsize::new(0);
        let one = |item: T| {
            let task = (!*self.stop.borrow()).then(|| tokio::spawn(work(self.clone(), item)));
            let done = &done;
            async move {
                match task {
                    None => {}
                    Some(task) => match task.await {
                        Ok(Ok(true)) => drop(done.fetch_add(1, Ordering::Relaxed)),
                        Ok(Ok(false)) => {}
                        Ok(Err(error)) => tracing::warn!(%error, "a connection is left to a later round"),
                        Err(error) => tracing::error!(%error, "looking at a connection failed"),
                    },
                }
            }
        };
        stream::iter(due).for_each_concurrent(self.pace.workers, one).await;
        done.into_inner()
    }

    async fn check(mut self, due: DueCheck) -> Result<bool, AppError> {
        let (store, provider) = (self.state.store.clone(), due.provider());
        let now = (self.clock)();
        let claimed = store.claim_check(&due, now, now + self.pace.lease).await.map_err(in_store)?;
        let Some((scope, before)) = claimed else { return Ok(false) };
        let backend = RequestBackend::new(self.state.clone(), Identity::default(), None);
        let (version, fields) = match backend.stored_fields(&scope, provider).await {
            Err(AppError::Unreadable) => (due.version(), None),
            read => read.map(|(version, fields)| (version, Some(fields)))?,
        };
        if version == 0 {
            return Ok(false);
        }
        let complete = |name: &&str| fields.as_ref().is_some_and(|fields| fields.contains_key(*name));
        let needed: Vec<&str> =
            provider.fields().iter().filter(|field| !field.optional).map(|field| field.name).collect();
        let report = match &fields {
            Some(fields) if needed.iter().all(complete) => {
                let probe = backend.probe(&scope, provider).await;
                tokio::select! {
                    report = providers::test(provider, fields, &probe) => report,
                    // Whoever takes it next, after the lease, begins anew.
                    _ = self.stop.wait_for(|stop| *stop) => return Ok(false),
                }
            }
            _ => Report::one(unreadable()),
        };
        let found = Found { provider, version, report: &report, at: (self.clock)() };
        record_after(&store, &scope, &found, &self.pace, &before).await.map_err(in_store)
    }

    async fn tell(self, due: DueChange) -> Result<bool, AppError> {
        let store = &self.state.store;
        let now = (self.clock)();
        let Some(change) = store.take_change(&due, now, now + self.pace.lease).await.map_err(in_store)? else {
            return Ok(false);
        };
        let end = tell(&self.state, &change, &self.pace, now).await?;
        store.end_change(&change, end, (self.clock)()).await.map_err(in_store)?;
        Ok(!matches!(end, ChangeEnd::Unsent(_)))
    }
}

/// What is stored was sealed with a key that is not here: nobody can be asked with it.
fn unreadable() -> Finding {
    Finding::new(
        Cause::Expired,
        both!(
            "O que está guardado não abre com a chave do servidor.",
            "What is saved cannot be opened with the server’s key."
        ),
        both!("Guarde os campos desta conexão de novo.", "Save this connection’s fields again."),
    )
}

fn in_store(error: StoreError) -> AppError {
    crate::backend::store_failure(error)
}
