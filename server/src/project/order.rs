//! By what rows of a part are put in order, and how many rows become a page.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    cursor::Cursor,
    error::ProjectError,
    reads::{MOST_ROWS, Page},
    request::{Condition, Op, Query},
    value::Value,
};
use crate::mapping::{Conversations, Expr, Mapping, Part, Row, When};

/// By what rows of a part are put in order, and known, in PostgREST's words.
pub(super) struct Order {
    /// The time's column, where the order goes by one.
    pub(super) at: Option<(String, When)>,
    /// The id's column.
    pub(super) id: String,
    id_of: Expr,
}

impl Order {
    pub(super) fn new(part: Part, at: Option<&When>, id: &Expr) -> Result<Self, ProjectError> {
        let at = at.and_then(|when| Some((when.ordered()?, when.clone())));
        // A mapping that was checked has a column there.
        Ok(Self { at, id: id.ordered().ok_or(ProjectError::NotMapped(part))?, id_of: id.clone() })
    }

    pub(super) fn of_conversations(mapping: &Mapping) -> Result<Self, ProjectError> {
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
pub(super) fn value(text: &str) -> Value {
    Value::text(text).unwrap_or_else(|| Value::from(0))
}

/// Rows as a page of what they become, one each.
pub(super) fn page<T>(
    rows: Vec<Row>,
    limit: u32,
    backwards: bool,
    order: &Order,
    read: impl Fn(&Row) -> Option<T>,
) -> Page<T> {
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
