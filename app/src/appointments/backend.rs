//! What the server must supply for appointments.

use super::{
    AgendaQuery,
    types::{Agenda, AppointmentDetail},
};
use crate::error::AppError;

/// The port of the appointments feature.
#[async_trait::async_trait]
pub trait AppointmentsBackend: Send + Sync {
    /// One view of the agenda. What means nothing in the question falls back: this week, nothing narrowed.
    ///
    /// # Errors
    /// As for every read of a project.
    async fn agenda(&self, asked: &AgendaQuery) -> Result<Agenda, AppError>;

    /// One appointment, with the same person's others.
    ///
    /// # Errors
    /// `NotFound` when this tenant's project has no such appointment; else as for every read of a project.
    async fn appointment(&self, id: &str) -> Result<AppointmentDetail, AppError>;
}
