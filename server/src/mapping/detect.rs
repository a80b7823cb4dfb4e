//! A proposal from samples: which columns of a table hold what, by their names first and by what stands in them second.
//!
//! Supabase does not list a project's tables to public keys, so the usual names are tried one by one and a few rows of each
//! that is there are looked at. A proposal is shown with the tenant's own rows before anybody saves it; what is not clear is
//! left out rather than guessed. Source: `field.md` §2, "Discovery constraint".

use super::{
    expr::Expr,
    model::{Appointments, AuthorIn, Condition, Conversations, Ends, Is, Mapping, Messages, Price, Said, Table},
    money::MoneyKind,
    person::Person,
    row::Row,
    when::{Naive, Unit, When},
    words::Author,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Names of tables that such projects have. `{}` stands for the tenant's slug with underscores.
pub const USUAL_TABLES: [&str; 31] = [
    "conversations",
    "messages",
    "appointments",
    "contacts",
    "n8n_chat_histories",
    "n8n_historico_mensagens",
    "n8n_agendamentos_pendentes",
    "dados_cliente",
    "chat_messages",
    "chats",
    "clientes_whatsapp",
    "Clientes WhatsApp",
    "whatsapp_conversations",
    "whatsapp_messages",
    "conversas",
    "mensagens",
    "historico_mensagens",
    "contatos",
    "clientes",
    "leads",
    "Message",
    "agendamentos",
    "agenda",
    "bookings",
    "consultas",
    "reservas",
    "{}_conversations",
    "{}_messages",
    "{}_appointments",
    "{}_bookings",
    "{}_agendamentos",
];

/// The tables that are tried for a tenant.
pub fn tables_to_try(slug: &str) -> Vec<String> {
    let slug = slug.replace('-', "_");
    USUAL_TABLES.iter().map(|name| name.replace("{}", &slug)).collect()
}

const ID: &[&str] = &["id", "uuid", "message_id", "appointment_id", "conversation_id", "chat_id", "id_mensagem"];
const PERSON: &[&str] = &[
    "phone",
    "telefone",
    "phone_number",
    "contact_phone",
    "customer_phone",
    "patient_contact",
    "whatsapp",
    "whatsapp_number",
    "numero",
    "celular",
    "remotejid",
    "remote_jid",
    "chat_id",
    "session_id",
    "telefone_cliente",
    "contato",
    "key->remoteJid",
];
const NAME: &[&str] = &[
    "name",
    "nome",
    "nomewpp",
    "contact_name",
    "customer_name",
    "patient_name",
    "client_name",
    "nome_cliente",
    "Nome do Cliente",
    "push_name",
    "pushName",
];
const TEXT: &[&str] =
    &["content", "text", "body", "mensagem", "message_text", "conteudo", "texto", "message->content", "message"];
const AUTHOR: &[&str] = &[
    "direction",
    "from_me",
    "fromMe",
    "role",
    "sender_type",
    "sender",
    "sent_by",
    "enviado_por",
    "autor",
    "author",
    "type",
    "tipo",
    "message->type",
    "key->fromMe",
];
const QUESTION: &[&str] = &["user_message", "pergunta", "question", "mensagem_usuario", "user_input"];
const ANSWER: &[&str] = &["bot_message", "resposta", "answer", "mensagem_bot", "bot_response", "ai_response"];
const SENT: &[&str] =
    &["timestamp", "sent_at", "created_at", "data_hora", "date_time", "messageTimestamp", "criado_em"];
const CHANGED: &[&str] =
    &["last_message_at", "updated_at", "last_update", "atualizado_em", "last_activity", "created_at"];
const BEGAN: &[&str] = &["created_at", "criado_em", "started_at"];
const POINTS_TO_CONTACT: &[&str] = &["contact_id", "contato_id", "cliente_id"];
const CONTACTS: &[&str] = &["contacts", "contatos", "clientes"];
const STATUS: &[&str] = &["status", "state", "estado", "situacao", "atendimento_ia"];
const LAST: &[&str] = &["last_message", "ultima_mensagem"];
const STARTS: &[&str] = &[
    "starts_at",
    "start_at",
    "start_time",
    "data_hora",
    "appointment_time",
    "scheduled_at",
    "data_agendamento",
    "evento_inicio",
    "inicio",
    "start",
];
const DAY: &[&str] = &["data", "date", "appointment_date", "dia"];
const HOUR: &[&str] = &["hora", "time", "appointment_time", "horario"];
const ENDS: &[&str] = &["ends_at", "end_at", "end_time", "fim", "end", "evento_fim"];
const LASTS: &[&str] = &["duration_minutes", "duracao_min", "duracao_minutos", "duration", "duracao"];
const BOOKED: &[&str] = &["created_at", "criado_em", "booked_at", "marcado_em"];
const SERVICE: &[&str] = &["service", "service_name", "servico", "procedimento", "tipo_servico"];
const PROFESSIONAL: &[&str] = &["professional", "professional_name", "profissional", "medico", "barbeiro", "atendente"];
const CENTS: &[&str] = &["price_cents", "valor_centavos"];
const REAIS: &[&str] = &["price", "valor", "preco", "valor_pago", "valor_taxa"];
const LINK: &[&str] = &["meet_link", "virtual_meeting_link", "link", "link_meet", "google_meet_link"];
const CONVERSATION: &[&str] = &["conversation_id", "conversa_id"];
const DELETED: &[&str] = &["deleted_at"];

/// A table's sample, and what can be found in it.
struct Sample<'a> {
    name: &'a str,
    rows: &'a [Row],
    columns: BTreeSet<&'a str>,
}

