//! A mapping: how one tenant's tables become our conversations, messages and appointments.
//!
//! It is kept as JSON, one version after the other; what a family of tables cannot tell is absent here and is said on the
//! pages, never invented. Source: `field.md` §2.

use super::{
    columns::Part,
    expr::{Expr, checked},
    money::MoneyKind,
    when::{Naive, When},
    words::{Author, Outcome},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Fixed conditions of a table.
const MOST_CONDITIONS: usize = 8;
/// Words of a table that were given a meaning.
const MOST_WORDS: usize = 60;
/// Characters of such a word, and of a condition's value.
const LONGEST_WORD: usize = 120;

/// The whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Whom the business talks with.
    pub conversations: Conversations,
    /// What was said; none when the project keeps no messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Messages>,
    /// What was booked; none when the project has no such table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointments: Option<Appointments>,
}

/// A table or view.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name, with its spaces and capitals.
    pub name: String,
    /// Its schema, when it is not the project's first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Only rows for which all of these hold: a column with several clients' rows, or with deleted ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<Condition>,
}

/// A fixed condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Of which column.
    pub column: String,
    /// The related table that has the column, where rows say only through it whose they are. None for a column of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What must be so.
    pub is: Is,
}

/// What must be so of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// It has this value.
    Equal(String),
    /// It has none.
    Null,
    /// It has one.
    Something,
}

/// Whom the business talks with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a mapping")]
pub enum Conversations {
    /// A table has a row for each.
    Table {
        /// Which.
        table: Table,
        /// By what a row is known, and what messages refer to.
        id: Expr,
        /// Phone, WhatsApp id or another key of the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Expr>,
        /// The person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Expr>,
        /// Where the conversation stands, in the table's own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<Expr>,
        /// The text of the last message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_message: Option<Expr>,
        /// When it began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        began: Option<When>,
        /// When it last changed: the order of the list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changed: Option<When>,
    },
    /// There is no such table: the latest messages are gathered by person.
    Gathered,
    /// The project keeps appointments alone.
    Absent,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// Where.
    pub table: Table,
    /// By what a row is known; rises with time where nothing else does.
    pub id: Expr,
    /// To which conversation it belongs: the id of its table's row, or the person whose messages are gathered.
    pub conversation: Expr,
    /// The person's name, where messages carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Expr>,
    /// Who said what.
    pub said: Said,
    /// Whether a text holds several bubbles, parted by ` | `.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub split: bool,
    /// When; none for tables that do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<When>,
    /// Whether ids rise with time: then rows are put in order by them, for which every table has an index.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rising: bool,
}

/// Who said what in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Said {
    /// One of both sides.
    One {
        /// Which.
        author: AuthorIn,
        /// What.
        text: Expr,
        /// A word for its kind, which tells media from texts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Expr>,
    },
    /// Question and answer of one turn: two messages with one time.
    Turn {
        /// What the contact said.
        question: Expr,
        /// What the robot said.
        answer: Expr,
    },
}

/// Where a message's author is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorIn {
    /// A word, or a truth value that is true for the business.
    pub of: Expr,
    /// What words mean that are not the usual ones, or mean something else here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, Author>,
}

/// What was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointments {
    /// Where.
    pub table: Table,
    /// By what a row is known.
    pub id: Expr,
    /// The conversation that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Expr>,
    /// Phone, WhatsApp id or another key of who comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Expr>,
    /// Who comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Expr>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Expr>,
    /// With whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub professional: Option<Expr>,
    /// When it starts.
    pub starts: When,
    /// When it ends.
    #[serde(default)]
    pub ends: Ends,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked: Option<When>,
    /// What becomes of it, in the table's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Expr>,
    /// What words of the status mean that are not the usual ones, or mean something else here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, Outcome>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Where to meet online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Expr>,
}

