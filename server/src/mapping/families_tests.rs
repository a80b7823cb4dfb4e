//! One small house a family of `field.md` §2, in the tables that such houses have: each gives the same view.

use super::*;
use crate::mapping::{Author, Mapping};
use serde_json::json;

const ANA: &str = "551187654321";
const BETO: &str = "558133334444";

struct Family {
    name: &'static str,
    mapping: Value,
    /// Rows of the conversations' table; none where they are gathered.
    conversations: Value,
    /// Oldest first.
    messages: Value,
    /// Whether a time, a name and a robot told from the team can be expected.
    tells: Tells,
}

#[derive(Clone, Copy)]
struct Tells {
    times: bool,
    names: bool,
    robots: bool,
}

const ALL: Tells = Tells { times: true, names: true, robots: true };

fn stamp(at: &str) -> Value {
    json!({"kind": "stamp", "at": at, "naive": "utc"})
}

/// The same talk everywhere: Ana asks and is answered in two bubbles, Beto writes later.
fn families() -> Vec<Family> {
    vec![
        Family {
            name: "the default tables",
            mapping: serde_json::to_value(Mapping::default()).unwrap(),
            conversations: json!([
                {"id": 2, "phone": "+558133334444", "name": "Beto Lins", "status": "human", "last_message": "Bom dia",
                 "created_at": "2026-11-24T12:00:00Z", "updated_at": "2026-11-24T12:00:00Z"},
                {"id": 1, "phone": "+5511987654321", "name": "Ana Prado", "status": "bot", "last_message": "Qual dia?",
                 "created_at": "2026-11-23T10:00:00Z", "updated_at": "2026-11-23T10:00:05Z"}]),
            messages: json!([
                {"id": 1, "conversation_id": 1, "direction": "in", "content": "Quero marcar", "created_at": "2026-11-23T10:00:00Z"},
                {"id": 2, "conversation_id": 1, "direction": "out", "content": "Claro!", "created_at": "2026-11-23T10:00:05Z"},
                {"id": 3, "conversation_id": 1, "direction": "out", "content": "Qual dia?", "created_at": "2026-11-23T10:00:05Z"},
                {"id": 4, "conversation_id": 2, "direction": "in", "content": "Bom dia", "created_at": "2026-11-24T12:00:00Z"}]),
            tells: Tells { robots: false, ..ALL },
        },
        Family {
            name: "A, a memory of LangChain",
            mapping: json!({"conversations": "gathered", "messages": {
                "table": {"name": "n8n_chat_histories"}, "id": "id", "conversation": "session_id",
                "said": {"one": {"author": {"of": "message->type"}, "text": "message->content"}}, "split": true}}),
            conversations: json!([]),
            messages: json!([
                {"id": 1, "session_id": "5511987654321@s.whatsapp.net", "message": {"type": "human", "content": "Quero marcar"}},
                {"id": 2, "session_id": "5511987654321@s.whatsapp.net", "message": {"type": "tool", "content": "[[\"10:00\"]]"}},
                {"id": 3, "session_id": "5511987654321@s.whatsapp.net",
                 "message": "{\"type\":\"ai\",\"content\":\"[Used tools: Tool: agenda, Input: {}, Result: []] Claro! | Qual dia?\"}"},
                {"id": 4, "session_id": "5581933334444@g.us", "message": {"type": "human", "content": "grupo"}},
                {"id": 5, "session_id": "558133334444", "message": {"type": "human", "content": "Bom dia"}}]),
            tells: Tells { times: false, names: false, robots: true },
        },
        Family {
            name: "B, the secretária kit",
            mapping: json!({"conversations": "gathered", "messages": {
                "table": {"name": "n8n_historico_mensagens"}, "id": "id", "conversation": "session_id",
                "said": {"one": {"author": {"of": "type"}, "text": "content"}}, "split": true, "at": stamp("created_at")}}),
            conversations: json!([]),
            messages: json!([
                {"id": 1, "session_id": "5511987654321", "type": "human", "content": "Quero marcar", "created_at": "2026-11-23T10:00:00"},
                {"id": 2, "session_id": "5511987654321", "type": "ai", "content": "Claro! | Qual dia?", "created_at": "2026-11-23T10:00:05"},
                {"id": 3, "session_id": "558133334444", "type": "human", "content": "Bom dia", "created_at": "2026-11-24T12:00:00"}]),
            tells: Tells { names: false, ..ALL },
        },
        Family {
            name: "C, question and answer in one row",
            mapping: json!({"conversations": {"table": {
                    "table": {"name": "dados_cliente"}, "id": "telefone", "person": "telefone", "name": "nomewpp",
                    "status": "atendimento_ia", "changed": stamp("updated_at")}},
                "messages": {"table": {"name": "chat_messages"}, "id": "id", "conversation": "phone", "name": "nomewpp",
                    "said": {"turn": {"question": "user_message", "answer": "bot_message"}}, "split": true,
                    "at": stamp("created_at")}}),
            conversations: json!([
                {"telefone": "558133334444", "nomewpp": "Beto Lins", "atendimento_ia": "pause", "updated_at": "2026-11-24T12:00:00Z"},
                {"telefone": "5511987654321", "nomewpp": "Ana Prado", "atendimento_ia": "ativa", "updated_at": "2026-11-23T10:00:00Z"}]),
            messages: json!([
                {"id": "a1", "phone": "5511987654321", "nomewpp": "Ana Prado", "user_message": "Quero marcar",
                 "bot_message": "Claro! | Qual dia?", "created_at": "2026-11-23T10:00:00+00:00"},
                {"id": "a2", "phone": "558133334444", "nomewpp": "Beto Lins", "user_message": "Bom dia", "bot_message": null,
                 "created_at": "2026-11-24T12:00:00+00:00"}]),
            tells: ALL,
        },
        Family {
            name: "D, a dashboard's own tables, with numbers for phones",
            mapping: json!({"conversations": {"table": {
                    "table": {"name": "Clientes WhatsApp", "only": [{"column": "client_id", "is": {"equal": "7"}}]},
                    "id": "telefone", "person": "telefone", "name": "Nome do Cliente", "status": "status",
                    "changed": stamp("last_update")}},
                "messages": {"table": {"name": "messages"}, "id": "id", "conversation": "conversation_id",
                    "said": {"one": {"author": {"of": "direction"}, "text": "content", "kind": "type"}}, "at": stamp("timestamp")}}),
            conversations: json!([
                {"telefone": 558133334444_u64, "Nome do Cliente": "Beto Lins", "status": "human", "last_update": "2026-11-24T12:00:00Z"},
                {"telefone": 5511987654321_u64, "Nome do Cliente": "Ana Prado", "status": "bot", "last_update": "2026-11-23T10:00:05Z"}]),
            messages: json!([
                {"id": "m1", "conversation_id": 5511987654321_u64, "direction": "incoming", "type": "text", "content": "Quero marcar", "timestamp": "2026-11-23T10:00:00Z"},
                {"id": "m2", "conversation_id": 5511987654321_u64, "direction": "outgoing", "type": "text", "content": "Claro!", "timestamp": "2026-11-23T10:00:05Z"},
                {"id": "m3", "conversation_id": 5511987654321_u64, "direction": "outgoing", "type": "text", "content": "Qual dia?", "timestamp": "2026-11-23T10:00:05Z"},
                {"id": "m4", "conversation_id": 558133334444_u64, "direction": "incoming", "type": "text", "content": "Bom dia", "timestamp": "2026-11-24T12:00:00Z"}]),
            tells: Tells { robots: false, ..ALL },
        },
        Family {
            name: "E, normalised, names in a related table",
            mapping: json!({"conversations": {"table": {
                    "table": {"name": "conversations", "only": [{"column": "tenant_id", "is": {"equal": "t1"}}, {"column": "deleted_at", "is": "null"}]},
                    "id": "id", "person": "contacts(phone)", "name": "contacts(name)", "status": "status",
                    "began": stamp("created_at"), "changed": stamp("last_message_at")}},
                "messages": {"table": {"name": "messages", "only": [
                        {"column": "tenant_id", "of": "conversations", "is": {"equal": "t1"}},
                        {"column": "deleted_at", "of": "conversations", "is": "null"}]},
                    "id": "id", "conversation": "conversation_id",
                    "said": {"one": {"author": {"of": "sender_type", "words": {"agent": "bot"}}, "text": "content"}},
                    "at": stamp("timestamp")}}),
            conversations: json!([
                {"id": "c-2", "contacts": {"phone": "+55 81 3333-4444", "name": "Beto Lins"}, "status": "paused",
                 "created_at": "2026-11-24T12:00:00.539856", "last_message_at": "2026-11-24T12:00:00+00:00"},
                {"id": "c-1", "contacts": {"phone": "(11) 98765-4321", "name": "Ana Prado"}, "status": "open",
                 "created_at": "2026-11-23T10:00:00.539856", "last_message_at": "2026-11-23T10:00:05+00:00"}]),
            messages: json!([
                {"id": "m1", "conversation_id": "c-1", "sender_type": "contact", "content": "Quero marcar", "timestamp": "2026-11-23T10:00:00"},
                {"id": "m2", "conversation_id": "c-1", "sender_type": "agent", "content": "Claro!", "timestamp": "2026-11-23T10:00:05+00:00"},
                {"id": "m3", "conversation_id": "c-1", "sender_type": "agent", "content": "Qual dia?", "timestamp": "2026-11-23T10:00:05+00:00"},
                {"id": "m4", "conversation_id": "c-2", "sender_type": "contact", "content": "Bom dia", "timestamp": "2026-11-24T12:00:00"}]),
            tells: ALL,
        },
        Family {
            name: "F, a chat's id a row",
            mapping: json!({"conversations": {"table": {
                    "table": {"name": "whatsapp_conversations"}, "id": "chat_id", "person": "chat_id", "name": "contact_name",
                    "changed": stamp("updated_at")}},
                "messages": {"table": {"name": "whatsapp_messages"}, "id": "id", "conversation": "chat_id",
                    "said": {"one": {"author": {"of": "role"}, "text": "content"}}, "at": stamp("created_at")}}),
            conversations: json!([
                {"chat_id": "558133334444@c.us", "contact_name": "Beto Lins", "updated_at": "2026-11-24T12:00:00Z"},
                {"chat_id": "120363041234567890@g.us", "contact_name": "Grupo", "updated_at": "2026-11-23T11:00:05Z"},
                {"chat_id": "5511987654321@c.us", "contact_name": "Ana Prado", "updated_at": "2026-11-23T10:00:05Z"}]),
            messages: json!([
                {"id": 1, "chat_id": "5511987654321@c.us", "role": "user", "content": "Quero marcar", "created_at": "2026-11-23T10:00:00Z"},
                {"id": 2, "chat_id": "5511987654321@c.us", "role": "assistant", "content": "Claro!", "created_at": "2026-11-23T10:00:05Z"},
                {"id": 3, "chat_id": "5511987654321@c.us", "role": "assistant", "content": "Qual dia?", "created_at": "2026-11-23T10:00:05Z"},
                {"id": 4, "chat_id": "558133334444@c.us", "role": "user", "content": "Bom dia", "created_at": "2026-11-24T12:00:00Z"}]),
            tells: ALL,
        },
        Family {
            name: "G, seconds since 1970 and a truth value",
            mapping: json!({"conversations": "gathered", "messages": {
                "table": {"name": "Message"}, "id": "id", "conversation": "key->remoteJid", "name": "pushName",
                "said": {"one": {"author": {"of": "key->fromMe"}, "text": "message"}},
                "at": {"kind": "epoch", "at": "messageTimestamp", "unit": "seconds"}}}),
            conversations: json!([]),
            messages: json!([
                {"id": "x1", "key": {"remoteJid": "5511987654321@s.whatsapp.net", "fromMe": false}, "pushName": "Ana Prado",
                 "message": {"conversation": "Quero marcar"}, "messageTimestamp": 1_763_892_000},
                {"id": "x2", "key": {"remoteJid": "551187654321@s.whatsapp.net", "fromMe": true},
                 "message": {"extendedTextMessage": {"text": "Claro!"}}, "messageTimestamp": 1_763_892_005},
                {"id": "x3", "key": {"remoteJid": "5511987654321@s.whatsapp.net", "fromMe": true},
                 "message": {"conversation": "Qual dia?"}, "messageTimestamp": 1_763_892_005},
                {"id": "x4", "key": {"remoteJid": "558133334444@s.whatsapp.net", "fromMe": false}, "pushName": "Beto Lins",
                 "message": {"conversation": "Bom dia"}, "messageTimestamp": 1_763_985_600}]),
            tells: Tells { robots: false, ..ALL },
        },
        Family {
            name: "H, tables with the client's name in front",
            mapping: json!({"conversations": "gathered", "messages": {
                "table": {"name": "aurora_messages", "schema": "clientes"}, "id": "id", "conversation": "whatsapp", "name": "nome + sobrenome",
                "said": {"one": {"author": {"of": "enviado_por"}, "text": "mensagem"}},
                "at": {"kind": "day_and_hour", "day": "data", "hour": "hora"}}}),
            conversations: json!([]),
            messages: json!([
                {"id": 1, "whatsapp": "(11) 98765-4321", "nome": "Ana", "sobrenome": "Prado", "enviado_por": "cliente", "mensagem": "Quero marcar", "data": "23/11/2026", "hora": "7h00"},
                {"id": 2, "whatsapp": "11 8765-4321", "nome": null, "sobrenome": null, "enviado_por": "robô", "mensagem": "Claro!", "data": "23/11/2026", "hora": "07:00:05"},
                {"id": 3, "whatsapp": "11987654321", "nome": null, "sobrenome": null, "enviado_por": "robô", "mensagem": "Qual dia?", "data": "2026-11-23", "hora": "07:00:05"},
                {"id": 4, "whatsapp": "81 3333-4444", "nome": "Beto", "sobrenome": "Lins", "enviado_por": "cliente", "mensagem": "Bom dia", "data": "24/11/2026", "hora": "9h"}]),
            tells: ALL,
        },
    ]
}