impl<'a> Sample<'a> {
    fn new(name: &'a str, rows: &'a [Row]) -> Self {
        Self { name, rows, columns: rows.iter().flat_map(Row::columns).collect() }
    }

    fn table(&self) -> Table {
        let mut table = Table::named(self.name);
        if let Some(column) = DELETED.iter().find(|column| self.columns.contains(*column)) {
            table.only.push(Condition { column: (*column).to_owned(), of: None, is: Is::Null });
        }
        table
    }

    /// The first of these that the table has, whatever its case.
    fn find(&self, names: &[&str]) -> Option<Expr> {
        names.iter().find_map(|name| self.has(name))
    }

    /// The first of these that the table has and that `fits` most rows which have something there.
    fn find_that(&self, names: &[&str], fits: impl Fn(&Value) -> bool) -> Option<Expr> {
        names.iter().filter_map(|name| self.has(name)).find(|expr| self.fits(expr, &fits))
    }

    fn has(&self, name: &str) -> Option<Expr> {
        let (column, path) = name.split_once("->").map_or((name, None), |(column, path)| (column, Some(path)));
        let own = self.columns.iter().find(|own| own.eq_ignore_ascii_case(column))?;
        let expr: Expr = match path {
            Some(path) => format!("{own}->{path}").parse().ok()?,
            None => Expr::column(own).ok()?,
        };
        // A path is there only if something is found at its end.
        (path.is_none() || self.rows.iter().any(|row| expr.value(row).is_some())).then_some(expr)
    }

    fn fits(&self, expr: &Expr, fits: impl Fn(&Value) -> bool) -> bool {
        let values: Vec<Value> = self.rows.iter().filter_map(|row| expr.value(row)).collect();
        let good = values.iter().filter(|value| fits(value)).count();
        // A slip here and there is no reason to give up.
        good > 0 && good * 10 >= values.len() * 8
    }

    /// A column that holds times, and how it says them.
    fn when(&self, names: &[&str], naive: Naive) -> Option<When> {
        names.iter().filter_map(|name| self.has(name)).find_map(|at| self.kind_of(at, naive))
    }

    fn kind_of(&self, at: Expr, naive: Naive) -> Option<When> {
        let of = |low: f64, high: f64| {
            move |value: &Value| number(value).is_some_and(|number| (low..high).contains(&number))
        };
        // Between 2001 and 2286, in either unit.
        if self.fits(&at, of(1e9, 1e10)) {
            return Some(When::Epoch { at, unit: Unit::Seconds });
        }
        if self.fits(&at, of(1e12, 1e13)) {
            return Some(When::Epoch { at, unit: Unit::Millis });
        }
        let stamp = When::Stamp { at: at.clone(), naive };
        let begins_with_a_year = |value: &Value| {
            value.as_str().is_some_and(|text| text.len() > 10 && text.as_bytes().iter().take(4).all(u8::is_ascii_digit))
        };
        if self.fits(&at, begins_with_a_year) && self.reads(&stamp) {
            return Some(stamp);
        }
        let written = When::Written { at };
        let is_text = self.fits(written.exprs()[0], Value::is_string);
        (is_text && self.reads(&written)).then_some(written)
    }

