//! Appointments: one request for a span of days, and for a day or a week one more beside it for what began before and is
//! not over.
//!
//! `asked` says which days and which of their appointments; `place` and `lanes` where each stands, `grid`, `month` and
//! `list` what a view shows of them; `detail` is one appointment's page, `calendar_file` the file for calendars.

mod asked;
mod calendar_file;
mod detail;
mod entry;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;
mod grid;
mod lanes;
mod list;
mod month;
mod place;

use super::{RequestBackend, calendar};
use crate::{mapping::Appointment, project::ProjectError, words::plus_days};
use app::{
    appointments::{Agenda, AgendaQuery, AppointmentDetail, AppointmentsBackend, Body, View},
    error::AppError,
    session::Permission,
};
use asked::Asked;

pub(super) use asked::Only;

/// Appointments of one span at most.
const MOST: u32 = 999;
/// How many days before a drawing an appointment may have begun that goes on in it, where its end cannot be asked for.
const LOOK_BACK: i64 = 3;
/// Bytes of an id in an address at most.
const LONGEST_ID: usize = 300;

#[async_trait::async_trait]
impl AppointmentsBackend for RequestBackend {
    async fn agenda(&self, asked: &AgendaQuery) -> Result<Agenda, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let asked = Asked::read(asked, &calendar);
        let (first, after) = asked.span();
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let (begins, over) = (calendar.start_of(first), calendar.start_of(after));
        let hours = matches!(asked.view, View::Day | View::Week);
        let back = calendar.start_of(plus_days(first, -LOOK_BACK));
        // Where nothing puts rows in the order of their starts, one question reads all that can be read.
        let (from, beside) = if project.orders_appointments() { (begins, hours) } else { (back, false) };
        let earlier = async {
            match if beside { Some(project.appointments_under_way(begins, back, MOST).await) } else { None } {
                // Ends that cannot be compared: nothing is drawn that would have to begin before.
                None | Some(Err(ProjectError::Mismatch(_) | ProjectError::NotTold(_))) => Ok((Vec::new(), false)),
                Some(page) => page.map(|page| (page.rows, page.more)),
            }
        };
        let (page, earlier) = tokio::join!(project.appointments_between(from, over, MOST), earlier);
        let (page, (mut drawn, more)) = (page.map_err(failed)?, earlier.map_err(failed)?);
        let truncated = page.more || more;
        let (before, within): (Vec<_>, Vec<_>) = page.rows.into_iter().partition(|row| row.starts < begins);
        drawn.extend(before);
        drawn.retain(|row| row.ends.is_some_and(|ends| ends > begins) && asked.only.admits(row));
        let choices = asked.choices(&within);
        let total = count(within.len());
        let last_read = within
            .last()
            .filter(|_| page.more && project.orders_appointments())
            .map(|row| calendar.date_of(row.starts));
        let rows: Vec<Appointment> = within.into_iter().filter(|row| asked.only.admits(row)).collect();
        let shown = count(rows.len());
        let endless = hours && rows.iter().any(|row| row.ends.is_none());
        let body = match asked.view {
            View::Day | View::Week => {
                drawn.extend(rows);
                Body::Grid(grid::grid(&calendar, &asked, &drawn))
            }
            View::Month => Body::Month(month::month(&calendar, &asked, &rows)),
            View::List => Body::List(list::list(&calendar, &asked, rows, last_read)),
        };
        let last = plus_days(after, -1);
        let (previous, next) = asked.steps();
        Ok(Agenda {
            title: match asked.view {
                View::Day => calendar.full_day(first),
                View::Month => calendar.month_of(first),
                View::Week | View::List => calendar.span(first, last),
            },
            date: asked.date.to_string(),
            from: first.to_string(),
            last: last.to_string(),
            previous: previous.to_string(),
            next: next.to_string(),
            zone: calendar.zone_words(),
            professionals: choices.professionals,
            services: choices.services,
            statuses: choices.statuses,
            shown,
            total,
            truncated,
            endless,
            body,
            reading: self.reading(visitor, &calendar, &project),
            asked: asked.query(),
        })
    }

    async fn appointment(&self, id: &str) -> Result<AppointmentDetail, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        check_id(id)?;
        self.appointment_detail(visitor, id).await
    }
}

/// An id that could be one.
///
/// # Errors
/// `NotFound`.
fn check_id(id: &str) -> Result<(), AppError> {
    if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') { Err(AppError::NotFound) } else { Ok(()) }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "appointments/golden_tests.rs"]
mod golden_tests;
