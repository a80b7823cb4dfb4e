//! Every row of what is known of n8n's webhooks, replayed by a stand-in.

use super::{send_test_event, sign, test};
use crate::providers::{
    fake::{CANARY, Fake, Reply, Seen, hostile_bodies},
    report::{Cause, Report, Standing},
};
use secrecy::SecretString;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

const SECRET: &str = "um-segredo-comprido-0123";

fn fields(fake: &Fake, path: &str, secret: Option<&str>) -> BTreeMap<String, SecretString> {
    let url = fake.url.join(path).unwrap().to_string();
    let pairs = [("webhook_url", Some(url.as_str())), ("signing_secret", secret)];
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect()
}

fn shows(report: &Report, cause: Cause, part: &str) -> bool {
    report.findings.iter().any(|finding| finding.cause == cause && finding.what.pt.contains(part))
}

fn options(methods: Option<&str>) -> Reply {
    let reply = Reply::new(204, "");
    methods.map_or(reply.clone(), |methods| reply.with("access-control-allow-methods", methods))
}

fn healthz(seen: &Seen) -> Option<Reply> {
    (seen.path == "/healthz").then(|| Reply::new(200, r#"{"status":"ok"}"#))
}

#[tokio::test]
async fn the_probe_tells_what_is_registered_and_runs_nothing() {
    let up = true;
    #[rustfmt::skip]
    let rows = [
        (options(Some("OPTIONS, POST")), up, Cause::Works, "ativo e aceita"),
        (options(Some("OPTIONS, GET, POST")), up, Cause::Works, "ativo e aceita"),
        (options(Some("options,post")), !up, Cause::Works, "ativo e aceita"),
        (options(Some("OPTIONS")), up, Cause::NotFound, "nenhum fluxo ativo"),
        (options(Some("OPTIONS, GET")), up, Cause::NotFound, "não aceita POST"),
        (options(None), up, Cause::Unexpected, "proxy"),
        (options(None), !up, Cause::Unexpected, "não como um n8n"),
        (Reply::new(200, "ok"), !up, Cause::Unexpected, "não como um n8n"),
        (Reply::new(302, "").with("location", "/login"), up, Cause::BadAddress, "desvia"),
        (Reply::new(401, ""), up, Cause::Forbidden, "barra"),
        (Reply::new(403, ""), up, Cause::Forbidden, "barra"),
        (Reply::new(404, ""), up, Cause::NotFound, "nenhum fluxo ativo"),
        (Reply::new(404, ""), !up, Cause::NotFound, "não este webhook"),
        (Reply::new(405, ""), !up, Cause::NotFound, "não este webhook"),
        (Reply::new(429, "").with("retry-after", "7"), up, Cause::RateLimited { retry_after: Some(7) }, "menos chamadas"),
        (Reply::new(500, ""), up, Cause::ProviderDown, "falha dele"),
        (Reply::new(502, ""), !up, Cause::ProviderDown, "falha dele"),
        (Reply::new(418, ""), up, Cause::Unexpected, "não conhece"),
    ];
    let of = rows.len();
    let mut right = 0;
    for (reply, up, cause, part) in rows {
        let told = reply.clone();
        let fake = Fake::start(move |seen| match healthz(seen) {
            Some(health) if up => health,
            Some(_) => Reply::new(404, ""),
            None => reply.clone(),
        })
        .await;
        let report = test(&fields(&fake, "/webhook/abc", None), &fake.probe()).await;
        assert!(shows(&report, cause, part), "{told:?}: {report:?}");
        assert_eq!(report.facts.len(), usize::from(up), "n8n is up: {report:?}");
        for seen in fake.seen() {
            assert!(seen.body.is_empty() && !seen.headers.contains_key("access-control-request-method"));
            match seen.path.as_str() {
                "/healthz" => assert_eq!(seen.method, "GET"),
                _ => {
                    assert_eq!(seen.method, "OPTIONS", "no POST: it would run the workflow");
                    assert_eq!(seen.headers["origin"], "https://painel.exemplo.com.br");
                }
            }
        }
        right += 1;
    }
    eprintln!("n8n: {right} of {of} answers to the probe told as what they are");
    assert_eq!(right, of);
}

#[tokio::test]
async fn an_unusual_prefix_is_mentioned_and_no_error() {
    let fake = Fake::start(|_| options(Some("OPTIONS, POST"))).await;
    let report = test(&fields(&fake, "/gancho/abc", None), &fake.probe()).await;
    assert_eq!(report.standing(), Standing::Healthy);
    assert!(shows(&report, Cause::Notice, "/webhook/"));
}

/// Status, body, cause, a part of what is told: n8n's answers to a POST.
#[rustfmt::skip]
const ANSWERS: &[(u16, &str, Cause, &str)] = &[
    (200, r#"{"message":"Workflow was started"}"#, Cause::Works, "começou"),
    (200, r#"{"message":"Workflow executed successfully but no data was returned"}"#, Cause::Works, "respondeu"),
    (200, r#"{"qualquer":"coisa"}"#, Cause::Works, "respondeu"),
    (201, "", Cause::Works, "respondeu"),
    (500, r#"{"message":"Error in workflow"}"#, Cause::Forbidden, "terminou com erro"),
    (404, r#"{"code":404,"message":"The requested webhook \"POST abc\" is not registered.","hint":"The workflow must be active for a production URL to run successfully. You can activate it."}"#, Cause::NotFound, "nenhum fluxo ativo"),
    (404, r#"{"code":404,"message":"This webhook is not registered for POST requests. Did you mean to make a GET request?"}"#, Cause::NotFound, "não aceita POST"),
    (404, r#"{"code":404,"message":"The requested webhook \"abc\" is not registered.","hint":"Click the 'Execute workflow' button on the canvas, then try again."}"#, Cause::NotFound, "URL de teste"),
    (404, "", Cause::NotFound, "nenhum fluxo ativo"),
    (422, r#"{"code":422,"message":"Failed to parse request body"}"#, Cause::Forbidden, "ler o evento"),
    (500, r#"{"code":0,"message":"x"}"#, Cause::ProviderDown, "falha dele"),
    (403, "Authorization data is wrong!", Cause::Forbidden, "pede uma senha"),
    (401, "Authorization is required!", Cause::Forbidden, "pede uma senha"),
    (401, "Authentication data is wrong!", Cause::Forbidden, "pede uma senha"),
    (403, "Authentication data is wrong!", Cause::Forbidden, "pede uma senha"),
    (401, "No token provided", Cause::Forbidden, "pede uma senha"),
    (403, "jwt malformed", Cause::Forbidden, "barra o painel"),
    (500, "No authentication data defined on node!", Cause::Forbidden, "não foi definida"),
    (403, "IP is not allowed to access the webhook!", Cause::Forbidden, "endereços de IP"),
    (403, "IP is not whitelisted to access the webhook!", Cause::Forbidden, "endereços de IP"),
    (403, "", Cause::Forbidden, "barra o painel"),
    (413, "", Cause::Forbidden, "tamanho"),
    (429, "", Cause::RateLimited { retry_after: None }, "menos chamadas"),
    (302, "", Cause::BadAddress, "desvia"),
    (502, "", Cause::ProviderDown, "falha dele"),
    (418, r#"{"x":1}"#, Cause::Unexpected, "recusou o evento"),
];

#[tokio::test]
async fn every_answer_to_an_event_is_told_as_what_it_is_and_no_event_is_repeated() {
    for &(status, body, cause, part) in ANSWERS {
        let fake = Fake::start(move |_| Reply::new(status, body)).await;
        let report = send_test_event(&fields(&fake, "/webhook/abc", Some(SECRET)), &fake.probe()).await;
        assert!(shows(&report, cause, part), "{status} {body}: {report:?}");
        assert_eq!(report.findings.len(), 1);
        assert_eq!(fake.seen().len(), 1, "once");
    }
    eprintln!("n8n: {0} of {0} answers to an event told as what they are", ANSWERS.len());
}

#[tokio::test]
async fn an_event_arrives_signed_with_its_id_and_says_what_it_is() {
    let fake = Fake::start(|_| Reply::new(200, r#"{"message":"Workflow was started"}"#)).await;
    let probe = fake.probe();
    let report = send_test_event(&fields(&fake, "/webhook/abc", Some(SECRET)), &probe).await;
    let seen = &fake.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/webhook/abc"));
    assert_eq!(seen.headers["x-signature"], sign(&SECRET.into(), probe.now, &seen.body).as_str());
    assert!(seen.headers["user-agent"].to_str().unwrap().starts_with("Painel/"));
    let told: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(told["event"], "connection_test");
    assert_eq!(seen.headers["x-event-id"].to_str().unwrap(), told["id"].as_str().unwrap());
    assert_eq!(report.facts[0].value, told["id"].as_str().unwrap(), "the page names it, to be found in n8n");

    let report = send_test_event(&fields(&fake, "/webhook/abc", None), &probe).await;
    assert!(fake.seen()[1].headers.get("x-signature").is_none());
    assert!(shows(&report, Cause::Notice, "sem assinatura") && report.standing() == Standing::Healthy);
}

#[tokio::test]
async fn nothing_of_a_body_is_passed_on() {
    let bodies = hostile_bodies();
    let hostile = Arc::new(Mutex::new(Reply::default()));
    let told = Arc::clone(&hostile);
    let fake = Fake::start(move |_| told.lock().unwrap().clone()).await;
    let (fields, probe) = (fields(&fake, "/webhook/abc", Some(SECRET)), fake.probe());
    let mut clean = 0;
    for body in &bodies {
        let mut quiet = true;
        for status in [200, 403, 404, 500] {
            *hostile.lock().unwrap() = Reply::new(status, body.clone());
            let reports = (test(&fields, &probe).await, send_test_event(&fields, &probe).await);
            quiet &= !format!("{reports:?}").contains(CANARY);
        }
        clean += usize::from(quiet);
    }
    eprintln!("n8n: {clean} of {} hostile bodies not shown", bodies.len());
    assert_eq!((clean, bodies.len()), (bodies.len(), 20));
}
