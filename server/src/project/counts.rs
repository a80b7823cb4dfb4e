//! What the overview counts: who came, what was said, what was booked, of spans of time; and who waits longest.
//!
//! Only the columns that are counted are read. Where a span has more rows than are read, a project that allows it is asked
//! for the sums (`count()`); most do not, and what is shown is then a sample.

use std::num::NonZeroU64;

use jiff::Timestamp;

use super::{
    error::ProjectError,
    reads::{MOST_ROWS, Project, read},
    request::{Condition, Extra, Query},
    sample::{Pace, Sample, Timed, Want, Within},
    search::exactly,
};
use crate::mapping::{
    Appointments, Author, Conversation, Conversations, Expr, Mapping, Messages, Outcome, Part, Person, Row, Said, When,
};

/// When a conversation began, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// When.
    pub at: Timestamp,
    /// What messages and appointments refer to.
    pub key: String,
    /// The person, the same one however tables spell them.
    pub person: Option<String>,
}

/// When somebody said something in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// When.
    pub at: Timestamp,
    /// In which conversation.
    pub key: String,
    /// Who.
    pub author: Author,
}

/// An appointment as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// When it starts.
    pub at: Timestamp,
    /// What became of it, if the project's word means something we know.
    pub outcome: Option<Outcome>,
    /// The project's own word.
    pub status: Option<String>,
    /// What for.
    pub service: Option<String>,
    /// With whom.
    pub professional: Option<String>,
    /// The conversation that it came from.
    pub key: Option<String>,
    /// Who comes.
    pub person: Option<String>,
    /// When it was made.
    pub booked: Option<Timestamp>,
}

impl Timed for Talk {
    fn at(&self) -> Timestamp {
        self.at
    }
}

impl Timed for Utterance {
    fn at(&self) -> Timestamp {
        self.at
    }
}

impl Timed for Booking {
    fn at(&self) -> Timestamp {
        self.at
    }
}

/// How many rows have one of the values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total<T> {
    /// What the value means.
    pub of: T,
    /// How many.
    pub rows: NonZeroU64,
}

type Span = (Timestamp, Timestamp);

impl Project {
    /// The conversations that began within a span.
    ///
    /// # Errors
    /// See [`ProjectError`]; `NotTold` where the project's tables do not tell when.
    pub async fn talks(&self, pace: &Pace, want: Want, span: Span) -> Result<Sample<Talk>, ProjectError> {
        let part = Part::Conversations;
        if self.mapping().gathers() {
            return Err(ProjectError::NotTold(part));
        }
        let query = |mapping: &Mapping| {
            let (id, person, began) = talk(mapping)?;
            let also: Vec<&Expr> = person.into_iter().collect();
            within(part, began, id, span).query(mapping, &also, self.zone())
        };
        let key = |mapping: &Mapping, row: &Row| talk(mapping).ok()?.0.text(row);
        let read = |mapping: &Mapping, row: &Row| {
            let (id, person, began) = talk(mapping).ok()?;
            let told = person.and_then(|person| person.text(row));
            let person = told.as_deref().and_then(Person::read);
            // A key that names nobody is a group's.
            if told.is_some() && person.is_none() {
                return None;
            }
            let at = within(part, began, id, span).time(row, self.zone())?;
            Some(Talk { at, key: same(mapping, id.text(row)?)?, person: person.map(|person| person.to_string()) })
        };
        self.sampled(part, (pace, want), query, key, |mapping, row| read(mapping, row).into_iter().collect()).await
    }

