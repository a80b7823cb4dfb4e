//! Who is to ask again at once whether they may still listen, because something was withdrawn somewhere. However often they
//! are told, a stream asks five times a second at most.

use crate::store::{TenantId, UserId};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// The least from one time that a stream asks to the next.
const APART: Duration = Duration::from_millis(200);

/// Whom something is about that was withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whom {
    /// Whoever they are.
    pub everybody: bool,
    /// Everybody of these tenants.
    pub tenants: HashSet<TenantId>,
    /// These users, in whatever tenant.
    pub users: HashSet<UserId>,
}

impl Whom {
    /// Whether it is about nobody.
    pub fn is_nobody(&self) -> bool {
        !self.everybody && self.tenants.is_empty() && self.users.is_empty()
    }

    /// Whether it is about a listener of this tenant; one whose name is not known yet may be anybody.
    pub(super) fn concerns(&self, tenant: TenantId, user: Option<UserId>) -> bool {
        let named = user.map_or(!self.users.is_empty(), |user| self.users.contains(&user));
        self.everybody || self.tenants.contains(&tenant) || named
    }
}

/// What tells a stream to ask.
pub struct Asks {
    told: Arc<Notify>,
    rests_until: Instant,
}

impl Asks {
    pub(super) fn new(told: Arc<Notify>) -> Self {
        Self { told, rests_until: Instant::now() }
    }

    /// Waits until it is told to ask. May be given up and waited for again: nothing is lost by it.
    pub async fn next(&mut self) {
        // First the rest and then the word: the other way round, a word would be lost with whoever gives up meanwhile.
        sleep_until(self.rests_until).await;
        self.told.notified().await;
        self.rests_until = Instant::now() + APART;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        listen::Stop,
        live::{Limits, Listener, Look, Looked, Pace, Watchers},
    };
    use std::future::pending;
    use tokio::time::timeout;

    fn listen(watchers: &Watchers, tenant: TenantId, number: u8) -> Listener {
        let look = || -> Look { Arc::new(|_| Box::pin(pending::<Looked>())) };
        watchers.listen(tenant, [number; 32], None, look).expect("a place")
    }

    async fn is_told(asks: &mut Asks) -> bool {
        timeout(APART / 2, asks.next()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn whom_it_is_about_is_told_and_nobody_else() {
        let watchers = Watchers::new(Pace::default(), Limits::default(), Stop::default());
        let (here, there) = (TenantId::new(), TenantId::new());
        let (ana, bia) = (UserId::new(), UserId::new());
        let listeners = [listen(&watchers, here, 1), listen(&watchers, here, 2), listen(&watchers, there, 3)];
        let users = [ana, bia, ana];
        let mut asks: Vec<Asks> =
            listeners.iter().zip(users).map(|(listener, user)| listener.belongs_to(user)).collect();
        let of_ana = Whom { users: [ana].into(), ..Whom::default() };
        let of_there = Whom { tenants: [there].into(), ..Whom::default() };
        let all = Whom { everybody: true, ..Whom::default() };
        for (whom, expected) in [
            (Whom::default(), [false, false, false]),
            (of_ana, [true, false, true]),
            (of_there, [false, false, true]),
            (all, [true, true, true]),
        ] {
            tokio::time::sleep(APART).await;
            watchers.ask_again(&whom);
            let mut told = Vec::new();
            for ask in &mut asks {
                told.push(is_told(ask).await);
            }
            assert_eq!(told, expected, "{whom:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_told_a_thousand_times_asks_five_times_a_second() {
        let told = Arc::new(Notify::new());
        let mut asks = Asks::new(Arc::clone(&told));
        let teller = async {
            for _ in 0..1_000 {
                told.notify_one();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let asker = async {
            let (began, mut times) = (Instant::now(), 0);
            while timeout(APART * 2, asks.next()).await.is_ok() {
                times += 1;
            }
            (times, began.elapsed())
        };
        let ((), (times, took)) = tokio::join!(teller, asker);
        assert!(times >= 5 && APART * times <= took, "{times} times in {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_told_while_resting_or_while_nobody_waits_asks_afterwards() {
        let told = Arc::new(Notify::new());
        let mut asks = Asks::new(Arc::clone(&told));
        told.notify_one();
        assert!(is_told(&mut asks).await);
        told.notify_one();
        assert!(!is_told(&mut asks).await, "it rests, and the wait is given up");
        tokio::time::sleep(APART).await;
        assert!(is_told(&mut asks).await);
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_just_after_something_was_withdrawn_asks_as_well() {
        let watchers = Watchers::new(Pace::default(), Limits::default(), Stop::default());
        let (tenant, user) = (TenantId::new(), UserId::new());
        let all = Whom { everybody: true, ..Whom::default() };
        assert!(!is_told(&mut listen(&watchers, tenant, 1).belongs_to(user)).await, "nothing was withdrawn");
        // Whether they may listen was read before; the notice went by before they listened.
        watchers.ask_again(&all);
        assert!(is_told(&mut listen(&watchers, tenant, 2).belongs_to(user)).await);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(!is_told(&mut listen(&watchers, tenant, 3).belongs_to(user)).await, "long ago");
    }
}
