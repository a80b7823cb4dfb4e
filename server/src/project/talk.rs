//! What is asked about messages.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::{
    answer::Answer,
    cursor::Cursor,
    error::ProjectError,
    order::{Order, between, pages},
    reads::{Page, Project, one_more, read},
    request::{Op, Query},
    value::Value,
};
use crate::{
    egress::EgressError,
    mapping::{Author, Mapping, Message, Part, Person, Row},
};

/// Messages that are looked at for one of a customer.
const LATEST: u32 = 30;
/// Rows of a whole conversation, and fewer where those are too large for one answer.
const WHOLE: [u32; 3] = [1000, 200, 50];

/// Which part of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Its end.
    Latest,
    /// What was said before this message.
    Before(Cursor),
    /// What was said after it.
    After(Cursor),
    /// What was said from this instant on.
    Since(Timestamp),
}

/// A conversation as far as it can be read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The latest first.
    pub messages: Vec<Message>,
    /// Rows of its table that are older than these; none where the project does not count them.
    pub left_out: Option<u64>,
}

impl Project {
    /// The messages of a passage of a conversation, which is known by what stands in its address; the latest first whatever
    /// the passage.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn messages(
        &self,
        conversation: &str,
        passage: &Passage,
        limit: u32,
    ) -> Result<Page<Message>, ProjectError> {
        let query = |mapping: &Mapping, keys: &[Value]| messages(mapping, keys, passage, self.zone(), one_more(limit));
        let found = self.of_person(conversation, query).await;
        let (answer, mapping) = match (found, passage) {
            // A column of seconds that has no number for so late a day has no message of it either.
            (Err(ProjectError::Mismatch(_)), Passage::Since(from)) if *from > Timestamp::now() => {
                (Answer::default(), self.mapping())
            }
            (found, _) => found?,
        };
        let order = Order::of_messages(&mapping)?;
        let upwards = matches!(passage, Passage::After(_) | Passage::Since(_));
        Ok(pages(answer.rows, limit, upwards, &order, |row| self.said(&mapping, row)))
    }

    /// All of a conversation, but for what is older than its latest thousand rows.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn whole_conversation(&self, conversation: &str) -> Result<Whole, ProjectError> {
        let mut found = Err(ProjectError::NoAnswer(EgressError::TooLarge));
        for limit in WHOLE {
            let query = |mapping: &Mapping, keys: &[Value]| {
                Ok(messages(mapping, keys, &Passage::Latest, self.zone(), limit)?.counted())
            };
            found = self.of_person(conversation, query).await.map(|(answer, mapping)| {
                let rows = answer.rows.len() as u64;
                let short = rows < u64::from(limit);
                let left_out = answer.total.map_or(short.then_some(0), |total| Some(total.saturating_sub(rows)));
                let messages = answer.rows.iter().flat_map(|row| self.said(&mapping, row)).collect();
                Whole { messages, left_out }
            });
            if !matches!(found, Err(ProjectError::NoAnswer(EgressError::TooLarge))) {
                break;
            }
        }
        found
    }

    /// What a row says, the latest first.
    fn said(&self, mapping: &Mapping, row: &Row) -> Vec<Message> {
        let mut said = mapping.messages(row, self.zone());
        said.reverse();
        said
    }

    /// Rows of messages of one conversation. Where they are known by the person they may be spelled in many ways, of which
    /// a column of numbers takes but few.
    pub(super) async fn of_person(
        &self,
        key: &str,
        query: impl Fn(&Mapping, &[Value]) -> Result<Query, ProjectError>,
    ) -> Result<(Answer, Arc<Mapping>), ProjectError> {
        let texts = |texts: Vec<String>| texts.iter().filter_map(|text| Value::text(text)).collect::<Vec<_>>();
        let (all, digits) = match Person::read(key).filter(|_| self.mapping().by_person()) {
            Some(person) => (texts(person.written(key)), texts(person.spellings())),
            None => (texts(vec![key.to_owned()]), Vec::new()),
        };
        if all.is_empty() {
            return Ok((Answer::default(), self.mapping()));
        }
        match self.answer(Part::Messages, |mapping| query(mapping, &all), Self::until()).await {
            Err(ProjectError::Mismatch(_)) if digits.is_empty() => Ok((Answer::default(), self.mapping())),
            Err(ProjectError::Mismatch(_)) => {
                self.answer(Part::Messages, |mapping| query(mapping, &digits), Self::until()).await
            }
            found => found,
        }
    }

    /// Messages of all conversations within a span, the latest first, those before a place.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn messages_between(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Message>, ProjectError> {
        let part = Part::Messages;
        let query = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            let mut query = read(mapping, part, &order.descending(), one_more(limit))?;
            if let Some(at) = mapping.messages.as_ref().and_then(|messages| messages.at.as_ref()) {
                query = query.all(&between(at, from, until, self.zone()));
            }
            Ok(match before {
                Some(place) => order.beyond(query, place, Op::Lt),
                None => query,
            })
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let order = Order::of_messages(&mapping)?;
        Ok(pages(rows, limit, false, &order, |row| self.said(&mapping, row)))
    }

    /// When the latest message of a customer came in; `None` when there is none, or when the tables do not tell.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn last_inbound(&self) -> Result<Option<Timestamp>, ProjectError> {
        let query = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            read(mapping, Part::Messages, &order.descending(), LATEST)
        };
        let (rows, mapping) = self.rows(Part::Messages, query).await?;
        let said = rows.iter().flat_map(|row| mapping.messages(row, self.zone()));
        Ok(said.filter(|message| message.author == Author::Contact).filter_map(|message| message.at).max())
    }
}

pub(super) fn messages(
    mapping: &Mapping,
    keys: &[Value],
    passage: &Passage,
    zone: &TimeZone,
    limit: u32,
) -> Result<Query, ProjectError> {
    let order = Order::of_messages(mapping)?;
    let way = match passage {
        Passage::Latest | Passage::Before(_) => order.descending(),
        Passage::After(_) | Passage::Since(_) => order.ascending(),
    };
    let query = of_conversation(mapping, read(mapping, Part::Messages, &way, limit)?, keys)?;
    Ok(match passage {
        Passage::Latest => query,
        Passage::Before(place) => order.beyond(query, place, Op::Lt),
        Passage::After(place) => order.beyond(query, place, Op::Gt),
        Passage::Since(instant) => {
            let at = mapping.messages.as_ref().and_then(|messages| messages.at.as_ref());
            let bound = at.map(|at| between(at, Some(*instant), None, zone)).unwrap_or_default();
            // From the beginning on would be something else.
            if bound.is_empty() {
                return Err(ProjectError::NotTold(Part::Messages));
            }
            query.all(&bound)
        }
    })
}

/// Only messages of one conversation.
pub(super) fn of_conversation(mapping: &Mapping, query: Query, keys: &[Value]) -> Result<Query, ProjectError> {
    let part = Part::Messages;
    let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
    let column = messages.conversation.compared().ok_or(ProjectError::NotMapped(part))?;
    Ok(match keys {
        [only] => query.filter(&column, Op::Eq, only.clone()),
        keys => query.one_of(&column, keys),
    })
}