fn rows(values: &Value) -> Vec<Row> {
    serde_json::from_value::<Vec<Value>>(values.clone())
        .unwrap()
        .iter()
        .map(|value| serde_json::from_str(&value.to_string()).unwrap())
        .collect()
}

/// The view of a family by a mapping is the one that all have.
fn check(family: &Family, mapping: &Mapping, how: &str) {
    let zone = TimeZone::get("America/Sao_Paulo").unwrap();
    let name = format!("{} {how}", family.name);
    let mut newest_first = rows(&family.messages);
    newest_first.reverse();
    let conversations: Vec<Conversation> = if mapping.gathers() {
        mapping.gather(&newest_first, &zone)
    } else {
        rows(&family.conversations).iter().filter_map(|row| mapping.conversation(row, &zone)).collect()
    };
    let people: Vec<String> =
        conversations.iter().filter_map(|one| one.person.as_ref()).map(ToString::to_string).collect();
    assert_eq!(people, [BETO, ANA], "{name}: {}", mapping.to_json());
    if family.tells.names {
        let names: Vec<&str> = conversations.iter().filter_map(|one| one.name.as_deref()).collect();
        assert_eq!(names, ["Beto Lins", "Ana Prado"], "{name}");
    }
    let ana = if mapping.gathers() { ANA.to_owned() } else { conversations[1].id.clone() };
    let thread: Vec<Message> = rows(&family.messages)
        .iter()
        .flat_map(|row| mapping.messages(row, &zone))
        .filter(|message| message.conversation == ana)
        .collect();
    let texts: Vec<&str> = thread.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Quero marcar", "Claro!", "Qual dia?"], "{name}: {}", mapping.to_json());
    let robot = if family.tells.robots { Author::Bot } else { Author::Business };
    let authors: Vec<Author> = thread.iter().map(|message| message.author).collect();
    assert_eq!(authors, [Author::Contact, robot, robot], "{name}");
    let first = thread[0].at.map(|at| at.to_string());
    let expected = match name.chars().next() {
        _ if !family.tells.times => None,
        Some('G') => Some("2025-11-23T10:00:00Z"),
        _ => Some("2026-11-23T10:00:00Z"),
    };
    assert_eq!(first.as_deref(), expected, "{name}");
}

