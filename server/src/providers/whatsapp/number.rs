//! What Meta says of a number: whose it is, how it stands, and whether it is the one on the card.

use crate::{
    providers::{
        phone,
        report::{Cause, Fact, Finding},
        text::short,
    },
    words,
};
use app::{both, tr};
use serde_json::Value;

/// The fields that are asked for.
pub(super) const FIELDS: &str =
    "id,display_phone_number,verified_name,quality_rating,code_verification_status,platform_type,throughput";

/// Reads a number's answer and holds it against the telephone that was typed on the card.
///
/// `code_verification_status` is asked for and not judged: it is `EXPIRED` on numbers that work for years.
pub(super) fn judge(number: &Value, typed: Option<&str>) -> (Vec<Finding>, Vec<Fact>) {
    let text = |name: &str| number.get(name).and_then(Value::as_str).and_then(short);
    let Some(display) = text("display_phone_number") else {
        let finding = Finding::new(
            Cause::NotFound,
            both!(
                "A Meta conhece este ID, mas não diz de que telefone é.",
                "Meta knows this ID, but does not say which phone it belongs to."
            ),
            both!(
                "Copie a “Identificação do número de telefone” em WhatsApp → Configuração da API (API Setup).",
                "Copy the “Phone number ID” in WhatsApp → API Setup."
            ),
        );
        return (vec![finding], Vec::new());
    };
    let shown = words::as_written(&display);
    let mut findings = Vec::new();
    if let Some(typed) = typed.filter(|typed| !phone::is_same(typed, &display)) {
        let typed = words::as_written(typed);
        findings.push(Finding::new(
            Cause::NotFound,
            both!(
                format!("Este ID é do telefone {shown}, e no cartão está {typed}."),
                format!("This ID belongs to the phone {shown}, and the card has {typed}.")
            ),
            both!(
                "Se o telefone do cartão é o certo, escolha-o em “De” na Configuração da API (API Setup) e copie o ID \
                 dele. Se não, corrija o número no cartão.",
                "If the phone on the card is the right one, choose it under “From” in API Setup and copy its ID. If \
                 not, correct the number on the card."
            ),
        ));
    }
    match text("platform_type").as_deref() {
        None | Some("CLOUD_API") => {}
        Some("ON_PREMISE") => findings.push(Finding::new(
            Cause::Forbidden,
            both!(
                "O número ainda está na API antiga, instalada em servidor próprio.",
                "The number is still on the old API, the one that runs on one’s own server."
            ),
            both!(
                "Migre-o para a API de nuvem em Gerenciador do WhatsApp → Números de telefone.",
                "Migrate it to the Cloud API in WhatsApp Manager → Phone numbers."
            ),
        )),
        Some(_) => findings.push(Finding::new(
            Cause::Forbidden,
            both!(
                "O número está na conta, mas ainda não foi registrado na API de nuvem: não envia nem recebe.",
                "The number is in the account, but not registered in the Cloud API yet: it neither sends nor receives."
            ),
            both!(
                "Em Gerenciador do WhatsApp → Números de telefone, abra o número e conclua o registro (código por SMS \
                 ou ligação e um PIN de seis números).",
                "In WhatsApp Manager → Phone numbers, open the number and finish its registration (a code by SMS or \
                 call and a six-digit PIN)."
            ),
        )),
    }
    let name = text("verified_name");
    if name.as_deref() == Some("Test Number") {
        findings.push(Finding::new(
            Cause::Notice,
            both!(
                "Este é o número de teste da Meta: só fala com até cinco telefones cadastrados.",
                "This is Meta’s test number: it only talks to up to five registered phones."
            ),
            both!(
                "Para atender clientes, adicione o telefone do negócio em Configuração da API (API Setup), passo 5.",
                "To serve customers, add the business’s phone in API Setup, step 5."
            ),
        ));
    }
    let quality = text("quality_rating");
    if quality.as_deref() == Some("RED") {
        findings.push(Finding::new(
            Cause::Notice,
            both!(
                "A qualidade do número está baixa: a Meta pode reduzir os envios ou bloqueá-lo.",
                "The number’s quality is low: Meta may limit what it sends, or block it."
            ),
            both!(
                "Mande menos mensagens em massa e só a quem pediu. A nota é dos últimos sete dias.",
                "Send fewer messages in bulk, and only to people who asked for them. The rating covers the last seven \
                 days."
            ),
        ));
    }
    let speed = number.get("throughput").and_then(|throughput| throughput.get("level")).and_then(Value::as_str);
    let facts = [
        (tr!("Nome verificado", "Verified name"), name),
        (tr!("Telefone", "Phone"), Some(shown)),
        (tr!("Qualidade", "Quality"), quality.map(|word| quality_words(&word).to_owned())),
        (tr!("Velocidade", "Speed"), speed.and_then(speed_words).map(str::to_owned)),
    ];
    let facts = facts.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value? })).collect();
    (findings, facts)
}

fn quality_words(word: &str) -> &'static str {
    match word {
        "GREEN" => tr!("alta", "high"),
        "YELLOW" => tr!("média", "medium"),
        "RED" => tr!("baixa", "low"),
        _ => tr!("ainda sem nota", "not rated yet"),
    }
}

fn speed_words(level: &str) -> Option<&'static str> {
    match level {
        "STANDARD" => Some(tr!("até 80 mensagens por segundo", "up to 80 messages per second")),
        "HIGH" => Some(tr!("até 1.000 mensagens por segundo", "up to 1,000 messages per second")),
        _ => None,
    }
}
