//! A mapping out of its fields, part by part.

use super::{
    super::{
        model::{Appointments, AuthorIn, BadMapping, Conversations, Ends, Mapping, Messages, Price, Said},
        money::MoneyKind,
    },
    Fault, Fields,
    meanings::{read_author, read_outcome},
    values::Reader,
};

impl Mapping {
    /// Reads fields.
    ///
    /// # Errors
    /// Every field that is wrong, and why.
    pub fn from_fields(fields: &Fields) -> Result<Self, Vec<(String, Fault)>> {
        let mut read = Reader { fields, faults: Vec::new() };
        let messages = read.messages();
        let conversations = read.conversations();
        let appointments = read.appointments();
        if read.faults.is_empty() {
            let (Some(conversations), Ok(messages), Ok(appointments)) = (conversations, messages, appointments) else {
                return Err(vec![("conversations.kind".to_owned(), Fault::Choice)]);
            };
            let mapping = Self { conversations, messages, appointments };
            match mapping.check() {
                Ok(()) => return Ok(mapping),
                Err(BadMapping::NothingToGather) => read.fault("conversations.kind", Fault::NothingToGather),
                Err(BadMapping::TooMuch) => read.fault("messages.authors", Fault::TooMuch),
                Err(BadMapping::Name) => read.fault("conversations.table", Fault::Name),
                Err(BadMapping::Id | BadMapping::Shape) => read.fault("conversations.id", Fault::PlainColumn),
            }
        }
        Err(read.faults)
    }
}

impl Reader<'_> {
    fn conversations(&mut self) -> Option<Conversations> {
        match self.text("conversations.kind") {
            "table" => {}
            "gathered" => return Some(Conversations::Gathered),
            "absent" => return Some(Conversations::Absent),
            _ => {
                self.fault("conversations.kind", Fault::Choice);
                return None;
            }
        }
        let (table, id) = (self.table("conversations"), self.id("conversations.id"));
        let [person, name, status, last_message] =
            ["person", "name", "status", "last_message"].map(|name| self.some(&format!("conversations.{name}")));
        let (began, changed) = (self.when("conversations.began"), self.when("conversations.changed"));
        Some(Conversations::Table { table: table?, id: id?, person, name, status, last_message, began, changed })
    }

    /// `Err` when something is wrong with it.
    fn messages(&mut self) -> Result<Option<Messages>, ()> {
        let kind = self.text("messages.kind").to_owned();
        if kind == "absent" {
            return Ok(None);
        }
        let (table, id) = (self.table("messages"), self.id("messages.id"));
        let conversation = self.needed("messages.conversation");
        if conversation.as_ref().is_some_and(|whose| whose.compared().is_none()) {
            self.fault("messages.conversation", Fault::PlainColumn);
        }
        let name = self.some("messages.name");
        let said = match kind.as_str() {
            "one" => {
                let (of, text) = (self.needed("messages.author"), self.needed("messages.text"));
                let words = self.meanings("messages.authors", read_author);
                let kind = self.some("messages.media");
                of.zip(text).map(|(of, text)| Said::One { author: AuthorIn { of, words }, text, kind })
            }
            "turn" => {
                let both = self.needed("messages.question").zip(self.needed("messages.answer"));
                both.map(|(question, answer)| Said::Turn { question, answer })
            }
            _ => {
                self.fault("messages.kind", Fault::Choice);
                None
            }
        };
        let (split, rising) = (self.text("messages.split") == "yes", self.text("messages.order") == "id");
        let at = self.when("messages.at");
        let whole = || {
            Some(Messages { table: table?, id: id?, conversation: conversation?, name, said: said?, split, at, rising })
        };
        whole().map(Some).ok_or(())
    }

    /// `Err` when something is wrong with it.
    fn appointments(&mut self) -> Result<Option<Appointments>, ()> {
        match self.text("appointments.kind") {
            "absent" => return Ok(None),
            "table" => {}
            _ => {
                self.fault("appointments.kind", Fault::Choice);
                return Err(());
            }
        }
        let (table, id) = (self.table("appointments"), self.id("appointments.id"));
        let [conversation, person, name, service, professional, status, link] =
            ["conversation", "person", "name", "service", "professional", "status", "link"]
                .map(|name| self.some(&format!("appointments.{name}")));
        if self.text("appointments.starts").is_empty() {
            self.fault("appointments.starts", Fault::Needed);
        }
        let starts = self.when("appointments.starts");
        let (ends, booked) = (self.ends(), self.when("appointments.booked"));
        let words = self.meanings("appointments.statuses", read_outcome);
        let price = self.some("appointments.price").map(|of| Price {
            of,
            kind: if self.text("appointments.price_kind") == "cents" { MoneyKind::Cents } else { MoneyKind::Reais },
        });
        let whole = || {
            let (table, id, starts, ends) = (table?, id?, starts?, ends?);
            Some(Appointments {
                table,
                id,
                conversation,
                person,
                name,
                service,
                professional,
                starts,
                ends,
                booked,
                status,
                words,
                price,
                link,
            })
        };
        whole().map(Some).ok_or(())
    }

    fn ends(&mut self) -> Option<Ends> {
        match self.text("appointments.ends_kind") {
            "unknown" | "" => Some(Ends::Unknown),
            "minutes" => self.needed("appointments.ends").map(Ends::After),
            "always" => match self.text("appointments.ends").parse() {
                Ok(minutes) if (5..=1_440).contains(&minutes) => Some(Ends::Always(minutes)),
                _ => {
                    self.fault("appointments.ends", Fault::Minutes);
                    None
                }
            },
            _ if self.text("appointments.ends").is_empty() => {
                self.fault("appointments.ends", Fault::Needed);
                None
            }
            _ => self.when("appointments.ends").map(Ends::At),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_field_is_named() {
        let good = Mapping::default().to_fields();
        for (name, value, fault) in [
            ("conversations.kind", "x", Fault::Choice),
            ("conversations.table", "", Fault::Needed),
            ("conversations.table", "a\"b", Fault::Name),
            ("conversations.id", "a->b", Fault::PlainColumn),
            ("conversations.person", "a->", Fault::Place),
            ("conversations.only", "no sign", Fault::Line),
            ("messages.only", "conversations(client_id)->x = 7", Fault::Line),
            ("messages.only", "a + b = 7", Fault::Line),
            ("conversations.changed_kind", "", Fault::Choice),
            ("messages.conversation", "a + b", Fault::PlainColumn),
            ("messages.author", "", Fault::Needed),
            ("messages.authors", "agent = quem?", Fault::Line),
            ("messages.kind", "", Fault::Choice),
            ("appointments.starts", "", Fault::Needed),
            ("appointments.starts_kind", "day_hour", Fault::TwoColumns),
            ("appointments.ends", "", Fault::Needed),
            ("appointments.statuses", "pago = rico", Fault::Line),
        ] {
            let mut fields = good.clone();
            fields.insert(name.to_owned(), value.to_owned());
            let faults = Mapping::from_fields(&fields).unwrap_err();
            let at = if name.ends_with("starts_kind") { "appointments.starts" } else { name };
            assert!(faults.contains(&(at.to_owned(), fault)), "{name} {value:?}: {faults:?}");
        }
        let mut fields = good;
        fields.insert("appointments.ends_kind".to_owned(), "always".to_owned());
        fields.insert("appointments.ends".to_owned(), "2".to_owned());
        assert_eq!(Mapping::from_fields(&fields), Err(vec![("appointments.ends".to_owned(), Fault::Minutes)]));
        assert!(Mapping::from_fields(&Fields::new()).is_err());
    }
}
