//! A mapping as the flat fields of a form, and back. Reading what was written gives the same mapping.

use super::{
    expr::Expr,
    model::{
        Appointments, AuthorIn, BadMapping, Condition, Conversations, Ends, Is, Mapping, Messages, Price, Said, Table,
    },
    money::MoneyKind,
    when::{Naive, Unit, When},
    words::{Author, Outcome, plain},
};
use app::{
    lang::{Lang, speak},
    tr,
};
use std::collections::BTreeMap;

/// The fields by name.
pub type Fields = BTreeMap<String, String>;

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It must not be empty.
    Needed,
    /// It names no column.
    Place,
    /// It is none of the choices.
    Choice,
    /// It is not one column of the table itself.
    PlainColumn,
    /// A day and an hour are two columns with a plus sign between.
    TwoColumns,
    /// A number of minutes, 5 to 1,440.
    Minutes,
    /// A line is not `word = meaning`.
    Line,
    /// Not the name of a table or schema.
    Name,
    /// Messages are needed to gather conversations from.
    NothingToGather,
    /// Too many lines, or one that is too long.
    TooMuch,
}

/// What stands for no value at all.
fn empty_word() -> &'static str {
    tr!("(vazio)", "(empty)")
}

/// What stands for any value.
fn filled_word() -> &'static str {
    tr!("(preenchido)", "(filled)")
}

/// A word of a form in every language: it is read in all of them, whoever wrote it.
fn each(word: impl Fn() -> &'static str) -> [&'static str; 2] {
    Lang::ALL.map(|lang| speak(lang, &word))
}

/// The reader's word for a meaning that stands in a field in some language.
fn readers_word(name: &str, meaning: &str) -> Option<&'static str> {
    let all: Vec<[&str; 2]> = match name {
        "messages.authors" => AUTHORS.map(|author| each(|| author_word(author))).into(),
        "appointments.statuses" => OUTCOMES.map(|outcome| each(|| outcome_word(outcome))).into(),
        name if name.ends_with(".only") => vec![each(empty_word), each(filled_word)],
        _ => Vec::new(),
    };
    let [portuguese, english] = all.into_iter().find(|words| words.contains(&meaning))?;
    Some(tr!(portuguese, english))
}

/// Fields that somebody kept, with the words for meanings in the reader's language and all else as it was kept.
pub fn reworded(mut fields: Fields) -> Fields {
    for (name, text) in &mut fields {
        let other = |line: &str| {
            let (left, right) = line.split_once('=')?;
            let word = readers_word(name, right.trim()).filter(|word| *word != right.trim())?;
            Some(format!("{} = {word}", left.trim()))
        };
        if text.lines().any(|line| other(line).is_some()) {
            let lines = text.lines().map(|line| other(line).unwrap_or_else(|| line.to_owned()));
            *text = lines.collect::<Vec<_>>().join("\n");
        }
    }
    fields
}

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
            format!("{} = {value}", condition.column)
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

struct Reader<'a> {
    fields: &'a Fields,
    faults: Vec<(String, Fault)>,
}

