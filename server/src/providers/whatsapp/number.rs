//! What Meta says of a number: whose it is, how it stands, and whether it is the one on the card.

use crate::{
    providers::{
        phone,
        report::{Cause, Fact, Finding},
        text::short,
    },
    words,
};
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
            "A Meta conhece este ID, mas não diz de que telefone é.",
            "Copie a “Identificação do número de telefone” em WhatsApp → Configuração da API (API Setup).",
        );
        return (vec![finding], Vec::new());
    };
    let shown = words::as_written(&display);
    let mut findings = Vec::new();
    if let Some(typed) = typed.filter(|typed| !phone::is_same(typed, &display)) {
        findings.push(Finding::new(
            Cause::NotFound,
            format!("Este ID é do telefone {shown}, e no cartão está {}.", words::as_written(typed)),
            "Se o telefone do cartão é o certo, escolha-o em “De” na Configuração da API (API Setup) e copie o ID dele. Se \
             não, corrija o número no cartão.",
        ));
    }
    match text("platform_type").as_deref() {
        None | Some("CLOUD_API") => {}
        Some("ON_PREMISE") => findings.push(Finding::new(
            Cause::Forbidden,
            "O número ainda está na API antiga, instalada em servidor próprio.",
            "Migre-o para a API de nuvem em Gerenciador do WhatsApp → Números de telefone.",
        )),
        Some(_) => findings.push(Finding::new(
            Cause::Forbidden,
            "O número está na conta, mas ainda não foi registrado na API de nuvem: não envia nem recebe.",
            "Em Gerenciador do WhatsApp → Números de telefone, abra o número e conclua o registro (código por SMS ou \
             ligação e um PIN de seis números).",
        )),
    }
    let name = text("verified_name");
    if name.as_deref() == Some("Test Number") {
        findings.push(Finding::new(
            Cause::Notice,
            "Este é o número de teste da Meta: só fala com até cinco telefones cadastrados.",
            "Para atender clientes, adicione o telefone do negócio em Configuração da API (API Setup), passo 5.",
        ));
    }
    let quality = text("quality_rating");
    if quality.as_deref() == Some("RED") {
        findings.push(Finding::new(
            Cause::Notice,
            "A qualidade do número está baixa: a Meta pode reduzir os envios ou bloqueá-lo.",
            "Mande menos mensagens em massa e só a quem pediu. A nota é dos últimos sete dias.",
        ));
    }
    let speed = number.get("throughput").and_then(|throughput| throughput.get("level")).and_then(Value::as_str);
    let facts = [
        ("Nome verificado", name),
        ("Telefone", Some(shown)),
        ("Qualidade", quality.map(|word| quality_words(&word).to_owned())),
        ("Velocidade", speed.and_then(speed_words).map(str::to_owned)),
    ];
    let facts = facts.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value? })).collect();
    (findings, facts)
}

fn quality_words(word: &str) -> &'static str {
    match word {
        "GREEN" => "alta",
        "YELLOW" => "média",
        "RED" => "baixa",
        _ => "ainda sem nota",
    }
}

fn speed_words(level: &str) -> Option<&'static str> {
    match level {
        "STANDARD" => Some("até 80 mensagens por segundo"),
        "HIGH" => Some("até 1.000 mensagens por segundo"),
        _ => None,
    }
}
