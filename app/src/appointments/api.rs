//! Server functions of appointments.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{Agenda, AgendaQuery, AppointmentDetail};
use crate::error::AppError;
use leptos::prelude::*;

/// One view of the agenda.
///
/// # Errors
/// See [`super::AppointmentsBackend::agenda`].
#[server(prefix = "/api", endpoint = "appointments/agenda", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_agenda(#[server(default)] asked: AgendaQuery) -> Result<Agenda, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.agenda(&asked)).await
}

/// One appointment.
///
/// # Errors
/// See [`super::AppointmentsBackend::appointment`].
#[server(prefix = "/api", endpoint = "appointments/one", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_appointment(id: String) -> Result<AppointmentDetail, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.appointment(&id)).await
}
