//! One process' part in who watches which project, where several share a database: what it has taken, which it takes for
//! longer before its time is over, and what others look at, of which it reads what they tell. However many projects these
//! are, it is one statement each.

use super::channel::Channel;
use crate::{
    listen::Stop,
    store::{Result, Store, TenantId, WatchNews, WatchRow},
};
use async_trait::async_trait;
use metrics::gauge;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

/// How long a project is taken for: so long nobody looks at one whose process has died.
pub(super) const LEASE: Duration = Duration::from_secs(6);
/// How often what others tell is read. Every second time, what is taken is taken for longer.
const EVERY: Duration = Duration::from_secs(1);

/// Where processes meet: the store; a test has its own, which goes by a test's clock.
#[async_trait]
pub(super) trait Board: Send + Sync {
    /// [`Store::claim_watch`]
    async fn claim(&self, tenant: TenantId, process: Uuid, lease: Duration) -> Result<WatchRow>;
    /// [`Store::renew_watches`]
    async fn renew(&self, process: Uuid, lease: Duration, tenants: &[TenantId]) -> Result<Vec<TenantId>>;
    /// [`Store::watches_of`]
    async fn read(&self, tenants: &[TenantId]) -> Result<Vec<WatchRow>>;
    /// [`Store::tell_watch`]
    async fn tell(&self, tenant: TenantId, process: Uuid, news: &WatchNews) -> Result<Option<WatchRow>>;
    /// [`Store::give_up_watch`]
    async fn give_up(&self, tenant: TenantId, process: Uuid) -> Result<()>;
    /// [`Store::give_up_watches`]
    async fn give_up_all(&self, process: Uuid) -> Result<()>;
}

#[async_trait]
impl Board for Store {
    async fn claim(&self, tenant: TenantId, process: Uuid, lease: Duration) -> Result<WatchRow> {
        self.claim_watch(tenant, process, lease).await
    }

    async fn renew(&self, process: Uuid, lease: Duration, tenants: &[TenantId]) -> Result<Vec<TenantId>> {
        self.renew_watches(process, lease, tenants).await
    }

    async fn read(&self, tenants: &[TenantId]) -> Result<Vec<WatchRow>> {
        self.watches_of(tenants).await
    }

    async fn tell(&self, tenant: TenantId, process: Uuid, news: &WatchNews) -> Result<Option<WatchRow>> {
        self.tell_watch(tenant, process, news).await
    }

    async fn give_up(&self, tenant: TenantId, process: Uuid) -> Result<()> {
        self.give_up_watch(tenant, process).await
    }

    async fn give_up_all(&self, process: Uuid) -> Result<()> {
        self.give_up_watches(process).await
    }
}

/// The desk.
pub(super) struct Desk {
    board: Arc<dyn Board>,
    process: Uuid,
    /// Whether it is at work.
    begun: AtomicBool,
    held: Mutex<HashMap<TenantId, Arc<Channel>>>,
    followed: Mutex<HashMap<TenantId, watch::Sender<Option<WatchRow>>>>,
}

impl Desk {
    /// Of a process that has begun just now.
    pub(super) fn new(board: Arc<dyn Board>) -> Arc<Self> {
        Arc::new(Self {
            board,
            process: Uuid::now_v7(),
            begun: AtomicBool::new(false),
            held: Mutex::default(),
            followed: Mutex::default(),
        })
    }

    /// Begins to work, unless it does so already, until the process is asked to end.
    pub(super) fn begin(self: &Arc<Self>, stop: &Stop) {
        if !self.begun.swap(true, Ordering::Relaxed) {
            let (desk, stop) = (Arc::clone(self), stop.clone());
            tokio::spawn(async move { stop.until_asked(desk.work()).await });
        }
    }

    /// Takes a project, unless another process has it. Gives whether this one has it now, and the row that says so.
    pub(super) async fn claim(&self, tenant: TenantId, channel: &Arc<Channel>) -> Result<(bool, WatchRow)> {
        let row = self.board.claim(tenant, self.process, LEASE).await?;
        let ours = self.is_own(&row);
        if ours {
            self.held().insert(tenant, Arc::clone(channel));
        }
        Ok((ours, row))
    }

    /// Whether this process has a project, as far as it knows.
    pub(super) fn holds(&self, tenant: TenantId) -> bool {
        self.held().contains_key(&tenant)
    }

