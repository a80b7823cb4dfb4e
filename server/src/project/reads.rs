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

use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use super::{
    answer::{self, Answer},
    cursor::Cursor,
    error::ProjectError,
    kept::{KeptAnswers, Memory, Stale},
    key::ApiKey,
    request::{Condition, Extra, Op, Query},
    value::Value,
};
use crate::{
    egress::{Egress, EgressError},
    mapping::{
        Appointment, Author, Conversation, Conversations, Expr, Mapping, Message, Outcome, Part, Person, Row, Table,
        When,
    },
};

/// For one question, with its retry or its pages.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long a project's clocks take to agree again about a JWT issued "in the future".
const CLOCK_PAUSE: Duration = Duration::from_millis(1500);
/// Rows a page at most: with the one more that is asked for, still below what a project gives by default.
const MOST_ROWS: u32 = 999;
/// Columns that a project may have lost between two saves of its mapping; each costs a request.
const MOST_LOST: usize = 3;
/// Rows of a table that are looked at to recognise it.
const SAMPLE: u32 = 20;
/// Tables that are kept of those that are looked at, and columns of their rows: what a hostile project may have us hold.
const MOST_SAMPLES: usize = 20;
const WIDEST: usize = 200;
/// Tables that are looked at at a time: a tenant has four places in all.
const SAMPLES_AT_ONCE: usize = 3;
/// Messages that are looked at for one of a customer.
const LATEST: u32 = 30;
/// How long before now an appointment may have begun that is not over.
const UNDER_WAY: SignedDuration = SignedDuration::from_hours(12);
/// Rows of appointments that are looked at for each that is wanted: cancelled ones are among them.
const PER_UPCOMING: u32 = 8;

