//! One connection's course, as the tenant, its workflow and the agency see it.

use super::{SECRET, Time, connect_workflow, standing, state_of, workflow::Workflow};
use crate::{
    bad_project::{BadProject, Mode},
    behind,
    harness::project,
};
use app::{
    credentials::Provider,
    session::{AgencyRole, Role},
};
use jiff::Timestamp;
use reqwest::StatusCode;
use server::{
    health::Pace,
    providers::n8n::sign,
    store::{AuditQuery, ConnectionState, EventKind},
};
use time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_goes_away_and_comes_back_is_told_twice() {
    let door = BadProject::before(project(0, "origin")).await;
    let workflow = Workflow::start().await;
    let server = behind::start_with(|config| {
        config.egress_allow = format!("{},{},{}", project(0, "origin"), door.origin, workflow.origin);
    })
    .await
    .0;
    let tenant = server.tenant("curso", Role::Admin, None).await;
    server.user("leitora@curso.example", tenant.scope.tenant(), Role::Viewer).await;
    server.staff("apoio@agencia.example", AgencyRole::Support).await;
    server.connect_to(&tenant.scope, &format!("http://{}", door.origin), &project(0, "publishable_key")).await;
    connect_workflow(&server, &tenant, &workflow, "curso").await;
    let admin = server.signed_in(&tenant.email).await;
    let viewer = server.signed_in("leitora@curso.example").await;
    let support = server.signed_in("apoio@agencia.example").await;
    let time = Time::now();
    let watch = time.watch(&server.state, Pace::default());
    let look = async || (watch.check_due().await.unwrap(), watch.tell_due().await.unwrap());
    let supabase = async || state_of(&server, &tenant, Provider::Supabase).await;
    let told = async || {
        let query = AuditQuery { kind: Some(EventKind::ConnectionChanged), ..AuditQuery::default() };
        server.state.store.list_events(&tenant.scope, &query, 50).await.unwrap().len()
    };

    // Just saved: nobody knows yet, and the page says so.
    assert_eq!(look().await, (0, 0));
    assert!(admin.text("/settings/credentials").await.contains("não verificado"));
    time.pass(Duration::seconds(65));
    assert_eq!(look().await, (2, 0), "both are looked at, and that a new one works is no news");
    assert_eq!(supabase().await, Some(ConnectionState::Healthy));
    let page = admin.text("/settings/credentials").await;
    assert!(page.contains("funciona") && page.contains("class=\"strip\"") && !page.contains("parou de funcionar"));
    assert_eq!(look().await, (0, 0), "nothing is due");

    // One failure is no news; the second, a minute later, is.
    door.set(Mode::Paused);
    time.pass(Duration::minutes(19));
    assert_eq!(look().await, (2, 0));
    assert_eq!(supabase().await, Some(ConnectionState::Healthy));
    assert!(standing(&server, &tenant, Provider::Supabase).await.unwrap().doubted);
    assert!(!admin.text("/").await.contains("parou de funcionar"));
    let first_seen = time.read();
    time.pass(Duration::minutes(2));
    assert_eq!(look().await, (1, 1));
    assert_eq!(supabase().await, Some(ConnectionState::Unreachable));
    assert_eq!(standing(&server, &tenant, Provider::Supabase).await.unwrap().since, first_seen);
    assert_eq!((workflow.events().len(), told().await), (1, 1));
    for path in ["/", "/settings/team", "/settings/credentials"] {
        let page = admin.text(path).await;
        assert!(page.contains("A conexão Supabase parou de funcionar"), "{path}");
        assert!(page.contains("/settings/credentials#supabase"), "{path}");
    }
    assert!(!viewer.text("/conversations").await.contains("parou de funcionar"), "who cannot mend it is not told");
    assert!(admin.text("/settings/audit").await.contains("conexão mudou"));

    // The agency sees the state and nothing of what was found.
    let what = server.state.store.list_checks(&tenant.scope).await.unwrap();
    let what = what.iter().find(|check| check.state == ConnectionState::Unreachable).unwrap().what.pt.clone();
    assert!(admin.text("/settings/credentials").await.contains(&*what), "the tenant does: {what}");
    for path in ["/console", "/console/tenants/curso"] {
        let page = support.text(path).await;
        assert!(page.contains("sem resposta") && page.contains("funciona"), "{path}");
        assert!(!page.contains(&*what), "{path}");
    }

    // As long as it lasts there is no more to tell.
    for _ in 0..5 {
        time.pass(Duration::minutes(19));
        assert_eq!(look().await.1, 0);
    }
    assert_eq!((workflow.events().len(), told().await), (1, 1));

    door.set(Mode::Open);
    time.pass(Duration::minutes(19));
    assert_eq!(look().await.1, 1);
    assert_eq!(supabase().await, Some(ConnectionState::Healthy));
    assert!(!admin.text("/").await.contains("parou de funcionar"), "it goes by itself");
    time.pass(Duration::hours(3));
    look().await;

    let events = workflow.events();
    let mut right = 0;
    for (event, (from, to)) in events.iter().zip([("healthy", "unreachable"), ("unreachable", "healthy")]) {
        let json = event.json();
        let seconds = event.signature.strip_prefix("t=").and_then(|rest| rest.split(',').next()).unwrap();
        let at = Timestamp::from_second(seconds.parse().unwrap()).unwrap();
        assert_eq!(event.signature, sign(&SECRET.into(), at, &event.body), "signed over what came");
        assert_eq!(
            (json["event"].as_str(), json["id"].as_str()),
            (Some("connection_changed"), Some(event.id.as_str()))
        );
        let data = &json["data"];
        assert_eq!(
            (data["provider"].as_str(), data["from"].as_str(), data["to"].as_str()),
            (Some("supabase"), Some(from), Some(to))
        );
        assert!(data["at"].as_str().unwrap().ends_with('Z') && !data["what"].as_str().unwrap().is_empty());
        right += 1;
    }
    eprintln!("away and back: {right} of 2 changes told, {} events in the trail, {} posts", told().await, events.len());
    assert_eq!((right, events.len(), told().await), (2, 2, 2));
    assert_ne!(events[0].id, events[1].id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_green_without_a_recent_success() {
    let workflow = Workflow::start().await;
    let (server, behind) = behind::start_with(|config| config.egress_allow = workflow.origin.clone()).await;
    let tenant = server.tenant("verde", Role::Admin, None).await;
    server.staff("apoio@agencia.example", AgencyRole::Support).await;
    connect_workflow(&server, &tenant, &workflow, "verde").await;
    let (admin, support) = (server.signed_in(&tenant.email).await, server.signed_in("apoio@agencia.example").await);
    let time = Time::now();
    time.pass(Duration::seconds(65));
    assert_eq!(time.watch(&server.state, Pace::default()).check_due().await.unwrap(), 1);
    let card = "/settings/credentials";
    let green = |page: &str| page.contains("n8n: funciona");
    assert!(admin.text(card).await.contains("verificado") && green(&support.text("/console").await));
    // What was found stays in the database; only its age changes.
    behind
        .run("update connection_health set healthy_at = healthy_at - 2100000000, checked_at = checked_at - 2100000000")
        .await;
    let (page, fleet) = (admin.text(card).await, support.text("/console").await);
    assert!(page.contains("Faz tempo que ninguém verifica") && fleet.contains("n8n: não verificado") && !green(&fleet));
    // A check of late that did not succeed makes nothing green either.
    behind.run("update connection_health set checked_at = checked_at + 2100000000").await;
    assert!(!green(&support.text("/console").await));
    let table = behind.painel(&server, &["health", "--tenant", "verde"], "");
    assert_eq!(
        String::from_utf8_lossy(&table.stdout).split('\t').take(3).collect::<Vec<_>>(),
        ["verde", "n8n", "unknown"]
    );
    // Success by a person's own test of what is stored.
    let answer = admin.call("/api/credentials/test", &[("provider", "n8n"), ("version", "1")]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(green(&support.text("/console").await));
    let table = behind.painel(&server, &["health"], "");
    assert_eq!(
        String::from_utf8_lossy(&table.stdout).split('\t').take(3).collect::<Vec<_>>(),
        ["verde", "n8n", "healthy"]
    );
    // And a test of what was only typed is none of what is stored.
    let checks = async || server.state.store.list_checks(&tenant.scope).await.unwrap().len();
    let before = checks().await;
    let typed = workflow.url("outro");
    let pairs = [("provider", "n8n"), ("version", "1"), ("fields[webhook_url]", typed.as_str())];
    assert_eq!(admin.call("/api/credentials/test", &pairs).await.status(), StatusCode::OK);
    assert_eq!((before, checks().await), (2, 2));
    // A save: what was found of the old one counts no more.
    connect_workflow(&server, &tenant, &workflow, "verde-2").await;
    assert!(!green(&support.text("/console").await));
}
