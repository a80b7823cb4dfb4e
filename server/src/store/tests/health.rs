//! Health as it is kept: what is due, who gets it, and what is written together.

use super::{super::*, *};
use app::{both, credentials::Provider};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: Duration = Duration::minutes(1);

async fn due(store: &Store, now: OffsetDateTime) -> Vec<DueCheck> {
    store.list_due_checks(&Provider::ALL, now, MINUTE, 1_000).await.unwrap()
}

/// A check that finds this, with a change to tell when one is given.
fn check(
    after: ConnectionRow,
    state: ConnectionState,
    change: Option<ConnectionState>,
    at: OffsetDateTime,
) -> NewCheck {
    let change = change.map(|from| NewChange { from, to: state, at, to_workflow: true });
    let next_at = at + Duration::minutes(15);
    let after = ConnectionRow { version: 1, state, since: at, checked_at: Some(at), next_at, ..after };
    NewCheck { at, state, what: both!("Sem resposta.", "No answer."), fix: both!("Espere.", "Wait."), after, change }
}

/// A connection that was found unreachable, with the change on its way.
pub(super) async fn changed(store: &Store, scope: &TenantScope, provider: Provider, at: OffsetDateTime) {
    let before = store.find_connection(scope, provider, at).await.unwrap().unwrap();
    let check = check(before, ConnectionState::Unreachable, Some(ConnectionState::Healthy), at);
    assert!(store.record_check(scope, &act(), provider, &check).await.unwrap());
}

async fn with_credential(store: &Store, name: &str, number: u8) -> TenantScope {
    let scope = signed_in(store, name, number).await;
    store.save_credential(&scope, &act(), Provider::Supabase, None, &[field("a", name)], NOW).await.unwrap();
    scope
}

