//! What was withdrawn or changed in whatever process, or by the command line: each process learns of it within half a
//! second, so that what it does on its own for a while (an open stream, a kept access token, the ring that it read) is
//! looked at again at once. Requests need none of this: they read the rows as they are.
//!
//! Notices are read by number, twice a second and whenever the database says that there are new ones; `notices/ledger.rs`
//! remembers which were acted upon. What a notice does is to have somebody ask: one too many harms nobody.

mod ledger;

use crate::{
    live::Whom,
    state::State,
    store::{About, Hearing, Notice, Store, StoreError},
};
use ledger::Ledger;
use std::{
    future::pending,
    time::{Duration, Instant},
};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

/// How often it is looked for new notices when nothing is heard.
const EVERY: Duration = Duration::from_millis(500);
/// The least from one look to the next, however often something is heard: what comes in between is acted upon at once.
const APART: Duration = Duration::from_millis(50);
/// Notices of one statement.
const MOST: u32 = 1_000;

/// Reads and acts for as long as it is let.
pub async fn watch(state: State) {
    let heard = Notify::new();
    tokio::select! {
        () = hear(state.store.hearing(), &heard) => {}
        () = follow(&state, &heard) => {}
    }
}

async fn hear(hearing: Option<Hearing>, heard: &Notify) {
    let Some(mut hearing) = hearing else { return pending().await };
    loop {
        hearing.next().await;
        heard.notify_one();
    }
}

async fn follow(state: &State, heard: &Notify) {
    let (mut ledger, mut lost) = (None, false);
    loop {
        match read(&state.store, ledger.take()).await {
            Ok((read, fresh)) => {
                ledger = Some(read);
                if lost {
                    tracing::info!("what other processes decide is read again");
                    state.google.forget_all();
                }
                act(state, &Meant::by(&fresh, lost));
                lost = false;
            }
            Err(error) => {
                if !lost {
                    tracing::warn!(%error, "what other processes decide cannot be read just now");
                }
                lost = true;
            }
        }
        sleep(APART).await;
        // Nothing heard is as good as something: it is looked either way.
        let _ = timeout(EVERY.saturating_sub(APART), heard.notified()).await;
    }
}

/// What is new, and where it has got to; from now on, when nothing was read before.
async fn read(store: &Store, before: Option<Ledger>) -> Result<(Ledger, Vec<Notice>), StoreError> {
    let mut ledger = match before {
        Some(ledger) => ledger,
        None => Ledger::at(store.newest_notice().await?),
    };
    let (mut fresh, mut after) = (Vec::new(), ledger.floor());
    loop {
        let page = store.list_notices(after, MOST).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        fresh.extend(ledger.take(page, Instant::now()));
    }
    ledger.settle(Instant::now());
    Ok((ledger, fresh))
}

/// What follows from notices, each thing once.
#[derive(Debug, PartialEq, Eq)]
struct Meant {
    whom: Whom,
    ring: bool,
}

impl Meant {
    /// By these notices; by whatever may have been missed, when some were lost.
    fn by(notices: &[Notice], lost: bool) -> Self {
        let mut meant = Self { whom: Whom { everybody: lost, ..Whom::default() }, ring: lost };
        for notice in notices {
            match notice.about {
                About::User(user) => drop(meant.whom.users.insert(user)),
                About::Tenant(tenant) => drop(meant.whom.tenants.insert(tenant)),
                About::Ring => meant.ring = true,
                About::All => meant.whom.everybody = true,
            }
        }
        meant
    }
}

fn act(state: &State, meant: &Meant) {
    for tenant in &meant.whom.tenants {
        state.google.forget_tenant(*tenant.as_uuid());
    }
    if meant.ring {
        state.ring_asked.notify_one();
    }
    state.live.ask_again(&meant.whom);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{TenantId, UserId};

    #[test]
    fn many_notices_mean_each_thing_once() {
        let (ana, bia, tenant) = (UserId::new(), UserId::new(), TenantId::new());
        let about =
            [About::User(ana), About::Tenant(tenant), About::User(ana), About::User(bia), About::Tenant(tenant)];
        let notices: Vec<Notice> = (1..).zip(about).map(|(id, about)| Notice { id, about }).collect();
        let whom = Whom { everybody: false, tenants: [tenant].into(), users: [ana, bia].into() };
        assert_eq!(Meant::by(&notices, false), Meant { whom: whom.clone(), ring: false });
        assert_eq!(Meant::by(&notices, true), Meant { whom: Whom { everybody: true, ..whom }, ring: true });
        assert!(Meant::by(&[], false).whom.is_nobody());
        let all = [Notice { id: 1, about: About::All }, Notice { id: 2, about: About::Ring }];
        assert_eq!(Meant::by(&all, false), Meant { whom: Whom { everybody: true, ..Whom::default() }, ring: true });
    }
}
