//! Google's refusals of a call. Its status and its reasons choose among our sentences; nothing of its texts is passed on.

use super::words::{connect_again, minute, odd, permissions_again};
use crate::{
    egress::Incoming,
    providers::report::{Cause, Finding},
};
use app::{both, credentials::Provider};
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
        401 => Finding::new(
            Cause::Expired,
            both!(
                "O Google não aceita mais o acesso desta conta.",
                "Google does not accept this account’s access any more."
            ),
            connect_again(),
        ),
        403 if says(&["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]) => Finding::new(
            Cause::Forbidden,
            both!(
                "O acesso que foi dado não basta: falta uma permissão.",
                "The access that was given is not enough: a permission is missing."
            ),
            permissions_again(),
        ),
        403 if says(&["accessNotConfigured", "SERVICE_DISABLED"]) => Finding::new(
            Cause::Forbidden,
            both!(
                format!("A {api} está desligada no seu projeto do Google Cloud."),
                format!("The {api} is switched off in your Google Cloud project.")
            ),
            both!(
                format!(
                    "No Google Cloud, com o projeto deste Client ID escolhido: APIs & Services → Library → {api} → \
                     Enable. Espere cinco minutos e teste de novo."
                ),
                format!(
                    "In Google Cloud, with the project of this Client ID chosen: APIs & Services → Library → {api} → \
                     Enable. Wait five minutes and test again."
                )
            ),
        ),
        403 if says(&["domainPolicy", "ADMIN_POLICY_ENFORCED", "ORG_RESTRICTION_VIOLATION"]) => Finding::new(
            Cause::Forbidden,
            both!(
                "O administrador da organização desta conta não permite este acesso.",
                "The administrator of this account’s organisation does not allow this access."
            ),
            both!(
                "Peça a quem administra o Google Workspace para liberar o seu app em Security → API controls.",
                "Ask whoever administers Google Workspace to allow your app in Security → API controls."
            ),
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
                both!(
                    "O Google pediu para fazer menos chamadas: a cota do seu projeto acabou por agora.",
                    "Google asked for fewer calls: your project’s quota is used up for now."
                ),
                minute(),
            )
        }
        403 if says(&["forbiddenForNonOrganizer"]) => Finding::new(
            Cause::Forbidden,
            both!("Só quem organiza o evento pode mudá-lo.", "Only the organiser of the event can change it."),
            both!("Conecte a conta que é dona da agenda.", "Connect the account that owns the calendar."),
        ),
        403 => Finding::new(
            Cause::Forbidden,
            both!("A conta conectada não pode fazer isto.", "The connected account may not do this."),
            both!(
                "Confira se é a conta certa. Se for, conecte de novo e marque todas as permissões.",
                "Check that it is the right account. If it is, connect again and tick every permission."
            ),
        ),
        404 if provider == Provider::GoogleMeet => Finding::new(
            Cause::NotFound,
            both!("O Google não achou a reunião.", "Google did not find the meeting."),
            both!(
                "Confira se a conta conectada é a que cria as reuniões.",
                "Check that the connected account is the one that creates the meetings."
            ),
        ),
        404 => Finding::new(
            Cause::NotFound,
            both!(
                "A agenda com este ID não existe, ou a conta conectada não a vê.",
                "There is no calendar with this ID, or the connected account does not see it."
            ),
            both!(
                "Copie o ID em Google Agenda → Configurações da agenda → Integrar agenda. Se a agenda for de outra \
                 conta, compartilhe-a com a que está conectada.",
                "Copy the ID in Google Calendar → Calendar settings → Integrate calendar. If the calendar belongs to \
                 another account, share it with the connected one."
            ),
        ),
        410 => Finding::new(
            Cause::NotFound,
            both!(
                "Esta agenda foi apagada, ou o que se pediu dela é antigo demais.",
                "This calendar was deleted, or what was asked of it is too old."
            ),
            both!(
                "Confira no Google Agenda se ela ainda está lá e, se não estiver, guarde o ID de outra.",
                "Check in Google Calendar whether it is still there and, if not, save the ID of another one."
            ),
        ),
        409 | 412 => Finding::new(
            Cause::Notice,
            both!(
                "Algo mudou na agenda bem na hora do teste.",
                "Something changed in the calendar right at the time of the test."
            ),
            both!("Teste de novo.", "Test again."),
        ),
        400 => Finding::new(
            Cause::NotFound,
            both!(
                "O Google não entendeu o pedido: o ID da agenda parece errado.",
                "Google did not understand the request: the calendar’s ID seems to be wrong."
            ),
            both!(
                "Copie o ID de novo em Google Agenda → Configurações da agenda → Integrar agenda.",
                "Copy the ID again in Google Calendar → Calendar settings → Integrate calendar."
            ),
        ),
        500.. => Finding::new(
            Cause::ProviderDown,
            both!("O Google está com uma falha dele.", "Google is having a problem of its own."),
            minute(),
        ),
        _ => Finding::new(Cause::Unexpected, odd(), minute()),
    }
}
