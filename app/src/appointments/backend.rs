//! What the server must supply for appointments.

use super::types::Agenda;
use crate::error::AppError;

/// The port of the appointments feature.
#[async_trait::async_trait]
pub trait AppointmentsBackend: Send + Sync {
    /// Seven days from `from` (ISO date in the tenant's zone; empty or odd: today).
    ///
    /// # Errors
    /// As for every read of a project.
    async fn agenda(&self, from: &str) -> Result<Agenda, AppError>;
}