    fn reads(&self, when: &When) -> bool {
        self.rows.iter().any(|row| when.read(row, &jiff::tz::TimeZone::UTC).is_some())
    }

    fn name_of_person(&self) -> Option<Expr> {
        let both: Option<Expr> = ["nome", "sobrenome"]
            .iter()
            .all(|name| self.columns.contains(name))
            .then(|| "nome + sobrenome".parse().ok())
            .flatten();
        both.or_else(|| self.find(NAME)).or_else(|| self.find(&["contacts->name"]).map(|_| related("contacts", "name")))
    }

    /// A column whose values name people or groups, and not merely rows.
    fn person(&self) -> Option<Expr> {
        let names_somebody = |value: &Value| {
            let text = super::expr::plain(value).unwrap_or_default();
            !matches!(Person::read(&text), Some(Person::Other(_)))
        };
        self.find_that(PERSON, names_somebody)
            .or_else(|| self.find(&["contacts->phone"]).map(|_| related("contacts", "phone")))
    }

    fn said(&self) -> Option<Said> {
        if let (Some(question), Some(answer)) = (self.find(QUESTION), self.find(ANSWER)) {
            return Some(Said::Turn { question, answer });
        }
        let is_author = |value: &Value| super::expr::plain(value).is_some_and(|word| Author::read(&word).is_some());
        let of = self.find_that(AUTHOR, is_author)?;
        let mut words = BTreeMap::new();
        // Where nobody else answers, "agent" is the robot.
        let seen: BTreeSet<String> = self.rows.iter().filter_map(|row| of.text(row)).collect();
        if seen.contains("agent") && !seen.iter().any(|word| Author::read(word) == Some(Author::Bot)) {
            words.insert("agent".to_owned(), Author::Bot);
        }
        let text = self.find(TEXT)?;
        let kind = self.find(&["type", "message_type", "tipo"]).filter(|kind| *kind != of);
        Some(Said::One { author: AuthorIn { of, words }, text, kind })
    }

    fn messages(&self) -> Option<Messages> {
        let said = self.said()?;
        let conversation = self.find(CONVERSATION).or_else(|| self.person());
        let conversation = conversation.or_else(|| self.find(&["session_id", "contact_id"]))?;
        let bubbles = |expr: &Expr| {
            self.rows.iter().any(|row| {
                expr.value(row)
                    .is_some_and(|value| super::speech::bubbles(&value, false).iter().any(|b| b.text.contains(" | ")))
            })
        };
        let split = match &said {
            Said::One { text, .. } => bubbles(text),
            Said::Turn { answer, .. } => bubbles(answer),
        };
        let id = self.find(ID)?;
        Some(Messages {
            table: self.table(),
            rising: self.fits(&id, Value::is_i64),
            id,
            conversation,
            name: self.name_of_person(),
            said,
            split,
            at: self.day_and_hour().or_else(|| self.when(SENT, Naive::Utc)),
        })
    }

    fn day_and_hour(&self) -> Option<When> {
        let day = self.find_that(DAY, |value| value.as_str().is_some_and(|text| text.len() <= 10))?;
        let hour = self.find_that(HOUR, |value| value.as_str().is_some_and(|text| text.len() <= 8))?;
        let iso = |value: &Value| value.as_str().is_some_and(|text| text.as_bytes().get(4) == Some(&b'-'));
        let when = When::DayAndHour { written: !self.fits(&day, iso), day, hour };
        self.reads(&when).then_some(when)
    }

