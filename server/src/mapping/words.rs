//! The words that tables use for who speaks and for what became of an appointment, in Portuguese and English, whatever
//! their case and accents. A word that is not known stays itself: it is shown as it stands and counted as "others".

use serde::{Deserialize, Serialize};

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The contact.
    Contact,
    /// The robot.
    Bot,
    /// A person of the business.
    Team,
    /// The business, and nobody knows whether robot or person.
    Business,
    /// Nobody that is shown: system messages, calls of tools.
    Hidden,
}

/// What becomes of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Booked, not confirmed.
    Scheduled,
    /// Confirmed.
    Confirmed,
    /// The customer is there.
    InProgress,
    /// It took place.
    Completed,
    /// It was called off.
    Cancelled,
    /// Nobody came.
    NoShow,
    /// It was moved to another time.
    Rescheduled,
}

impl Outcome {
    /// The word of the default tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Confirmed => "confirmed",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
            Self::Rescheduled => "rescheduled",
        }
    }

    /// What a table's word means, if it is one of the usual ones.
    pub fn read(word: &str) -> Option<Self> {
        Some(match plain(word).as_str() {
            "scheduled" | "agendado" | "agendada" | "marcado" | "marcada" | "pending" | "pendente" | "aguardando"
            | "a confirmar" | "novo" | "nova" | "new" | "booked" | "reserved" | "reservado" | "aberto"
            | "reminder sent" | "lembrete enviado" | "created" => Self::Scheduled,
            "confirmed" | "confirmado" | "confirmada" | "confirm" | "ok" | "accepted" | "aceito" => Self::Confirmed,
            "in progress" | "em atendimento" | "em andamento" | "atendendo" | "started" | "iniciado" | "checked in"
            | "chegou" => Self::InProgress,
            "completed" | "complete" | "concluido" | "concluida" | "realizado" | "realizada" | "atendido"
            | "atendida" | "finalizado" | "finalizada" | "done" | "finished" | "compareceu" | "fechado" => {
                Self::Completed
            }
            "cancelled" | "canceled" | "cancelado" | "cancelada" | "cancel" | "desmarcado" | "desmarcada"
            | "deleted" | "excluido" | "rejected" | "recusado" => Self::Cancelled,
            "no show" | "noshow" | "faltou" | "falta" | "ausente" | "nao compareceu" | "missed" => Self::NoShow,
            "rescheduled" | "remarcado" | "remarcada" | "reagendado" | "reagendada" | "moved" | "adiado" => {
                Self::Rescheduled
            }
            _ => return None,
        })
    }
}

impl Author {
    /// The words that tables use for it, as [`Author::read`] takes them: what can be asked for.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &[
                "contact", "contato", "customer", "cliente", "client", "user", "usuario", "usuário", "human", "lead",
                "paciente", "patient", "in", "incoming", "inbound", "received", "recebida", "recebido", "entrada",
                "false",
            ],
            Self::Bot => &["ai", "assistant", "bot", "robo", "robô", "ia", "agente", "automation", "model"],
            Self::Team => &[
                "attendant",
                "atendente",
                "humano",
                "operator",
                "operador",
                "team",
                "equipe",
                "staff",
                "agent",
                "human_agent",
                "secretaria",
                "secretária",
                "admin",
            ],
            Self::Business => &[
                "out", "outgoing", "outbound", "sent", "enviada", "enviado", "saida", "saída", "true", "me",
                "business", "empresa",
            ],
            Self::Hidden => &["system", "sistema", "tool", "function", "tool_call", "event"],
        }
    }

    /// Who a table's word names, if it is one of the usual ones.
    pub fn read(word: &str) -> Option<Self> {
        Some(match plain(word).as_str() {
            "contact" | "contato" | "customer" | "cliente" | "client" | "user" | "usuario" | "human" | "lead"
            | "paciente" | "patient" | "in" | "incoming" | "inbound" | "received" | "recebida" | "recebido"
            | "entrada" | "false" => Self::Contact,
            "ai" | "assistant" | "bot" | "robo" | "ia" | "agente" | "automation" | "model" => Self::Bot,
            "attendant" | "atendente" | "humano" | "operator" | "operador" | "team" | "equipe" | "staff" | "agent"
            | "human agent" | "secretaria" | "admin" => Self::Team,
            "out" | "outgoing" | "outbound" | "sent" | "enviada" | "enviado" | "saida" | "true" | "me" | "business"
            | "empresa" => Self::Business,
            "system" | "sistema" | "tool" | "function" | "tool call" | "event" => Self::Hidden,
            _ => return None,
        })
    }
}

/// Lower case, without accents, with spaces for the signs that join words.
pub fn plain(word: &str) -> String {
    let parted: String =
        word.trim().chars().map(|sign| if matches!(sign, '_' | '-' | '.') { ' ' } else { sign }).collect();
    parted
        .to_lowercase()
        .chars()
        .map(without_accent)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The letters of Portuguese and its neighbours.
fn without_accent(sign: char) -> char {
    match sign {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_in_both_languages() {
        for (word, outcome) in [
            ("Agendado", Some(Outcome::Scheduled)),
            ("PENDING", Some(Outcome::Scheduled)),
            ("reminder_sent", Some(Outcome::Scheduled)),
            ("Em atendimento", Some(Outcome::InProgress)),
            ("Concluído", Some(Outcome::Completed)),
            ("CANCELADO ", Some(Outcome::Cancelled)),
            ("no-show", Some(Outcome::NoShow)),
            ("Não compareceu", Some(Outcome::NoShow)),
            ("reagendada", Some(Outcome::Rescheduled)),
            ("confirmada", Some(Outcome::Confirmed)),
            ("paga", None),
            ("", None),
        ] {
            assert_eq!(Outcome::read(word), outcome, "{word:?}");
        }
        for outcome in [
            Outcome::Scheduled,
            Outcome::Confirmed,
            Outcome::InProgress,
            Outcome::Completed,
            Outcome::Cancelled,
            Outcome::NoShow,
            Outcome::Rescheduled,
        ] {
            assert_eq!(Outcome::read(outcome.as_str()), Some(outcome));
        }
    }

    #[test]
    fn authors_in_both_languages() {
        for (word, author) in [
            ("human", Some(Author::Contact)),
            ("ai", Some(Author::Bot)),
            ("attendant", Some(Author::Team)),
            ("outgoing", Some(Author::Business)),
            ("Usuário", Some(Author::Contact)),
            ("tool", Some(Author::Hidden)),
            ("robô", Some(Author::Bot)),
            ("fulano", None),
        ] {
            assert_eq!(Author::read(word), author, "{word:?}");
        }
    }
}
