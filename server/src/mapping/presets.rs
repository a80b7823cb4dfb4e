//! Mappings to begin with, one for each family of tables that robots' makers share. Source: `field.md` §2.

use super::model::{Appointments, BadMapping, Mapping};

/// A mapping of conversations and messages under its short name.
pub const TALKS: [(&str, &str); 9] = [
    ("default", ""),
    // A memory of LangChain.
    (
        "a",
        r#"{"conversations": "gathered", "messages": {
            "table": {"name": "n8n_chat_histories"}, "id": "id", "conversation": "session_id", "rising": true,
            "said": {"one": {"author": {"of": "message->type"}, "text": "message->content"}}, "split": true}}"#,
    ),
    // The secretária kit.
    (
        "b",
        r#"{"conversations": "gathered", "messages": {
            "table": {"name": "n8n_historico_mensagens"}, "id": "id", "conversation": "session_id", "rising": true,
            "said": {"one": {"author": {"of": "type"}, "text": "content"}}, "split": true,
            "at": {"kind": "stamp", "at": "created_at", "naive": "utc"}}}"#,
    ),
    // Question and answer in one row.
    (
        "c",
        r#"{"conversations": {"table": {
            "table": {"name": "dados_cliente"}, "id": "telefone", "person": "telefone", "name": "nomewpp",
            "status": "atendimento_ia", "began": {"kind": "stamp", "at": "created_at", "naive": "utc"},
            "changed": {"kind": "stamp", "at": "updated_at", "naive": "utc"}}},
            "messages": {"table": {"name": "chat_messages"}, "id": "id", "conversation": "phone", "name": "nomewpp",
            "said": {"turn": {"question": "user_message", "answer": "bot_message"}}, "split": true,
            "at": {"kind": "stamp", "at": "created_at", "naive": "utc"}}}"#,
    ),
    // A dashboard's own tables, with numbers for phones.
    (
        "d",
        r#"{"conversations": {"table": {
            "table": {"name": "Clientes WhatsApp"}, "id": "telefone", "person": "telefone", "name": "Nome do Cliente",
            "status": "status", "last_message": "last_message",
            "changed": {"kind": "stamp", "at": "last_update", "naive": "utc"}}},
            "messages": {"table": {"name": "messages"}, "id": "id", "conversation": "conversation_id",
            "said": {"one": {"author": {"of": "direction"}, "text": "content", "kind": "type"}},
            "at": {"kind": "stamp", "at": "timestamp", "naive": "utc"}}}"#,
    ),
    // Normalised, names in a related table.
    (
        "e",
        r#"{"conversations": {"table": {
            "table": {"name": "conversations", "only": [{"column": "deleted_at", "is": "null"}]},
            "id": "id", "person": "contacts(phone)", "name": "contacts(name)", "status": "status",
            "began": {"kind": "stamp", "at": "created_at", "naive": "utc"},
            "changed": {"kind": "stamp", "at": "last_message_at", "naive": "utc"}}},
            "messages": {
            "table": {"name": "messages", "only": [{"column": "deleted_at", "of": "conversations", "is": "null"}]},
            "id": "id", "conversation": "conversation_id",
            "said": {"one": {"author": {"of": "sender_type", "words": {"agent": "bot"}}, "text": "content"}},
            "at": {"kind": "stamp", "at": "timestamp", "naive": "utc"}}}"#,
    ),
    // A chat's id a row.
    (
        "f",
        r#"{"conversations": {"table": {
            "table": {"name": "whatsapp_conversations"}, "id": "chat_id", "person": "chat_id", "name": "contact_name",
            "changed": {"kind": "stamp", "at": "updated_at", "naive": "utc"}}},
            "messages": {"table": {"name": "whatsapp_messages"}, "id": "id", "conversation": "chat_id", "rising": true,
            "said": {"one": {"author": {"of": "role"}, "text": "content"}},
            "at": {"kind": "stamp", "at": "created_at", "naive": "utc"}}}"#,
    ),
    // Evolution's own table: seconds since 1970 and a truth value.
    (
        "g",
        r#"{"conversations": "gathered", "messages": {
            "table": {"name": "Message"}, "id": "id", "conversation": "key->remoteJid", "name": "pushName",
            "said": {"one": {"author": {"of": "key->fromMe"}, "text": "message"}},
            "at": {"kind": "epoch", "at": "messageTimestamp", "unit": "seconds"}}}"#,
    ),
    // Tables with the client's name in front, which stands here for a name to put in.
    (
        "h",
        r#"{"conversations": "gathered", "messages": {
            "table": {"name": "cliente_messages"}, "id": "id", "conversation": "whatsapp", "name": "nome + sobrenome",
            "rising": true, "said": {"one": {"author": {"of": "enviado_por"}, "text": "mensagem"}},
            "at": {"kind": "day_and_hour", "day": "data", "hour": "hora", "written": true}}}"#,
    ),
];

