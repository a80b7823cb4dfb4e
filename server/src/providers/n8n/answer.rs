//! What a webhook answered to an event. n8n's own texts choose among our sentences; nothing of an answer is passed on: a
//! workflow may return whatever it likes.

use super::how_to_activate;
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding, Place, Report},
};
use app::{both, lang::Both};
use http::header;

/// An answer to an event.
pub(super) fn to_event(answer: &Incoming) -> Finding {
    let body = String::from_utf8_lossy(&answer.body);
    let says = |part: &str| body.contains(part);
    match answer.status.as_u16() {
        200..300 if says("Workflow was started") => Finding::new(
            Cause::Works,
            both!("O evento chegou e o fluxo começou a rodar.", "The event arrived and the workflow started to run.",),
            Both::default(),
        ),
        200..300 => Finding::new(
            Cause::Works,
            both!("O evento chegou e o fluxo respondeu.", "The event arrived and the workflow answered."),
            Both::default(),
        ),
        404 if says("registered for POST") => takes_no_post(),
        404 if says("Execute workflow") || says("Listen for") || says("webhook-test") => Finding::new(
            Cause::NotFound,
            both!(
                "Esta é a URL de teste do n8n, que só vale por dois minutos de cada vez.",
                "This is n8n’s test URL, which only works for two minutes at a time.",
            ),
            how_to_activate(),
        ),
        404 => not_active(),
        401 | 403 if says("IP is not allowed") || says("not whitelisted") => Finding::new(
            Cause::Forbidden,
            both!(
                "O nó Webhook só aceita chamadas de certos endereços de IP, e o do painel não é um deles.",
                "The Webhook node only accepts calls from certain IP addresses, and Painel’s is not one of them.",
            ),
            both!(
                "No n8n, abra o nó Webhook: Options → IP(s) Whitelist. Acrescente o IP do servidor do painel ou \
                 apague a lista.",
                "In n8n, open the Webhook node: Options → IP(s) Whitelist. Add the IP of Painel’s server or delete the \
                 list.",
            ),
        ),
        401 | 403
            if says("Authorization data is wrong")
                || says("Authorization is required")
                || says("Authentication data is wrong")
                || says("No token provided") =>
        {
            Finding::new(
                Cause::Forbidden,
                both!(
                    "O nó Webhook pede uma senha ou um token que o painel não envia.",
                    "The Webhook node asks for a password or a token that Painel does not send.",
                ),
                both!(
                    "No n8n, abra o nó Webhook e escolha “None” em “Authentication”. Para saber que é o painel que \
                     chama, confira no fluxo a assinatura X-Signature.",
                    "In n8n, open the Webhook node and choose “None” in “Authentication”. To know that it is Painel \
                     that calls, check the signature (X-Signature) in the workflow.",
                ),
            )
        }
        401 | 403 => Finding::new(
            Cause::Forbidden,
            both!(
                "O fluxo, ou algo na frente do n8n, barra o painel.",
                "The workflow, or something in front of n8n, blocks Painel.",
            ),
            both!(
                "No n8n, abra o nó Webhook: em “Authentication” escolha “None” e, em Options, desligue “Ignore Bots”.",
                "In n8n, open the Webhook node: choose “None” in “Authentication” and, in Options, turn off “Ignore \
                 Bots”.",
            ),
        ),
        500 if says("No authentication data defined") => Finding::new(
            Cause::Forbidden,
            both!(
                "O nó Webhook pede uma senha, mas ela não foi definida no próprio nó.",
                "The Webhook node asks for a password, but none was set in the node itself.",
            ),
            both!(
                "No n8n, abra o nó Webhook e escolha “None” em “Authentication”. Depois salve e ative o fluxo.",
                "In n8n, open the Webhook node and choose “None” in “Authentication”. Then save and activate the \
                 workflow.",
            ),
        ),
        500 if says("Error in workflow") => Finding::new(
            Cause::Forbidden,
            both!(
                "O evento chegou, e o fluxo terminou com erro.",
                "The event arrived, and the workflow ended with an error.",
            ),
            both!(
                "No n8n, abra o fluxo e a aba “Executions”: a última execução mostra em que nó ele parou.",
                "In n8n, open the workflow and the “Executions” tab: the last execution shows at which node it \
                 stopped.",
            ),
        ),
        413 => Finding::new(
            Cause::Forbidden,
            both!(
                "O servidor do n8n recusa o tamanho do evento, que é pequeno.",
                "The n8n server refuses the size of the event, which is small.",
            ),
            both!(
                "Peça a quem cuida do servidor para aumentar o limite de tamanho (client_max_body_size).",
                "Ask whoever looks after the server to raise the size limit (client_max_body_size).",
            ),
        ),
        422 => Finding::new(
            Cause::Forbidden,
            both!("O n8n não conseguiu ler o evento.", "n8n could not read the event."),
            both!(
                "No n8n, abra o nó Webhook e, em Options, desligue o que muda a leitura do corpo (“Raw Body”, \
                 “Binary”).",
                "In n8n, open the Webhook node and, in Options, turn off what changes how the body is read (“Raw \
                 Body”, “Binary”).",
            ),
        ),
        429 => slow_down(answer),
        300..=399 => redirects(),
        500.. => has_a_fault(),
        _ => Finding::new(
            Cause::Unexpected,
            both!(
                "O fluxo recusou o evento com uma resposta própria.",
                "The workflow refused the event with an answer of its own.",
            ),
            both!(
                "No n8n, abra o fluxo e a aba “Executions”, e veja o que ele devolve.",
                "In n8n, open the workflow and the “Executions” tab, and see what it returns.",
            ),
        ),
    }
}

