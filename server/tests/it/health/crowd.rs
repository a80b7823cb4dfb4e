//! Many tenants, several processes: so many at once, each once, and none of a suspended tenant.

use super::{Time, connect_workflow, workflow::Workflow};
use crate::{
    behind,
    harness::{Server, Tenant},
};
use app::session::Role;
use server::{
    health::Pace,
    store::{Act, Slug, TenantStatus},
};
use std::time::Duration as Wait;
use time::{Duration, OffsetDateTime};

async fn crowd(server: &Server, workflow: &Workflow, count: usize) -> Vec<Tenant> {
    let mut tenants = Vec::new();
    for number in 0..count {
        let name = format!("loja-{number}");
        let tenant = server.tenant(&name, Role::Admin, None).await;
        connect_workflow(server, &tenant, workflow, &name).await;
        tenants.push(tenant);
    }
    tenants
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_double_nothing_and_each_keeps_to_its_number() {
    const TENANTS: usize = 16;
    const ROUNDS: usize = 5;
    let workflow = Workflow::answering(Wait::from_millis(60), |_, _| super::workflow::Reply::Taken).await;
    let server = behind::start_with(|config| config.egress_allow = workflow.origin.clone()).await.0;
    crowd(&server, &workflow, TENANTS).await;
    let time = Time::now();
    let alone = time.watch(&server.state, Pace::default());
    time.pass(Duration::minutes(2));
    assert_eq!(alone.check_due().await.unwrap(), TENANTS);
    let most = workflow.most_at_once();
    eprintln!("{TENANTS} due at once, at most {} at work: {most} seen", Pace::default().workers);
    assert!(most <= Pace::default().workers && most > 1);

    let other = server.beside().await;
    let beside = time.watch(&other, Pace::default());
    let mut checks = TENANTS;
    for _ in 0..ROUNDS {
        time.pass(Duration::minutes(19));
        let (here, there) = tokio::join!(alone.check_due(), beside.check_due());
        checks += here.unwrap() + there.unwrap();
    }
    let asked: usize = workflow.asked().values().sum();
    let expected = TENANTS * (ROUNDS + 1);
    eprintln!("two processes, {ROUNDS} rounds: {checks} of {expected} checks, {asked} questions");
    assert_eq!((checks, asked), (expected, expected));
    assert!(workflow.asked().values().all(|count| *count == ROUNDS + 1));
    assert!(workflow.most_at_once() <= 2 * Pace::default().workers);
    other.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_tenant_is_not_asked() {
    let workflow = Workflow::start().await;
    let server = behind::start_with(|config| config.egress_allow = workflow.origin.clone()).await.0;
    crowd(&server, &workflow, 3).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let agency = store.operator_agency();
    let slug = |number: usize| format!("loja-{number}").parse::<Slug>().unwrap();
    store.set_tenant_status(&agency, &act, &slug(0), TenantStatus::Suspended, Some("atraso"), now).await.unwrap();
    store.shred_tenant(&agency, &act, &slug(1), now).await.unwrap().unwrap();
    let time = Time::now();
    let watch = time.watch(&server.state, Pace::default());
    for _ in 0..4 {
        time.pass(Duration::minutes(19));
        watch.check_due().await.unwrap();
    }
    let asked = workflow.asked();
    eprintln!("of a suspended and a shredded tenant: 0 of 8 questions asked; of the third {:?} of 4", asked.values());
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), [("/webhook/loja-2".to_owned(), 4)]);
    store.set_tenant_status(&agency, &act, &slug(0), TenantStatus::Active, None, now).await.unwrap();
    assert_eq!(watch.check_due().await.unwrap(), 1);
    assert_eq!(workflow.asked()["/webhook/loja-0"], 1);
}
