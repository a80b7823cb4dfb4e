//! The connection test of a webhook. A POST would run the workflow, so it is not asked by one: n8n answers `OPTIONS` without
//! `Access-Control-Request-Method` from its list of registered webhooks and runs nothing. Beside it, `/healthz` tells
//! whether there is an n8n at all.

use super::{HOW_TO_ACTIVATE, URL, incomplete};
use crate::{
    egress::{Incoming, Outgoing},
    providers::{
        probe::Probe,
        report::{Cause, Fact, Finding, Report},
    },
};
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
            "O endereço não tem “/webhook/”, como é de costume no n8n.",
            "Se o seu servidor usa outro prefixo, está certo. Senão, copie de novo a “Production URL” do nó Webhook.",
        ));
    }
    if is_up {
        report.facts.push(Fact { label: "Servidor n8n", value: "no ar".to_owned() });
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
        200..300 if has("POST") => {
            Finding::new(Cause::Works, "O fluxo está ativo e aceita os avisos do painel. O teste não o executou.", "")
        }
        200..300 if methods.as_ref().is_some_and(|list| list.iter().all(|method| method == "OPTIONS")) => {
            Finding::new(Cause::NotFound, "O n8n não tem nenhum fluxo ativo neste endereço.", HOW_TO_ACTIVATE)
        }
        200..300 if methods.is_some() => Finding::new(
            Cause::NotFound,
            "O fluxo está ativo, mas o nó Webhook não aceita POST, que é como o painel avisa.",
            "No n8n, abra o nó Webhook, escolha “POST” em “HTTP Method”, salve e ative o fluxo de novo.",
        ),
        200..300 if is_up => Finding::new(
            Cause::Unexpected,
            "O n8n está no ar, mas algo na frente dele (um proxy) respondeu em seu lugar.",
            "Não deu para ver se o fluxo está ativo. Guarde e use “Enviar evento de teste”, que executa o fluxo.",
        ),
        200..300 => Finding::new(
            Cause::Unexpected,
            "Este endereço responde, mas não como um n8n.",
            "Confira se é mesmo a “Production URL” do nó Webhook. Se for, guarde e use “Enviar evento de teste”.",
        ),
        300..=399 => Finding::new(
            Cause::BadAddress,
            "Este endereço só desvia para outro, e o painel não segue desvios.",
            "Cole o endereço final, com https://. Se houver uma tela de login na frente do n8n, libere nela o webhook.",
        ),
        401 | 403 => Finding::new(
            Cause::Forbidden,
            "Algo na frente do n8n (um proxy ou firewall) barra o painel.",
            "Peça a quem cuida do servidor para liberar o caminho do webhook.",
        ),
        404 | 405 | 410 if !is_up => Finding::new(
            Cause::NotFound,
            "Há um servidor neste endereço, mas não este webhook.",
            "Confira se o endereço é a “Production URL” do nó Webhook, copiada inteira.",
        ),
        404 | 405 | 410 => {
            Finding::new(Cause::NotFound, "O n8n não tem nenhum fluxo ativo neste endereço.", HOW_TO_ACTIVATE)
        }
        429 => super::answer::slow_down(answer),
        500.. => Finding::new(
            Cause::ProviderDown,
            "O servidor do n8n está com uma falha dele.",
            "Veja se o n8n abre no navegador. Se não abrir, reinicie-o ou avise quem cuida do servidor.",
        ),
        _ => Finding::new(
            Cause::Unexpected,
            "O servidor respondeu algo que o painel não conhece.",
            "Confira o endereço. Se estiver certo, guarde e use “Enviar evento de teste”.",
        ),
    }
}
