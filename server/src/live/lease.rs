//! Whose turn it is to look at a tenant's project where several processes share a database: one looks, and the others pass on
//! what it tells. Who has nobody listening any more leaves it at once, and who dies leaves it when its time is over.

use super::{
    channel::Channel,
    desk::Desk,
    follow::{Follow, to_pass_on},
    news::{Place, Told, What},
};
use crate::store::{TenantId, WatchRow};
use std::sync::Arc;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// This process looks, as it did before.
    Ours,
    /// It does from now on: what changed before its first look is known to nobody.
    TakenOver,
    /// Another one does.
    Theirs,
}

/// One watcher's part in it. Nothing where there is one process alone: it is always its turn.
pub(super) struct Lease(Option<Shared>);

struct Shared {
    desk: Arc<Desk>,
    tenant: TenantId,
    channel: Arc<Channel>,
    follow: Follow,
    /// The others are to be told that anything may have changed before the next look that succeeds.
    anew: bool,
    /// How far what was told here is told to the others, and which standing.
    passed: Place,
    standing: Option<(What, Told)>,
}

impl Lease {
    /// Of a channel that has just begun.
    pub(super) fn new(desk: Option<&Arc<Desk>>, tenant: TenantId, channel: &Arc<Channel>) -> Self {
        Self(desk.map(|desk| Shared {
            desk: Arc::clone(desk),
            tenant,
            channel: Arc::clone(channel),
            follow: Follow::default(),
            anew: false,
            passed: channel.place(),
            standing: None,
        }))
    }

    /// Finds out whose turn it is, and takes it if it is nobody's.
    pub(super) async fn claim(&mut self) -> Turn {
        match &mut self.0 {
            Some(shared) if !shared.desk.holds(shared.tenant) => shared.claim().await,
            _ => Turn::Ours,
        }
    }

    /// Passes on what the process that looks tells, until it does no more or nobody listens here.
    pub(super) async fn follow(&mut self) {
        if let Some(shared) = &mut self.0 {
            shared.follow().await;
        }
    }

    /// Tells the others what was told here after a look. `seen`: whether it succeeded.
    pub(super) async fn pass_on(&mut self, seen: bool) {
        if let Some(shared) = &mut self.0 {
            shared.pass_on(seen).await;
        }
    }

    /// Leaves it to the others: nobody listens here.
    pub(super) async fn give_up(&self) {
        if let Some(shared) = &self.0 {
            shared.desk.give_up(shared.tenant).await;
        }
    }
}

impl Shared {
    async fn claim(&mut self) -> Turn {
        let (ours, row) = match self.desk.claim(self.tenant, &self.channel).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, "nobody can tell who watches a project");
                return Turn::Theirs;
            }
        };
        if !ours {
            self.hear(&row);
            return Turn::Theirs;
        }
        let behind = self.follow.is_behind(&row);
        if self.follow.is_new(&row) {
            // What was passed on here is none of this process' own news.
            (self.anew, self.passed, self.standing) = (true, self.channel.place(), None);
        }
        self.follow.note(&row);
        if behind { Turn::TakenOver } else { Turn::Ours }
    }

    async fn follow(&mut self) {
        let mut followed = self.desk.follow(self.tenant);
        loop {
            tokio::select! {
                row = followed.next() => if !self.goes_on(row) { return },
                () = self.channel.moved.notified() => if self.channel.listeners() == 0 { return },
            }
        }
    }

    /// Hears what a row tells; whether another process goes on telling.
    fn goes_on(&mut self, row: Option<WatchRow>) -> bool {
        // One of its own is not heard: it was taken without this process learning of it, and is yet to be begun with.
        let Some(row) = row.filter(|row| !self.desk.is_own(row)) else { return false };
        self.hear(&row);
        row.held
    }

    fn hear(&mut self, row: &WatchRow) {
        for (what, told) in self.follow.hear(row) {
            self.channel.tell(what, told);
        }
    }

    async fn pass_on(&mut self, seen: bool) {
        let after = self.channel.after(self.passed);
        let refresh = seen && self.anew;
        if after.news.is_empty() && after.standing == self.standing && !refresh {
            return;
        }
        match self.desk.tell(self.tenant, &to_pass_on(&after, refresh)).await {
            Ok(Some(row)) => {
                self.follow.note(&row);
                (self.passed, self.standing) = (after.place, after.standing);
                self.anew &= !refresh;
            }
            // It is another's by now, which looks for itself.
            Ok(None) => {}
            // With the next look it is tried again.
            Err(error) => tracing::warn!(%error, "what is new in a project is not told to the other processes"),
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.desk.drop_hold(self.tenant);
    }
}
