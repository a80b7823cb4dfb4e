//! A mapping's fields.

use super::{
    super::{
        model::{Condition, Conversations, Ends, Is, Mapping, Messages, Said, Table},
        money::MoneyKind,
        when::{Naive, Unit, When},
    },
    Fields,
    meanings::{author_word, empty_word, filled_word, outcome_word},
};

impl Mapping {
    /// Its fields.
    pub fn to_fields(&self) -> Fields {
        let mut out = Writer(Fields::new());
        match &self.conversations {
            Conversations::Table { table, id, person, name, status, last_message, began, changed } => {
                out.put("conversations.kind", "table");
                out.table("conversations", table);
                out.put("conversations.id", id);
                out.some("conversations.person", person.as_ref());
                out.some("conversations.name", name.as_ref());
                out.some("conversations.status", status.as_ref());
                out.some("conversations.last_message", last_message.as_ref());
                out.when("conversations.began", began.as_ref());
                out.when("conversations.changed", changed.as_ref());
            }
            Conversations::Gathered => out.put("conversations.kind", "gathered"),
            Conversations::Absent => out.put("conversations.kind", "absent"),
        }
        match &self.messages {
            None => out.put("messages.kind", "absent"),
            Some(Messages { table, id, conversation, name, said, split, at, rising }) => {
                out.table("messages", table);
                out.put("messages.id", id);
                out.put("messages.conversation", conversation);
                out.some("messages.name", name.as_ref());
                match said {
                    Said::One { author, text, kind } => {
                        out.put("messages.kind", "one");
                        out.put("messages.author", &author.of);
                        out.lines(
                            "messages.authors",
                            author.words.iter().map(|(w, a)| format!("{w} = {}", author_word(*a))),
                        );
                        out.put("messages.text", text);
                        out.some("messages.media", kind.as_ref());
                    }
                    Said::Turn { question, answer } => {
                        out.put("messages.kind", "turn");
                        out.put("messages.question", question);
                        out.put("messages.answer", answer);
                    }
                }
                out.put("messages.split", if *split { "yes" } else { "no" });
                out.put("messages.order", if *rising { "id" } else { "time" });
                out.when("messages.at", at.as_ref());
            }
        }
        match &self.appointments {
            None => out.put("appointments.kind", "absent"),
            Some(all) => {
                out.put("appointments.kind", "table");
                out.table("appointments", &all.table);
                out.put("appointments.id", &all.id);
                for (name, expr) in [
                    ("conversation", &all.conversation),
                    ("person", &all.person),
                    ("name", &all.name),
                    ("service", &all.service),
                    ("professional", &all.professional),
                    ("status", &all.status),
                    ("link", &all.link),
                ] {
                    out.some(&format!("appointments.{name}"), expr.as_ref());
                }
                out.when("appointments.starts", Some(&all.starts));
                out.when("appointments.booked", all.booked.as_ref());
                match &all.ends {
                    Ends::Unknown => out.put("appointments.ends_kind", "unknown"),
                    Ends::At(when) => out.when("appointments.ends", Some(when)),
                    Ends::After(minutes) => {
                        out.put("appointments.ends_kind", "minutes");
                        out.put("appointments.ends", minutes);
                    }
                    Ends::Always(minutes) => {
                        out.put("appointments.ends_kind", "always");
                        out.put("appointments.ends", minutes);
                    }
                }
                out.lines(
                    "appointments.statuses",
                    all.words.iter().map(|(w, o)| format!("{w} = {}", outcome_word(*o))),
                );
                if let Some(price) = &all.price {
                    out.put("appointments.price", &price.of);
                    out.put("appointments.price_kind", if price.kind == MoneyKind::Cents { "cents" } else { "reais" });
                }
            }
        }
        out.0
    }
}

struct Writer(Fields);

impl Writer {
    fn put(&mut self, name: &str, value: impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    fn some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn lines(&mut self, name: &str, lines: impl Iterator<Item = String>) {
        let text = lines.collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            self.put(name, text);
        }
    }

    fn table(&mut self, part: &str, table: &Table) {
        self.put(&format!("{part}.table"), &table.name);
        self.some(&format!("{part}.schema"), table.schema.as_ref());
        let line = |condition: &Condition| {
            let value = match &condition.is {
                Is::Equal(value) => value,
                Is::Null => empty_word(),
                Is::Something => filled_word(),
            };
            format!("{condition} = {value}")
        };
        self.lines(&format!("{part}.only"), table.only.iter().map(line));
    }

    fn when(&mut self, name: &str, when: Option<&When>) {
        let Some(when) = when else { return };
        let (text, kind) = match when {
            When::Stamp { at, naive: Naive::Utc } => (at.to_string(), "stamp_utc"),
            When::Stamp { at, naive: Naive::Tenant } => (at.to_string(), "stamp_local"),
            When::DayAndHour { day, hour, written: false } => (format!("{day} + {hour}"), "day_hour"),
            When::DayAndHour { day, hour, written: true } => (format!("{day} + {hour}"), "day_hour_text"),
            When::Epoch { at, unit: Unit::Seconds } => (at.to_string(), "epoch_s"),
            When::Epoch { at, unit: Unit::Millis } => (at.to_string(), "epoch_ms"),
            When::Written { at } => (at.to_string(), "written"),
        };
        self.put(name, text);
        self.put(&format!("{name}_kind"), kind);
    }
}