    fn appointments(&self) -> Option<Appointments> {
        let starts = self.day_and_hour().or_else(|| self.when(STARTS, Naive::Tenant))?;
        let ends = match (self.when(ENDS, Naive::Tenant), self.find(LASTS)) {
            (Some(when), _) => Ends::At(when),
            (None, Some(minutes)) => Ends::After(minutes),
            (None, None) => Ends::Unknown,
        };
        let price = self.find(CENTS).map(|of| Price { of, kind: MoneyKind::Cents });
        Some(Appointments {
            table: self.table(),
            id: self.find(ID)?,
            conversation: self.find(&["conversation_id"]),
            person: self.person(),
            name: self.name_of_person(),
            service: self.find(SERVICE),
            professional: self.find(PROFESSIONAL),
            starts,
            ends,
            booked: self.when(BOOKED, Naive::Utc),
            status: self.find(STATUS),
            words: BTreeMap::new(),
            price: price.or_else(|| self.find(REAIS).map(|of| Price { of, kind: MoneyKind::Reais })),
            link: self.find(LINK),
        })
    }

    /// The table of whom `messages` belong to, if this is one.
    fn conversations(&self, messages: Option<&Messages>, contacts: Option<&Sample>) -> Option<Conversations> {
        let contacts = contacts.filter(|_| self.find(POINTS_TO_CONTACT).is_some());
        let of_contact = |column: Option<Expr>| Some(related(contacts?.name, &column?.to_string()));
        let person = self.person().or_else(|| of_contact(contacts?.person()))?;
        let by_id = messages.is_none_or(|messages| CONVERSATION.contains(&messages.conversation.to_string().as_str()));
        let id = if by_id {
            // Some tables have no id but the phone, to which their messages refer.
            self.find(ID).unwrap_or_else(|| person.clone())
        } else {
            person.clone()
        };
        let name = self.name_of_person().or_else(|| of_contact(contacts?.find(NAME)));
        let changed = self.when(CHANGED, Naive::Utc);
        if name.is_none() && changed.is_none() {
            return None;
        }
        Some(Conversations::Table {
            table: self.table(),
            id,
            person: Some(person),
            name,
            status: self.find(STATUS),
            last_message: self.find(LAST),
            began: self.when(BEGAN, Naive::Utc),
            changed,
        })
    }
}

/// Messages of those conversations alone that are meant, where they hang on a conversation's row.
fn meant(mut messages: Messages, conversations: &Conversations) -> Messages {
    let Conversations::Table { table, .. } = conversations else { return messages };
    if CONVERSATION.contains(&messages.conversation.to_string().as_str()) {
        let of = || Some(table.name.clone());
        messages.table.only.extend(table.only.iter().map(|own| Condition { of: of(), ..own.clone() }));
    }
    messages
}

fn related(table: &str, column: &str) -> Expr {
    format!("{table}({column})").parse().expect("two plain names")
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// What the sampled tables look like, by table name: a mapping to begin with, or nothing where neither messages nor
/// appointments were found. Tables without a row tell nothing.
pub fn propose(samples: &[(String, Vec<Row>)]) -> Option<Mapping> {
    let samples: Vec<Sample> = samples.iter().map(|(name, rows)| Sample::new(name, rows)).collect();
    let messages_at = samples.iter().position(|sample| sample.messages().is_some());
    let messages = messages_at.and_then(|at| samples[at].messages());
    let rest = || samples.iter().enumerate().filter(|(at, _)| Some(*at) != messages_at).map(|(_, sample)| sample);
    let appointments_of = rest().find(|sample| sample.appointments().is_some());
    let appointments = appointments_of.and_then(Sample::appointments);
    let booked = appointments.as_ref().map(|appointments| appointments.table.name.clone());
    let contacts = samples.iter().find(|sample| CONTACTS.contains(&sample.name));
    let conversations = rest()
        .filter(|sample| Some(sample.name) != booked.as_deref())
        .find_map(|sample| sample.conversations(messages.as_ref(), contacts));
    let conversations = match (conversations, &messages) {
        (Some(table), _) => table,
        (None, Some(_)) => Conversations::Gathered,
        (None, None) if appointments.is_some() => Conversations::Absent,
        (None, None) => return None,
    };
    let messages = messages.map(|messages| meant(messages, &conversations));
    let mapping = Mapping { conversations, messages, appointments };
    mapping.check().ok().map(|()| mapping)
}
