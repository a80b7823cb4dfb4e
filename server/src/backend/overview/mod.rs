//! The overview: a period is read once, counted once, and put into words for the page and the file alike; what was read
//! whole is kept for a minute.
//!
//! `ask` has the questions to the project, `figures` the cards, `panels` the charts and tables, `lines` the file, `numbers`
//! how numbers are written.

mod ask;
mod figures;
mod lines;
mod numbers;
mod panels;

use super::{
    RequestBackend, calendar, contact, failure,
    spreadsheet::{CsvFile, line, separator},
};
use crate::{
    mapping::{Appointment, Mapping},
    overview::{Asked, BadHours, BusinessHours, Figures, Key, Period, Shown, Tells},
    project::Project,
    store::{Event, EventKind, Visitor},
    words::{self, Calendar},
};
use app::{
    error::{AppError, FieldError},
    lang::lang,
    overview::{Hours, HoursForm, Overview, OverviewBackend, OverviewQuery, Upcoming},
    session::Permission,
    tr,
};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use std::{sync::Arc, time::Instant};
use time::OffsetDateTime;

#[async_trait::async_trait]
impl OverviewBackend for RequestBackend {
    async fn overview(&self, query: &OverviewQuery) -> Result<Overview, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let shown = self.shown(visitor, query).await?;
        let mut view = shown.view.clone();
        // What the reader may do is no part of what is kept.
        let may = visitor.role.may(Permission::KeepCredentials);
        view.reading.may_map = may;
        view.hours.may_set = may;
        view.kept_for = shown.kept_for();
        Ok(view)
    }

    async fn set_hours(&self, hours: &HoursForm) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let HoursForm { mon, tue, wed, thu, fri, sat, sun, opens, closes } = hours;
        let hours = BusinessHours::new([*mon, *tue, *wed, *thu, *fri, *sat, *sun], opens, closes).map_err(refused)?;
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        // The trail has them as they are kept: they are put into words for whoever reads it.
        let kept = hours.to_json();
        let done = store.set_business_hours(&visitor.scope, &self.act(), &kept, now).await;
        done.map_err(failure::store)
    }
}

impl RequestBackend {
    /// The figures of an overview as CSV: of the same reading as the page's.
    ///
    /// # Errors
    /// As [`OverviewBackend::overview`].
    pub async fn overview_csv(&self, query: &OverviewQuery, sep: &str) -> Result<CsvFile, AppError> {
        const NAME: &str = "visao-geral.csv";
        let visitor = self.member(Permission::Export)?;
        let shown = self.shown(visitor, query).await?;
        let event = Event::new(EventKind::ContentExported, NAME);
        let recorded = self.state.store.record(&visitor.scope, &self.act(), OffsetDateTime::now_utc(), event).await;
        recorded.map_err(failure::store)?;
        let separator = separator(sep);
        let mut text = String::from("\u{feff}");
        let head = tr!(["painel", "item", "valor", "período anterior"], ["panel", "item", "value", "previous period"]);
        line(&mut text, head.map(str::to_owned).into_iter(), separator);
        for cells in lines::lines(&shown.view) {
            line(&mut text, cells.iter().cloned(), separator);
        }
        Ok(CsvFile { name: NAME, about: None, lines: stream::once(async move { Ok(text) }).boxed() })
    }

    /// An overview of the last minute, or a new one.
    async fn shown(&self, visitor: &Visitor, query: &OverviewQuery) -> Result<Arc<Shown<Overview>>, AppError> {
        let calendar = calendar(visitor);
        let asked = Asked { period: &query.period, from: &query.from, to: &query.to };
        let period = Period::read(asked, &calendar);
        let (project, hours) =
            tokio::join!(self.project_and_versions(visitor), self.state.store.find_business_hours(&visitor.scope));
        let (project, versions) = project?;
        let hours = hours.map_err(failure::store)?;
        let key = Key {
            tenant: *visitor.scope.tenant().as_uuid(),
            credential: versions.credential,
            mapping: versions.mapping,
            zone: visitor.timezone.clone(),
            hours: hours.clone(),
            period: period.word,
            days: (period.first, period.last),
            today: calendar.today(),
            lang: lang(),
        };
        let again = !query.refresh.is_empty();
        let read = self.read_overview(visitor, &project, versions.credential, &calendar, &period, hours.as_deref());
        Ok(self.state.shelf.get(key, again, Box::pin(read)).await)
    }

