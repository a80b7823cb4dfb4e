//! What can go wrong when a project is asked, and what a user is told about it.
//!
//! Table names come from our question, never from the answer's text: nothing a project wrote gets into an error.

use app::error::{AppError, Mapped, Outage, Refusal};
use http::StatusCode;

use crate::{egress::EgressError, mapping::Part};

/// Why a project gave no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// No answer at all.
    #[error(transparent)]
    NoAnswer(#[from] EgressError),
    /// The project is paused or restricted.
    #[error("the project is paused")]
    Paused,
    /// The project has a fault of its own.
    #[error("the project answered {0}")]
    Fault(StatusCode),
    /// Not an answer of PostgREST.
    #[error("the answer is not one of PostgREST")]
    Rubbish,
    /// The key is unknown or switched off.
    #[error("the project does not accept the key")]
    Key,
    /// The key has expired.
    #[error("the key has expired")]
    KeyExpired,
    /// The project's clocks disagree about a JWT that its own gateway made. Passes by itself.
    #[error("the project holds the key for issued in the future")]
    ClockAhead,
    /// The key's role may not read the table.
    #[error("the key's role may not read {0}")]
    Grant(Part),
    /// The table is not there.
    #[error("there is no table {0}")]
    TableMissing(Part),
    /// A column we read is not there.
    #[error("a column is missing in {0}")]
    ColumnMissing(Part),
    /// A value that was asked for cannot stand in the column that it is compared with.
    #[error("a value does not fit its column in {0}")]
    Mismatch(Part),
    /// The mapping has no such table: nothing is asked.
    #[error("the mapping says nothing of {0}")]
    NotMapped(Part),
    /// The project's tables do not tell this of the part.
    #[error("the tables do not tell when {0} began")]
    NotTold(Part),
    /// The project's statement time-out.
    #[error("the project gave up on a slow statement")]
    Slow,
    /// The project asks to slow down.
    #[error("the project limits the rate")]
    RateLimited,
    /// Anything else.
    #[error("the project refused with {0}")]
    Other(StatusCode),
}

impl From<ProjectError> for AppError {
    fn from(error: ProjectError) -> Self {
        let outage = |outage| Self::ProjectUnreachable(outage);
        let refusal = |refusal| Self::ProjectRefused(refusal);
        let name = |part: Part| part.name().to_owned();
        match error {
            ProjectError::NoAnswer(error) => outage(match error {
                EgressError::AddressRefused => Outage::AddressRefused,
                EgressError::Name => Outage::Name,
                EgressError::Connect => Outage::Connect,
                EgressError::Tls => Outage::Tls,
                EgressError::Timeout => Outage::Timeout,
                EgressError::TooLarge => Outage::Rubbish,
                EgressError::Busy => Outage::Busy,
                EgressError::Resting { seconds } => Outage::Resting { retry_after: seconds },
                EgressError::Broken => Outage::Fault,
            }),
            ProjectError::Paused => outage(Outage::Paused),
            ProjectError::Fault(_) | ProjectError::ClockAhead => outage(Outage::Fault),
            ProjectError::Rubbish => outage(Outage::Rubbish),
            ProjectError::Key => refusal(Refusal::Key),
            ProjectError::KeyExpired => refusal(Refusal::KeyExpired),
            ProjectError::Grant(part) => refusal(Refusal::Grant { table: name(part) }),
            ProjectError::TableMissing(part) => refusal(Refusal::TableMissing { table: name(part) }),
            ProjectError::ColumnMissing(part) => refusal(Refusal::ColumnMissing { table: name(part) }),
            ProjectError::NotMapped(part) => Self::NotMapped(noun(part)),
            ProjectError::NotTold(_) => Self::NotTold,
            ProjectError::Slow => refusal(Refusal::Slow),
            ProjectError::RateLimited => refusal(Refusal::RateLimited),
            ProjectError::Mismatch(_) | ProjectError::Other(_) => refusal(Refusal::Other),
        }
    }
}

/// A part in the words of `app`.
fn noun(part: Part) -> Mapped {
    match part {
        Part::Conversations => Mapped::Conversations,
        Part::Messages => Mapped::Messages,
        Part::Appointments => Mapped::Appointments,
    }
}
