//! Google's refusals of a call. Its status and its reasons choose among our sentences; nothing of its texts is passed on.

use super::words::{CONNECT_AGAIN, MINUTE, ODD, PERMISSIONS_AGAIN};
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding},
};
use app::credentials::Provider;
use http::header;
use serde_json::Value;

/// Seconds that an answer asks to wait.
pub(super) fn retry_after(answer: &Incoming) -> Option<u32> {
    answer.headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

/// Every word by which a body says why: the older form has `errors[].reason`, the newer `details[].reason` and `status`.
fn reasons(body: &[u8]) -> Vec<String> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &body["error"];
    let of = |list: &Value| -> Vec<String> {
        let reasons = list.as_array().into_iter().flatten().filter_map(|entry| entry["reason"].as_str());
        reasons.map(str::to_owned).collect()
    };
    let mut all = of(&error["errors"]);
    all.extend(of(&error["details"]));
    all.extend(error["status"].as_str().map(str::to_owned));
    all
}

/// What an answer that is no success means.
pub(in crate::providers) fn refusal(provider: Provider, answer: &Incoming) -> Finding {
    let reasons = reasons(&answer.body);
    let says = |words: &[&str]| reasons.iter().any(|reason| words.contains(&reason.as_str()));
    let api = match provider {
        Provider::GoogleMeet => "Google Meet API",
        _ => "Google Calendar API",
    };
    match answer.status.as_u16() {
        401 => Finding::new(Cause::Expired, "O Google não aceita mais o acesso desta conta.", CONNECT_AGAIN),
        403 if says(&["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]) => {
            Finding::new(Cause::Forbidden, "O acesso que foi dado não basta: falta uma permissão.", PERMISSIONS_AGAIN)
        }
        403 if says(&["accessNotConfigured", "SERVICE_DISABLED"]) => Finding::new(
            Cause::Forbidden,
            format!("A {api} está desligada no seu projeto do Google Cloud."),
            format!(
                "No Google Cloud, com o projeto deste Client ID escolhido: APIs & Services → Library → {api} → Enable. \
                 Espere cinco minutos e teste de novo."
            ),
        ),
        403 if says(&["domainPolicy", "ADMIN_POLICY_ENFORCED", "ORG_RESTRICTION_VIOLATION"]) => Finding::new(
            Cause::Forbidden,
            "O administrador da organização desta conta não permite este acesso.",
            "Peça a quem administra o Google Workspace para liberar o seu app em Security → API controls.",
        ),
        429 | 403
            if answer.status.as_u16() == 429
                || says(&[
                    "rateLimitExceeded",
                    "userRateLimitExceeded",
                    "quotaExceeded",
                    "dailyLimitExceeded",
                    "RESOURCE_EXHAUSTED",
                    "RATE_LIMIT_EXCEEDED",
                ]) =>
        {
            Finding::new(
                Cause::RateLimited { retry_after: retry_after(answer) },
                "O Google pediu para fazer menos chamadas: a cota do seu projeto acabou por agora.",
                MINUTE,
            )
        }
        403 if says(&["forbiddenForNonOrganizer"]) => Finding::new(
            Cause::Forbidden,
            "Só quem organiza o evento pode mudá-lo.",
            "Conecte a conta que é dona da agenda.",
        ),
        403 => Finding::new(
            Cause::Forbidden,
            "A conta conectada não pode fazer isto.",
            "Confira se é a conta certa. Se for, conecte de novo e marque todas as permissões.",
        ),
        404 if provider == Provider::GoogleMeet => Finding::new(
            Cause::NotFound,
            "O Google não achou a reunião.",
            "Confira se a conta conectada é a que cria as reuniões.",
        ),
        404 => Finding::new(
            Cause::NotFound,
            "A agenda com este ID não existe, ou a conta conectada não a vê.",
            "Copie o ID em Google Agenda → Configurações da agenda → Integrar agenda. Se a agenda for de outra conta, \
             compartilhe-a com a que está conectada.",
        ),
        410 => Finding::new(
            Cause::NotFound,
            "Esta agenda foi apagada, ou o que se pediu dela é antigo demais.",
            "Confira no Google Agenda se ela ainda está lá e, se não estiver, guarde o ID de outra.",
        ),
        409 | 412 => Finding::new(Cause::Notice, "Algo mudou na agenda bem na hora do teste.", "Teste de novo."),
        400 => Finding::new(
            Cause::NotFound,
            "O Google não entendeu o pedido: o ID da agenda parece errado.",
            "Copie o ID de novo em Google Agenda → Configurações da agenda → Integrar agenda.",
        ),
        500.. => Finding::new(Cause::ProviderDown, "O Google está com uma falha dele.", MINUTE),
        _ => Finding::new(Cause::Unexpected, ODD, MINUTE),
    }
}