    /// What was said within a span.
    ///
    /// # Errors
    /// See [`ProjectError`]; `NotTold` where the project's tables do not tell when.
    pub async fn utterances(&self, pace: &Pace, want: Want, span: Span) -> Result<Sample<Utterance>, ProjectError> {
        let part = Part::Messages;
        let query = |mapping: &Mapping| {
            let (messages, at) = said(mapping)?;
            let mut also = vec![&messages.conversation];
            match &messages.said {
                Said::One { author, .. } => also.push(&author.of),
                Said::Turn { question, answer } => also.extend([question, answer]),
            }
            within(part, at, &messages.id, span).query(mapping, &also, self.zone())
        };
        let key = |mapping: &Mapping, row: &Row| said(mapping).ok()?.0.id.text(row);
        let read = |mapping: &Mapping, row: &Row| {
            let (messages, at) = said(mapping).ok()?;
            let at = within(part, at, &messages.id, span).time(row, self.zone())?;
            let key = same(mapping, messages.conversation.text(row)?)?;
            let authors = authors(messages, row);
            Some(authors.into_iter().map(move |author| Utterance { at, key: key.clone(), author }))
        };
        self.sampled(part, (pace, want), query, key, |mapping, row| read(mapping, row).into_iter().flatten().collect())
            .await
    }

    /// The appointments that start within a span.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn bookings(&self, pace: &Pace, want: Want, span: Span) -> Result<Sample<Booking>, ProjectError> {
        let part = Part::Appointments;
        let query = |mapping: &Mapping| {
            let all = booked(mapping)?;
            let columns = [&all.status, &all.service, &all.professional, &all.conversation, &all.person];
            let made = all.booked.iter().flat_map(When::exprs);
            let also: Vec<&Expr> = columns.into_iter().flatten().chain(made).collect();
            within(part, &all.starts, &all.id, span).query(mapping, &also, self.zone())
        };
        let key = |mapping: &Mapping, row: &Row| booked(mapping).ok()?.id.text(row);
        let read = |mapping: &Mapping, row: &Row| {
            let all = booked(mapping).ok()?;
            let at = within(part, &all.starts, &all.id, span).time(row, self.zone())?;
            let text = |expr: &Option<Expr>| expr.as_ref().and_then(|expr| expr.text(row));
            let (status, outcome) = all.standing(row);
            Some(Booking {
                at,
                outcome,
                status,
                service: text(&all.service),
                professional: text(&all.professional),
                key: text(&all.conversation).and_then(|key| same(mapping, key)),
                person: text(&all.person).as_deref().and_then(Person::read).map(|person| person.to_string()),
                booked: all.booked.as_ref().and_then(|when| when.read(row, self.zone())),
            })
        };
        self.sampled(part, (pace, want), query, key, |mapping, row| read(mapping, row).into_iter().collect()).await
    }

    /// How many messages each kind of author wrote within a span, summed by the project itself. `None` where that cannot
    /// be asked for.
    ///
    /// # Errors
    /// See [`ProjectError`]; most projects refuse.
    pub async fn message_totals(&self, pace: &Pace, span: Span) -> Result<Option<Vec<Total<Author>>>, ProjectError> {
        let mapping = self.mapping();
        let (messages, at) = said(&mapping)?;
        let Said::One { author, .. } = &messages.said else { return Ok(None) };
        let query = within(Part::Messages, at, &messages.id, span).totals(&mapping, &author.of, self.zone());
        self.totals(pace, query, |row| author.read(row)).await
    }

    /// How many appointments of a span have each status, summed by the project itself. `None` where that cannot be asked
    /// for.
    ///
    /// # Errors
    /// See [`ProjectError`]; most projects refuse.
    pub async fn booking_totals(
        &self,
        pace: &Pace,
        span: Span,
    ) -> Result<Option<Vec<Total<(Option<String>, Option<Outcome>)>>>, ProjectError> {
        let mapping = self.mapping();
        let all = booked(&mapping)?;
        let Some(status) = &all.status else { return Ok(None) };
        let query = within(Part::Appointments, &all.starts, &all.id, span).totals(&mapping, status, self.zone());
        self.totals(pace, query, |row| Some(all.standing(row))).await
    }

    async fn totals<T>(
        &self,
        pace: &Pace,
        query: Option<Query>,
        of: impl Fn(&Row) -> Option<T>,
    ) -> Result<Option<Vec<Total<T>>>, ProjectError> {
        let Some(query) = query else { return Ok(None) };
        let _place = pace.place().await;
        let answer = self.ask(&query, pace.until).await?;
        // There may be more groups than a project gives rows.
        if answer.rows.len() >= MOST_ROWS as usize {
            return Ok(None);
        }
        let total = |row: &Row| {
            let rows = row.whole("count").and_then(|rows| u64::try_from(rows).ok()).and_then(NonZeroU64::new)?;
            Some(Total { of: of(row)?, rows })
        };
        Ok(Some(answer.rows.iter().filter_map(total).collect()))
    }

    /// Of the conversations whose status is one of these words, the one that has not changed for longest.
    ///
    /// # Errors
    /// See [`ProjectError`]; `NotTold` where the tables have no status or no time.
    pub async fn longest_waiting(&self, pace: &Pace, words: &[String]) -> Result<Option<Conversation>, ProjectError> {
        let part = Part::Conversations;
        let query = |mapping: &Mapping| {
            let Conversations::Table { id, status: Some(status), began, changed, .. } = &mapping.conversations else {
                return Err(ProjectError::NotTold(part));
            };
            let since = changed.as_ref().or(began.as_ref()).and_then(When::ordered);
            let (Some(at), Some(column), Some(id)) = (since, status.compared(), id.ordered()) else {
                return Err(ProjectError::NotTold(part));
            };
            let same = words.iter().filter_map(|word| Some(Condition::Like(column.clone(), exactly(word)?))).collect();
            let extra = Extra { all: vec![Condition::Any(same)], ..Extra::default() };
            Ok(read(mapping, part, &format!("{at}.asc,{id}.asc"), 1)?.not_null(&at).under(&extra))
        };
        let _place = pace.place().await;
        match self.answer(part, query, pace.until).await {
            Ok((answer, mapping)) => Ok(answer.rows.first().and_then(|row| mapping.conversation(row, self.zone()))),
            // A truth value or a number tells nobody who waits.
            Err(ProjectError::Mismatch(_)) => Err(ProjectError::NotTold(part)),
            Err(error) => Err(error),
        }
    }
}

