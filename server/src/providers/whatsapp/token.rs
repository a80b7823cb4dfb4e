//! What Meta says of the token itself: whose it is, until when it is good and what it may do. The token is shown to
//! `debug_token` by itself, as Meta's page on permissions does; whoever gets another answer has a token that works all the
//! same, so that is never more than "unknown".

use super::graph::{NEW_TOKEN, Refused};
use crate::providers::{
    report::{Cause, Fact, Finding},
    span,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// What sending asks for.
const MESSAGING: &str = "whatsapp_business_messaging";
/// A token with less time than this is one of those that are made for trying out.
const SOON: SignedDuration = SignedDuration::from_hours(48);
/// From here on it is worth saying.
const NEAR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Until when a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Validity {
    Never,
    Until(Timestamp),
    Unknown,
}

/// Reads the answer of `debug_token`; `waba` is the account on the card.
pub(super) fn judge(answer: Option<&Value>, waba: Option<&str>, now: Timestamp) -> (Vec<Finding>, Vec<Fact>) {
    let data = answer.and_then(|answer| answer.get("data")).filter(|data| data.is_object());
    let Some(data) = data else {
        return (Vec::new(), vec![Fact { label: "Validade do token", value: "desconhecida".to_owned() }]);
    };
    let validity = validity(data);
    let kind = data.get("type").and_then(Value::as_str);
    let mut findings = Vec::new();
    if let Validity::Until(end) = validity {
        findings.extend(ending(end, kind == Some("SYSTEM_USER"), now));
    }
    let valid = data.get("is_valid").and_then(Value::as_bool);
    if valid == Some(false) && !findings.iter().any(|finding| finding.cause == Cause::Expired) {
        let refused = data.get("error").and_then(Refused::read).unwrap_or(Refused::OF_THE_TOKEN);
        findings.push(refused.finding(None));
    }
    findings.extend(lacking(data, waba));
    let kind = match kind {
        Some("SYSTEM_USER") => Some("de usuário do sistema"),
        Some("USER") => Some("de uma pessoa"),
        Some("PAGE") => Some("de uma página"),
        Some("APP") => Some("do app"),
        _ => None,
    };
    let mut facts: Vec<Fact> =
        kind.map(|kind| Fact { label: "Tipo do token", value: kind.to_owned() }).into_iter().collect();
    let value = match validity {
        Validity::Never => "não vence".to_owned(),
        Validity::Until(end) if end <= now => "vencido".to_owned(),
        Validity::Until(end) => format!("vence em {}", span::words(now, end)),
        Validity::Unknown => "desconhecida".to_owned(),
    };
    facts.push(Fact { label: "Validade do token", value });
    (findings, facts)
}

/// 0 is Meta's word for never.
fn validity(data: &Value) -> Validity {
    match data.get("expires_at").and_then(Value::as_i64) {
        Some(0) => Validity::Never,
        Some(second) => Timestamp::from_second(second).map_or(Validity::Unknown, Validity::Until),
        None => Validity::Unknown,
    }
}

fn ending(end: Timestamp, system: bool, now: Timestamp) -> Option<Finding> {
    let left = now.duration_until(end);
    if left <= SignedDuration::ZERO {
        return Some(Finding::new(Cause::Expired, "O token venceu.", NEW_TOKEN));
    }
    let what = match (left < SOON, system) {
        _ if left >= NEAR => return None,
        (true, false) => {
            format!("O token é temporário: vence em {}, e então nada mais sai nem entra.", span::words(now, end))
        }
        _ => format!("O token vence em {}.", span::words(now, end)),
    };
    Some(Finding::new(Cause::Notice, what, format!("Troque-o antes por um que não vence. {NEW_TOKEN}")))
}

/// What the token may not do. Silence says nothing: not every answer lists scopes.
fn lacking(data: &Value, waba: Option<&str>) -> Option<Finding> {
    let scopes = data.get("scopes").and_then(Value::as_array).filter(|scopes| !scopes.is_empty())?;
    if !scopes.iter().any(|scope| scope.as_str() == Some(MESSAGING)) {
        return Some(Finding::new(
            Cause::Forbidden,
            "O token vê o número, mas não pode enviar mensagens: falta a permissão whatsapp_business_messaging.",
            NEW_TOKEN,
        ));
    }
    // Without targets a scope is good for all accounts.
    let granular = data.get("granular_scopes").and_then(Value::as_array)?;
    let messaging = granular.iter().find(|scope| scope.get("scope").and_then(Value::as_str) == Some(MESSAGING))?;
    let targets = messaging.get("target_ids").and_then(Value::as_array).filter(|targets| !targets.is_empty())?;
    let waba = waba.filter(|waba| !targets.iter().any(|target| target.as_str() == Some(waba)))?;
    Some(Finding::new(
        Cause::Forbidden,
        format!("O token não alcança a conta {waba} do cartão: é de outra conta do WhatsApp Business."),
        "Confira o ID da conta em Configuração da API (API Setup). Se está certo, atribua essa conta ao usuário do sistema e \
         gere o token outra vez.",
    ))
}
