//! Statuses as a tone and a word. A value that is not known is shown as it stands.

use crate::mapping::{Outcome, outcome_word, plain_word};
use app::{
    tr,
    ui::{Status, Tone},
};

/// A status of conversations, and the words that tables have for it.
struct Known {
    tone: Tone,
    label: fn() -> &'static str,
    words: &'static [&'static str],
}

/// The usual ones. Words with accents stand here in both ways, because a database compares them letter by letter.
const CONVERSATIONS: [(&str, Known); 5] = [
    (
        "bot",
        Known {
            tone: Tone::Ok,
            label: || tr!("robô", "bot"),
            words: &["bot", "robo", "robô", "ia", "ai", "on", "ativa", "ativo", "reativada"],
        },
    ),
    (
        "waiting",
        Known {
            tone: Tone::Warn,
            label: || tr!("aguarda", "waiting"),
            words: &["waiting", "aguardando", "aguarda", "pending", "pendente"],
        },
    ),
    (
        "human",
        Known {
            tone: Tone::Info,
            label: || tr!("pessoa", "person"),
            words: &["human", "humano", "pause", "paused", "pausada", "pausado", "off", "atendente", "transferido"],
        },
    ),
    ("open", Known { tone: Tone::Info, label: || tr!("aberta", "open"), words: &["open", "aberta", "aberto"] }),
    (
        "closed",
        Known {
            tone: Tone::Quiet,
            label: || tr!("encerrada", "closed"),
            words: &["closed", "fechada", "fechado", "encerrada", "encerrado", "resolved", "resolvida"],
        },
    ),
];

/// A conversation's status, out of the words that tables have for it; nothing where a row has none.
pub fn conversation_status(value: Option<&str>) -> Option<Status> {
    let value = value?;
    let plain = plain_word(value);
    let known = CONVERSATIONS.iter().find(|(_, known)| known.words.contains(&plain.as_str()));
    Some(known.map_or_else(|| unknown(value), |(_, known)| status(known.tone, (known.label)())))
}

/// The statuses of conversations that can be asked for: a short name, and the word for people.
pub fn conversation_statuses() -> Vec<(String, String)> {
    CONVERSATIONS.iter().map(|(name, known)| ((*name).to_owned(), (known.label)().to_owned())).collect()
}

/// The words that tables have for a status by its short name; none for a name that is not listed.
pub fn conversation_status_words(name: &str) -> Option<Vec<String>> {
    let (_, known) = CONVERSATIONS.iter().find(|(known, _)| *known == name)?;
    Some(known.words.iter().map(|word| (*word).to_owned()).collect())
}

/// An appointment's status: what its word is known to mean, or else the word itself; nothing where a row has none.
pub fn appointment_status(outcome: Option<Outcome>, value: Option<&str>) -> Option<Status> {
    let Some(outcome) = outcome else { return value.map(unknown) };
    let tone = match outcome {
        Outcome::Scheduled => Tone::Warn,
        Outcome::Confirmed => Tone::Ok,
        Outcome::InProgress | Outcome::Rescheduled => Tone::Info,
        Outcome::Completed => Tone::Quiet,
        Outcome::Cancelled | Outcome::NoShow => Tone::Bad,
    };
    Some(status(tone, outcome_word(outcome)))
}

fn status(tone: Tone, label: &str) -> Status {
    Status { tone, label: label.to_owned() }
}

fn unknown(value: &str) -> Status {
    let label = super::one_line(value, 24);
    status(Tone::Quiet, if label.is_empty() { tr!("sem estado", "no status") } else { &label })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::lang::{Lang, speak};

    #[test]
    fn statuses_are_told_in_the_readers_language() {
        let words = || {
            let label = |status: Option<Status>| status.expect("a status").label;
            [
                label(conversation_status(Some("Pausada"))),
                label(conversation_status(Some("VIP"))),
                label(conversation_status(Some(" "))),
                label(appointment_status(Some(Outcome::NoShow), None)),
                conversation_statuses().remove(0).1,
            ]
        };
        assert_eq!(words(), ["pessoa", "VIP", "sem estado", "faltou", "robô"]);
        assert_eq!(speak(Lang::En, words), ["person", "VIP", "no status", "no-show", "bot"]);
    }
}
