//! Changes on their way to workflows: none is lost and none is taken twice, whatever the workflow answers and whoever dies.

use super::{
    SECRET, Time, connect_workflow,
    workflow::{Came, Reply, Workflow},
};
use crate::{
    behind,
    harness::{Server, Tenant},
    served::Served,
};
use app::{both, credentials::Provider, lang::Both, session::Role};
use jiff::Timestamp;
use server::{
    health::Pace,
    providers::n8n::sign,
    store::{Act, ConnectionRow, ConnectionState, NewChange, NewCheck},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration as Wait, Instant},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Tenants whose connection has changed so often, and nobody was told yet.
async fn changed(
    server: &Server,
    workflow: &Workflow,
    tenants: usize,
    changes: usize,
    at: OffsetDateTime,
) -> Vec<Tenant> {
    let mut all = Vec::new();
    for number in 0..tenants {
        let name = format!("loja-{number}");
        let tenant = server.tenant(&name, Role::Admin, Some(0)).await;
        connect_workflow(server, &tenant, workflow, &name).await;
        for step in 0..changes {
            let store = &server.state.store;
            let at = at + Duration::seconds(i64::try_from(step).unwrap());
            let before = store.find_connection(&tenant.scope, Provider::Supabase, at).await.unwrap().unwrap();
            let (from, to) = match step % 2 {
                0 => (ConnectionState::Healthy, ConnectionState::Unreachable),
                _ => (ConnectionState::Unreachable, ConnectionState::Healthy),
            };
            let next_at = at + Duration::days(1);
            let after = ConnectionRow { version: 1, state: to, told: to, since: at, next_at, ..before };
            let change = Some(NewChange { from, to, at, to_workflow: true });
            let (what, fix) = (both!("Sem resposta.", "No answer."), Both::default());
            let check = NewCheck { at, state: to, what, fix, after, change };
            let act = Act::of_painel();
            assert!(store.record_check(&tenant.scope, &act, Provider::Supabase, &check).await.unwrap());
        }
        all.push(tenant);
    }
    all
}

/// How often the workflow was started by each event.
fn taken(events: &[Came]) -> BTreeMap<&str, usize> {
    let mut taken = BTreeMap::new();
    for event in events.iter().filter(|event| event.reply == Reply::Taken) {
        *taken.entry(event.id.as_str()).or_default() += 1;
    }
    taken
}

/// Whether each tenant's events were taken in the order in which they happened.
fn in_order(events: &[Came]) -> bool {
    let mut last: BTreeMap<&str, String> = BTreeMap::new();
    events.iter().filter(|event| event.reply == Reply::Taken).all(|event| {
        let at = event.json()["data"]["at"].as_str().unwrap().to_owned();
        last.insert(&event.path, at.clone()).is_none_or(|before| before <= at)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_hundred_changes_none_is_lost_or_doubled() {
    const TENANTS: usize = 20;
    const CHANGES: usize = 25;
    // Each event fails up to three times before it is taken, in ways that take turns.
    let workflow = Workflow::answering(Wait::ZERO, |id, before| {
        let luck = usize::try_from(Uuid::parse_str(id).unwrap().as_u128() & 0xff).unwrap();
        match (before < luck % 4, (luck / 4 + before) % 3) {
            (false, _) => Reply::Taken,
            (true, 0) => Reply::Nothing,
            (true, 1) => Reply::Status(429),
            (true, _) => Reply::Status(500),
        }
    })
    .await;
    let server = behind::start_with(|config| {
        config.egress_allow = format!("{},{}", crate::harness::project(0, "origin"), workflow.origin);
    })
    .await
    .0;
    let time = Time::now();
    changed(&server, &workflow, TENANTS, CHANGES, time.read()).await;
    time.pass(Duration::minutes(1));
    // Two processes at the same outbox.
    let other = server.beside().await;
    let watches = [time.watch(&server.state, Pace::default()), time.watch(&other, Pace::default())];
    let mut rounds = 0;
    let (mut before, mut since) = (0, Instant::now());
    while since.elapsed() < Wait::from_secs(60)
        && !server.state.store.list_due_changes(time.read() + Duration::days(1), 1).await.unwrap().is_empty()
    {
        let (here, there) = tokio::join!(watches[0].tell_due(), watches[1].tell_due());
        // A host that failed again and again is left alone for a quarter of a minute, by the clock on the wall.
        if here.unwrap() + there.unwrap() == 0 {
            time.pass(Duration::hours(1));
            tokio::time::sleep(Wait::from_millis(50)).await;
        } else {
            time.pass(Duration::minutes(9));
        }
        rounds += 1;
        let now = workflow.events().len();
        if now > before {
            (before, since) = (now, Instant::now());
        }
    }
    let events = workflow.events();
    let taken = taken(&events);
    let doubled = taken.values().filter(|count| **count > 1).count();
    let right = events.iter().filter(|event| {
        let seconds = event.signature.strip_prefix("t=").and_then(|rest| rest.split(',').next()).unwrap();
        let at = Timestamp::from_second(seconds.parse().unwrap()).unwrap();
        event.signature == sign(&SECRET.into(), at, &event.body)
    });
    let right = right.count();
    eprintln!(
        "outbox: {} of {} changes taken by {} posts with faults in between, {doubled} doubled, {} signed rightly, {rounds} rounds",
        taken.len(),
        TENANTS * CHANGES,
        events.len(),
        right
    );
    assert_eq!(right, events.len());
    assert_eq!((taken.len(), doubled), (TENANTS * CHANGES, 0));
    assert!(events.len() > TENANTS * CHANGES, "there were faults");
    assert!(in_order(&events));
    other.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_process_had_in_hand_is_told_by_the_next() {
    const TENANTS: usize = 12;
    const CHANGES: usize = 4;
    let workflow = Workflow::answering(Wait::from_millis(150), |_, _| Reply::Taken).await;
    let allow = format!("{},{}", crate::harness::project(0, "origin"), workflow.origin);
    let (server, behind) = behind::start_with(|config| config.egress_allow.clone_from(&allow)).await;
    let now = OffsetDateTime::now_utc();
    changed(&server, &workflow, TENANTS, CHANGES, now - Duration::minutes(5)).await;
    let served = Served::start(&behind, &server, &[("PAINEL_EGRESS_ALLOW", &allow)]).await;
    // In the middle of its first round.
    while workflow.events().len() < 7 {
        tokio::time::sleep(Wait::from_millis(5)).await;
    }
    served.kill();
    tokio::time::sleep(Wait::from_millis(300)).await;
    let before = workflow.events().len();
    let server = server.restart().await;
    let time = Time::now();
    let watch = time.watch(&server.state, Pace::default());
    while !server.state.store.list_due_changes(time.read() + Duration::days(1), 1).await.unwrap().is_empty() {
        watch.tell_due().await.unwrap();
        // Longer than whoever died may have had it in hand.
        time.pass(Duration::minutes(2));
    }
    let events = workflow.events();
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    let again = events.len() - ids.len();
    eprintln!(
        "killed after {before} posts: {} of {} changes arrived, {again} of at most {} in hand came again under their own id",
        ids.len(),
        TENANTS * CHANGES,
        Pace::default().workers
    );
    assert_eq!(ids.len(), TENANTS * CHANGES);
    assert!(again <= Pace::default().workers && before < TENANTS * CHANGES);
    assert!(in_order(&events));
}
