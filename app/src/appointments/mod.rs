//! Appointments: an agenda by day, week, month and as a list, and each appointment's own page, in the tenant's time zone.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod detail;
mod grid;
mod list;
mod month;
mod page;
mod query;
mod tools;
mod types;

pub use api::{ReadAgenda, ReadAppointment, read_agenda, read_appointment};
#[cfg(feature = "ssr")]
pub use backend::AppointmentsBackend;
pub use detail::AppointmentPage;
pub use page::AppointmentsPage;
pub use query::AgendaQuery;
pub use types::{
    Agenda, AgendaDay, AppointmentDetail, AppointmentRow, Body, Column, Entry, Grid, ListPart, Mark, MonthDay, More,
    Other, Placed, Spot, View,
};