impl Reader<'_> {
    fn fault(&mut self, name: &str, fault: Fault) {
        self.faults.push((name.to_owned(), fault));
    }

    fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    fn some(&mut self, name: &str) -> Option<Expr> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            self.fault(name, Fault::Place);
        }
        read
    }

    fn needed(&mut self, name: &str) -> Option<Expr> {
        if self.text(name).is_empty() {
            self.fault(name, Fault::Needed);
            return None;
        }
        self.some(name)
    }

    /// By what rows are known: one column.
    fn id(&mut self, name: &str) -> Option<Expr> {
        let id = self.needed(name)?;
        if id.ordered().is_none() {
            self.fault(name, Fault::PlainColumn);
        }
        Some(id)
    }

    fn name(&mut self, name: &str) -> Option<String> {
        let text = self.text(name).to_owned();
        if Expr::column(&text).is_err() {
            self.fault(name, if text.is_empty() { Fault::Needed } else { Fault::Name });
            return None;
        }
        Some(text)
    }

    fn table(&mut self, part: &str) -> Option<Table> {
        let name = self.name(&format!("{part}.table"));
        let schema = format!("{part}.schema");
        let schema = if self.text(&schema).is_empty() { None } else { self.name(&schema) };
        let field = format!("{part}.only");
        let mut only = Vec::new();
        for (column, value) in self.pairs(&field) {
            let is = match value.as_str() {
                word if each(empty_word).contains(&word) => Is::Null,
                word if each(filled_word).contains(&word) => Is::Something,
                _ => Is::Equal(value),
            };
            if Expr::column(&column).is_err() {
                self.fault(&field, Fault::Line);
            }
            only.push(Condition { column, is });
        }
        Some(Table { name: name?, schema, only })
    }

    /// Lines of `left = right`.
    fn pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let lines: Vec<String> =
            self.text(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let mut pairs = Vec::new();
        for line in lines {
            match line.split_once('=').map(|(left, right)| (left.trim(), right.trim())) {
                Some((left, right)) if !left.is_empty() && !right.is_empty() => {
                    pairs.push((left.to_owned(), right.to_owned()));
                }
                _ => self.fault(name, Fault::Line),
            }
        }
        pairs
    }

    fn meanings<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> BTreeMap<String, T> {
        let mut words = BTreeMap::new();
        for (word, meaning) in self.pairs(name) {
            match read(&meaning) {
                Some(meaning) => {
                    words.insert(word, meaning);
                }
                None => self.fault(name, Fault::Line),
            }
        }
        words
    }

    /// A time: its columns, and how they say it.
    fn when(&mut self, name: &str) -> Option<When> {
        let text = self.text(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let kind = self.text(&format!("{name}_kind")).to_owned();
        if let "day_hour" | "day_hour_text" = kind.as_str() {
            let both = text.split_once(" + ").and_then(|(day, hour)| Some((day.parse().ok()?, hour.parse().ok()?)));
            let Some((day, hour)) = both else {
                self.fault(name, Fault::TwoColumns);
                return None;
            };
            return Some(When::DayAndHour { day, hour, written: kind == "day_hour_text" });
        }
        let at = self.some(name)?;
        Some(match kind.as_str() {
            "stamp_utc" => When::Stamp { at, naive: Naive::Utc },
            "stamp_local" => When::Stamp { at, naive: Naive::Tenant },
            "epoch_s" => When::Epoch { at, unit: Unit::Seconds },
            "epoch_ms" => When::Epoch { at, unit: Unit::Millis },
            "written" => When::Written { at },
            _ => {
                self.fault(&format!("{name}_kind"), Fault::Choice);
                return None;
            }
        })
    }

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

/// The word of a form for who wrote a message.
pub fn author_word(author: Author) -> &'static str {
    match author {
        Author::Contact => tr!("contato", "contact"),
        Author::Bot => tr!("robô", "bot"),
        Author::Team => tr!("equipe", "team"),
        Author::Business => tr!("negócio", "business"),
        Author::Hidden => tr!("ninguém", "nobody"),
    }
}

const AUTHORS: [Author; 5] = [Author::Contact, Author::Bot, Author::Team, Author::Business, Author::Hidden];

fn read_author(word: &str) -> Option<Author> {
    AUTHORS.into_iter().find(|author| each(|| author_word(*author)).iter().any(|known| plain(known) == plain(word)))
}

/// The word of a form for what becomes of an appointment.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Scheduled => tr!("a confirmar", "unconfirmed"),
        Outcome::Confirmed => tr!("confirmado", "confirmed"),
        Outcome::InProgress => tr!("em atendimento", "in progress"),
        Outcome::Completed => tr!("realizado", "completed"),
        Outcome::Cancelled => tr!("cancelado", "cancelled"),
        Outcome::NoShow => tr!("faltou", "no-show"),
        Outcome::Rescheduled => tr!("remarcado", "rescheduled"),
    }
}

const OUTCOMES: [Outcome; 7] = [
    Outcome::Scheduled,
    Outcome::Confirmed,
    Outcome::InProgress,
    Outcome::Completed,
    Outcome::Cancelled,
    Outcome::NoShow,
    Outcome::Rescheduled,
];

fn read_outcome(word: &str) -> Option<Outcome> {
    let is = |outcome: &Outcome| each(|| outcome_word(*outcome)).iter().any(|known| plain(known) == plain(word));
    Outcome::read(word).or_else(|| OUTCOMES.into_iter().find(is))
}

#[cfg(test)]
mod tests {
    use super::{super::presets, *};

    #[test]
    fn every_preset_survives_its_form() {
        let mut all = 0;
        for (talks, _) in presets::TALKS {
            for (bookings, _) in presets::BOOKINGS.iter().chain(&[("none", "")]) {
                let mapping = presets::preset(talks, bookings).unwrap();
                let fields = mapping.to_fields();
                assert_eq!(Mapping::from_fields(&fields), Ok(mapping), "{talks} {bookings} {fields:?}");
                all += 1;
            }
        }
        eprintln!("mapping: {all} of {all} presets survive their form");
    }

    #[test]
    fn a_form_of_one_language_is_read_and_shown_in_the_other() {
        let preset = || presets::preset("e", "rich").unwrap();
        let (portuguese, english) = (preset().to_fields(), speak(Lang::En, || preset().to_fields()));
        assert_ne!(portuguese, english);
        for fields in [&portuguese, &english] {
            assert_eq!(Mapping::from_fields(fields), Ok(preset()));
            assert_eq!(speak(Lang::En, || Mapping::from_fields(fields)), Ok(preset()));
            assert_eq!(reworded(fields.clone()), portuguese);
            assert_eq!(speak(Lang::En, || reworded(fields.clone())), english);
        }
        for outcome in OUTCOMES {
            assert_eq!(each(|| outcome_word(outcome)).map(read_outcome), [Some(outcome); 2]);
        }
    }

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
