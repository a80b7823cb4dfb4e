//! The questions that are put to a project, one function each, in the words of its tenant's mapping.
//!
//! Every one selects its columns, orders by something unique at the end, has a limit and a deadline. None waits for
//! another: a page starts all it needs and joins them. A limit is brought between 1 and 999. A column that is there no
//! more is left out and named by [`Project::lost`]; it costs the page one more request.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::credentials::Provider;
use jiff::{Timestamp, tz::TimeZone};
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;
use uuid::Uuid;

use super::{
    answer::{self, Answer},
    cursor::Cursor,
    error::ProjectError,
    kept::{KeptAnswers, Memory, Stale},
    key::ApiKey,
    order::between,
    realtime::Realtime,
    request::Query,
};
use crate::{
    egress::{Egress, EgressError},
    mapping::{Conversation, Conversations, Mapping, Part, Person, Row, Table, selection},
    telemetry::{Phase, Timing, spans},
};

/// For one question, with its retry or its pages.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long a project's clocks take to agree again about a JWT issued "in the future".
const CLOCK_PAUSE: Duration = Duration::from_millis(1500);
/// In bytes: longer ids are not kept; see [`Project::note_whose`].
const LONGEST_KEPT: usize = 64;
/// Rows a page at most: with the one more that is asked for, still below what a project gives by default.
pub(super) const MOST_ROWS: u32 = 999;
/// Columns that a project may have lost between two saves of its mapping; each costs a request.
const MOST_LOST: usize = 3;

/// A tenant's project, ready to be asked.
pub struct Project {
    egress: Egress,
    lane: Uuid,
    url: Url,
    key: ApiKey,
    timing: Timing,
    memory: Option<Memory>,
    mapping: Mutex<Arc<Mapping>>,
    zone: TimeZone,
    lost: Mutex<BTreeSet<Lost>>,
    wait: Mutex<Option<Duration>>,
}

/// A column that the mapping names and the project has no more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lost {
    /// What it was read for.
    pub part: Part,
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
}

/// Which page of the conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Direction {
    /// The first.
    Newest,
    /// The one after this row.
    OlderThan(Cursor),
    /// The one before this row.
    NewerThan(Cursor),
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
    /// The place of the first row that came, and of the last.
    pub ends: Option<(Cursor, Cursor)>,
}

impl Project {
    /// A project at its URL, read with a key, in the lane of its tenant, as one with the default tables. Connects to
    /// nothing.
    pub fn new(egress: Egress, lane: Uuid, url: Url, key: ApiKey) -> Self {
        Self {
            egress,
            lane,
            url,
            key,
            timing: Timing::default(),
            memory: None,
            mapping: Mutex::default(),
            zone: TimeZone::UTC,
            lost: Mutex::default(),
            wait: Mutex::default(),
        }
    }

    /// The same, read by a mapping; what its tables say without a zone is in this one.
    #[must_use]
    pub fn reading(mut self, mapping: Arc<Mapping>, zone: TimeZone) -> Self {
        self.mapping = Mutex::new(mapping);
        self.zone = zone;
        self
    }

    /// The same, with the time that its answers take counted to a request's.
    #[must_use]
    pub fn timed(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
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

    /// Keeps whose conversations these are, for [`Project::whose`].
    pub fn note_whose<'a>(&self, conversations: impl IntoIterator<Item = &'a Conversation>) {
        // What came from memory was kept when it was new.
        let Some(memory) = self.memory.as_ref().filter(|memory| memory.stale().is_none()) else { return };
        memory.keep_people(conversations.into_iter().filter_map(|conversation| {
            // Anything else has no appointments, and may be as long as a table has it.
            let person = conversation.person.as_ref().filter(|person| !matches!(person, Person::Other(_)))?;
            (conversation.id.len() <= LONGEST_KEPT).then_some((conversation.id.as_str(), person))
        }));
    }

    /// Whose a conversation was when it was last read, a few minutes ago at most: a guess, so that what hangs on the person
    /// can be asked for at once. The row itself says whether it is true.
    pub fn whose(&self, conversation: &str) -> Option<Person> {
        self.memory.as_ref()?.person(conversation)
    }

