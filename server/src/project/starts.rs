//! When things began, over weeks: the raw material of counts and charts.
//!
//! Projects cut answers at a number of rows of their own (1,000 by default) without a word, so the exact count is asked for
//! with the first page and the step is what that page really held. What is not complete says so: nothing is ever counted
//! from a part as if it were the whole.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    error::ProjectError,
    reads::Project,
    request::{Op, Query},
    value::Value,
};
use crate::mapping::{Conversations, Expr, Mapping, Outcome, Part, Row, When, selection};

/// Rows a page; what Supabase gives at most by default.
const PAGE: u32 = 1000;
/// Rows read at most.
const MOST: u64 = 10_000;
/// Pages read at most, for projects that give fewer rows a page.
const MOST_PAGES: usize = 20;
/// Further pages under way at a time. A tenant has four places in all, and two such reads may stand on one page.
const AT_ONCE: usize = 2;

/// When things began, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starts<T = Timestamp> {
    /// As many as were read, at most 10,000.
    pub at: Vec<T>,
    /// How many there are, says the project.
    pub total: u64,
    /// Whether `at` holds all of them. If not, it holds the oldest; of tables that cannot be put in order, the newest.
    pub complete: bool,
}

/// When an appointment starts, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentStart {
    /// When it starts.
    pub at: Timestamp,
    /// What became of it, if the project's word means something we know.
    pub outcome: Option<Outcome>,
}

impl Project {
    /// When the conversations since an instant began.
    ///
    /// # Errors
    /// See [`ProjectError`]; `NotTold` where the project's tables do not tell.
    pub async fn conversation_starts(&self, since: Timestamp) -> Result<Starts, ProjectError> {
        let part = Part::Conversations;
        let mapping = self.mapping();
        let Conversations::Table { id, .. } = &mapping.conversations else {
            return Err(ProjectError::NotTold(part));
        };
        let began = |mapping: &Mapping| match &mapping.conversations {
            Conversations::Table { began: Some(began), .. } => Ok(began.clone()),
            _ => Err(ProjectError::NotTold(part)),
        };
        let query =
            |mapping: &Mapping| Span::new(part, began(mapping)?, id).query(mapping, &[], since, None, self.zone());
        let read = |mapping: &Mapping, row: &Row| began(mapping).ok()?.read(row, self.zone()).filter(|at| *at >= since);
        self.starts(part, query, read).await
    }

    /// When the appointments from one instant until before another start.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointment_starts(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Starts<AppointmentStart>, ProjectError> {
        let part = Part::Appointments;
        let query = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let status: Vec<&Expr> = appointments.status.iter().collect();
            let span = Span::new(part, appointments.starts.clone(), &appointments.id);
            span.query(mapping, &status, from, Some(until), self.zone())
        };
        let read = |mapping: &Mapping, row: &Row| {
            let appointments = mapping.appointments.as_ref()?;
            let at = appointments.starts.read(row, self.zone()).filter(|at| (from..until).contains(at))?;
            Some(AppointmentStart { at, outcome: appointments.standing(row).1 })
        };
        self.starts(part, query, read).await
    }

    async fn starts<T>(
        &self,
        part: Part,
        query: impl Fn(&Mapping) -> Result<Query, ProjectError>,
        read: impl Fn(&Mapping, &Row) -> Option<T>,
    ) -> Result<Starts<T>, ProjectError> {
        let until = Self::until();
        let (first, mapping) = self.answer(part, |mapping| Ok(query(mapping)?.counted()), until).await?;
        let step = first.rows.len();
        let read = |row: &Row| read(&mapping, row);
        let mut at: Vec<T> = first.rows.iter().filter_map(read).collect();
        // Without a number of all rows we cannot know whether these are all.
        let Some(total) = first.total else {
            return Ok(Starts { total: step as u64, complete: step == 0, at });
        };
        let mut seen = step as u64;
        if step > 0 {
            let offsets = (step as u64..total.min(MOST)).step_by(step).take(MOST_PAGES - 1);
            let further = stream::iter(offsets).map(|offset| {
                let query = query(&mapping).map(|query| query.offset(offset));
                async move { self.ask(&query?, until).await }
            });
            let pages: Vec<_> = further.buffered(AT_ONCE).try_collect().await?;
            seen += pages.iter().map(|page| page.rows.len() as u64).sum::<u64>();
            at.extend(pages.iter().flat_map(|page| &page.rows).filter_map(read));
        }
        Ok(Starts { complete: seen >= total, total, at })
    }
}

/// The rows of a part whose time lies within a span.
struct Span<'a> {
    part: Part,
    when: When,
    id: &'a Expr,
}

impl<'a> Span<'a> {
    fn new(part: Part, when: When, id: &'a Expr) -> Self {
        Self { part, when, id }
    }

    fn query(
        &self,
        mapping: &Mapping,
        also: &[&Expr],
        from: Timestamp,
        until: Option<Timestamp>,
        zone: &TimeZone,
    ) -> Result<Query, ProjectError> {
        let table = mapping.table(self.part).ok_or(ProjectError::NotMapped(self.part))?;
        let id = self.id.ordered().ok_or(ProjectError::NotMapped(self.part))?;
        let selected = selection(self.when.exprs().into_iter().chain(also.iter().copied()));
        let Some(at) = self.when.ordered() else {
            return Ok(Query::new(self.part, table, &selected, &format!("{id}.desc"), PAGE));
        };
        let mut query = Query::new(self.part, table, &selected, &format!("{at}.asc,{id}.asc"), PAGE);
        let bound = |at| self.when.bound(at, zone).as_deref().and_then(Value::text);
        // A day and an hour are compared by the day, whole days.
        let before = if matches!(self.when, When::DayAndHour { .. }) { Op::Lte } else { Op::Lt };
        if let Some(from) = bound(from) {
            query = query.filter(&at, Op::Gte, from);
        }
        if let Some(until) = until.and_then(bound) {
            query = query.filter(&at, before, until);
        }
        Ok(query)
    }
}