/// The flow is on, and its node takes no POST.
pub(super) fn takes_no_post() -> Finding {
    Finding::new(
        Cause::NotFound,
        both!(
            "O fluxo está ativo, mas o nó Webhook não aceita POST, que é como o painel avisa.",
            "The workflow is active, but the Webhook node does not accept POST, which is how Painel notifies it.",
        ),
        both!(
            "No n8n, abra o nó Webhook, escolha “POST” em “HTTP Method”, salve e ative o fluxo de novo.",
            "In n8n, open the Webhook node, choose “POST” in “HTTP Method”, save, and activate the workflow again.",
        ),
    )
}

/// No flow is on at this address.
pub(super) fn not_active() -> Finding {
    Finding::new(
        Cause::NotFound,
        both!("O n8n não tem nenhum fluxo ativo neste endereço.", "n8n has no active workflow at this address."),
        how_to_activate(),
    )
}

/// The address leads elsewhere.
pub(super) fn redirects() -> Finding {
    Finding::new(
        Cause::BadAddress,
        both!(
            "Este endereço só desvia para outro, e o painel não segue desvios.",
            "This address only redirects to another, and Painel does not follow redirects.",
        ),
        both!(
            "Cole o endereço final, com https://. Se houver uma tela de login na frente do n8n, libere nela o \
             webhook.",
            "Paste the final address, with https://. If there is a sign-in page in front of n8n, let the webhook \
             through it.",
        ),
    )
}

/// n8n itself has a fault.
pub(super) fn has_a_fault() -> Finding {
    Finding::new(
        Cause::ProviderDown,
        both!("O servidor do n8n está com uma falha dele.", "The n8n server is having a problem of its own."),
        both!(
            "Veja se o n8n abre no navegador. Se não abrir, reinicie-o ou avise quem cuida do servidor.",
            "See whether n8n opens in the browser. If it does not, restart it or tell whoever looks after the \
             server.",
        ),
    )
}

/// No answer to an event. After a time-out it may have arrived all the same, so that it is not sent again by itself.
pub(super) fn none_to_event(report: Report) -> Report {
    let slow = Cause::Unreachable(Place::Time);
    if report.findings.iter().all(|finding| finding.cause != slow) {
        return report;
    }
    Report::one(Finding::new(
        slow,
        both!(
            "O fluxo não respondeu em dez segundos. O evento pode ter chegado.",
            "The workflow did not answer within ten seconds. The event may have arrived.",
        ),
        both!(
            "No n8n, veja a aba “Executions”. No nó Webhook, em “Respond”, escolha “Immediately”: o fluxo responde \
             logo e segue.",
            "In n8n, look at the “Executions” tab. In the Webhook node, in “Respond”, choose “Immediately”: the \
             workflow answers at once and goes on.",
        ),
    ))
}

/// Too many calls.
pub(super) fn slow_down(answer: &Incoming) -> Finding {
    let wait = answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Finding::new(
        Cause::RateLimited { retry_after: wait },
        both!("O servidor do n8n pediu para fazer menos chamadas.", "The n8n server asked for fewer calls."),
        both!("Espere um minuto e teste de novo.", "Wait a minute and test again."),
    )
}
