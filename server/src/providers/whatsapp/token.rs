//! What Meta says of the token itself: whose it is, until when it is good and what it may do. The token is shown to
//! `debug_token` by itself, as Meta's page on permissions does; whoever gets another answer has a token that works all the
//! same, so that is never more than "unknown".

use super::graph::{Refused, new_token};
use crate::providers::{
    report::{Cause, Fact, Finding},
    span,
};
use app::{
    both,
    lang::{Lang, lang},
    tr,
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
        return (Vec::new(), vec![valid_until(tr!("desconhecida", "unknown").to_owned())]);
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
        Some("SYSTEM_USER") => Some(tr!("de usuário do sistema", "a system user’s")),
        Some("USER") => Some(tr!("de uma pessoa", "a person’s")),
        Some("PAGE") => Some(tr!("de uma página", "a page’s")),
        Some("APP") => Some(tr!("do app", "the app’s")),
        _ => None,
    };
    let kind = kind.map(|kind| Fact { label: tr!("Tipo do token", "Kind of token"), value: kind.to_owned() });
    let mut facts: Vec<Fact> = kind.into_iter().collect();
    let value = match validity {
        Validity::Never => tr!("não vence", "does not expire").to_owned(),
        Validity::Until(end) if end <= now => tr!("vencido", "expired").to_owned(),
        Validity::Until(end) => {
            let left = span::words(lang(), now, end);
            tr!(format!("vence em {left}"), format!("expires in {left}"))
        }
        Validity::Unknown => tr!("desconhecida", "unknown").to_owned(),
    };
    facts.push(valid_until(value));
    (findings, facts)
}

fn valid_until(value: String) -> Fact {
    Fact { label: tr!("Validade do token", "Token validity"), value }
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
        return Some(Finding::new(Cause::Expired, both!("O token venceu.", "The token has expired."), new_token()));
    }
    let (pt, en) = (span::words(Lang::Pt, now, end), span::words(Lang::En, now, end));
    let what = match (left < SOON, system) {
        _ if left >= NEAR => return None,
        (true, false) => both!(
            format!("O token é temporário: vence em {pt}, e então nada mais sai nem entra."),
            format!("The token is temporary: it expires in {en}, and then nothing goes out or comes in any more.")
        ),
        _ => both!(format!("O token vence em {pt}."), format!("The token expires in {en}.")),
    };
    let new = new_token();
    let fix = both!(
        format!("Troque-o antes por um que não vence. {}", new.pt),
        format!("Replace it before then with one that does not expire. {}", new.en)
    );
    Some(Finding::new(Cause::Notice, what, fix))
}

/// What the token may not do. Silence says nothing: not every answer lists scopes.
fn lacking(data: &Value, waba: Option<&str>) -> Option<Finding> {
    let scopes = data.get("scopes").and_then(Value::as_array).filter(|scopes| !scopes.is_empty())?;
    if !scopes.iter().any(|scope| scope.as_str() == Some(MESSAGING)) {
        return Some(Finding::new(
            Cause::Forbidden,
            both!(
                "O token vê o número, mas não pode enviar mensagens: falta a permissão whatsapp_business_messaging.",
                "The token sees the number, but may not send messages: the permission whatsapp_business_messaging is \
                 missing."
            ),
            new_token(),
        ));
    }
    // Without targets a scope is good for all accounts.
    let granular = data.get("granular_scopes").and_then(Value::as_array)?;
    let messaging = granular.iter().find(|scope| scope.get("scope").and_then(Value::as_str) == Some(MESSAGING))?;
    let targets = messaging.get("target_ids").and_then(Value::as_array).filter(|targets| !targets.is_empty())?;
    let waba = waba.filter(|waba| !targets.iter().any(|target| target.as_str() == Some(waba)))?;
    Some(Finding::new(
        Cause::Forbidden,
        both!(
            format!("O token não alcança a conta {waba} do cartão: é de outra conta do WhatsApp Business."),
            format!("The token does not reach the card’s account {waba}: it is another WhatsApp Business account’s.")
        ),
        both!(
            "Confira o ID da conta em Configuração da API (API Setup). Se está certo, atribua essa conta ao usuário do \
             sistema e gere o token outra vez.",
            "Check the account’s ID in API Setup. If it is right, assign that account to the system user and generate \
             the token again."
        ),
    ))
}