    /// The columns that were missed since [`Project::new`].
    pub fn lost(&self) -> Vec<Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// How long the project asked to be left alone, if it did since [`Project::new`].
    pub fn asked_to_wait(&self) -> Option<Duration> {
        *self.wait.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mapping that rows are read by: without what the project lost.
    pub fn mapping(&self) -> Arc<Mapping> {
        Arc::clone(&self.mapping.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The way to what the project says by itself of the tables that rows are read from. `None` where there are none.
    pub fn realtime(&self) -> Option<Realtime> {
        Realtime::new(self.egress.clone(), self.lane, self.url.clone(), self.key.clone(), &self.mapping())
    }

    /// The zone of times without one.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// About how many rows a part has within a span: for a bar that grows, and nothing else. `None` where the project does
    /// not tell.
    pub async fn estimate(&self, part: Part, from: Option<Timestamp>, until: Option<Timestamp>) -> Option<u64> {
        let query = |mapping: &Mapping| {
            let (at, id) = match (part, &mapping.conversations, &mapping.messages, &mapping.appointments) {
                (Part::Conversations, Conversations::Table { id, changed, .. }, _, _) => (changed.as_ref(), id),
                (Part::Messages, _, Some(messages), _) => (messages.at.as_ref(), &messages.id),
                (Part::Appointments, _, _, Some(appointments)) => (Some(&appointments.starts), &appointments.id),
                _ => return Err(ProjectError::NotMapped(part)),
            };
            let table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
            let within = at.map(|at| between(at, from, until, &self.zone)).unwrap_or_default();
            Ok(Query::new(part, table, &selection([id]), "", 1).all(&within).estimated())
        };
        self.answer(part, query, Self::until()).await.ok()?.0.total
    }

    /// When a question that starts now must be answered.
    pub(super) fn until() -> Instant {
        Instant::now() + DEADLINE
    }

    /// The rows of a question about a part, and the mapping that it was asked by in the end.
    pub(super) async fn rows(
        &self,
        part: Part,
        query: impl Fn(&Mapping) -> Result<Query, ProjectError>,
    ) -> Result<(Vec<Row>, Arc<Mapping>), ProjectError> {
        let until = Self::until();
        let (answer, mapping) = self.answer(part, query, until).await?;
        Ok((answer.rows, mapping))
    }

    /// Asks, and again without a column that the project says it has lost.
    pub(super) async fn answer(
        &self,
        part: Part,
        query: impl Fn(&Mapping) -> Result<Query, ProjectError>,
        until: Instant,
    ) -> Result<(Answer, Arc<Mapping>), ProjectError> {
        for _ in 0..MOST_LOST {
            let mapping = self.mapping();
            let asked = query(&mapping)?;
            let outcome = self.ask_or_lose(&asked, &mapping.columns(part), until).await;
            match outcome {
                Err(Trouble::Lost(column)) if self.lose(part, &column) => {}
                Err(Trouble::Lost(_)) => return Err(ProjectError::ColumnMissing(part)),
                Err(Trouble::Other(error)) => return Err(error),
                Ok(answer) => return Ok((answer, mapping)),
            }
        }
        let mapping = self.mapping();
        self.ask(&query(&mapping)?, until).await.map(|answer| (answer, mapping))
    }

    /// Goes on without a column, if that can be.
    fn lose(&self, part: Part, column: &str) -> bool {
        let mut mapping = self.mapping.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let table = mapping.table(part).map(|table| table.name.clone()).unwrap_or_default();
        let column = Lost { part, table, column: column.to_owned() };
        // Another question of the same page may have met it first.
        if lost.contains(&column) {
            return true;
        }
        let Some(left) = mapping.without(part, &column.column) else { return false };
        tracing::info!(%part, "a project lost a column of its mapping");
        *mapping = Arc::new(left);
        lost.insert(column);
        true
    }

    /// Asks, and once more when the project's clocks disagree. What it said before stands in while it is away.
    pub(super) async fn ask(&self, query: &Query, until: Instant) -> Result<Answer, ProjectError> {
        self.ask_or_lose(query, &[], until).await.map_err(|trouble| match trouble {
            Trouble::Other(error) => error,
            Trouble::Lost(_) => ProjectError::ColumnMissing(query.part()),
        })
    }

    async fn ask_or_lose(&self, query: &Query, columns: &[&str], until: Instant) -> Result<Answer, Trouble> {
        let answer = match self.ask_once(query, columns, until).await {
            Err(Trouble::Other(ProjectError::ClockAhead)) => {
                tokio::time::sleep(CLOCK_PAUSE).await;
                self.ask_once(query, columns, until).await
            }
            answer => answer,
        };
        let Some(memory) = &self.memory else { return answer };
        answer.or_else(|trouble| {
            let Trouble::Other(error) = trouble else { return Err(trouble) };
            let read = |incoming: &_| Answer::read(incoming, query.part()).ok();
            memory.recall(&query.question(), error, read).ok_or(trouble)
        })
    }

    async fn ask_once(&self, query: &Query, columns: &[&str], until: Instant) -> Result<Answer, Trouble> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Trouble::Other(EgressError::Timeout.into()));
        }
        let call = spans::call(Provider::Supabase.as_str(), query.part().name());
        let sending = self.egress.send(self.lane, query.outgoing(&self.url, &self.key, left)).instrument(call);
        let sent = self.timing.during(Phase::Upstream, sending).await;
        let incoming = sent.map_err(|error| Trouble::Other(error.into()))?;
        if let Some(wait) = answer::retry_after(&incoming) {
            *self.wait.lock().unwrap_or_else(PoisonError::into_inner) = Some(wait);
        }
        let answer = Answer::read(&incoming, query.part()).map_err(|error| match error {
            ProjectError::Key if self.key.has_expired(Timestamp::now()) => Trouble::Other(ProjectError::KeyExpired),
            ProjectError::ColumnMissing(_) => answer::lost(&incoming, columns)
                .map_or(Trouble::Other(error), |column| Trouble::Lost(column.to_owned())),
            error => Trouble::Other(error),
        })?;
        if let Some(memory) = &self.memory {
            memory.keep(&query.question(), &incoming);
        }
        Ok(answer)
    }
}

/// Why a question has no answer.
enum Trouble {
    /// A column is there no more.
    Lost(String),
    /// Anything else.
    Other(ProjectError),
}

/// A read of a part with all its columns.
pub(super) fn read(mapping: &Mapping, part: Part, order: &str, limit: u32) -> Result<Query, ProjectError> {
    let table: &Table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
    Ok(Query::new(part, table, &mapping.selection(part), order, limit))
}

pub(super) fn one_more(limit: u32) -> u32 {
    limit.clamp(1, MOST_ROWS) + 1
}

#[cfg(test)]
#[path = "reads_tests.rs"]
pub(super) mod tests;