/// A tenant's project, ready to be asked.
pub struct Project {
    egress: Egress,
    lane: Uuid,
    url: Url,
    key: ApiKey,
    memory: Option<Memory>,
    mapping: Mutex<Arc<Mapping>>,
    zone: TimeZone,
    lost: Mutex<BTreeSet<Lost>>,
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
            memory: None,
            mapping: Mutex::default(),
            zone: TimeZone::UTC,
            lost: Mutex::default(),
        }
    }

    /// The same, read by a mapping; what its tables say without a zone is in this one.
    #[must_use]
    pub fn reading(mut self, mapping: Arc<Mapping>, zone: TimeZone) -> Self {
        self.mapping = Mutex::new(mapping);
        self.zone = zone;
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

    /// The columns that were missed since [`Project::new`].
    pub fn lost(&self) -> Vec<Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The mapping that rows are read by: without what the project lost.
    pub fn mapping(&self) -> Arc<Mapping> {
        Arc::clone(&self.mapping.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The zone of times without one.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A page of conversations, the newest first whatever the direction.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn conversations_page(
        &self,
        direction: &Direction,
        limit: u32,
    ) -> Result<Page<Conversation>, ProjectError> {
        if self.mapping().gathers() {
            return self.gathered_page(direction, limit, |_| Ok(Extra::default())).await;
        }
        self.listed_page(direction, limit, |_| Ok(Extra::default())).await
    }

    /// A page of the table of conversations under more conditions.
    pub(super) async fn listed_page(
        &self,
        direction: &Direction,
        limit: u32,
        extra: impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Page<Conversation>, ProjectError> {
        let query = |mapping: &Mapping| Ok(conversations(mapping, direction, one_more(limit))?.under(&extra(mapping)?));
        let (rows, mapping) = self.rows(Part::Conversations, query).await?;
        let order = Order::of_conversations(&mapping)?;
        let read = |row: &Row| mapping.conversation(row, &self.zone);
        Ok(page(rows, limit, matches!(direction, Direction::NewerThan(_)), &order, read))
    }

    /// One conversation by what stands in its address.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn find_conversation(&self, id: &str) -> Result<Option<Conversation>, ProjectError> {
        if self.mapping().gathers() {
            return self.find_gathered(id).await;
        }
        let Some(id) = Value::text(id) else { return Ok(None) };
        let query = |mapping: &Mapping| {
            let order = Order::of_conversations(mapping)?;
            let query = read(mapping, Part::Conversations, "", 1)?;
            Ok(query.filter(&order.id, Op::Eq, id.clone()))
        };
        match self.rows(Part::Conversations, query).await {
            Ok((rows, mapping)) => Ok(rows.first().and_then(|row| mapping.conversation(row, &self.zone))),
            // A word where the table has numbers: no row has it.
            Err(ProjectError::Mismatch(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The messages of a conversation by what stands in its address, the latest first; those before one, or the last.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn messages(
        &self,
        conversation: &str,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Message>, ProjectError> {
        let query = |mapping: &Mapping, keys: &[Value]| messages(mapping, keys, before, one_more(limit));
        let (rows, mapping) = self.of_person(conversation, query).await?;
        let order = Order::of_messages(&mapping)?;
        Ok(pages(rows, limit, false, &order, |row| {
            let mut said = mapping.messages(row, &self.zone);
            said.reverse();
            said
        }))
    }

    /// Rows of messages of one conversation. Where they are known by the person they may be spelled in many ways, of which
    /// a column of numbers takes but few.
    pub(super) async fn of_person(
        &self,
        key: &str,
        query: impl Fn(&Mapping, &[Value]) -> Result<Query, ProjectError>,
    ) -> Result<(Vec<Row>, Arc<Mapping>), ProjectError> {
        let texts = |texts: Vec<String>| texts.iter().filter_map(|text| Value::text(text)).collect::<Vec<_>>();
        let (all, digits) = match Person::read(key).filter(|_| self.mapping().by_person()) {
            Some(person) => (texts(person.written(key)), texts(person.spellings())),
            None => (texts(vec![key.to_owned()]), Vec::new()),
        };
        if all.is_empty() {
            return Ok((Vec::new(), self.mapping()));
        }
        match self.rows(Part::Messages, |mapping| query(mapping, &all)).await {
            Err(ProjectError::Mismatch(_)) if digits.is_empty() => Ok((Vec::new(), self.mapping())),
            Err(ProjectError::Mismatch(_)) => self.rows(Part::Messages, |mapping| query(mapping, &digits)).await,
            found => found,
        }
    }

    /// Appointments that are not over and not cancelled, the next first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn upcoming(&self, now: Timestamp, limit: u32) -> Result<Vec<Appointment>, ProjectError> {
        let rows = (limit.max(1) * PER_UPCOMING).min(MOST_ROWS);
        let from = now.checked_sub(UNDER_WAY).unwrap_or(now);
        let query = |mapping: &Mapping| {
            let query = appointments(mapping, Some(from), None, &self.zone, rows)?;
            Ok(query.known_as("upcoming"))
        };
        let (rows, mapping) = self.rows(Part::Appointments, query).await?;
        let mut found = self.read_appointments(&mapping, &rows);
        found.retain(|one| {
            one.ends.unwrap_or(one.starts).max(one.starts) >= now && one.outcome != Some(Outcome::Cancelled)
        });
        found.truncate(limit as usize);
        Ok(found)
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
        let query = |mapping: &Mapping| appointments(mapping, Some(from), Some(until), &self.zone, one_more(limit));
        let (rows, mapping) = self.rows(Part::Appointments, query).await?;
        let mut found = self.read_appointments(&mapping, &rows);
        let skipped = rows.len() - found.len();
        found.retain(|one| one.starts >= from && one.starts < until);
        let most = limit.clamp(1, MOST_ROWS) as usize;
        // Rows that cannot be put in order by their start came as many as there are, up to the most that are read.
        let more = found.len() > most || rows.len() >= MOST_ROWS as usize;
        found.truncate(most);
        Ok(Page { rows: found, more, skipped, ends: None })
    }

    /// The latest appointments of a person, the furthest ahead first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_of(&self, person: &Person, limit: u32) -> Result<Vec<Appointment>, ProjectError> {
        let part = Part::Appointments;
        let query = |mapping: &Mapping, keys: &[Value]| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
            let column = appointments.person.as_ref().and_then(Expr::compared).ok_or(ProjectError::NotTold(part))?;
            let order = match &order.at {
                Some((starts, _)) => format!("{starts}.desc.nullslast,{id}.desc", id = order.id),
                None => order.descending(),
            };
            Ok(read(mapping, part, &order, limit.clamp(1, MOST_ROWS))?.one_of(&column, keys))
        };
        let keys = |texts: Vec<String>| texts.iter().filter_map(|text| Value::text(text)).collect::<Vec<_>>();
        let all = keys(person.written(&person.to_string()));
        let (rows, mapping) = match self.rows(part, |mapping| query(mapping, &all)).await {
            // A column of numbers.
            Err(ProjectError::Mismatch(_)) => {
                let digits = keys(person.spellings());
                self.rows(part, |mapping| query(mapping, &digits)).await?
            }
            found => found?,
        };
        let mut found = self.read_appointments(&mapping, &rows);
        found.reverse();
        Ok(found)
    }

    /// Appointments within a span, in the order of their starts, those after a place.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_after(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Appointment>, ProjectError> {
        let part = Part::Appointments;
        let order_of = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            Order::new(part, Some(&appointments.starts), &appointments.id)
        };
        let query = |mapping: &Mapping| {
            let order = order_of(mapping)?;
            let query = appointments(mapping, from, until, &self.zone, one_more(limit))?;
            Ok(match after {
                Some(place) => order.beyond(query, place, if order.at.is_some() { Op::Gt } else { Op::Lt }),
                None => query,
            })
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let order = order_of(&mapping)?;
        let within = |one: &Appointment| {
            from.is_none_or(|from| one.starts >= from) && until.is_none_or(|until| one.starts < until)
        };
        let read = |row: &Row| mapping.appointment(row, &self.zone).filter(within);
        Ok(page(rows, limit, false, &order, read))
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
                query = query.all(&between(at, from, until, &self.zone));
            }
            Ok(match before {
                Some(place) => order.beyond(query, place, Op::Lt),
                None => query,
            })
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let order = Order::of_messages(&mapping)?;
        Ok(pages(rows, limit, false, &order, |row| {
            let mut said = mapping.messages(row, &self.zone);
            said.reverse();
            said
        }))
    }

    /// Rows of appointments in the order of their starts, which a table may keep in texts.
    fn read_appointments(&self, mapping: &Mapping, rows: &[Row]) -> Vec<Appointment> {
        let mut found: Vec<Appointment> = rows.iter().filter_map(|row| mapping.appointment(row, &self.zone)).collect();
        found.sort_by_key(|one| one.starts);
        found
    }

    /// Reads as little as possible of a part, with all the columns we need: whether any row can be seen.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn probe(&self, part: Part) -> Result<bool, ProjectError> {
        let query = read(&self.mapping(), part, "", 1)?;
        Ok(!self.ask(&query, Self::until()).await?.rows.is_empty())
    }

    /// A few rows of each of these tables that can be read, as they stand. Tables that are not there are left out.
    ///
    /// # Errors
    /// What concerns the project as a whole.
    pub async fn samples(
        &self,
        tables: &[String],
        schema: Option<&str>,
    ) -> Result<Vec<(String, Vec<Row>)>, ProjectError> {
        let table = |name: &String| Table { name: name.clone(), schema: schema.map(str::to_owned), only: Vec::new() };
        let asked: Vec<_> = tables.iter().map(|name| self.sample(table(name))).collect();
        let found = stream::iter(asked).buffered(SAMPLES_AT_ONCE).try_filter_map(|found| async { Ok(found) });
        found.take(MOST_SAMPLES).try_collect().await
    }

    async fn sample(&self, table: Table) -> Result<Option<(String, Vec<Row>)>, ProjectError> {
        let query = Query::new(Part::Conversations, &table, "*", "", SAMPLE);
        match self.ask(&query, Self::until()).await {
            Ok(mut answer) => {
                // Wider rows are nobody's messages.
                answer.rows.retain(|row| row.columns().count() <= WIDEST);
                Ok(Some((table.name, answer.rows)))
            }
            Err(ProjectError::TableMissing(_) | ProjectError::Grant(_) | ProjectError::Other(_)) => Ok(None),
            Err(error) => Err(error),
        }
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
        let said = rows.iter().flat_map(|row| mapping.messages(row, &self.zone));
        Ok(said.filter(|message| message.author == Author::Contact).filter_map(|message| message.at).max())
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
        let sent = self.egress.send(self.lane, query.outgoing(&self.url, &self.key, left)).await;
        let incoming = sent.map_err(|error| Trouble::Other(error.into()))?;
        let answer = Answer::read(&incoming, query.part()).map_err(|error| match error {
            ProjectError::Key if self.key.has_expired(Timestamp::now()) => Trouble::Other(ProjectError::KeyExpired),
            ProjectError::ColumnMissing(_) => answer::lost(&incoming, columns)
                .map_or(Trouble::Other(error), |column| Trouble::Lost(column.to_owned())),
            error => Trouble::Other(error),
        })?;
        if let Some(memory) = &self.memory {
            memory.keep(&query.question(), incoming);
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

/// By what rows of a part are put in order, and known, in PostgREST's words.
pub(super) struct Order {
    /// The time's column, where the order goes by one.
    at: Option<(String, When)>,
    /// The id's column.
    pub(super) id: String,
    id_of: Expr,
}

impl Order {
    fn new(part: Part, at: Option<&When>, id: &Expr) -> Result<Self, ProjectError> {
        let at = at.and_then(|when| Some((when.ordered()?, when.clone())));
        // A mapping that was checked has a column there.
        Ok(Self { at, id: id.ordered().ok_or(ProjectError::NotMapped(part))?, id_of: id.clone() })
    }

    fn of_conversations(mapping: &Mapping) -> Result<Self, ProjectError> {
        match &mapping.conversations {
            Conversations::Table { id, changed, .. } => Self::new(Part::Conversations, changed.as_ref(), id),
            Conversations::Gathered | Conversations::Absent => Err(ProjectError::NotMapped(Part::Conversations)),
        }
    }

    pub(super) fn of_messages(mapping: &Mapping) -> Result<Self, ProjectError> {
        let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(Part::Messages))?;
        Self::new(Part::Messages, messages.at.as_ref().filter(|_| !messages.rising), &messages.id)
    }

    /// The newest first.
    pub(super) fn descending(&self) -> String {
        match &self.at {
            Some((at, _)) => format!("{at}.desc.nullslast,{id}.desc", id = self.id),
            None => format!("{}.desc", self.id),
        }
    }

    /// The oldest first.
    pub(super) fn ascending(&self) -> String {
        match &self.at {
            Some((at, _)) => format!("{at}.asc.nullsfirst,{id}.asc", id = self.id),
            None => format!("{}.asc", self.id),
        }
    }

    /// The place of a row.
    pub(super) fn cursor(&self, row: &Row) -> Option<Cursor> {
        let at = self.at.as_ref().and_then(|(_, when)| when.raw(row));
        Some(Cursor { at, id: self.id_of.text(row)? })
    }

    /// Only rows from a place on, its own row among them.
    pub(super) fn from(&self, query: Query, place: &Cursor) -> Query {
        let id = Condition::Is(self.id.clone(), Op::Gte, value(&place.id));
        match (&self.at, &place.at) {
            (None, _) => query.filter(&self.id, Op::Gte, value(&place.id)),
            (Some((at, _)), Some(when)) => {
                let same = vec![Condition::Is(at.clone(), Op::Eq, value(when)), id];
                query.any(&[Condition::Is(at.clone(), Op::Gt, value(when)), Condition::All(same)])
            }
            (Some((at, _)), None) => {
                let same = vec![Condition::Null(at.clone()), id];
                query.any(&[Condition::All(same), Condition::Something(at.clone())])
            }
        }
    }

    /// Only rows on one side of a place. Rows without a time are older than all others.
    pub(super) fn beyond(&self, query: Query, place: &Cursor, op: Op) -> Query {
        let id = value(&place.id);
        let Some((at, _)) = &self.at else { return query.filter(&self.id, op, id) };
        let past_id = Condition::Is(self.id.clone(), op, id);
        match (&place.at, op) {
            (Some(when), Op::Lt) => {
                let same = vec![Condition::Is(at.clone(), Op::Eq, value(when)), past_id];
                query.any(&[
                    Condition::Is(at.clone(), op, value(when)),
                    Condition::All(same),
                    Condition::Null(at.clone()),
                ])
            }
            (Some(when), _) => {
                let same = vec![Condition::Is(at.clone(), Op::Eq, value(when)), past_id];
                query.any(&[Condition::Is(at.clone(), op, value(when)), Condition::All(same)])
            }
            (None, Op::Lt) => query.all(&[Condition::Null(at.clone()), past_id]),
            (None, _) => query
                .any(&[Condition::All(vec![Condition::Null(at.clone()), past_id]), Condition::Something(at.clone())]),
        }
    }
}

/// A value out of a cursor, whose reading made sure that it is one.
fn value(text: &str) -> Value {
    Value::text(text).unwrap_or_else(|| Value::from(0))
}

/// A read of a part with all its columns.
pub(super) fn read(mapping: &Mapping, part: Part, order: &str, limit: u32) -> Result<Query, ProjectError> {
    let table: &Table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
    Ok(Query::new(part, table, &mapping.selection(part), order, limit))
}

/// Rows as a page of what they become, one each.
fn page<T>(rows: Vec<Row>, limit: u32, backwards: bool, order: &Order, read: impl Fn(&Row) -> Option<T>) -> Page<T> {
    pages(rows, limit, backwards, order, |row| read(row).into_iter().collect())
}

/// Rows as a page of what they become. There is one row more than wanted where there are more. `backwards`: they came in
/// the other order.
pub(super) fn pages<T>(
    mut rows: Vec<Row>,
    limit: u32,
    backwards: bool,
    order: &Order,
    read: impl Fn(&Row) -> Vec<T>,
) -> Page<T> {
    let limit = limit.clamp(1, MOST_ROWS) as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    if backwards {
        rows.reverse();
    }
    let place = |row| order.cursor(row);
    let ends = rows.iter().find_map(place).zip(rows.iter().rev().find_map(place));
    let mut skipped = 0;
    let read = rows.iter().flat_map(|row| {
        let found = read(row);
        skipped += usize::from(found.is_empty());
        found
    });
    let found: Vec<T> = read.collect();
    if skipped > 0 {
        tracing::debug!(skipped, "rows of a project could not be read");
    }
    Page { rows: found, more, skipped, ends }
}

pub(super) fn one_more(limit: u32) -> u32 {
    limit.clamp(1, MOST_ROWS) + 1
}

/// Newest first, or from a row upwards, oldest first. A conversation that never changed has no place in this order: with
/// nulls in it the pages' borders would be none.
fn conversations(mapping: &Mapping, direction: &Direction, limit: u32) -> Result<Query, ProjectError> {
    let order = Order::of_conversations(mapping)?;
    let upwards = matches!(direction, Direction::NewerThan(_));
    let Some((at, _)) = &order.at else {
        let query =
            read(mapping, Part::Conversations, &if upwards { order.ascending() } else { order.descending() }, limit)?;
        return Ok(match direction {
            Direction::Newest => query,
            Direction::OlderThan(place) => order.beyond(query, place, Op::Lt),
            Direction::NewerThan(place) => order.beyond(query, place, Op::Gt),
        });
    };
    let way = if upwards { "asc" } else { "desc" };
    let query = read(mapping, Part::Conversations, &format!("{at}.{way},{id}.{way}", id = order.id), limit)?;
    // The first condition says nothing that the second does not, but an index can be entered with it.
    let enter = |query: Query, place: &Cursor, op, beyond| {
        let Some(when) = &place.at else { return query.not_null(at) };
        let same = vec![
            Condition::Is(at.clone(), Op::Eq, value(when)),
            Condition::Is(order.id.clone(), beyond, value(&place.id)),
        ];
        query.filter(at, op, value(when)).any(&[Condition::Is(at.clone(), beyond, value(when)), Condition::All(same)])
    };
    Ok(match direction {
        Direction::Newest => query.not_null(at),
        Direction::OlderThan(place) => enter(query, place, Op::Lte, Op::Lt),
        Direction::NewerThan(place) => enter(query, place, Op::Gte, Op::Gt),
    })
}

fn messages(mapping: &Mapping, keys: &[Value], before: Option<&Cursor>, limit: u32) -> Result<Query, ProjectError> {
    let order = Order::of_messages(mapping)?;
    let query = of_conversation(mapping, read(mapping, Part::Messages, &order.descending(), limit)?, keys)?;
    Ok(match before {
        Some(place) => order.beyond(query, place, Op::Lt),
        None => query,
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

/// Within these bounds, where the column can be compared with them.
pub(super) fn between(
    when: &When,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    zone: &TimeZone,
) -> Vec<Condition> {
    let Some(column) = when.ordered() else { return Vec::new() };
    let bound =
        |at: Option<Timestamp>, op| Some(Condition::Is(column.clone(), op, Value::text(&when.bound(at?, zone)?)?));
    [bound(from, Op::Gte), bound(until, Op::Lt)].into_iter().flatten().collect()
}

/// Appointments whose start is from an instant on, or within a span. Where rows cannot be put in order by their start, the
/// newest rows: whoever asks looks at the instants.
fn appointments(
    mapping: &Mapping,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    zone: &TimeZone,
    limit: u32,
) -> Result<Query, ProjectError> {
    let part = Part::Appointments;
    let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
    let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
    let Some((starts, when)) = &order.at else {
        return read(mapping, part, &order.descending(), MOST_ROWS + 1);
    };
    let mut query = read(mapping, part, &format!("{starts}.asc,{id}.asc", id = order.id), limit)?;
    if from.is_none() {
        query = query.not_null(starts);
    }
    // A day and an hour are compared by the day, whole days.
    let by_day = matches!(when, When::DayAndHour { .. });
    if let Some(from) = from.and_then(|from| when.bound(from, zone)) {
        query = query.filter(starts, Op::Gte, value(&from));
    }
    if let Some(until) = until.and_then(|until| when.bound(until, zone)) {
        query = query.filter(starts, if by_day { Op::Lte } else { Op::Lt }, value(&until));
    }
    Ok(query)
}

#[cfg(test)]
#[path = "reads_tests.rs"]
mod tests;
