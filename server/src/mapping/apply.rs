//! Rows turned into conversations, messages and appointments by a mapping.
//!
//! A row that lacks what makes it one is not one; everything else that a table does not tell is absent. Nothing is guessed.

use super::{
    expr::{Expr, plain},
    model::{Appointments, AuthorIn, Conversations, Ends, Mapping, Messages, Said},
    person::Person,
    row::Row,
    speech::{Bubble, Media, bubbles, by_word},
    when::When,
    words::{Author, Outcome, plain as plain_word},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;
use std::collections::BTreeMap;

/// The longest appointment that a number of minutes can mean: a day.
const LONGEST: i64 = 24 * 60;

/// Somebody with whom messages are exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// What stands in the address of its page: the row's id, or where it is gathered the key of the newest message.
    pub id: String,
    /// Who it is, if the table tells.
    pub person: Option<Person>,
    /// Their name, if it is known.
    pub name: Option<String>,
    /// Where it stands, in the table's own word.
    pub status: Option<String>,
    /// The text of the last message.
    pub last_message: Option<String>,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it last changed.
    pub changed: Option<Timestamp>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id of the row that it stands in.
    pub row: String,
    /// Which of the row's messages, from 0.
    pub part: u8,
    /// To which conversation it belongs: its row's id, or where it is gathered the person as one text.
    pub conversation: String,
    /// Who wrote it.
    pub author: Author,
    /// What; empty beside media without a caption.
    pub text: String,
    /// What was sent with it.
    pub media: Option<Media>,
    /// When, if the table tells.
    pub at: Option<Timestamp>,
}

/// One booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// By what the row is known.
    pub id: String,
    /// The conversation that it came from.
    pub conversation: Option<String>,
    /// Who comes, by their phone or key.
    pub person: Option<Person>,
    /// Who comes, by name.
    pub name: Option<String>,
    /// What for.
    pub service: Option<String>,
    /// With whom.
    pub professional: Option<String>,
    /// When it starts.
    pub starts: Timestamp,
    /// When it ends, if that is known.
    pub ends: Option<Timestamp>,
    /// What becomes of it; none for words of the table that mean nothing we know.
    pub outcome: Option<Outcome>,
    /// The table's own word.
    pub status: Option<String>,
    /// In hundredths of the currency.
    pub price: Option<i64>,
    /// Where to meet online. A foreign address: never a link before its scheme is checked.
    pub link: Option<String>,
}

fn text(expr: Option<&Expr>, row: &Row) -> Option<String> {
    expr?.text(row)
}

fn instant(when: Option<&When>, row: &Row, zone: &TimeZone) -> Option<Timestamp> {
    when?.read(row, zone)
}

fn person(expr: Option<&Expr>, row: &Row) -> Option<Person> {
    Person::read(&expr?.text(row)?)
}

impl Mapping {
    /// The conversation of a row of its table. `None` where there is no such table, and for groups.
    pub fn conversation(&self, row: &Row, zone: &TimeZone) -> Option<Conversation> {
        let Conversations::Table { id, person: who, name, status, last_message, began, changed, .. } =
            &self.conversations
        else {
            return None;
        };
        let said = who.as_ref().and_then(|who| who.text(row));
        let person = said.as_deref().and_then(Person::read);
        // A key that names nobody is a group's.
        if said.is_some() && person.is_none() {
            return None;
        }
        Some(Conversation {
            id: id.text(row)?,
            person,
            name: text(name.as_ref(), row),
            status: text(status.as_ref(), row),
            last_message: last_message.as_ref().and_then(|said| said.value(row)).and_then(|said| one_line(&said)),
            began: instant(began.as_ref(), row, zone),
            changed: instant(changed.as_ref(), row, zone),
        })
    }

    /// The messages of a row: none, one, or the several of a turn.
    pub fn messages(&self, row: &Row, zone: &TimeZone) -> Vec<Message> {
        self.messages.as_ref().and_then(|messages| messages.read(row, zone, self.gathers())).unwrap_or_default()
    }

    /// Whether conversations are gathered from messages.
    pub fn gathers(&self) -> bool {
        matches!(self.conversations, Conversations::Gathered)
    }

    /// Whether messages say whose they are by the person, and not by an id of a table.
    pub fn by_person(&self) -> bool {
        match &self.conversations {
            Conversations::Table { id, person, .. } => person.as_ref() == Some(id),
            Conversations::Gathered => true,
            Conversations::Absent => false,
        }
    }

    /// What a row of messages says whose it is.
    pub fn key_of(&self, row: &Row) -> Option<String> {
        self.messages.as_ref()?.conversation.text(row)
    }

    /// Whose message it is, where that is a person; `None` for groups.
    pub fn person_of(&self, row: &Row) -> Option<Person> {
        Person::read(&self.key_of(row)?)
    }

