//! Many rows of a span of time, each as little as can be counted: as many as there are, or the newest of them.
//!
//! Projects cut answers at a number of rows of their own (1,000 by default) without a word, so the exact count is asked for
//! with the first page and the step is what that page really held. What is not complete says so: nothing is ever counted
//! from a part as if it were the whole. One [`Pace`] holds all the questions of a page: three at a time, one deadline, and so
//! many further pages.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::{StreamExt, stream};
use jiff::{Timestamp, tz::TimeZone};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::{
    answer::Answer,
    error::ProjectError,
    reads::Project,
    request::{Op, Query},
    value::Value,
};
use crate::mapping::{Expr, Mapping, Part, Row, When, selection};

/// Rows a page; what Supabase gives at most by default.
const PAGE: u32 = 1000;
/// Rows read at most of one span.
pub(super) const MOST: u64 = 10_000;
/// Questions of one page under way at a time. A tenant has four places in all: one is left for whoever opens
/// another page.
const AT_ONCE: usize = 3;
/// Pages after the first ones, of all spans together.
const FURTHER: usize = 12;
/// Of these at most for one span that is wanted as a whole: others shall not go short for it.
const WHOLE: usize = 6;

/// What one page of ours may ask of a project.
pub struct Pace {
    places: Semaphore,
    further: AtomicUsize,
    pub(super) until: Instant,
}

impl Pace {
    /// A page that begins to ask now.
    #[expect(clippy::new_without_default, reason = "it begins to run when it is made")]
    pub fn new() -> Self {
        Self { places: Semaphore::new(AT_ONCE), further: AtomicUsize::new(FURTHER), until: Project::until() }
    }

    /// Waits for one of the places; they are given in the order in which they are asked for.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// So many more pages, if there are as many left.
    fn more(&self, pages: usize) -> bool {
        self.further.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(pages)).is_ok()
    }
}

/// How much of a span is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All of it, or nothing when it is more than a few pages.
    All,
    /// The newest of it, as much as can be read.
    Newest,
}

/// What has its time.
pub trait Timed {
    /// When.
    fn at(&self) -> Timestamp;
}

/// What rows of a span of time became, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample<T> {
    /// What was read.
    pub rows: Vec<T>,
    /// Of how many rows it was made.
    pub read: u64,
    /// How many rows there are, says the project.
    pub total: u64,
    /// Whether all were read. If not, it was the newest.
    pub complete: bool,
}

impl<T: Timed> Sample<T> {
    /// As two: what is not older than an instant, and what is. How many rows there are of each is not told: as many as were
    /// read.
    pub fn parted(self, at: Timestamp) -> (Self, Self) {
        let complete = self.complete;
        let part = |rows: Vec<T>| {
            let read = rows.len() as u64;
            Self { rows, read, total: read, complete }
        };
        let (newer, older) = self.rows.into_iter().partition(|row| row.at() >= at);
        (part(newer), part(older))
    }
}

impl Project {
    /// The rows of a question about a span, newest first, each once.
    pub(super) async fn sampled<T>(
        &self,
        part: Part,
        (pace, want): (&Pace, Want),
        query: impl Fn(&Mapping) -> Result<Query, ProjectError>,
        id: impl Fn(&Mapping, &Row) -> Option<String>,
        read: impl Fn(&Mapping, &Row) -> Vec<T>,
    ) -> Result<Sample<T>, ProjectError> {
        let (first, mapping) = {
            let _place = pace.place().await;
            self.answer(part, |mapping| Ok(query(mapping)?.counted()), pace.until).await?
        };
        let step = first.rows.len();
        // Without a number of all rows we cannot know whether these are all.
        let (told, total) = (first.total.is_some() || step == 0, first.total.unwrap_or(step as u64));
        let mut pages = vec![first];
        if step > 0 {
            let mut offsets: Vec<u64> = (step as u64..total.min(MOST)).step_by(step).collect();
            match want {
                Want::All if !told || total > MOST || offsets.len() > WHOLE || !pace.more(offsets.len()) => {
                    return Ok(Sample { rows: Vec::new(), read: 0, total, complete: false });
                }
                Want::All => {}
                Want::Newest => offsets.retain(|_| pace.more(1)),
            }
            let query = &query(&mapping)?;
            let further = stream::iter(offsets).map(|offset| async move {
                let _place = pace.place().await;
                self.ask(&query.clone().offset(offset), pace.until).await
            });
            // What comes after a page that is missing does not follow on.
            let mut further = further.buffered(AT_ONCE);
            while let Some(Ok(page)) = further.next().await {
                pages.push(page);
            }
        }
        let mut seen = HashSet::new();
        let rows = pages.iter().flat_map(|page: &Answer| &page.rows);
        // A row that came in meanwhile moves the others to the next page.
        let fresh = rows.filter(|row| id(&mapping, row).is_none_or(|id| seen.insert(id)));
        let found = fresh.flat_map(|row| read(&mapping, row)).collect();
        let read = pages.iter().map(|page| page.rows.len() as u64).sum::<u64>();
        Ok(Sample { rows: found, read, total, complete: told && read >= total })
    }
}

/// The rows of a part whose time lies within a span, newest first.
pub(super) struct Within<'a> {
    pub(super) part: Part,
    pub(super) when: &'a When,
    pub(super) id: &'a Expr,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Within<'_> {
    /// With these columns beside the id and the time.
    pub(super) fn query(&self, mapping: &Mapping, also: &[&Expr], zone: &TimeZone) -> Result<Query, ProjectError> {
        let table = mapping.table(self.part).ok_or(ProjectError::NotMapped(self.part))?;
        let id = self.id.ordered().ok_or(ProjectError::NotMapped(self.part))?;
        let selected = selection([self.id].into_iter().chain(self.when.exprs()).chain(also.iter().copied()));
        let Some(at) = self.when.ordered() else {
            return Ok(Query::new(self.part, table, &selected, &format!("{id}.desc"), PAGE));
        };
        let query = Query::new(self.part, table, &selected, &format!("{at}.desc,{id}.desc"), PAGE);
        Ok(self.bounded(query, &at, zone))
    }

    /// How many rows there are for each value of a column; `None` where the time cannot be compared exactly, and where it
    /// takes a related table to tell which rows are meant: PostgREST sums up no such rows.
    pub(super) fn totals(&self, mapping: &Mapping, by: &Expr, zone: &TimeZone) -> Option<Query> {
        if matches!(self.when, When::DayAndHour { .. }) {
            return None;
        }
        let table = mapping.table(self.part).filter(|table| table.joined().is_empty())?;
        let (column, at) = (by.ordered()?, self.when.ordered()?);
        let query = Query::new(self.part, table, &format!("{column},count()"), &format!("{column}.asc"), PAGE);
        Some(self.bounded(query, &at, zone))
    }

    fn bounded(&self, mut query: Query, at: &str, zone: &TimeZone) -> Query {
        let bound = |at| self.when.bound(at, zone).as_deref().and_then(Value::text);
        // A day and an hour are compared by the day, whole days.
        let before = if matches!(self.when, When::DayAndHour { .. }) { Op::Lte } else { Op::Lt };
        if let Some(from) = bound(self.from) {
            query = query.filter(at, Op::Gte, from);
        }
        if let Some(until) = bound(self.until) {
            query = query.filter(at, before, until);
        }
        query
    }

    /// The time of a row, if it lies within.
    pub(super) fn time(&self, row: &Row, zone: &TimeZone) -> Option<Timestamp> {
        self.when.read(row, zone).filter(|at| (self.from..self.until).contains(at))
    }
}
