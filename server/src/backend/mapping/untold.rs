//! What a mapping's tables cannot tell: it is said, and nowhere invented.

use crate::mapping::{Condition, Conversations, Ends, Mapping, Part, Said};
use app::tr;

/// A sentence for each.
pub(super) fn untold(mapping: &Mapping) -> Vec<String> {
    tables(mapping).into_iter().map(str::to_owned).chain(meant(mapping)).collect()
}

/// That rows of messages count which hang on conversations that are not meant.
fn meant(mapping: &Mapping) -> Option<String> {
    let (table, unshared) = (mapping.table(Part::Conversations)?, mapping.unshared());
    if unshared.is_empty() {
        return None;
    }
    let columns = unshared.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let own = unshared.iter().find(|condition| condition.of.is_none());
    let how = own.map(|own| {
        let example = Condition { of: Some(table.name.clone()), ..(*own).clone() };
        tr!(
            format!(" Se a coluna está só na tabela das conversas, a condição se escreve {example} = …"),
            format!(" If only the conversations’ table has the column, the condition is written {example} = …")
        )
    });
    let what = tr!(
        format!(
            "De que conversas são as mensagens: falta nelas a condição das conversas ({columns}), e as de outras linhas \
             entram nos números e nos arquivos."
        ),
        format!(
            "Whose conversations the messages are: they lack the conversations’ condition ({columns}), and those of other \
             rows are in the figures and the files."
        )
    );
    Some(what + &how.unwrap_or_default())
}

fn tables(mapping: &Mapping) -> Vec<&'static str> {
    let began_untold = tr!(
        "Quando uma conversa começou: não há números de conversas novas.",
        "When a conversation began: there are no figures for new conversations.",
    );
    let status_untold = tr!("O estado de uma conversa.", "The status of a conversation.");
    let mut all = Vec::new();
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
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_without_the_condition_of_their_conversations_are_told() {
        let json = |only: &str| {
            format!(
                r#"{{"conversations":{{"table":{{"table":{{"name":"conversas","only":[
                {{"column":"client_id","is":{{"equal":"7"}}}}]}},"id":"id"}}}},
                "messages":{{"table":{{"name":"m","only":[{only}]}},"id":"id","conversation":"c",
                "said":{{"one":{{"author":{{"of":"a"}},"text":"t"}}}}}}}}"#
            )
        };
        for (only, told) in [
            ("", true),
            (r#"{"column":"apagada","is":"null"}"#, true),
            (r#"{"column":"client_id","of":"contas","is":{"equal":"7"}}"#, true),
            (r#"{"column":"client_id","is":{"equal":"7"}}"#, false),
            (r#"{"column":"client_id","of":"conversas","is":{"equal":"7"}}"#, false),
        ] {
            let all = untold(&Mapping::from_json(&json(only)).unwrap());
            assert_eq!(all.iter().any(|sentence| sentence.contains("conversas(client_id) = …")), told, "{only}");
        }
        assert_eq!(meant(&Mapping::default()), None);
    }
}