#[tokio::test]
async fn what_is_due_follows_saves_checks_and_standing() {
    on_both(async |store| {
        let scope = with_credential(store, "aurora", 1).await;
        assert_eq!(due(store, NOW + Duration::seconds(59)).await, []);
        let at = NOW + MINUTE;
        let [first] = due(store, at).await[..] else { panic!("one is due") };
        assert_eq!(store.list_due_checks(&[Provider::N8n], at, MINUTE, 10).await.unwrap(), []);
        let (claimed, before) = store.claim_check(&first, at, at + MINUTE).await.unwrap().unwrap();
        assert_eq!((claimed.tenant(), before.version, before.state), (scope.tenant(), 0, ConnectionState::Unknown));
        // Taken, and free again when whoever took it is gone.
        assert_eq!(store.claim_check(&first, at, at + MINUTE).await.unwrap(), None);
        assert_eq!(due(store, at).await, []);
        assert_eq!(due(store, at + MINUTE).await, [first]);

        let new = check(before, ConnectionState::Healthy, None, at);
        assert!(store.record_check(&claimed, &act(), Provider::Supabase, &new).await.unwrap());
        // The same once more would be a second check.
        assert!(!store.record_check(&claimed, &act(), Provider::Supabase, &new).await.unwrap());
        let checks = store.list_checks(&scope).await.unwrap();
        assert_eq!(checks.len(), 1);
        assert_eq!(
            (&checks[0].what, &checks[0].fix),
            (&both!("Sem resposta.", "No answer."), &both!("Espere.", "Wait."))
        );
        assert_eq!(due(store, at + Duration::minutes(14)).await, []);
        assert_eq!(due(store, at + Duration::minutes(15)).await.len(), 1);
        // An old list names it still: it is not taken by that.
        assert_eq!(store.claim_check(&first, at, at + MINUTE).await.unwrap(), None);

        let saved = at + MINUTE;
        store.save_credential(&scope, &act(), Provider::Supabase, Some(1), &[], saved).await.unwrap();
        assert!(!store.list_connections(&scope).await.unwrap()[0].current);
        assert_eq!(due(store, saved + MINUTE).await.len(), 1);
        let stale = store.find_connection(&scope, Provider::Supabase, saved).await.unwrap().unwrap();
        let stale = check(stale, ConnectionState::Healthy, None, saved);
        let kept = store.record_check(&scope, &act(), Provider::Supabase, &stale).await.unwrap();
        assert!(!kept, "what was found of version 1 says nothing of version 2");

        store.remove_credential(&scope, &act(), Provider::Supabase, 2, saved).await.unwrap();
        assert_eq!(due(store, saved + Duration::days(1)).await, []);
        assert_eq!(store.list_connections(&scope).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn suspended_and_shredded_tenants_are_left_alone() {
    on_both(async |store| {
        let scope = with_credential(store, "aurora", 1).await;
        changed(store, &scope, Provider::Supabase, NOW).await;
        let later = NOW + Duration::days(1);
        let [listed] = due(store, later).await[..] else { panic!("one is due") };
        let telling = store.list_due_changes(later, 10).await.unwrap();
        assert_eq!(telling.len(), 1);
        let before = store.find_connection(&scope, Provider::Supabase, later).await.unwrap().unwrap();
        let name = slug("aurora");
        let suspend = async |status, reason| {
            store.set_tenant_status(&agency(), &act(), &name, status, reason, later).await.unwrap();
        };
        suspend(TenantStatus::Suspended, Some("atraso")).await;
        assert_eq!((due(store, later).await, store.list_due_changes(later, 10).await.unwrap()), (vec![], vec![]));
        assert_eq!(store.claim_check(&listed, later, later + MINUTE).await.unwrap(), None);
        assert_eq!(store.find_connection(&scope, Provider::Supabase, later).await.unwrap(), None);
        let late = check(before, ConnectionState::Healthy, None, later);
        assert!(!store.record_check(&scope, &act(), Provider::Supabase, &late).await.unwrap());

        suspend(TenantStatus::Active, None).await;
        assert_eq!(
            (due(store, later).await, store.list_due_changes(later, 10).await.unwrap()),
            (vec![listed], telling)
        );
        store.shred_tenant(&agency(), &act(), &name, later).await.unwrap().unwrap();
        assert_eq!((due(store, later).await, store.list_due_changes(later, 10).await.unwrap()), (vec![], vec![]));
        for table in [
            "select count(*) from connection_health",
            "select count(*) from connection_checks",
            "select count(*) from connection_changes",
        ] {
            assert_eq!(count(store, table).await, 0, "{table}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_come_at_once_one_takes_it() {
    on_both_empty(async |ground| {
        const TENANTS: u8 = 20;
        const PROCESSES: usize = 4;
        ground.migrate().await;
        let mut stores = vec![ground.store.clone()];
        for _ in 1..PROCESSES {
            let store = ground.connect().await;
            store.arm(AuditKey::new([7; 32]));
            stores.push(store);
        }
        for number in 0..TENANTS {
            with_credential(&ground.store, &format!("loja-{number}"), number + 1).await;
        }
        let at = NOW + MINUTE;
        let mut taken = 0;
        let everybody = stores.iter().map(|store| async move {
            let mut scopes = Vec::new();
            for due in due(store, at).await {
                scopes.extend(store.claim_check(&due, at, at + MINUTE).await.unwrap());
            }
            scopes
        });
        let mut tenants = BTreeSet::new();
        for (scope, _) in join_all(everybody).await.into_iter().flatten() {
            tenants.insert(scope.tenant());
            taken += 1;
        }
        eprintln!("{PROCESSES} processes, {TENANTS} due: each taken once, {taken} of {TENANTS}");
        assert_eq!((taken, tenants.len()), (usize::from(TENANTS), usize::from(TENANTS)));
        for store in &stores[1..] {
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_history_is_bounded_and_the_agency_sees_no_text() {
    on_both(async |store| {
        let scope = with_credential(store, "aurora", 1).await;
        let kept = usize::try_from(CHECKS_KEPT).unwrap();
        for number in 0..kept + 30 {
            let at = NOW + MINUTE * i32::try_from(number).unwrap();
            let before = store.find_connection(&scope, Provider::Supabase, at).await.unwrap().unwrap();
            let state = if number % 2 == 0 { ConnectionState::Healthy } else { ConnectionState::Degraded };
            let new = check(before, state, None, at);
            assert!(store.record_check(&scope, &act(), Provider::Supabase, &new).await.unwrap());
        }
        let checks = store.list_checks(&scope).await.unwrap();
        assert_eq!(checks.len(), kept);
        assert!(checks.windows(2).all(|pair| pair[0].at > pair[1].at), "newest first");
        assert_eq!(checks[0].at, NOW + MINUTE * i32::try_from(kept + 29).unwrap());
        let fleet = store.list_fleet(&agency(), &FleetQuery::default(), 10).await.unwrap();
        let connections = &fleet.tenants[0].connections;
        assert_eq!((connections.len(), connections[0].state), (1, ConnectionState::Degraded));
        assert!(connections[0].current);
        let facts = store.find_tenant_facts(&agency(), &slug("aurora")).await.unwrap().unwrap();
        assert_eq!(&facts.row.connections, connections);
        // And the tenant's admin is told above every page.
        assert_eq!(visitor(store, 1, NOW + MINUTE * 80).await, None, "the session has ended by then");
        let troubles = visitor(store, 1, NOW + MINUTE).await.unwrap().troubles.clone();
        assert_eq!(troubles.iter().map(|trouble| trouble.state).collect::<Vec<_>>(), [ConnectionState::Degraded]);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_kept_with_its_event_and_told_in_order_once() {
    on_both(async |store| {
        let scope = with_credential(store, "aurora", 1).await;
        for minutes in 0..3 {
            changed(store, &scope, Provider::Supabase, NOW + MINUTE * minutes).await;
        }
        let query = AuditQuery { kind: Some(EventKind::ConnectionChanged), ..AuditQuery::default() };
        let events = store.list_events(&scope, &query, 10).await.unwrap();
        assert_eq!(events.len(), 3);
        assert_eq!((events[0].subject.as_str(), events[0].fields.as_str()), ("supabase", "unreachable"));

        let mut now = NOW + MINUTE * 3;
        let take = async |now: OffsetDateTime| {
            let due = store.list_due_changes(now, 10).await.unwrap();
            match &due[..] {
                [] => None,
                [due] => store.take_change(due, now, now + MINUTE).await.unwrap(),
                _ => panic!("one connection, one row: {due:?}"),
            }
        };
        let first = take(now).await.unwrap();
        assert_eq!((first.at, first.attempts), (NOW, 1));
        assert_eq!(take(now).await, None, "the next one waits for its turn");
        // Who took it is gone: the same, after its time.
        now += MINUTE;
        let again = take(now).await.unwrap();
        assert_eq!((again.id, again.attempts), (first.id, 2));
        store.end_change(&first, ChangeEnd::Delivered, now).await.unwrap();
        assert_eq!(take(now).await, None, "whoever comes back too late ends nothing");
        store.end_change(&again, ChangeEnd::Again(now + MINUTE * 5), now).await.unwrap();
        assert_eq!(take(now + MINUTE * 4).await, None);
        now += MINUTE * 5;
        // What could not be sent is not counted as a try.
        let unsent = take(now).await.unwrap();
        assert_eq!((unsent.id, unsent.attempts), (first.id, 3));
        store.end_change(&unsent, ChangeEnd::Unsent(now + MINUTE), now).await.unwrap();
        assert_eq!(take(now).await, None);
        now += MINUTE;
        let unsent = take(now).await.unwrap();
        assert_eq!((unsent.id, unsent.attempts), (first.id, 3));
        store.end_change(&unsent, ChangeEnd::Unsent(now), now).await.unwrap();
        let mut order = Vec::new();
        while let Some(change) = take(now).await {
            order.push(change.at);
            store.end_change(&change, ChangeEnd::Delivered, now).await.unwrap();
        }
        assert_eq!(order, [NOW, NOW + MINUTE, NOW + MINUTE * 2]);
        assert_eq!(store.list_due_changes(now + Duration::days(1), 10).await.unwrap(), []);
        let ended = "select count(*) from connection_changes where outcome = 'delivered' and done_at is not null";
        assert_eq!(count(store, ended).await, 3);
        // A week later the next one that is told takes the old ones away.
        let later = now + Duration::days(8);
        changed(store, &scope, Provider::Supabase, later).await;
        let last = take(later).await.unwrap();
        store.end_change(&last, ChangeEnd::NoWebhook, later).await.unwrap();
        assert_eq!(count(store, "select count(*) from connection_changes").await, 1);
    })
    .await;
}

#[tokio::test]
async fn only_admins_are_told_of_trouble() {
    on_both(async |store| {
        let scope = with_credential(store, "aurora", 1).await;
        changed(store, &scope, Provider::Supabase, NOW).await;
        let mut seen = BTreeMap::new();
        for (number, role) in Role::ALL.into_iter().enumerate() {
            let number = u8::try_from(number).unwrap() + 10;
            let user = member(store, &format!("p{number}@x.localhost"), scope.tenant(), role).await;
            store.create_session(new_session(number, Some(user), Some(scope.tenant())), NOW).await.unwrap();
            seen.insert(role, visitor(store, number, NOW).await.unwrap().troubles.len());
        }
        assert_eq!(seen.into_values().collect::<Vec<_>>(), [0, 0, 1]);
    })
    .await;
}
