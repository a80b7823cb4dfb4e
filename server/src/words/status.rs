//! Statuses as a tone and a word. A value that is not known is shown as it stands.

use crate::mapping::{Outcome, plain_word};
use app::ui::{Status, Tone};

/// A status of conversations, and the words that tables have for it.
struct Known {
    tone: Tone,
    label: &'static str,
    words: &'static [&'static str],
}

/// The usual ones. Words with accents stand here in both ways, because a database compares them letter by letter.
const CONVERSATIONS: [(&str, Known); 5] = [
    (
        "bot",
        Known {
            tone: Tone::Ok,
            label: "robô",
            words: &["bot", "robo", "robô", "ia", "ai", "on", "ativa", "ativo", "reativada"],
        },
    ),
    (
        "waiting",
        Known {
            tone: Tone::Warn,
            label: "aguarda",
            words: &["waiting", "aguardando", "aguarda", "pending", "pendente"],
        },
    ),
    (
        "human",
        Known {
            tone: Tone::Info,
            label: "pessoa",
            words: &["human", "humano", "pause", "paused", "pausada", "pausado", "off", "atendente", "transferido"],
        },
    ),
    ("open", Known { tone: Tone::Info, label: "aberta", words: &["open", "aberta", "aberto"] }),
    (
        "closed",
        Known {
            tone: Tone::Quiet,
            label: "encerrada",
            words: &["closed", "fechada", "fechado", "encerrada", "encerrado", "resolved", "resolvida"],
        },
    ),
];

/// A conversation's status, out of the words that tables have for it; nothing where a row has none.
pub fn conversation_status(value: Option<&str>) -> Option<Status> {
    let value = value?;
    let plain = plain_word(value);
    let known = CONVERSATIONS.iter().find(|(_, known)| known.words.contains(&plain.as_str()));
    Some(known.map_or_else(|| unknown(value), |(_, known)| status(known.tone, known.label)))
}

/// The statuses of conversations that can be asked for: a short name, and the word for people.
pub fn conversation_statuses() -> Vec<(String, String)> {
    CONVERSATIONS.iter().map(|(name, known)| ((*name).to_owned(), known.label.to_owned())).collect()
}

/// The words that tables have for a status by its short name; none for a name that is not listed.
pub fn conversation_status_words(name: &str) -> Option<Vec<String>> {
    let (_, known) = CONVERSATIONS.iter().find(|(known, _)| *known == name)?;
    Some(known.words.iter().map(|word| (*word).to_owned()).collect())
}

/// An appointment's status: what its word is known to mean, or else the word itself; nothing where a row has none.
pub fn appointment_status(outcome: Option<Outcome>, value: Option<&str>) -> Option<Status> {
    let Some(outcome) = outcome else { return value.map(unknown) };
    Some(match outcome {
        Outcome::Scheduled => status(Tone::Warn, "a confirmar"),
        Outcome::Confirmed => status(Tone::Ok, "confirmado"),
        Outcome::InProgress => status(Tone::Info, "em atendimento"),
        Outcome::Completed => status(Tone::Quiet, "realizado"),
        Outcome::Cancelled => status(Tone::Bad, "cancelado"),
        Outcome::NoShow => status(Tone::Bad, "faltou"),
        Outcome::Rescheduled => status(Tone::Info, "remarcado"),
    })
}

fn status(tone: Tone, label: &str) -> Status {
    Status { tone, label: label.to_owned() }
}

fn unknown(value: &str) -> Status {
    let label = super::one_line(value, 24);
    status(Tone::Quiet, if label.is_empty() { "sem estado" } else { &label })
}