/// When an appointment ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ends {
    /// The table does not tell.
    #[default]
    Unknown,
    /// At this time.
    At(When),
    /// So many minutes after its start.
    After(Expr),
    /// Each lasts so many minutes.
    Always(u16),
}

/// What an appointment costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The column.
    pub of: Expr,
    /// What it holds.
    pub kind: MoneyKind,
}

/// A mapping that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMapping {
    /// Not the JSON of a mapping.
    #[error("not a mapping")]
    Shape,
    /// A table's, schema's or column's name is none.
    #[error("a name of a table or column that Postgres does not permit, or with a double quote in it")]
    Name,
    /// More words or conditions than are kept, or longer ones.
    #[error("too many conditions or words, or one that is too long")]
    TooMuch,
    /// Conversations are to be gathered from messages that are not there.
    #[error("conversations are gathered from messages, and there are none")]
    NothingToGather,
    /// Rows are known by something that is not one column of their table.
    #[error("an id that is not a column of its table")]
    Id,
}

impl Table {
    /// A table of the project's first schema, all rows of it.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), schema: None, only: Vec::new() }
    }

    /// The related tables that its conditions name, each once.
    pub fn joined(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for of in self.only.iter().filter_map(|condition| condition.of.as_deref()) {
            if !all.contains(&of) {
                all.push(of);
            }
        }
        all
    }

    fn check(&self) -> Result<(), BadMapping> {
        let names = [Some(&self.name), self.schema.as_ref()].into_iter().flatten();
        let conditions = self.only.iter().flat_map(|one| [Some(&one.column), one.of.as_ref()]).flatten();
        for name in names.chain(conditions) {
            checked(name).map_err(|_| BadMapping::Name)?;
        }
        let long = |condition: &Condition| matches!(&condition.is, Is::Equal(value) if is_too_long(value));
        if self.only.len() > MOST_CONDITIONS || self.only.iter().any(long) { Err(BadMapping::TooMuch) } else { Ok(()) }
    }
}

impl Condition {
    /// Whether a column is there no more without which it cannot be asked whether it holds.
    pub fn uses(&self, name: &str) -> bool {
        self.column == name || self.of.as_deref() == Some(name)
    }
}

/// As a form has it: `tenant_id`, `conversations(tenant_id)`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Some(of) => write!(f, "{of}({})", self.column),
            None => f.write_str(&self.column),
        }
    }
}

fn is_too_long(word: &str) -> bool {
    word.chars().count() > LONGEST_WORD || word.contains('\0')
}

fn check_words<T>(words: &BTreeMap<String, T>) -> Result<(), BadMapping> {
    let good = words.len() <= MOST_WORDS && !words.keys().any(|word| is_too_long(word));
    if good { Ok(()) } else { Err(BadMapping::TooMuch) }
}

impl Mapping {
    /// Reads what the store keeps or a form sends.
    ///
    /// # Errors
    /// See [`BadMapping`].
    pub fn from_json(json: &str) -> Result<Self, BadMapping> {
        let mapping: Self = serde_json::from_str(json).map_err(|_| BadMapping::Shape)?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The text that the store keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a mapping is plain data")
    }

    /// Reads all its tables from this schema.
    pub fn set_schema(&mut self, schema: Option<&str>) {
        for part in Part::ALL {
            if let Some(table) = self.table_mut(part) {
                table.schema = schema.map(str::to_owned);
            }
        }
    }

    /// Whether it can be used.
    ///
    /// # Errors
    /// See [`BadMapping`].
    pub fn check(&self) -> Result<(), BadMapping> {
        let plain = |id: &Expr| if id.ordered().is_some() { Ok(()) } else { Err(BadMapping::Id) };
        match &self.conversations {
            Conversations::Table { table, id, .. } => {
                table.check()?;
                plain(id)?;
            }
            Conversations::Gathered if self.messages.is_none() => return Err(BadMapping::NothingToGather),
            Conversations::Gathered | Conversations::Absent => {}
        }
        if let Some(messages) = &self.messages {
            messages.table.check()?;
            plain(&messages.id)?;
            if let Said::One { author, .. } = &messages.said {
                check_words(&author.words)?;
            }
        }
        if let Some(appointments) = &self.appointments {
            appointments.table.check()?;
            plain(&appointments.id)?;
            check_words(&appointments.words)?;
        }
        Ok(())
    }
}

