//! A glance: what stands at the top of a project's tables, as a number that is another one when something changed there.
//! Asked every few seconds while somebody looks at a page, so it is small: few rows, few columns, one question after the
//! other, which leaves the tenant's other places to pages.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    error::ProjectError,
    order::{Order, value},
    reads::Project,
    request::{Op, Query},
};
use crate::mapping::{Conversations, Expr, Mapping, Part, Row, When, selection};

/// The newest messages that are looked at.
const MESSAGES: u32 = 3;
/// The conversations that moved last.
const CONVERSATIONS: u32 = 20;
/// The appointments from today on.
const APPOINTMENTS: u32 = 60;

/// What was seen of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// Of its conversations and messages.
    pub conversations: Sight,
    /// Of its appointments.
    pub appointments: Sight,
}

/// What was seen of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// What stands at the top: equal numbers, nothing new.
    Top(u64),
    /// The tables do not tell what is new: nothing puts rows in the order in which they came.
    Untold,
    /// The project has no such part.
    Absent,
}

impl Sight {
    /// Both, where two questions tell of one part.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Absent, one) | (one, Self::Absent) => one,
            (Self::Top(one), Self::Top(two)) => Self::Top(one.rotate_left(1) ^ two),
            (Self::Untold, _) | (_, Self::Untold) => Self::Untold,
        }
    }
}

impl Project {
    /// Looks at the newest messages, at the conversations that moved last, and at the appointments that were made last or
    /// are on from `today` on. What a page of a part could not show is untold here; a fault of the project itself is one.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn glance(&self, today: Timestamp) -> Result<Glance, ProjectError> {
        let until = Self::until();
        let said = told(self.newest_messages(until).await)?;
        let moved = told(self.moved_conversations(until).await)?;
        let made = told(self.newest_appointments(until).await)?;
        let ahead = match self.appointments_ahead(today, until).await {
            Ok(ahead) => ahead,
            Err(error) => (told(Err(error))?, false),
        };
        let appointments = match (made, ahead) {
            // Without rising ids, what is ahead is told all the same where all of it was seen.
            (Sight::Untold, (Sight::Top(seen), true)) => Sight::Top(seen),
            (made, (ahead, _)) => made.and(ahead),
        };
        Ok(Glance { conversations: said.and(moved), appointments })
    }

    async fn newest_messages(&self, until: Instant) -> Result<Sight, ProjectError> {
        let part = Part::Messages;
        let exprs = |mapping: &Mapping| -> Result<Vec<Expr>, ProjectError> {
            let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let at = messages.at.iter().flat_map(When::exprs).cloned();
            Ok([messages.id.clone(), messages.conversation.clone()].into_iter().chain(at).collect())
        };
        let query = |mapping: &Mapping| top(mapping, part, &exprs(mapping)?, &Order::of_messages(mapping)?, MESSAGES);
        let (answer, mapping) = self.answer(part, query, until).await?;
        let rising = mapping.messages.as_ref().is_some_and(|messages| messages.rising);
        let ordered = rising || Order::of_messages(&mapping)?.at.is_some();
        Ok(sight(&answer.rows, &exprs(&mapping)?, ordered))
    }

    async fn moved_conversations(&self, until: Instant) -> Result<Sight, ProjectError> {
        let part = Part::Conversations;
        let exprs = |mapping: &Mapping| -> Result<Vec<Expr>, ProjectError> {
            match &mapping.conversations {
                Conversations::Table { id, status, changed, .. } => {
                    let more = status.iter().chain(changed.iter().flat_map(When::exprs)).cloned();
                    Ok([id.clone()].into_iter().chain(more).collect())
                }
                Conversations::Gathered | Conversations::Absent => Err(ProjectError::NotMapped(part)),
            }
        };
        let query =
            |mapping: &Mapping| top(mapping, part, &exprs(mapping)?, &Order::of_conversations(mapping)?, CONVERSATIONS);
        let (answer, mapping) = self.answer(part, query, until).await?;
        Ok(sight(&answer.rows, &exprs(&mapping)?, Order::of_conversations(&mapping)?.at.is_some()))
    }

    async fn newest_appointments(&self, until: Instant) -> Result<Sight, ProjectError> {
        let part = Part::Appointments;
        let id = |mapping: &Mapping| -> Result<Vec<Expr>, ProjectError> {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            Ok(vec![appointments.id.clone()])
        };
        let query = |mapping: &Mapping| {
            let exprs = id(mapping)?;
            top(mapping, part, &exprs, &Order::new(part, None, &exprs[0])?, 1)
        };
        let (answer, mapping) = self.answer(part, query, until).await?;
        Ok(sight(&answer.rows, &id(&mapping)?, false))
    }

    /// And whether there are no more.
    async fn appointments_ahead(&self, today: Timestamp, until: Instant) -> Result<(Sight, bool), ProjectError> {
        let part = Part::Appointments;
        let exprs = |mapping: &Mapping| -> Result<Vec<Expr>, ProjectError> {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let more = appointments.status.iter().chain(appointments.starts.exprs()).cloned();
            Ok([appointments.id.clone()].into_iter().chain(more).collect())
        };
        let query = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
            let Some((starts, when)) = &order.at else { return Err(ProjectError::NotTold(part)) };
            let columns = selection(&exprs(mapping)?);
            let table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
            let by_start = format!("{starts}.asc,{id}.asc", id = order.id);
            let query = Query::new(part, table, &columns, &by_start, APPOINTMENTS);
            let bound = when.bound(today, self.zone()).ok_or(ProjectError::NotTold(part))?;
            Ok(query.filter(starts, Op::Gte, value(&bound)))
        };
        let (answer, mapping) = self.answer(part, query, until).await?;
        let all = answer.rows.len() < APPOINTMENTS as usize;
        Ok((sight(&answer.rows, &exprs(&mapping)?, true), all))
    }
}

