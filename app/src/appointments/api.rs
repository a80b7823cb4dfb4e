//! Server functions of appointments.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::Agenda;
use crate::error::AppError;
use leptos::prelude::*;

/// Seven days of appointments from a day on.
///
/// # Errors
/// See [`super::AppointmentsBackend::agenda`].
#[server(prefix = "/api", endpoint = "appointments/agenda", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_agenda(#[server(default)] from: String) -> Result<Agenda, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.agenda(&from)).await
}
