//! Whether the instance is connected: what the server says, and whether the tenant's own messages bear it out.
//!
//! The server's word alone proves little: instances are known to say `open` for days after WhatsApp let them go. The other
//! witness is the last message from a customer in the tenant's project.

use crate::providers::{
    report::{Cause, Finding},
    span,
};
use app::{
    both,
    lang::{Both, Lang},
    tr,
};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::{self, TimeZone},
};
use serde_json::Value;

/// Longest silence on working days at which `open` is still believed.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// The step that all states but `open` lead to.
fn reconnect() -> Both {
    both!(
        "Com o celular do negócio na mão, clique em “Reconectar por QR code” no fim deste cartão. Se o botão não está \
         lá, guarde o cartão primeiro.",
        "With the business’s phone at hand, click “Reconnect by QR code” at the end of this card. If the button is not \
         there, save the card first."
    )
}

/// The connection of an instance, in the server's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Connected.
    Open,
    /// A code is shown, or it tries to come back.
    Connecting,
    /// Not connected.
    Close,
    /// Nobody read the codes in time.
    Refused,
    /// Known, and not loaded by the server.
    Absent,
    /// A word that is not known.
    Other,
}

impl State {
    /// The state in an answer of `connectionState`, or of `connect` when it has no code to show. `None` when there is no
    /// instance in it.
    pub(super) fn read(body: &Value) -> Option<Self> {
        let instance = body.get("instance").filter(|instance| instance.is_object())?;
        let word = instance.get("state").or_else(|| instance.get("status"));
        Some(match word {
            None | Some(Value::Null) => Self::Absent,
            Some(word) => match word.as_str() {
                Some("open") => Self::Open,
                Some("connecting") => Self::Connecting,
                Some("close" | "closed") => Self::Close,
                Some("refused") => Self::Refused,
                _ => Self::Other,
            },
        })
    }

    /// One word for people.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Open => tr!("conectado", "connected"),
            Self::Connecting => tr!("conectando", "connecting"),
            Self::Close => tr!("desconectado", "disconnected"),
            Self::Refused => tr!("desconectado (QR code não lido)", "disconnected (QR code not read)"),
            Self::Absent => tr!("não carregado pelo servidor", "not loaded by the server"),
            Self::Other => tr!("desconhecido", "unknown"),
        }
    }
}

/// How much of the time between two instants is of working days: from Friday evening to Monday morning a business may well
/// be silent, and an alarm each weekend would soon be read by nobody. Days are Brasília's.
fn working_time(from: Timestamp, to: Timestamp) -> SignedDuration {
    let zone = TimeZone::fixed(tz::offset(-3));
    let start = |day: Date| day.to_zoned_datetime(zone.clone()).map_or(Timestamp::MAX, |start| start.timestamp());
    let mut silent = SignedDuration::ZERO;
    let mut day = from.to_zoned_datetime(zone.clone()).date();
    // More than a few days decide nothing any more.
    for _ in 0..10 {
        let next = day.saturating_add(1.day());
        let (begins, ends) = (start(day).max(from), start(next).min(to));
        if begins >= to {
            break;
        }
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            silent += begins.duration_until(ends);
        }
        day = next;
    }
    silent
}

