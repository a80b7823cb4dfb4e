//! Who watches a project: one process at a time, until its time is over or it gives up, and it alone tells.

use super::{super::*, *};
use futures::future::join_all;
use std::time::Duration as Span;

const LEASE: Span = Span::from_secs(60);
/// A lease that is over when it is taken.
const NONE: Span = Span::ZERO;

fn news() -> WatchNews {
    WatchNews {
        conversations: false,
        appointments: false,
        refresh: false,
        changed_at: String::new(),
        standing: "live",
        why: "",
        since: String::new(),
    }
}

async fn row(store: &Store, tenant: TenantId) -> WatchRow {
    let mut rows = store.watches_of(&[tenant]).await.unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[tokio::test]
async fn one_process_has_a_project_until_it_leaves_it() {
    on_both(async |store| {
        let tenant = tenant(store, "aurora").await;
        let [a, b] = [Uuid::now_v7(), Uuid::now_v7()];
        assert_eq!(store.watches_of(&[tenant]).await.unwrap(), []);
        let first = store.claim_watch(tenant, a, LEASE).await.unwrap();
        assert_eq!((first.tenant, first.process, first.held, first.term, first.told), (tenant, a, true, 1, 0));
        assert_eq!(first.standing, "unknown");
        // It stands as it was, whoever asks for it.
        let refused = store.claim_watch(tenant, b, LEASE).await.unwrap();
        assert_eq!((refused.process, refused.held, refused.term), (a, true, 1));
        assert_eq!(store.claim_watch(tenant, a, LEASE).await.unwrap().term, 1, "its own again is no change of hands");

        store.give_up_watch(tenant, b).await.unwrap();
        assert!(row(store, tenant).await.held, "another's is not given up");
        store.give_up_watch(tenant, a).await.unwrap();
        let left = row(store, tenant).await;
        assert_eq!((left.process, left.held), (a, false));
        assert_eq!(store.renew_watches(a, LEASE, &[tenant]).await.unwrap(), [], "nor taken back by the way");
        let second = store.claim_watch(tenant, b, NONE).await.unwrap();
        assert_eq!((second.process, second.held, second.term), (b, false, 2));

        // Over, but nobody came: it is b's still.
        assert_eq!(store.renew_watches(b, NONE, &[tenant]).await.unwrap(), [tenant]);
        assert_eq!(store.claim_watch(tenant, a, LEASE).await.unwrap().term, 3);
        assert_eq!(store.renew_watches(b, LEASE, &[tenant]).await.unwrap(), []);
        assert_eq!(row(store, tenant).await.process, a);

        let missing = store.claim_watch(TenantId::new(), a, LEASE).await;
        assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");
        raw(store, "delete from tenants where id = $1", *tenant.as_uuid()).await.unwrap();
        assert_eq!(store.watches_of(&[tenant]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn who_has_it_tells_and_nobody_else() {
    on_both(async |store| {
        let tenant = tenant(store, "aurora").await;
        let [a, b] = [Uuid::now_v7(), Uuid::now_v7()];
        assert_eq!(store.tell_watch(tenant, a, &news()).await.unwrap(), None, "nobody has it");
        let before = store.claim_watch(tenant, a, LEASE).await.unwrap();
        assert!(before.told_for > Span::from_secs(1_000_000), "never");
        assert_eq!(store.tell_watch(tenant, b, &news()).await.unwrap(), None);

        let tell = async |news: WatchNews| store.tell_watch(tenant, a, &news).await.unwrap().expect("it is a's");
        let at = |at: &str| at.to_owned();
        let numbers = |row: &WatchRow| [row.told, row.conversations, row.appointments, row.refreshed];
        let stood = tell(WatchNews { refresh: true, ..news() }).await;
        assert_eq!((numbers(&stood), stood.standing.as_str()), ([1, 0, 0, 1], "live"));
        assert_eq!((stood.changed_at.as_str(), stood.told_for > Span::from_secs(60)), ("", true), "nothing changed");
        let one = tell(WatchNews { conversations: true, changed_at: at("14:32"), ..news() }).await;
        assert_eq!((numbers(&one), one.changed_at.as_str()), ([2, 2, 0, 1], "14:32"));
        assert!(one.told_for < Span::from_secs(60), "{:?}", one.told_for);
        let both = WatchNews { conversations: true, appointments: true, changed_at: at("14:33"), ..news() };
        assert_eq!(numbers(&tell(both).await), [3, 3, 3, 1]);
        let stale = tell(WatchNews { standing: "stale", why: "silent", since: at("14:34"), ..news() }).await;
        assert_eq!((numbers(&stale), stale.changed_at.as_str()), ([4, 3, 3, 1], "14:33"), "what was told stays");
        assert_eq!([stale.standing.as_str(), &stale.why, &stale.since], ["stale", "silent", "14:34"]);
        let read = row(store, tenant).await;
        assert_eq!(WatchRow { told_for: stale.told_for, ..read }, stale, "as the others read it");

        // What the next one tells goes on from there.
        store.give_up_watch(tenant, a).await.unwrap();
        let next = store.claim_watch(tenant, b, LEASE).await.unwrap();
        assert_eq!((numbers(&next), next.standing.as_str()), ([4, 3, 3, 1], "stale"));
        assert_eq!(store.tell_watch(tenant, a, &news()).await.unwrap(), None, "it is a's no more");
    })
    .await;
}

#[tokio::test]
async fn of_many_processes_at_once_one_gets_it() {
    on_both(async |store| {
        let mut held = 0;
        for round in 0..5 {
            let tenant = tenant(store, &format!("muitos-{round}")).await;
            let claims = (0..8).map(|_| {
                let (store, process) = (store.clone(), Uuid::now_v7());
                async move { store.claim_watch(tenant, process, LEASE).await.unwrap().process == process }
            });
            let got = join_all(claims).await.into_iter().filter(|ours| *ours).count();
            assert_eq!(got, 1);
            held += got;
        }
        eprintln!("watches: of 8 processes at once one got it, {held} of 5 times");
    })
    .await;
}

#[tokio::test]
async fn many_are_renewed_read_and_left_at_once() {
    on_both(async |store| {
        let [a, b] = [Uuid::now_v7(), Uuid::now_v7()];
        let mut all = Vec::new();
        for number in 0..5 {
            let tenant = tenant(store, &format!("loja-{number}")).await;
            store.claim_watch(tenant, if number < 3 { a } else { b }, LEASE).await.unwrap();
            all.push(tenant);
        }
        let sorted = |mut tenants: Vec<TenantId>| {
            tenants.sort();
            tenants
        };
        assert_eq!(sorted(store.renew_watches(a, LEASE, &all).await.unwrap()), sorted(all[..3].to_vec()));
        assert_eq!(store.renew_watches(a, LEASE, &[]).await.unwrap(), []);
        let read = store.watches_of(&all).await.unwrap().into_iter().map(|row| row.tenant).collect();
        assert_eq!(sorted(read), sorted(all.clone()));
        let few = store.watches_of(&[all[1], TenantId::new(), all[4]]).await.unwrap();
        assert_eq!(sorted(few.into_iter().map(|row| row.tenant).collect()), sorted(vec![all[1], all[4]]));
        store.give_up_watches(a).await.unwrap();
        let held: Vec<_> = store.watches_of(&all).await.unwrap().into_iter().filter(|row| row.held).collect();
        assert!(held.len() == 2 && held.iter().all(|row| row.process == b), "{held:?}");
    })
    .await;
}