/// A mapping of appointments under its short name.
pub const BOOKINGS: [(&str, &str); 5] = [
    ("default", ""),
    (
        "rich",
        r#"{"table": {"name": "appointments", "only": [{"column": "deleted_at", "is": "null"}]}, "id": "appointment_id",
            "person": "patient_contact", "name": "patient_name", "service": "service_name",
            "professional": "professional_name", "starts": {"kind": "stamp", "at": "start_at", "naive": "tenant"},
            "ends": {"at": {"kind": "stamp", "at": "end_at", "naive": "tenant"}}, "status": "status",
            "price": {"of": "price_cents", "kind": "cents"}, "link": "google_event_link"}"#,
    ),
    (
        "day_and_hour",
        r#"{"table": {"name": "agendamentos"}, "id": "id", "person": "telefone", "name": "nome", "service": "servico",
            "professional": "profissional", "starts": {"kind": "day_and_hour", "day": "data", "hour": "hora"},
            "ends": {"after": "duracao_min"}, "status": "status", "price": {"of": "valor", "kind": "reais"}}"#,
    ),
    (
        "one_moment",
        r#"{"table": {"name": "agendamentos"}, "id": "id", "person": "whatsapp", "name": "nome + sobrenome",
            "service": "servico", "starts": {"kind": "stamp", "at": "data_agendamento", "naive": "tenant"},
            "status": "status"}"#,
    ),
    (
        "secretaria",
        r#"{"table": {"name": "n8n_agendamentos_pendentes"}, "id": "id", "person": "session_id", "name": "nome",
            "service": "servico", "starts": {"kind": "stamp", "at": "evento_inicio", "naive": "tenant"},
            "ends": {"after": "duracao_minutos"}, "status": "status", "price": {"of": "valor_taxa", "kind": "reais"}}"#,
    ),
];

/// The mapping of a family of conversations with a family of appointments, or without any for `none`. `None` for a name
/// that is not listed.
pub fn preset(talks: &str, bookings: &str) -> Option<Mapping> {
    let find = |list: &[(&'static str, &'static str)], name: &str| {
        list.iter().find(|(known, _)| *known == name).map(|(_, json)| *json)
    };
    let mut mapping = match find(&TALKS, talks)? {
        "" => Mapping::default(),
        json => Mapping::from_json(json).ok()?,
    };
    mapping.appointments = match bookings {
        "none" => None,
        name => match find(&BOOKINGS, name)? {
            "" => Mapping::default().appointments,
            json => Some(read(json).ok()?),
        },
    };
    Some(mapping)
}

fn read(json: &str) -> Result<Appointments, BadMapping> {
    serde_json::from_str(json).map_err(|_| BadMapping::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_can_be_used() {
        let mut all = 0;
        for (talks, _) in TALKS {
            for (bookings, _) in BOOKINGS.iter().chain(&[("none", "")]) {
                let mapping = preset(talks, bookings).unwrap_or_else(|| panic!("{talks} {bookings}"));
                assert_eq!(mapping.check(), Ok(()), "{talks} {bookings}");
                assert_eq!(Mapping::from_json(&mapping.to_json()), Ok(mapping));
                all += 1;
            }
        }
        assert_eq!(all, 54);
        assert_eq!(preset("default", "default"), Some(Mapping::default()));
        assert_eq!((preset("x", "default"), preset("a", "x")), (None, None));
    }
}
