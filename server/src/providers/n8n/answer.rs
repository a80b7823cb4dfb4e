//! What a webhook answered to an event. n8n's own texts choose among our sentences; nothing of an answer is passed on: a
//! workflow may return whatever it likes.

use super::HOW_TO_ACTIVATE;
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding, Place, Report},
};
use http::header;

/// An answer to an event.
pub(super) fn to_event(answer: &Incoming) -> Finding {
    let body = String::from_utf8_lossy(&answer.body);
    let says = |part: &str| body.contains(part);
    match answer.status.as_u16() {
        200..300 if says("Workflow was started") => {
            Finding::new(Cause::Works, "O evento chegou e o fluxo começou a rodar.", "")
        }
        200..300 => Finding::new(Cause::Works, "O evento chegou e o fluxo respondeu.", ""),
        404 if says("registered for POST") => Finding::new(
            Cause::NotFound,
            "O fluxo está ativo, mas o nó Webhook não aceita POST, que é como o painel avisa.",
            "No n8n, abra o nó Webhook, escolha “POST” em “HTTP Method”, salve e ative o fluxo de novo.",
        ),
        404 if says("Execute workflow") || says("Listen for") || says("webhook-test") => Finding::new(
            Cause::NotFound,
            "Esta é a URL de teste do n8n, que só vale por dois minutos de cada vez.",
            HOW_TO_ACTIVATE,
        ),
        404 => Finding::new(Cause::NotFound, "O n8n não tem nenhum fluxo ativo neste endereço.", HOW_TO_ACTIVATE),
        401 | 403 if says("IP is not allowed") || says("not whitelisted") => Finding::new(
            Cause::Forbidden,
            "O nó Webhook só aceita chamadas de certos endereços de IP, e o do painel não é um deles.",
            "No n8n, abra o nó Webhook: Options → IP(s) Whitelist. Acrescente o IP do servidor do painel ou apague a lista.",
        ),
        401 | 403
            if says("Authorization data is wrong")
                || says("Authorization is required")
                || says("Authentication data is wrong")
                || says("No token provided") =>
        {
            Finding::new(
                Cause::Forbidden,
                "O nó Webhook pede uma senha ou um token que o painel não envia.",
                "No n8n, abra o nó Webhook e escolha “None” em “Authentication”. Para saber que é o painel que chama, \
                 confira no fluxo a assinatura X-Signature.",
            )
        }
        401 | 403 => Finding::new(
            Cause::Forbidden,
            "O fluxo, ou algo na frente do n8n, barra o painel.",
            "No n8n, abra o nó Webhook: em “Authentication” escolha “None” e, em Options, desligue “Ignore Bots”.",
        ),
        500 if says("No authentication data defined") => Finding::new(
            Cause::Forbidden,
            "O nó Webhook pede uma senha, mas ela não foi definida no próprio nó.",
            "No n8n, abra o nó Webhook e escolha “None” em “Authentication”. Depois salve e ative o fluxo.",
        ),
        500 if says("Error in workflow") => Finding::new(
            Cause::Forbidden,
            "O evento chegou, e o fluxo terminou com erro.",
            "No n8n, abra o fluxo e a aba “Executions”: a última execução mostra em que nó ele parou.",
        ),
        413 => Finding::new(
            Cause::Forbidden,
            "O servidor do n8n recusa o tamanho do evento, que é pequeno.",
            "Peça a quem cuida do servidor para aumentar o limite de tamanho (client_max_body_size).",
        ),
        422 => Finding::new(
            Cause::Forbidden,
            "O n8n não conseguiu ler o evento.",
            "No n8n, abra o nó Webhook e, em Options, desligue o que muda a leitura do corpo (“Raw Body”, “Binary”).",
        ),
        429 => slow_down(answer),
        300..=399 => Finding::new(
            Cause::BadAddress,
            "Este endereço só desvia para outro, e o painel não segue desvios.",
            "Cole o endereço final, com https://. Se houver uma tela de login na frente do n8n, libere nela o webhook.",
        ),
        500.. => Finding::new(
            Cause::ProviderDown,
            "O servidor do n8n está com uma falha dele.",
            "Veja se o n8n abre no navegador. Se não abrir, reinicie-o ou avise quem cuida do servidor.",
        ),
        _ => Finding::new(
            Cause::Unexpected,
            "O fluxo recusou o evento com uma resposta própria.",
            "No n8n, abra o fluxo e a aba “Executions”, e veja o que ele devolve.",
        ),
    }
}

/// No answer to an event. After a time-out it may have arrived all the same, so that it is not sent again by itself.
pub(super) fn none_to_event(report: Report) -> Report {
    let slow = Cause::Unreachable(Place::Time);
    if report.findings.iter().all(|finding| finding.cause != slow) {
        return report;
    }
    Report::one(Finding::new(
        slow,
        "O fluxo não respondeu em dez segundos. O evento pode ter chegado.",
        "No n8n, veja a aba “Executions”. No nó Webhook, em “Respond”, escolha “Immediately”: o fluxo responde logo e segue.",
    ))
}

/// Too many calls.
pub(super) fn slow_down(answer: &Incoming) -> Finding {
    let wait = answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Finding::new(
        Cause::RateLimited { retry_after: wait },
        "O servidor do n8n pediu para fazer menos chamadas.",
        "Espere um minuto e teste de novo.",
    )
}