#[test]
fn every_family_gives_the_same_view() {
    let (mut same, all) = (0, families().len());
    for family in families() {
        let mapping = Mapping::from_json(&family.mapping.to_string());
        check(&family, &mapping.unwrap_or_else(|error| panic!("{}: {error}", family.name)), "as it was mapped");
        same += 1;
    }
    eprintln!("mapping: {same} of {all} families give the same view");
    assert_eq!((same, all), (9, 9));
}

#[test]
fn every_family_is_recognised_from_samples() {
    let (mut known, all) = (0, families().len());
    for family in families() {
        let table = |of: &str| {
            let table = family.mapping[of]["table"].get("table").unwrap_or(&family.mapping[of]["table"]);
            table["name"].as_str().map(str::to_owned)
        };
        let mut samples = vec![(table("messages").unwrap(), rows(&family.messages))];
        if let Some(name) = table("conversations") {
            samples.insert(0, (name, rows(&family.conversations)));
        }
        let mapping = super::super::propose(&samples).unwrap_or_else(|| panic!("{}", family.name));
        check(&family, &mapping, "as it was recognised");
        known += 1;
    }
    eprintln!("mapping: {known} of {all} families recognised from samples");
    assert_eq!(super::super::propose(&[]), None);
    assert_eq!(super::super::propose(&[("messages".to_owned(), Vec::new())]), None);
}