    /// Whether it was this process that took the project last.
    pub(super) fn is_own(&self, row: &WatchRow) -> bool {
        row.process == self.process
    }

    /// Tells the others. `None` when another process has the project by now.
    pub(super) async fn tell(&self, tenant: TenantId, news: &WatchNews) -> Result<Option<WatchRow>> {
        let row = self.board.tell(tenant, self.process, news).await?;
        if row.is_none() {
            self.drop_hold(tenant);
        }
        Ok(row)
    }

    /// Leaves a project to the others, if this process has it.
    pub(super) async fn give_up(&self, tenant: TenantId) {
        if !self.drop_hold(tenant) {
            return;
        }
        if let Err(error) = self.board.give_up(tenant, self.process).await {
            tracing::warn!(%error, "a watched project is left when its time is over");
        }
    }

    /// Leaves all of them.
    pub(super) async fn give_up_all(&self) {
        if let Err(error) = self.board.give_up_all(self.process).await {
            tracing::warn!(%error, "watched projects are left when their time is over");
        }
    }

    /// Takes a project for longer no more; whether it was.
    pub(super) fn drop_hold(&self, tenant: TenantId) -> bool {
        self.held().remove(&tenant).is_some()
    }

    /// Reads what is told of a project from now on.
    pub(super) fn follow(self: &Arc<Self>, tenant: TenantId) -> Followed {
        let (sender, rows) = watch::channel(None);
        self.followed().insert(tenant, sender);
        gauge!("painel_live_followed").increment(1.0);
        gauge!("painel_live_watchers").decrement(1.0);
        Followed { desk: Arc::clone(self), tenant, rows }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<Channel>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed(&self) -> MutexGuard<'_, HashMap<TenantId, watch::Sender<Option<WatchRow>>>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn work(&self) {
        let mut pause = interval(EVERY);
        pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut renews, mut failing) = (false, false);
        loop {
            pause.tick().await;
            let renewing = async { if renews { self.renew().await } else { Ok(()) } };
            let (read, renewed) = tokio::join!(self.read(), renewing);
            let failed = read.and(renewed).err();
            if let Some(error) = failed.as_ref().filter(|_| !failing) {
                tracing::warn!(%error, "who watches which project can be neither read nor said");
            }
            failing = failed.is_some();
            renews = !renews;
        }
    }

    /// Takes all that is taken for longer. Whoever watches what went to another process meanwhile is woken.
    async fn renew(&self) -> Result<()> {
        let tenants: Vec<TenantId> = self.held().keys().copied().collect();
        if tenants.is_empty() {
            return Ok(());
        }
        let ours: HashSet<TenantId> = self.board.renew(self.process, LEASE, &tenants).await?.into_iter().collect();
        let mut held = self.held();
        for lost in tenants.iter().filter(|tenant| !ours.contains(*tenant)) {
            if let Some(channel) = held.remove(lost) {
                channel.moved.notify_one();
            }
        }
        Ok(())
    }

    /// Reads all that is followed.
    async fn read(&self) -> Result<()> {
        let tenants: Vec<TenantId> = self.followed().keys().copied().collect();
        if tenants.is_empty() {
            return Ok(());
        }
        let rows = self.board.read(&tenants).await?;
        let mut rows: HashMap<TenantId, WatchRow> = rows.into_iter().map(|row| (row.tenant, row)).collect();
        let followed = self.followed();
        for tenant in tenants {
            if let Some(place) = followed.get(&tenant) {
                place.send_replace(rows.remove(&tenant));
            }
        }
        Ok(())
    }
}

/// A project that another process looks at. Read until dropped.
pub(super) struct Followed {
    desk: Arc<Desk>,
    tenant: TenantId,
    rows: watch::Receiver<Option<WatchRow>>,
}

impl Followed {
    /// Waits until the row was read again; `None` where there is none. May be given up and waited for again.
    pub(super) async fn next(&mut self) -> Option<WatchRow> {
        self.rows.changed().await.ok()?;
        self.rows.borrow_and_update().clone()
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.desk.followed().remove(&self.tenant);
        gauge!("painel_live_watchers").increment(1.0);
        gauge!("painel_live_followed").decrement(1.0);
    }
}
