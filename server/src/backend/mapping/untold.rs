//! What a mapping's tables cannot tell: it is said, and nowhere invented.

use crate::mapping::{Conversations, Ends, Mapping, Said};
use app::tr;

/// A sentence for each.
pub(super) fn untold(mapping: &Mapping) -> Vec<String> {
    let began_untold = tr!(
        "Quando uma conversa começou: não há números de conversas novas.",
        "When a conversation began: there are no figures for new conversations.",
    );
    let status_untold = tr!("O estado de uma conversa.", "The status of a conversation.");
    let mut all: Vec<&str> = Vec::new();
    match &mapping.conversations {
        Conversations::Absent => all.push(tr!(
            "As conversas: a página Conversas fica vazia.",
            "The conversations: the Conversations page stays empty.",
        )),
        Conversations::Gathered => {
            all.push(began_untold);
            all.push(status_untold);
        }
        Conversations::Table { began, changed, name, status, .. } => {
            if began.is_none() {
                all.push(began_untold);
            }
            if changed.is_none() {
                all.push(tr!(
                    "Quando uma conversa mudou: a lista vai pela identificação.",
                    "When a conversation changed: the list goes by the row’s ID.",
                ));
            }
            if name.is_none() {
                all.push(tr!("O nome do contato: aparece o telefone.", "The contact’s name: the phone is shown.",));
            }
            if status.is_none() {
                all.push(status_untold);
            }
        }
    }
    match &mapping.messages {
        None => all.push(tr!("As mensagens.", "The messages.")),
        Some(messages) => {
            if messages.at.is_none() {
                all.push(tr!(
                    "Quando uma mensagem foi escrita: aparecem na ordem da identificação, sem data.",
                    "When a message was written: they are shown in the order of their IDs, without a date.",
                ));
            }
            if matches!(messages.said, Said::Turn { .. }) {
                all.push(tr!(
                    "O tempo de resposta: pergunta e resposta têm uma data só.",
                    "How soon an answer comes: question and answer share one date.",
                ));
            }
        }
    }
    match &mapping.appointments {
        None => all
            .push(
                tr!("A agenda: a página Agenda fica vazia.", "The appointments: the Appointments page stays empty.",),
            ),
        Some(appointments) => {
            if appointments.ends == Ends::Unknown {
                all.push(tr!("Quando um horário termina.", "When an appointment ends."));
            }
            if appointments.booked.is_none() {
                all.push(tr!(
                    "Quando um horário foi marcado: não há antecedência média.",
                    "When an appointment was booked: how far ahead is not known.",
                ));
            }
            if appointments.status.is_none() {
                all.push(tr!(
                    "O que foi feito de um horário: cancelados e faltas não se contam.",
                    "What became of an appointment: cancelled ones and no-shows are not counted.",
                ));
            }
        }
    }
    all.into_iter().map(str::to_owned).collect()
}