/// The first rows of a part's table in the order of its pages, the newest first.
fn top(mapping: &Mapping, part: Part, exprs: &[Expr], order: &Order, limit: u32) -> Result<Query, ProjectError> {
    let table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
    let columns = selection(exprs);
    Ok(match &order.at {
        Some((at, _)) if part == Part::Conversations => {
            Query::new(part, table, &columns, &format!("{at}.desc,{id}.desc", id = order.id), limit).not_null(at)
        }
        _ => Query::new(part, table, &columns, &order.descending(), limit),
    })
}

/// What rows tell. In the order of their ids alone only numbers are sure to rise with time.
fn sight(rows: &[Row], exprs: &[Expr], ordered: bool) -> Sight {
    let rises = |row: &Row| exprs.first().and_then(|id| id.text(row)).is_some_and(|id| id.parse::<i64>().is_ok());
    if !ordered && !rows.iter().all(rises) {
        return Sight::Untold;
    }
    let mut number = DefaultHasher::new();
    for row in rows {
        for expr in exprs {
            expr.value(row).map(|value| value.to_string()).hash(&mut number);
        }
    }
    Sight::Top(number.finish())
}

/// What a page says of a part by itself is no fault of the project.
fn told(sight: Result<Sight, ProjectError>) -> Result<Sight, ProjectError> {
    match sight {
        Err(ProjectError::NotMapped(_)) => Ok(Sight::Absent),
        Err(
            ProjectError::NotTold(_)
            | ProjectError::Grant(_)
            | ProjectError::TableMissing(_)
            | ProjectError::ColumnMissing(_)
            | ProjectError::Mismatch(_),
        ) => Ok(Sight::Untold),
        told => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(json: &str) -> Vec<Row> {
        serde_json::from_str(json).expect("rows")
    }

    #[test]
    fn a_number_is_another_one_when_anything_at_the_top_changed() {
        let exprs: Vec<Expr> = ["id", "status"].map(|column| Expr::column(column).unwrap()).into();
        let number = |json: &str| sight(&rows(json), &exprs, false);
        let before = number(r#"[{"id":2,"status":"bot"},{"id":1,"status":null}]"#);
        assert_eq!(before, number(r#"[{"status":"bot","id":2},{"id":1}]"#), "the order of columns is nothing");
        for after in [
            r#"[{"id":3,"status":"bot"},{"id":1,"status":null}]"#,
            r#"[{"id":2,"status":"human"},{"id":1,"status":null}]"#,
            r#"[{"id":2,"status":"bot"}]"#,
            "[]",
        ] {
            assert_ne!(before, number(after), "{after}");
        }
    }

    #[test]
    fn what_nothing_puts_in_order_is_untold() {
        let id = [Expr::column("id").unwrap()];
        let uuids = rows(r#"[{"id":"9b2c"},{"id":"1a77"}]"#);
        assert_eq!(sight(&uuids, &id, false), Sight::Untold);
        assert!(matches!(sight(&uuids, &id, true), Sight::Top(_)));
        assert!(matches!(sight(&rows(r#"[{"id":"12"},{"id":11}]"#), &id, false), Sight::Top(_)));
        assert_eq!(Sight::Absent.and(Sight::Top(3)), Sight::Top(3));
        assert_eq!(Sight::Top(3).and(Sight::Untold), Sight::Untold);
    }
}