/// What the state is worth beside the last message that came in.
pub(super) fn judge(state: State, last_inbound: Option<Timestamp>, now: Timestamp) -> Finding {
    match (state, last_inbound) {
        (State::Open, Some(at)) if working_time(at, now) <= SILENCE => Finding::new(
            Cause::Works,
            both!(
                format!("Conectado, e a última mensagem de cliente chegou há {}.", span::words(Lang::Pt, at, now)),
                format!("Connected, and the last message from a customer came {} ago.", span::words(Lang::En, at, now))
            ),
            Both::default(),
        ),
        (State::Open, Some(at)) => Finding::new(
            Cause::Doubtful,
            both!(
                format!(
                    "O servidor diz que está conectado, mas não chega mensagem de cliente há {}.",
                    span::words(Lang::Pt, at, now)
                ),
                format!(
                    "The server says it is connected, but no message from a customer has come for {}.",
                    span::words(Lang::En, at, now)
                )
            ),
            both!(
                "Mande de outro celular uma mensagem para o número. Se ela não aparecer em Conversas em um minuto, a \
                 conexão caiu sem o servidor notar: no Evolution Manager clique em “Restart” e, se não bastar, em \
                 “Logout”, e depois reconecte aqui por QR code.",
                "Send a message to the number from another phone. If it does not show up in Conversations within a \
                 minute, the connection dropped without the server noticing: in Evolution Manager click “Restart” \
                 and, if that is not enough, “Logout”, and then reconnect here by QR code."
            ),
        ),
        (State::Open, None) => Finding::new(
            Cause::Notice,
            both!(
                "O servidor diz que está conectado; o painel ainda não viu nenhuma mensagem de cliente que o confirme.",
                "The server says it is connected; Painel has not seen a message from a customer yet that confirms it."
            ),
            both!(
                "Mande de outro celular uma mensagem para o número e veja se aparece em Conversas. Se o projeto \
                 Supabase ainda não está ligado, ligue-o primeiro: é nele que o painel confere.",
                "Send a message to the number from another phone and see whether it shows up in Conversations. If the \
                 Supabase project is not connected yet, connect it first: that is where Painel looks."
            ),
        ),
        (State::Connecting, _) => Finding::new(
            Cause::Disconnected,
            both!(
                "O WhatsApp não está conectado: a instância está esperando a leitura do QR code ou tentando voltar.",
                "WhatsApp is not connected: the instance is waiting for the QR code to be read or trying to come back."
            ),
            reconnect(),
        ),
        (State::Close, _) => Finding::new(
            Cause::Disconnected,
            both!(
                "O WhatsApp está desconectado: nenhuma mensagem chega nem sai por esta instância.",
                "WhatsApp is disconnected: no message comes in or goes out through this instance."
            ),
            reconnect(),
        ),
        (State::Refused, _) => Finding::new(
            Cause::Disconnected,
            both!(
                "O WhatsApp está desconectado: ninguém leu o QR code a tempo e o servidor parou de mostrá-lo.",
                "WhatsApp is disconnected: nobody read the QR code in time and the server stopped showing it."
            ),
            reconnect(),
        ),
        (State::Absent, _) => Finding::new(
            Cause::Disconnected,
            both!(
                "A instância existe, mas o servidor não a carregou: ela não recebe nem envia.",
                "The instance exists, but the server has not loaded it: it neither receives nor sends."
            ),
            both!(
                "Clique em “Reconectar por QR code” no fim deste cartão. Se não aparecer um código, peça a quem cuida \
                 do servidor para reiniciá-lo.",
                "Click “Reconnect by QR code” at the end of this card. If no code appears, ask whoever runs the server \
                 to restart it."
            ),
        ),
        (State::Other, _) => super::answer::unknown(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_is_no_silence() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // 2026-11-27 is a Friday.
        for (from, to, hours) in [
            ("2026-11-26T10:00:00-03:00", "2026-11-27T10:00:00-03:00", 24),
            ("2026-11-27T18:00:00-03:00", "2026-11-30T09:00:00-03:00", 15),
            ("2026-11-28T09:00:00-03:00", "2026-11-29T21:00:00-03:00", 0),
            ("2026-11-29T23:00:00-03:00", "2026-11-30T01:00:00-03:00", 1),
            ("2026-11-27T18:00:00-03:00", "2026-11-30T20:00:00-03:00", 26),
            ("2026-11-30T09:00:00-03:00", "2026-11-30T09:00:00-03:00", 0),
            ("2026-11-30T10:00:00-03:00", "2026-11-30T09:00:00-03:00", 0),
        ] {
            assert_eq!(working_time(at(from), at(to)), SignedDuration::from_hours(hours), "{from} to {to}");
        }
        assert!(working_time(Timestamp::UNIX_EPOCH, at("2026-11-30T09:00:00Z")) > SignedDuration::from_hours(24));
    }
}