fn within<'a>(part: Part, when: &'a When, id: &'a Expr, (from, until): Span) -> Within<'a> {
    Within { part, when, id, from, until }
}

/// What a conversation is counted by.
fn talk(mapping: &Mapping) -> Result<(&Expr, Option<&Expr>, &When), ProjectError> {
    match &mapping.conversations {
        Conversations::Table { id, person, began: Some(began), .. } => Ok((id, person.as_ref(), began)),
        Conversations::Table { .. } | Conversations::Gathered => Err(ProjectError::NotTold(Part::Conversations)),
        Conversations::Absent => Err(ProjectError::NotMapped(Part::Conversations)),
    }
}

fn said(mapping: &Mapping) -> Result<(&Messages, &When), ProjectError> {
    let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(Part::Messages))?;
    Ok((messages, messages.at.as_ref().ok_or(ProjectError::NotTold(Part::Messages))?))
}

fn booked(mapping: &Mapping) -> Result<&Appointments, ProjectError> {
    mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(Part::Appointments))
}

/// Whose a row is, the same however a table spells a person. `None` for groups.
fn same(mapping: &Mapping, key: String) -> Option<String> {
    if mapping.by_person() { Person::read(&key).map(|person| person.to_string()) } else { Some(key) }
}

/// Who speaks in a row: nobody that is shown, one, or both sides of a turn.
fn authors(messages: &Messages, row: &Row) -> Vec<Author> {
    match &messages.said {
        Said::One { author, .. } => author.read(row).filter(|author| *author != Author::Hidden).into_iter().collect(),
        Said::Turn { question, answer } => [(question, Author::Contact), (answer, Author::Bot)]
            .into_iter()
            .filter(|(expr, _)| {
                expr.value(row).is_some_and(|said| said.as_str().is_none_or(|said| !said.trim().is_empty()))
            })
            .map(|(_, author)| author)
            .collect(),
    }
}
