//! `AppError`: the closed list of what can go wrong, as a user meets it.
//!
//! It crosses the wire and, without JavaScript, even stands in a redirect URL: nothing in it may be secret, and nothing
//! of a database's or provider's own words. The server maps its mechanisms' errors to this list in one place.
//!
//! `project` has why a tenant's project gives nothing, `words` what people read of it all.

mod project;
mod words;

pub use project::{Outage, Refusal};

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What went wrong, split by what the page does about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// E-mail or password is wrong (never says which).
    SignInFailed,
    /// The code of the second factor is wrong, was used, or is too old.
    CodeRefused,
    /// Too many wrong tries: wait this many seconds.
    Throttled {
        /// Seconds to wait before the next try.
        retry_after: u32,
    },
    /// Here nobody gets on without a second factor, and this user has none yet.
    SecondFactorDue,
    /// The password was typed too long ago for this step: it is asked for once more.
    ConfirmDue,
    /// A link that was used, withdrawn or has expired.
    Gone,
    /// The user's tenant is suspended; the reason is the agency's text for the tenant.
    Suspended {
        /// Why, in the agency's words; may be empty.
        reason: String,
    },
    /// Signed in, but the role does not allow it.
    NotAllowed,
    /// No such thing in this tenant (also: another tenant's thing).
    NotFound,
    /// Fields were refused; each error stands at its field.
    Invalid(Vec<FieldError>),
    /// Somebody else saved in the meantime.
    Conflict,
    /// The draft that was looked at is not the one that is kept by now.
    DraftChanged,
    /// Too many tries, or the server is full: wait this many seconds.
    TooMany {
        /// Seconds to wait before the next try.
        retry_after: u32,
    },
    /// Painel's own database cannot be reached: the same request may succeed in a moment.
    Unavailable,
    /// The tenant has no Supabase project yet.
    NotConfigured,
    /// The tenant's project does not answer, or not in time.
    ProjectUnreachable(Outage),
    /// The tenant's project answered no, and why.
    ProjectRefused(Refusal),
    /// The tenant's mapping has no such part: its project keeps none.
    NotMapped(Mapped),
    /// The tenant's tables do not tell this.
    NotTold,
    /// A sealed value does not open: an alarm, never "empty".
    Unreadable,
    /// A fault of ours; the id stands in the log beside the cause.
    Internal {
        /// What the user quotes to the agency.
        incident: String,
    },
    /// The request did not reach our code whole (bad form, network between browser and server).
    Transport(Transport),
}

/// A part of what a tenant's mapping reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mapped {
    /// Whom the business talks with.
    Conversations,
    /// What was said.
    Messages,
    /// What was booked.
    Appointments,
}

/// What happened between browser and server function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// The form's fields could not be read.
    BadForm,
    /// The server could not be reached or its answer not be read.
    Network,
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as in the form.
    pub field: String,
    /// What is wrong and what to do, in the reader's language, without the value.
    pub message: String,
}

impl FieldError {
    /// A refused field with its message.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl AppError {
    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotSignedIn | Self::SignInFailed | Self::CodeRefused => 401,
            Self::Suspended { .. } | Self::NotAllowed | Self::SecondFactorDue | Self::ConfirmDue => 403,
            Self::Gone => 410,
            Self::Throttled { .. } => 429,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::Conflict | Self::DraftChanged | Self::NotConfigured | Self::NotMapped(_) | Self::NotTold => 409,
            Self::TooMany { .. } | Self::Unavailable => 503,
            Self::ProjectUnreachable(_) | Self::ProjectRefused(_) => 502,
            Self::Unreadable | Self::Internal { .. } => 500,
            Self::Transport(Transport::BadForm) => 400,
            Self::Transport(Transport::Network) => 502,
        }
    }

    /// After how many seconds the same request may succeed, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany { retry_after } | Self::Throttled { retry_after } => Some(*retry_after),
            Self::ProjectUnreachable(Outage::Resting { retry_after }) => Some(*retry_after),
            Self::Unavailable => Some(5),
            _ => None,
        }
    }

    /// Has a project's refusal speak of its table by this name.
    pub fn rename_table(&mut self, own: &str) {
        if let Self::ProjectRefused(
            Refusal::Grant { table } | Refusal::TableMissing { table } | Refusal::ColumnMissing { table },
        ) = self
        {
            own.clone_into(table);
        }
    }

    /// The message of one refused field, if that field was refused.
    pub fn at(&self, field: &str) -> Option<String> {
        match self {
            Self::Invalid(errors) => errors.iter().find(|e| e.field == field).map(|e| e.message.clone()),
            _ => None,
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}. {}", self.title(), self.advice())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Transport(Transport::BadForm)
            }
            _ => Self::Transport(Transport::Network),
        };
        // Nothing of ours runs when the arguments cannot be read, so the status is told here.
        #[cfg(feature = "ssr")]
        crate::backend::tell_status(&error);
        error
    }
}