    async fn read_overview(
        &self,
        visitor: &Visitor,
        project: &Project,
        version: i64,
        calendar: &Calendar,
        period: &Period,
        kept_hours: Option<&str>,
    ) -> Shown<Overview> {
        let hours = read_hours(kept_hours);
        let open = hours.clone().unwrap_or_default();
        let asked = Box::pin(self.ask_project(visitor, project, version, calendar, period)).await;
        self.note_last_data(visitor, asked.newest());
        // What the project lost meanwhile is told by nothing.
        let mapping: Arc<Mapping> = project.mapping();
        let tells = Tells::of(&mapping);
        let figures = Figures::of(period, calendar, &open, tells, &asked.read);
        let failed = |error| self.project_failed(visitor, project, error);
        let told = Told {
            period,
            calendar,
            figures: &figures,
            tells,
            mapping: &mapping,
            whole: asked.read.whole(),
            failed: &failed,
        };
        let (first, more, untold) = told.figures(&open, hours.is_none(), &asked.waiting);
        let reading = self.reading(visitor, calendar, project);
        let upcoming = asked.upcoming.map_err(failed);
        let view = Overview {
            today: calendar.full_day(calendar.today()),
            as_of: reading.stale.as_ref().map_or_else(|| calendar.time(calendar.now()), |stale| stale.since.clone()),
            kept_for: 0,
            period: told.period(),
            figures: first,
            more,
            untold,
            bars: told.bars(),
            week: told.week(),
            appointments: told.appointments(),
            upcoming: upcoming.map(|rows| rows.into_iter().map(|row| upcoming_row(calendar, row)).collect()),
            hours: hours_view(hours.as_ref(), &open),
            reading,
        };
        let away = [
            view.bars.as_ref().err(),
            view.week.as_ref().err(),
            view.appointments.as_ref().err(),
            view.upcoming.as_ref().err(),
        ];
        let lacks = |error: &AppError| !matches!(error, AppError::NotMapped(_) | AppError::NotTold);
        let failed = view.figures.iter().chain(&view.more).any(|figure| figure.failed);
        let whole =
            asked.read.whole() && !failed && view.reading.stale.is_none() && !away.into_iter().flatten().any(lacks);
        Shown { view, whole, at: Instant::now() }
    }

    /// Notes for the agency how fresh the tenant's data is. Beside the page: it must not wait for that.
    fn note_last_data(&self, visitor: &Visitor, newest: Option<Timestamp>) {
        let seen = newest.and_then(|at| OffsetDateTime::from_unix_timestamp(at.as_second()).ok());
        let (store, scope) = (self.state.store.clone(), visitor.scope);
        if let Some(seen) = seen {
            tokio::spawn(async move {
                if let Err(error) = store.note_last_data(&scope, seen).await {
                    tracing::warn!(%error, "cannot note the newest data");
                }
            });
        }
    }
}

/// Figures about to be put into words.
struct Told<'a> {
    period: &'a Period,
    calendar: &'a Calendar,
    figures: &'a Figures,
    tells: Tells,
    mapping: &'a Mapping,
    whole: bool,
    failed: &'a (dyn Fn(crate::project::ProjectError) -> AppError + Sync),
}

/// Hours that were said; none of a text that is no such thing, which another version of this program may have left.
fn read_hours(kept: Option<&str>) -> Option<BusinessHours> {
    let kept = kept?;
    serde_json::from_str(kept).inspect_err(|error| tracing::warn!(%error, "business hours that are none")).ok()
}

fn hours_view(said: Option<&BusinessHours>, open: &BusinessHours) -> Hours {
    let [mon, tue, wed, thu, fri, sat, sun] = open.days();
    let (opens, closes) = open.times();
    Hours {
        words: words::business_hours(open),
        assumed: said.is_none(),
        may_set: false,
        form: HoursForm { mon, tue, wed, thu, fri, sat, sun, opens, closes },
    }
}

fn refused(error: BadHours) -> AppError {
    let (field, message) = match error {
        BadHours::Days => ("days", tr!("Marque pelo menos um dia.", "Tick at least one day.")),
        BadHours::Opens => ("opens", tr!("Diga a hora como 08:00.", "Enter a time such as 08:00.")),
        BadHours::Closes => (
            "closes",
            tr!(
                "Diga uma hora como 18:00, depois da abertura.",
                "Enter a time such as 18:00, later than the opening time."
            ),
        ),
    };
    AppError::Invalid(vec![FieldError::new(field, message)])
}

fn upcoming_row(calendar: &Calendar, row: Appointment) -> Upcoming {
    let (who, _) = contact(row.name.as_deref(), row.person.as_ref());
    let what = [row.service.as_deref(), row.professional.as_deref()];
    Upcoming {
        starts: calendar.soon(row.starts),
        who,
        what: what.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
    }
}
