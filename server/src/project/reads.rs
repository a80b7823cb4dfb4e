//! The questions that are put to a project, one function each.
//!
//! Every one selects its columns, orders by something unique at the end, has a limit and a deadline. None waits for
//! another: a page starts all it needs and joins them. A limit is brought between 1 and 999.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use super::{
    answer::Answer,
    cursor::Cursor,
    error::ProjectError,
    kept::{KeptAnswers, Memory, Stale},
    key::ApiKey,
    request::{Condition, Op, Query, Table},
    rows::{Appointment, Conversation, FromRow, Message},
    value::Value,
};
use crate::egress::{Egress, EgressError};

/// For one question, with its retry or its pages.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long a project's clocks take to agree again about a JWT issued "in the future".
const CLOCK_PAUSE: Duration = Duration::from_millis(1500);
/// Rows a page at most: with the one more that is asked for, still below what a project gives by default.
const MOST_ROWS: u32 = 999;

/// A tenant's project, ready to be asked.
pub struct Project {
    egress: Egress,
    lane: Uuid,
    url: Url,
    key: ApiKey,
    memory: Option<Memory>,
}

/// Which page of the conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The first.
    Newest,
    /// The one after this row.
    OlderThan(Cursor),
    /// The one before this row.
    NewerThan(Cursor),
}

/// By what a contact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// The phone, exactly as the project writes it.
    Phone,
    /// The name, exactly as the project writes it.
    Name,
}

/// Some of many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order that the read promises.
    pub rows: Vec<T>,
    /// Whether there are more in the direction asked for.
    pub more: bool,
    /// Rows that could not be read as what they should be, and are not among `rows`.
    pub skipped: usize,
}

impl Project {
    /// A project at its URL, read with a key, in the lane of its tenant. Connects to nothing.
    pub fn new(egress: Egress, lane: Uuid, url: Url, key: ApiKey) -> Self {
        Self { egress, lane, url, key, memory: None }
    }

    /// The same for a page: while the project does not answer, what it said in the last five minutes stands in. Not for
    /// whoever wants to know how the project is. `version` is that of the credential it is opened with.
    #[must_use]
    pub fn remembering(mut self, answers: &KeptAnswers, version: i64) -> Self {
        self.memory = Some(answers.of(self.lane, version));
        self
    }

    /// Whether anything that was read since [`Project::new`] is older than it should be.
    pub fn stale(&self) -> Option<Stale> {
        self.memory.as_ref().and_then(Memory::stale)
    }

    /// A page of conversations, the newest first whatever the direction.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn conversations_page(
        &self,
        direction: Direction,
        limit: u32,
    ) -> Result<Page<Conversation>, ProjectError> {
        let mut page = self.page(conversations(direction, one_more(limit)), limit).await?;
        if matches!(direction, Direction::NewerThan(_)) {
            page.rows.reverse();
        }
        Ok(page)
    }

    /// One conversation.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn find_conversation(&self, id: i64) -> Result<Option<Conversation>, ProjectError> {
        let query =
            Query::new(Table::Conversations, Table::Conversations.columns(), "id.asc", 1).filter("id", Op::Eq, id);
        Ok(self.page(query, 1).await?.rows.pop())
    }

    /// The conversations of contacts known by any of these texts, the latest first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn list_conversations_of(
        &self,
        contact: Contact,
        texts: &[&str],
        limit: u32,
    ) -> Result<Page<Conversation>, ProjectError> {
        let values: Vec<Value> = texts.iter().filter_map(|text| Value::text(text)).collect();
        if values.is_empty() {
            return Ok(Page { rows: Vec::new(), more: false, skipped: 0 });
        }
        self.page(conversations_of(contact, values, one_more(limit)), limit).await
    }

    /// Messages of a conversation, the latest first; those before a message, or the last.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn messages(
        &self,
        conversation_id: i64,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Message>, ProjectError> {
        self.page(messages(conversation_id, before, one_more(limit)), limit).await
    }

    /// Appointments that are not over and not cancelled, the next first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn upcoming(&self, now: Timestamp, limit: u32) -> Result<Vec<Appointment>, ProjectError> {
        Ok(self.page(upcoming(now, limit.clamp(1, MOST_ROWS)), limit).await?.rows)
    }

    /// Appointments that start from one instant until before another, in order.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Page<Appointment>, ProjectError> {
        self.page(appointments_between(from, until, one_more(limit)), limit).await
    }

    /// Reads as little as possible of a table, with all the columns we need: whether any row can be seen.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn probe(&self, table: Table) -> Result<bool, ProjectError> {
        let query = Query::new(table, table.columns(), "id.asc", 1);
        Ok(!self.ask(&query, Self::until()).await?.rows.is_empty())
    }

    /// When the latest message of a customer came in; `None` when there is none.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn last_inbound(&self) -> Result<Option<Timestamp>, ProjectError> {
        // By id: the one order that every such table has an index for.
        let query = Query::new(Table::Messages, "id,created_at", "id.desc", 1).filter(
            "direction",
            Op::Eq,
            Value::text("in").expect("a text without NUL"),
        );
        let answer = self.ask(&query, Self::until()).await?;
        Ok(answer.rows.first().and_then(|row| row.instant("created_at")))
    }

    /// When a question that starts now must be answered.
    pub(super) fn until() -> Instant {
        Instant::now() + DEADLINE
    }

    /// Asks, and once more when the project's clocks disagree. What it said before stands in while it is away.
    pub(super) async fn ask(&self, query: &Query, until: Instant) -> Result<Answer, ProjectError> {
        let answer = match self.ask_once(query, until).await {
            Err(ProjectError::ClockAhead) => {
                tokio::time::sleep(CLOCK_PAUSE).await;
                self.ask_once(query, until).await
            }
            answer => answer,
        };
        let Some(memory) = &self.memory else { return answer };
        answer.or_else(|error| {
            let read = |incoming: &_| Answer::read(incoming, query.table()).ok();
            memory.recall(&query.question(), error, read).ok_or(error)
        })
    }

    async fn ask_once(&self, query: &Query, until: Instant) -> Result<Answer, ProjectError> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(EgressError::Timeout.into());
        }
        let incoming = self.egress.send(self.lane, query.outgoing(&self.url, &self.key, left)).await?;
        let answer = Answer::read(&incoming, query.table()).map_err(|error| match error {
            ProjectError::Key if self.key.has_expired(Timestamp::now()) => ProjectError::KeyExpired,
            error => error,
        })?;
        if let Some(memory) = &self.memory {
            memory.keep(&query.question(), incoming);
        }
        Ok(answer)
    }

    /// Asks for one row more than wanted, to know whether there are more.
    async fn page<T: FromRow>(&self, query: Query, limit: u32) -> Result<Page<T>, ProjectError> {
        let limit = limit.clamp(1, MOST_ROWS) as usize;
        let mut found = self.ask(&query, Self::until()).await?.rows;
        let more = found.len() > limit;
        found.truncate(limit);
        let rows: Vec<T> = found.iter().filter_map(T::from_row).collect();
        let skipped = found.len() - rows.len();
        if skipped > 0 {
            tracing::debug!(table = %query.table(), skipped, "rows of a project could not be read");
        }
        Ok(Page { rows, more, skipped })
    }
}

