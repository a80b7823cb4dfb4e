//! The audit trail as its page shows it.

use super::{RequestBackend, agency_calendar, calendar, failure, instant};
use crate::{
    store::{Act, AgencyScope, AuditEvent, AuditQuery, Event, EventKind, TenantScope},
    words::{self, Calendar},
};
use app::{
    audit::{AuditBackend, AuditFilter, AuditPage, AuditRow, Whose},
    error::{AppError, FieldError},
    session::Permission,
    tr,
};
use jiff::civil::Date;
use time::OffsetDateTime;

/// Events of a page.
const PAGE: u32 = 50;

#[async_trait::async_trait]
impl AuditBackend for RequestBackend {
    async fn audit_page(
        &self,
        whose: Whose,
        filter: AuditFilter,
        before: Option<String>,
    ) -> Result<AuditPage, AppError> {
        let (chain, calendar) = self.chain(whose)?;
        let mut query = read_filter(&filter, &calendar)?;
        query.before = match before {
            // A cursor is an event's number; what is none was made up.
            Some(cursor) => Some(cursor.parse().map_err(|_| AppError::NotFound)?),
            None => None,
        };
        let mut events = self.list_chain(chain, &query, PAGE + 1).await?;
        let more = events.len() > PAGE as usize;
        events.truncate(PAGE as usize);
        Ok(AuditPage {
            older: events.last().filter(|_| more).map(|last| last.seq.to_string()),
            rows: events.iter().map(|event| row(event, &calendar)).collect(),
            kinds: kinds(),
        })
    }
}

/// The chain of events that is read.
#[derive(Clone, Copy)]
pub(super) enum Chain {
    /// A tenant's.
    Tenant(TenantScope),
    /// The agency's own.
    Agency(AgencyScope),
}

impl RequestBackend {
    /// The chain that the caller may read, and the calendar of its days.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`.
    pub(super) fn chain(&self, whose: Whose) -> Result<(Chain, Calendar), AppError> {
        match whose {
            Whose::Tenant => {
                let visitor = self.member(Permission::ReadAudit)?;
                Ok((Chain::Tenant(visitor.scope), calendar(visitor)))
            }
            Whose::Agency => Ok((Chain::Agency(*self.agency(Permission::ManageTenants)?), agency_calendar())),
        }
    }

    /// Up to `limit` events of a chain, newest first.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn list_chain(
        &self,
        chain: Chain,
        query: &AuditQuery,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, AppError> {
        let store = &self.state.store;
        match chain {
            Chain::Tenant(scope) => store.list_events(&scope, query, limit).await,
            Chain::Agency(agency) => store.list_agency_events(&agency, query, limit).await,
        }
        .map_err(failure::store)
    }

    /// Adds an event that changes nothing else to a chain.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn record_in_chain(&self, chain: Chain, act: &Act, event: Event) -> Result<(), AppError> {
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        match chain {
            Chain::Tenant(scope) => store.record(&scope, act, now, event).await,
            Chain::Agency(_) => store.record_for_agency(act, now, event).await,
        }
        .map_err(failure::store)
    }
}

fn row(event: &AuditEvent, calendar: &Calendar) -> AuditRow {
    AuditRow {
        number: event.seq,
        when: calendar.recently(instant(event.at)),
        who: words::actor(&event.actor).into_owned(),
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
        who: words::kept_actor(super::typed_line(&filter.who).chars().take(120).collect()),
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
        _ => {
            let message = tr!("Escolha um dia, como 2026-03-01.", "Choose a day, such as 2026-03-01.");
            Err(AppError::Invalid(vec![FieldError::new(field, message)]))
        }
    }
}
