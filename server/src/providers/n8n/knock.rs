//! The connection test of a webhook. A POST would run the workflow, so it is not asked by one: n8n answers `OPTIONS` without
//! `Access-Control-Request-Method` from its list of registered webhooks and runs nothing. Beside it, `/healthz` tells
//! whether there is an n8n at all.

use super::{URL, incomplete};
use crate::{
    egress::{Incoming, Outgoing},
    providers::{
        probe::Probe,
        report::{Cause, Fact, Finding, Report},
    },
};
use app::{both, lang::Both, tr};
use http::{HeaderMap, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, time::Duration};
use url::Url;

/// n8n itself answers this, not the workflow.
const DEADLINE: Duration = Duration::from_secs(8);

/// Tests the card's fields.
pub(in crate::providers) async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let url = fields.get(URL).and_then(|url| Url::parse(url.expose_secret()).ok());
    let Some(url) = url else { return Report::one(incomplete()) };
    let (answer, is_up) = futures::future::join(options(probe, url.clone()), is_up(probe, &url)).await;
    let mut report = match answer {
        Ok(incoming) => Report::one(registered(&incoming, is_up)),
        Err(report) => return report,
    };
    if !url.path_segments().into_iter().flatten().any(|part| part == "webhook") {
        report.findings.push(Finding::new(
            Cause::Notice,
            both!(
                "O endereço não tem “/webhook/”, como é de costume no n8n.",
                "The address does not contain “/webhook/”, as is usual in n8n.",
            ),
            both!(
                "Se o seu servidor usa outro prefixo, está certo. Senão, copie de novo a “Production URL” do nó \
                 Webhook.",
                "If your server uses another prefix, it is right. If not, copy the Webhook node’s “Production URL” \
                 again.",
            ),
        ));
    }
    if is_up {
        report.facts.push(Fact { label: tr!("Servidor n8n", "n8n server"), value: tr!("no ar", "up").to_owned() });
    }
    report
}

async fn options(probe: &Probe, url: Url) -> Result<Incoming, Report> {
    let mut headers = HeaderMap::new();
    let origin = probe.base_url.origin().ascii_serialization();
    headers.insert(header::ORIGIN, HeaderValue::try_from(origin).expect("an origin is ASCII"));
    probe.ask(Outgoing { method: Method::OPTIONS, url, headers, body: None, deadline: Some(DEADLINE) }).await
}

async fn is_up(probe: &Probe, webhook: &Url) -> bool {
    let mut url = webhook.clone();
    url.set_path("/healthz");
    url.set_query(None);
    let request = Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: None, deadline: None };
    let Ok(answer) = probe.ask(request).await else { return false };
    let told = serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap_or_default();
    answer.status.is_success() && told["status"] == "ok"
}

/// What the list of registered methods says.
fn registered(answer: &Incoming, is_up: bool) -> Finding {
    let methods = answer.headers.get(header::ACCESS_CONTROL_ALLOW_METHODS).and_then(|value| value.to_str().ok());
    let methods: Option<Vec<String>> =
        methods.map(|list| list.split(',').map(|method| method.trim().to_ascii_uppercase()).collect());
    let has = |wanted: &str| methods.as_ref().is_some_and(|list| list.iter().any(|method| method == wanted));
    match answer.status.as_u16() {
        200..300 if has("POST") => Finding::new(
            Cause::Works,
            both!(
                "O fluxo está ativo e aceita os avisos do painel. O teste não o executou.",
                "The workflow is active and accepts Painel’s notifications. The test did not run it.",
            ),
            Both::default(),
        ),
        200..300 if methods.as_ref().is_some_and(|list| list.iter().all(|method| method == "OPTIONS")) => {
            super::answer::not_active()
        }
        200..300 if methods.is_some() => super::answer::takes_no_post(),
        200..300 if is_up => Finding::new(
            Cause::Unexpected,
            both!(
                "O n8n está no ar, mas algo na frente dele (um proxy) respondeu em seu lugar.",
                "n8n is up, but something in front of it (a proxy) answered in its place.",
            ),
            both!(
                "Não deu para ver se o fluxo está ativo. Guarde e use “Enviar evento de teste”, que executa o fluxo.",
                "We could not see whether the workflow is active. Save and use “Send a test event”, which runs \
                 the workflow.",
            ),
        ),
        200..300 => Finding::new(
            Cause::Unexpected,
            both!("Este endereço responde, mas não como um n8n.", "This address answers, but not as an n8n does."),
            both!(
                "Confira se é mesmo a “Production URL” do nó Webhook. Se for, guarde e use “Enviar evento de teste”.",
                "Check that it really is the Webhook node’s “Production URL”. If it is, save and use “Send a \
                 test event”.",
            ),
        ),
        300..=399 => super::answer::redirects(),
        401 | 403 => Finding::new(
            Cause::Forbidden,
            both!(
                "Algo na frente do n8n (um proxy ou firewall) barra o painel.",
                "Something in front of n8n (a proxy or firewall) blocks Painel.",
            ),
            both!(
                "Peça a quem cuida do servidor para liberar o caminho do webhook.",
                "Ask whoever looks after the server to let the webhook’s path through.",
            ),
        ),
        404 | 405 | 410 if !is_up => Finding::new(
            Cause::NotFound,
            both!(
                "Há um servidor neste endereço, mas não este webhook.",
                "There is a server at this address, but not this webhook.",
            ),
            both!(
                "Confira se o endereço é a “Production URL” do nó Webhook, copiada inteira.",
                "Check that the address is the Webhook node’s “Production URL”, copied in full.",
            ),
        ),
        404 | 405 | 410 => super::answer::not_active(),
        429 => super::answer::slow_down(answer),
        500.. => super::answer::has_a_fault(),
        _ => Finding::new(
            Cause::Unexpected,
            both!(
                "O servidor respondeu algo que o painel não conhece.",
                "The server answered something that Painel does not know.",
            ),
            both!(
                "Confira o endereço. Se estiver certo, guarde e use “Enviar evento de teste”.",
                "Check the address. If it is right, save and use “Send a test event”.",
            ),
        ),
    }
}