fn one_more(limit: u32) -> u32 {
    limit.clamp(1, MOST_ROWS) + 1
}

/// Newest first, or from a row upwards, oldest first. A conversation that never changed has no place in this order: with
/// nulls in it the pages' borders would be none.
fn conversations(direction: Direction, limit: u32) -> Query {
    let order = match direction {
        Direction::Newest | Direction::OlderThan(_) => "updated_at.desc,id.desc",
        Direction::NewerThan(_) => "updated_at.asc,id.asc",
    };
    let query = Query::new(Table::Conversations, Table::Conversations.columns(), order, limit);
    // The first condition says nothing that the second does not, but an index can be entered with it.
    match direction {
        Direction::Newest => query.not_null("updated_at"),
        Direction::OlderThan(at) => query.filter("updated_at", Op::Lte, at.updated_at).any(&beyond(at, Op::Lt)),
        Direction::NewerThan(at) => query.filter("updated_at", Op::Gte, at.updated_at).any(&beyond(at, Op::Gt)),
    }
}

fn beyond(at: Cursor, op: Op) -> [Condition; 2] {
    let same_instant = Condition::Is("updated_at", Op::Eq, at.updated_at.into());
    [
        Condition::Is("updated_at", op, at.updated_at.into()),
        Condition::All(vec![same_instant, Condition::Is("id", op, at.id.into())]),
    ]
}

fn conversations_of(contact: Contact, mut values: Vec<Value>, limit: u32) -> Query {
    let column = match contact {
        Contact::Phone => "phone",
        Contact::Name => "name",
    };
    let query = Query::new(Table::Conversations, Table::Conversations.columns(), "updated_at.desc,id.desc", limit);
    match values.pop() {
        Some(only) if values.is_empty() => query.filter(column, Op::Eq, only),
        last => query.one_of(column, &values.into_iter().chain(last).collect::<Vec<_>>()),
    }
}

fn messages(conversation_id: i64, before: Option<i64>, limit: u32) -> Query {
    let query = Query::new(Table::Messages, Table::Messages.columns(), "id.desc", limit).filter(
        "conversation_id",
        Op::Eq,
        conversation_id,
    );
    match before {
        Some(id) => query.filter("id", Op::Lt, id),
        None => query,
    }
}

fn upcoming(now: Timestamp, limit: u32) -> Query {
    Query::new(Table::Appointments, Table::Appointments.columns(), "starts_at.asc,id.asc", limit)
        .all(&[
            Condition::Any(vec![
                Condition::Is("ends_at", Op::Gte, now.into()),
                Condition::Is("starts_at", Op::Gte, now.into()),
            ]),
            // cancelled, canceled, cancelado, cancelada; a null is compared to nothing and would be lost.
            Condition::Any(vec![Condition::Null("status"), Condition::NotBeginning("status", "cancel")]),
        ])
        .known_as("upcoming")
}

fn appointments_between(from: Timestamp, until: Timestamp, limit: u32) -> Query {
    Query::new(Table::Appointments, Table::Appointments.columns(), "starts_at.asc,id.asc", limit)
        .filter("starts_at", Op::Gte, from)
        .filter("starts_at", Op::Lt, until)
}

#[cfg(test)]
#[path = "reads_tests.rs"]
mod tests;
