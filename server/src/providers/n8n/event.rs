//! What Painel tells a workflow, and how it is delivered: one POST, signed when there is a secret, never repeated by
//! itself. An event that is sent again keeps its id, so that a workflow can tell.

use super::{SECRET, URL, answer, incomplete, signature::sign};
use crate::{
    egress::{Egress, EgressError, Incoming, Outgoing},
    providers::{
        probe::Probe,
        report::{Cause, Finding, Report},
    },
    telemetry::spans,
};
use app::{both, credentials::Provider};
use http::{HeaderMap, HeaderValue, Method, header};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use tracing::Instrument;
use url::Url;
use uuid::Uuid;

/// How long a workflow may take to answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// One event on its way to a workflow.
#[derive(Debug, Clone)]
pub struct Event {
    id: Uuid,
    body: Vec<u8>,
}

impl Event {
    /// An event of a kind (`connection_test`, …), made at an instant, with what else it has to tell.
    pub fn new(kind: &'static str, at: Timestamp, data: serde_json::Value) -> Self {
        Self::again(Uuid::new_v4(), kind, at, data)
    }

    /// An event that has its id already, because it may be sent more than once.
    pub fn again(id: Uuid, kind: &'static str, at: Timestamp, data: serde_json::Value) -> Self {
        let body = json!({ "event": kind, "id": id, "sent_at": at.to_string(), "data": data });
        Self { id, body: body.to_string().into_bytes() }
    }

    /// By which a workflow knows it again.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// Sends an event once in a tenant's lane, signed when there is a secret, and gives the workflow's answer, whatever it is.
///
/// # Errors
/// See [`EgressError`]. After a time-out nobody knows whether the workflow has run.
pub async fn deliver(
    egress: &Egress,
    lane: Uuid,
    url: Url,
    secret: Option<&SecretString>,
    event: &Event,
    now: Timestamp,
) -> Result<Incoming, EgressError> {
    egress.send(lane, post(url, secret, event, now)).instrument(spans::call(Provider::N8n.as_str(), "")).await
}

fn post(url: Url, secret: Option<&SecretString>, event: &Event, now: Timestamp) -> Outgoing {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let text = |text: String| HeaderValue::try_from(text).expect("digits and letters");
    headers.insert("x-event-id", text(event.id.to_string()));
    if let Some(secret) = secret {
        headers.insert("x-signature", text(sign(secret, now, &event.body)));
    }
    Outgoing { method: Method::POST, url, headers, body: Some(event.body.clone()), deadline: Some(DEADLINE) }
}

/// Sends the test event to the webhook of these fields. It runs the workflow.
pub async fn send_test_event(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let url = fields.get(URL).and_then(|url| Url::parse(url.expose_secret()).ok());
    let Some(url) = url else { return Report::one(incomplete()) };
    let secret = fields.get(SECRET);
    let event = Event::new("connection_test", probe.now, json!({ "panel": probe.base_url.as_str() }));
    let mut report = match probe.ask(post(url, secret, &event, probe.now)).await {
        Ok(incoming) => Report::one(answer::to_event(&incoming)),
        Err(report) => answer::none_to_event(report),
    };
    if secret.is_none() && report.findings.iter().any(|finding| finding.cause == Cause::Works) {
        report.findings.push(Finding::new(
            Cause::Notice,
            both!(
                "O aviso foi sem assinatura: quem souber o endereço pode fingir ser o painel.",
                "The notification went out unsigned: whoever knows the address can pretend to be Painel.",
            ),
            both!(
                "Preencha “Segredo da assinatura” aqui e confira o cabeçalho X-Signature no fluxo.",
                "Fill in “Signing secret” here and check the X-Signature header in the workflow.",
            ),
        ));
    }
    report.facts.push(crate::providers::report::Fact { label: "X-Event-Id", value: event.id.to_string() });
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_signed_over_the_very_bytes_it_carries() {
        let at = Timestamp::from_second(1_767_225_600).unwrap();
        let (event, secret) = (Event::new("connection_test", at, json!({})), SecretString::from("0123456789abcdef"));
        let url: Url = "https://n8n.exemplo.com.br/webhook/abc".parse().unwrap();
        let signed = post(url.clone(), Some(&secret), &event, at);
        let body = signed.body.unwrap();
        assert_eq!(signed.headers["x-signature"], sign(&secret, at, &body).as_str());
        assert_eq!(signed.headers["x-event-id"], event.id().to_string().as_str());
        let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&told["event"], &told["id"]), (&json!("connection_test"), &json!(event.id())));
        assert_eq!(post(url, None, &event, at).headers.get("x-signature"), None);
    }
}
