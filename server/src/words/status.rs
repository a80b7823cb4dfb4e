//! Statuses of the default tables as a tone and a word. A value that is not known is shown as it stands.

use app::ui::{Status, Tone};

/// A conversation's status.
pub fn conversation_status(value: &str) -> Status {
    match value {
        "bot" => status(Tone::Ok, "robô"),
        "waiting" => status(Tone::Warn, "aguarda"),
        "human" => status(Tone::Info, "pessoa"),
        "closed" => status(Tone::Quiet, "encerrada"),
        other => unknown(other),
    }
}

/// An appointment's status.
pub fn appointment_status(value: &str) -> Status {
    match value {
        "scheduled" => status(Tone::Warn, "a confirmar"),
        "confirmed" => status(Tone::Ok, "confirmado"),
        "in_progress" => status(Tone::Info, "em atendimento"),
        "completed" => status(Tone::Quiet, "realizado"),
        "cancelled" => status(Tone::Bad, "cancelado"),
        "no_show" => status(Tone::Bad, "faltou"),
        "rescheduled" => status(Tone::Info, "remarcado"),
        other => unknown(other),
    }
}

fn status(tone: Tone, label: &str) -> Status {
    Status { tone, label: label.to_owned() }
}

fn unknown(value: &str) -> Status {
    let label = super::one_line(value, 24);
    status(Tone::Quiet, if label.is_empty() { "sem estado" } else { &label })
}
