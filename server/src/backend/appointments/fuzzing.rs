//! Some appointments in every view, around the first of them: for `crate::fuzzing`.

use super::{asked::Asked, calendar_file::file, grid::grid, list::list, month::month};
use crate::{mapping::Appointment, store::TenantId, words::Calendar};
use app::appointments::{AgendaQuery, Body, View};
use uuid::Uuid;

/// The views, and the file for calendars.
pub(in crate::backend) fn agenda(calendar: &Calendar, rows: &[Appointment]) -> (Vec<Body>, String) {
    let date = rows.first().map(|row| calendar.date_of(row.starts).to_string()).unwrap_or_default();
    let body = |view: View| {
        let query = AgendaQuery {
            view: view.as_str().to_owned(),
            date: date.clone(),
            group: "professional".to_owned(),
            ..AgendaQuery::default()
        };
        let asked = Asked::read(&query, calendar);
        match view {
            View::Day | View::Week => Body::Grid(grid(calendar, &asked, rows)),
            View::Month => Body::Month(month(calendar, &asked, rows)),
            View::List => Body::List(list(calendar, &asked, rows.to_vec(), None)),
        }
    };
    (View::ALL.map(body).into(), file(calendar, TenantId::from_uuid(Uuid::nil()), rows, None))
}