#[test]
fn both_shapes_of_appointments_give_the_same_view() {
    let zone = TimeZone::get("America/Sao_Paulo").unwrap();
    let gathered = |appointments: Value| {
        let json =
            json!({"conversations": {"table": {"table": {"name": "c"}, "id": "id"}}, "appointments": appointments});
        Mapping::from_json(&json.to_string()).unwrap()
    };
    let cases = [
        (
            "rich",
            json!({"table": {"name": "appointments", "only": [{"column": "deleted_at", "is": "null"}]}, "id": "appointment_id",
                "person": "patient_contact", "name": "patient_name", "service": "service_name", "professional": "professional_name",
                "starts": stamp("start_at"), "ends": {"at": stamp("end_at")}, "status": "status",
                "price": {"of": "price_cents", "kind": "cents"}, "link": "google_event_link"}),
            json!({"appointment_id": "9", "patient_contact": "+5511987654321", "patient_name": "Ana Prado", "service_name": "Limpeza",
                "professional_name": "Dra. Inês", "start_at": "2026-11-25T13:00:00Z", "end_at": "2026-11-25T13:45:00Z",
                "status": "confirmed", "price_cents": 18000, "google_event_link": "https://meet.example/x"}),
        ),
        (
            "simple",
            json!({"table": {"name": "agendamentos"}, "id": "id", "person": "whatsapp", "name": "nome + sobrenome", "service": "servico",
                "professional": "profissional", "starts": {"kind": "day_and_hour", "day": "data", "hour": "hora"},
                "ends": {"after": "duracao_min"}, "status": "status", "price": {"of": "valor", "kind": "reais"}, "link": "link"}),
            json!({"id": 9, "whatsapp": "(11) 8765-4321", "nome": "Ana", "sobrenome": "Prado", "servico": "Limpeza", "profissional": "Dra. Inês",
                "data": "25/11/2026", "hora": "10h00", "duracao_min": "45", "status": "Confirmado", "valor": "R$ 180,00",
                "link": "https://meet.example/x"}),
        ),
        (
            "naive, each as long",
            json!({"table": {"name": "bookings"}, "id": "id", "person": "customer_phone", "name": "name", "service": "service",
                "professional": "who", "starts": {"kind": "stamp", "at": "appointment_time", "naive": "tenant"}, "ends": {"always": 45},
                "status": "state", "words": {"pago": "confirmed"}, "price": {"of": "price", "kind": "reais"}, "link": "link"}),
            json!({"id": "9", "customer_phone": "5511987654321", "name": "Ana Prado", "service": "Limpeza", "who": "Dra. Inês",
                "appointment_time": "2026-11-25T10:00:00.000", "state": "PAGO", "price": 180.0, "link": "https://meet.example/x"}),
        ),
    ];
    for (name, mapping, row) in cases {
        let table = mapping["table"]["name"].as_str().unwrap().to_owned();
        let row: Row = serde_json::from_str(&row.to_string()).unwrap();
        let one = gathered(mapping).appointment(&row, &zone).unwrap_or_else(|| panic!("{name}"));
        let proposed = super::super::propose(&[(table, vec![row.clone()])]).unwrap_or_else(|| panic!("{name}"));
        let seen = proposed.appointment(&row, &zone).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (seen.starts, &seen.name, &seen.person),
            (one.starts, &one.name, &one.person),
            "{name} as it was recognised"
        );
        let expected = Appointment {
            id: "9".to_owned(),
            conversation: None,
            person: Person::read(ANA),
            name: Some("Ana Prado".to_owned()),
            service: Some("Limpeza".to_owned()),
            professional: Some("Dra. Inês".to_owned()),
            starts: "2026-11-25T13:00:00Z".parse().unwrap(),
            ends: Some("2026-11-25T13:45:00Z".parse().unwrap()),
            outcome: Some(Outcome::Confirmed),
            status: one.status.clone(),
            price: Some(18_000),
            link: Some("https://meet.example/x".to_owned()),
        };
        assert_eq!(one, expected, "{name}");
    }
}

#[test]
fn rows_that_lack_what_makes_them_one_are_none() {
    let (mapping, zone) = (Mapping::default(), TimeZone::UTC);
    for json in ["{}", "7", r#"{"id":null,"phone":"5511987654321"}"#, r#"{"id":1,"phone":"1@g.us"}"#] {
        let row: Row = serde_json::from_str(json).unwrap();
        assert_eq!(mapping.conversation(&row, &zone), None, "{json}");
        assert_eq!(mapping.messages(&row, &zone), [], "{json}");
        assert_eq!(mapping.appointment(&row, &zone), None, "{json}");
    }
    // A word that nobody knows is shown as it stands.
    let row: Row =
        serde_json::from_str(r#"{"id":1,"starts_at":"2026-11-25T13:00:00Z","status":"em análise"}"#).unwrap();
    let one = mapping.appointment(&row, &zone).unwrap();
    assert_eq!((one.outcome, one.status.as_deref(), one.ends), (None, Some("em análise"), None));
}