    /// Conversations out of rows of messages, the newest first; each with what its newest rows tell.
    pub fn gather(&self, rows: &[Row], zone: &TimeZone) -> Vec<Conversation> {
        let Some(messages) = self.messages.as_ref().filter(|_| self.gathers()) else { return Vec::new() };
        let mut order: Vec<Conversation> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            let Some(id) = messages.conversation.text(row) else { continue };
            let Some(person) = Person::read(&id) else { continue };
            let place = *places.entry(person.to_string()).or_insert_with(|| {
                order.push(Conversation {
                    id,
                    person: Some(person),
                    name: None,
                    status: None,
                    last_message: None,
                    began: None,
                    changed: None,
                });
                order.len() - 1
            });
            let conversation = &mut order[place];
            if conversation.name.is_none() {
                conversation.name = text(messages.name.as_ref(), row);
            }
            if conversation.last_message.is_none() {
                let said = messages.read(row, zone, true).unwrap_or_default();
                conversation.last_message =
                    said.into_iter().rev().find(|message| !message.text.is_empty()).map(|message| message.text);
            }
            let at = instant(messages.at.as_ref(), row, zone);
            conversation.changed = conversation.changed.max(at);
        }
        order
    }

    /// The appointment of a row.
    pub fn appointment(&self, row: &Row, zone: &TimeZone) -> Option<Appointment> {
        self.appointments.as_ref()?.read(row, zone)
    }
}

impl Messages {
    /// `gathered`: the conversation is a person, the same one however the table writes them.
    fn read(&self, row: &Row, zone: &TimeZone, gathered: bool) -> Option<Vec<Message>> {
        let id = self.id.text(row)?;
        let key = self.conversation.text(row)?;
        let conversation = if gathered { Person::read(&key)?.to_string() } else { key };
        let at = instant(self.at.as_ref(), row, zone);
        let said: Vec<(Author, Bubble)> = match &self.said {
            Said::One { author, text, kind } => {
                let author = author.read(row)?;
                let value = text.value(row).unwrap_or_default();
                let media = kind.as_ref().and_then(|kind| kind.text(row)).as_deref().and_then(by_word);
                let mut found = bubbles(&value, self.split);
                match (media, found.first_mut()) {
                    (Some(media), Some(first)) => first.media = first.media.or(Some(media)),
                    (Some(media), None) => found.push(Bubble { text: String::new(), media: Some(media) }),
                    // A row without text is a message all the same; JSON without one is a robot's call of a tool.
                    (None, None) if text.ordered().is_some() => found.push(Bubble::default()),
                    (None, _) => {}
                }
                found.into_iter().map(|bubble| (author, bubble)).collect()
            }
            Said::Turn { question, answer } => {
                let side = |expr: &Expr, author| {
                    let value = expr.value(row).unwrap_or_default();
                    bubbles(&value, self.split).into_iter().map(move |bubble| (author, bubble))
                };
                side(question, Author::Contact).chain(side(answer, Author::Bot)).collect()
            }
        };
        let shown = said.into_iter().filter(|(author, _)| *author != Author::Hidden);
        let message = |(part, (author, bubble)): (u8, (Author, Bubble))| Message {
            row: id.clone(),
            part,
            conversation: conversation.clone(),
            author,
            text: bubble.text,
            media: bubble.media,
            at,
        };
        Some((0_u8..).zip(shown).map(message).collect())
    }
}

impl AuthorIn {
    /// `None` when the row does not tell at all; who a word names that nobody knows is the business.
    pub fn read(&self, row: &Row) -> Option<Author> {
        let word = self.of.text(row)?;
        let told = self.words.iter().find(|(known, _)| plain_word(known) == plain_word(&word));
        Some(told.map(|(_, author)| *author).or_else(|| Author::read(&word)).unwrap_or(Author::Business))
    }
}

impl Appointments {
    /// Where it stands: the table's own word, and what we know it to mean.
    pub fn standing(&self, row: &Row) -> (Option<String>, Option<Outcome>) {
        let status = text(self.status.as_ref(), row);
        let outcome = status.as_deref().and_then(|status| {
            let told = self.words.iter().find(|(known, _)| plain_word(known) == plain_word(status));
            told.map(|(_, outcome)| *outcome).or_else(|| Outcome::read(status))
        });
        (status, outcome)
    }

    fn read(&self, row: &Row, zone: &TimeZone) -> Option<Appointment> {
        let starts = self.starts.read(row, zone)?;
        let (status, outcome) = self.standing(row);
        Some(Appointment {
            id: self.id.text(row)?,
            conversation: text(self.conversation.as_ref(), row),
            person: person(self.person.as_ref(), row),
            name: text(self.name.as_ref(), row),
            service: text(self.service.as_ref(), row),
            professional: text(self.professional.as_ref(), row),
            starts,
            ends: self.ends.read(row, zone, starts),
            outcome,
            status,
            price: self.price.as_ref().and_then(|price| price.kind.read(&price.of.text(row)?)),
            link: text(self.link.as_ref(), row),
        })
    }
}

impl Ends {
    fn read(&self, row: &Row, zone: &TimeZone, starts: Timestamp) -> Option<Timestamp> {
        let after = |minutes: i64| {
            let lasts = (1..=LONGEST).contains(&minutes).then(|| SignedDuration::from_mins(minutes))?;
            starts.checked_add(lasts).ok()
        };
        match self {
            Self::Unknown => None,
            // An end before the start is a slip of the keyboard.
            Self::At(when) => when.read(row, zone).filter(|ends| *ends >= starts),
            Self::After(minutes) => after(minutes.text(row)?.parse::<f64>().ok()?.round() as i64),
            Self::Always(minutes) => after(i64::from(*minutes)),
        }
    }
}

/// The last thing said in a value, for a list.
fn one_line(value: &Value) -> Option<String> {
    let last = bubbles(value, false).into_iter().rev().find(|bubble| !bubble.text.trim().is_empty());
    last.map(|bubble| bubble.text).or_else(|| plain(value))
}

#[cfg(test)]
#[path = "families_tests.rs"]
mod tests;