/// The default tables, which need no mapping. Source: the design's "Tenant data".
impl Default for Mapping {
    fn default() -> Self {
        let expr = |text: &str| text.parse::<Expr>().expect("a column");
        let stamp = |column| When::Stamp { at: expr(column), naive: Naive::Utc };
        Self {
            conversations: Conversations::Table {
                table: Table::named("conversations"),
                id: expr("id"),
                person: Some(expr("phone")),
                name: Some(expr("name")),
                status: Some(expr("status")),
                last_message: Some(expr("last_message")),
                began: Some(stamp("created_at")),
                changed: Some(stamp("updated_at")),
            },
            messages: Some(Messages {
                table: Table::named("messages"),
                id: expr("id"),
                conversation: expr("conversation_id"),
                name: None,
                said: Said::One {
                    author: AuthorIn { of: expr("direction"), words: BTreeMap::new() },
                    text: expr("content"),
                    kind: None,
                },
                split: false,
                at: Some(stamp("created_at")),
                rising: true,
            }),
            appointments: Some(Appointments {
                table: Table::named("appointments"),
                id: expr("id"),
                conversation: Some(expr("conversation_id")),
                person: Some(expr("customer_phone")),
                name: Some(expr("customer_name")),
                service: Some(expr("service")),
                professional: Some(expr("professional")),
                starts: stamp("starts_at"),
                ends: Ends::At(stamp("ends_at")),
                booked: None,
                status: Some(expr("status")),
                words: BTreeMap::new(),
                price: Some(Price { of: expr("price_cents"), kind: MoneyKind::Cents }),
                link: Some(expr("meet_link")),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_survives_its_json() {
        let mapping = Mapping::default();
        assert_eq!(Mapping::from_json(&mapping.to_json()), Ok(mapping));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let change = |from: &str, to: &str| {
            let json = Mapping::default().to_json();
            assert!(json.contains(from), "{json}");
            Mapping::from_json(&json.replacen(from, to, 1))
        };
        assert_eq!(change("\"name\":\"conversations\"", "\"name\":\"a\\\"b\""), Err(BadMapping::Name));
        assert_eq!(change("\"name\":\"conversations\"", "\"name\":\"\""), Err(BadMapping::Name));
        assert_eq!(change("\"id\":\"id\"", "\"id\":\"\""), Err(BadMapping::Shape));
        assert_eq!(change("\"table\":{", "\"surprise\":1,\"table\":{"), Err(BadMapping::Shape));
        let only = "\"name\":\"conversations\",\"only\":[{\"column\":\"deleted_at\",\"is\":\"null\"}]";
        assert!(change("\"name\":\"conversations\"", only).is_ok());
        let of = |table: &str| only.replace("\"column\"", &format!("\"of\":\"{table}\",\"column\""));
        assert!(change("\"name\":\"conversations\"", &of("accounts")).is_ok());
        assert_eq!(change("\"name\":\"conversations\"", &of("a\\\"b")), Err(BadMapping::Name));
        for json in ["", "{}", "null", "[]", "{\"conversations\":\"gathered\",\"messages\":null}"] {
            assert!(Mapping::from_json(json).is_err(), "{json}");
        }
        assert_eq!(Mapping::from_json("{\"conversations\":\"gathered\"}"), Err(BadMapping::NothingToGather));
        let mut many = Mapping::default();
        let appointments = many.appointments.as_mut().unwrap();
        appointments.words = (0..61).map(|number| (number.to_string(), Outcome::Completed)).collect();
        assert_eq!(many.check(), Err(BadMapping::TooMuch));
    }
}
