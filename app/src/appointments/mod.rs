//! Appointments: a list by day, in the tenant's time zone.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod page;
mod types;

pub use api::{ReadAgenda, read_agenda};
#[cfg(feature = "ssr")]
pub use backend::AppointmentsBackend;
pub use page::AppointmentsPage;
pub use types::{Agenda, AgendaDay, AppointmentRow};
