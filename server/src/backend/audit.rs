//! The audit trail as its page shows it.

use super::{RequestBackend, calendar, failure, instant};
use crate::{
    store::{AuditEvent, AuditQuery, EventKind},
    words::{self, Calendar},
};
use app::{
    audit::{AuditBackend, AuditFilter, AuditPage, AuditRow},
    error::{AppError, FieldError},
    session::Permission,
};
use jiff::civil::Date;
use time::OffsetDateTime;

/// Events of a page.
const PAGE: u32 = 50;

#[async_trait::async_trait]
impl AuditBackend for RequestBackend {
    async fn audit_page(&self, filter: AuditFilter, before: Option<String>) -> Result<AuditPage, AppError> {
        let visitor = self.member(Permission::ReadAudit)?;
        let calendar = calendar(visitor);
        let mut query = read_filter(&filter, &calendar)?;
        query.before = match before {
            // A cursor is an event's number; what is none was made up.
            Some(cursor) => Some(cursor.parse().map_err(|_| AppError::NotFound)?),
            None => None,
        };
        let mut events =
            self.state.store.list_events(&visitor.scope, &query, PAGE + 1).await.map_err(failure::store)?;
        let more = events.len() > PAGE as usize;
        events.truncate(PAGE as usize);
        Ok(AuditPage {
            older: events.last().filter(|_| more).map(|last| last.seq.to_string()),
            rows: events.iter().map(|event| row(event, &calendar)).collect(),
            kinds: kinds(),
        })
    }
}

fn row(event: &AuditEvent, calendar: &Calendar) -> AuditRow {
    AuditRow {
        number: event.seq,
        when: calendar.recently(instant(event.at)),
        who: event.actor.clone(),
        what: words::event(event),
        detail: words::detail(event),
        source: event.source.clone(),
    }
}

/// The kinds to choose from, by label.
fn kinds() -> Vec<(String, String)> {
    let mut kinds: Vec<(String, String)> =
        EventKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), words::kind_label(*kind).to_owned())).collect();
    kinds.sort_by(|one, other| one.1.cmp(&other.1));
    kinds
}

/// What a filter asks of the store, its days in the tenant's zone.
///
/// # Errors
/// `Invalid` at `from` or `to`.
pub(super) fn read_filter(filter: &AuditFilter, calendar: &Calendar) -> Result<AuditQuery, AppError> {
    let from = read_day(&filter.from, "from")?;
    let to = read_day(&filter.to, "to")?;
    let start = |day: Date| OffsetDateTime::from_unix_timestamp(calendar.start_of(day).as_second()).ok();
    Ok(AuditQuery {
        kind: EventKind::parse(&filter.kind),
        who: super::typed_line(&filter.who).chars().take(120).collect(),
        from: from.and_then(start),
        until: to.map(|day| words::plus_days(day, 1)).and_then(start),
        before: None,
    })
}

fn read_day(text: &str, field: &str) -> Result<Option<Date>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<Date>() {
        Ok(day) if (2000..=2200).contains(&day.year()) => Ok(Some(day)),
        _ => Err(AppError::Invalid(vec![FieldError::new(field, "Escolha um dia, como 2026-03-01.")])),
    }
}
