//! When things began, over weeks: the raw material of counts and charts.
//!
//! Projects cut answers at a number of rows of their own (1,000 by default) without a word, so the exact count is asked for
//! with the first page and the step is what that page really held. What is not complete says so: nothing is ever counted
//! from a part as if it were the whole.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::{
    error::ProjectError,
    reads::Project,
    request::{Op, Query, Table},
    rows::FromRow,
};
use crate::mapping::Row;

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
    /// Whether `at` holds all of them. If not, it holds the oldest.
    pub complete: bool,
}

/// When an appointment starts, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentStart {
    /// When it starts.
    pub at: Timestamp,
    /// The project's own word; may be empty.
    pub status: String,
}

/// Only the beginning of a conversation.
struct ConversationStart(Timestamp);

impl FromRow for ConversationStart {
    fn from_row(row: &Row) -> Option<Self> {
        row.instant("created_at").map(Self)
    }
}

impl FromRow for AppointmentStart {
    fn from_row(row: &Row) -> Option<Self> {
        Some(Self { at: row.instant("starts_at")?, status: row.text("status").unwrap_or_default() })
    }
}

impl Project {
    /// When the conversations since an instant began.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn conversation_starts(&self, since: Timestamp) -> Result<Starts, ProjectError> {
        let query = || {
            Query::new(Table::Conversations, "created_at", "created_at.asc,id.asc", PAGE).filter(
                "created_at",
                Op::Gte,
                since,
            )
        };
        let Starts { at, total, complete } = self.starts::<ConversationStart>(query).await?;
        Ok(Starts { at: at.into_iter().map(|start| start.0).collect(), total, complete })
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
        self.starts(|| {
            Query::new(Table::Appointments, "starts_at,status", "starts_at.asc,id.asc", PAGE)
                .filter("starts_at", Op::Gte, from)
                .filter("starts_at", Op::Lt, until)
        })
        .await
    }

    async fn starts<T: FromRow>(&self, query: impl Fn() -> Query) -> Result<Starts<T>, ProjectError> {
        let until = Self::until();
        let first = self.ask(&query().counted(), until).await?;
        let step = first.rows.len();
        let mut at: Vec<T> = first.rows.iter().filter_map(T::from_row).collect();
        // Without a number of all rows we cannot know whether these are all.
        let Some(total) = first.total else {
            return Ok(Starts { total: step as u64, complete: step == 0, at });
        };
        if step > 0 {
            let offsets = (step as u64..total.min(MOST)).step_by(step).take(MOST_PAGES - 1);
            let further = stream::iter(offsets).map(|offset| {
                let query = query().offset(offset);
                async move { self.ask(&query, until).await }
            });
            let pages: Vec<_> = further.buffered(AT_ONCE).try_collect().await?;
            at.extend(pages.iter().flat_map(|page| &page.rows).filter_map(T::from_row));
        }
        Ok(Starts { complete: at.len() as u64 >= total, total, at })
    }
}
