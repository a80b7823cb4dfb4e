//! The implementation of `app`'s ports, one file a feature. One [`RequestBackend`] lives as long as one request.
//!
//! `attempt` (guessing is counted), `account` (hashes opened and sealed, entering), `letters` (single-use links and how
//! they reach people), `flash` (what one page leaves for the next), `sealed` (what a tenant keeps, opened), `project` (a
//! tenant's opened project) and `still` (a file ends with what allowed it) are shared by several features.

mod account;
mod appointments;
mod attempt;
mod audit;
mod automation;
mod connection;
mod console;
mod conversations;
mod credentials;
mod export;
mod failure;
mod flash;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod google;
mod hand_out;
mod health;
mod letters;
mod links;
mod live;
mod mapping;
mod overview;
mod pairing;
mod project;
mod refused_address;
mod saved_filters;
mod sealed;
mod security;
mod session;
mod spreadsheet;
mod still;
mod team;
mod thread;

use crate::{
    mapping::Person,
    state::State,
    store::{Act, AgencyScope, Caller, TenantStatus, Visitor},
    web::caller::{Identity, Origin},
    words::Calendar,
};
use app::{error::AppError, session::Permission, tr};
use jiff::Timestamp;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::Session;

pub use account::seal_hash;
pub(crate) use failure::store as store_failure;
pub use google::{ConsentAnswer, NoAccess};
pub use hand_out::{HandedOut, NotHandedOut};
pub use letters::{MadeLink, make_link};
pub(crate) use live::Glimpse;
pub use sealed::{OpenedCredential, OpenedFields, open_keys};
pub use spreadsheet::{CsvFile, CsvRequest};

/// Everything a page may ask for, bound to one request's session and tenant.
pub struct RequestBackend {
    state: State,
    identity: Identity,
    session: Option<Session>,
}

impl RequestBackend {
    /// The backend of one request. Without a session (while the list of routes is made) nobody is signed in.
    pub fn new(state: State, identity: Identity, session: Option<Session>) -> Self {
        Self { state, identity, session }
    }

    /// Who is asking, when they may ask for this at all.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `SecondFactorDue`.
    fn caller(&self) -> Result<&Arc<Caller>, AppError> {
        match &self.identity.refused {
            Some(refused) => Err(refused.clone()),
            None => self.identity.caller.as_ref().ok_or(AppError::NotSignedIn),
        }
    }

    /// The caller inside a tenant, when their role there has the permission.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `SecondFactorDue`, `Suspended`.
    fn member(&self, permission: Permission) -> Result<&Arc<Visitor>, AppError> {
        let visitor = self.caller()?.visitor.as_ref().ok_or(AppError::NotAllowed)?;
        admitted(visitor, permission).map(|()| visitor)
    }

    /// The caller in the agency, when their role there has the permission.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `SecondFactorDue`.
    fn agency(&self, permission: Permission) -> Result<&AgencyScope, AppError> {
        let agency = self.caller()?.agency.as_ref().ok_or(AppError::NotAllowed)?;
        if agency.role().may(permission) { Ok(agency) } else { Err(AppError::NotAllowed) }
    }

    /// The caller, as the audit trail knows them.
    fn act(&self) -> Act {
        let Origin { source, request_id, .. } = &self.identity.origin;
        match &self.identity.caller {
            Some(caller) => Act::of_user(caller.user, &label(&caller.name, caller.email.as_str()), *source, request_id),
            None => Act::of_stranger("", *source, request_id),
        }
    }

    /// This request's session.
    ///
    /// # Errors
    /// `NotSignedIn` outside of a request.
    fn session(&self) -> Result<&Session, AppError> {
        self.session.as_ref().ok_or(AppError::NotSignedIn)
    }
}

/// Whether somebody in a tenant may do something there.
///
/// # Errors
/// `NotAllowed`, `Suspended`.
fn admitted(visitor: &Visitor, permission: Permission) -> Result<(), AppError> {
    match visitor.tenant_status {
        TenantStatus::Suspended => {
            Err(AppError::Suspended { reason: visitor.suspended_reason.clone().unwrap_or_default() })
        }
        TenantStatus::Active if visitor.role.may(permission) => Ok(()),
        TenantStatus::Active => Err(AppError::NotAllowed),
    }
}

/// How a user stands in the audit trail.
fn label(name: &str, email: &str) -> String {
    if name.is_empty() { email.to_owned() } else { format!("{name} ({email})") }
}

/// The visitor's calendar, from now.
fn calendar(visitor: &Visitor) -> Calendar {
    Calendar::new(&visitor.timezone, Timestamp::now())
}

/// The calendar of pages that are no tenant's: the agency's own zone.
fn agency_calendar() -> Calendar {
    Calendar::new(AGENCY_ZONE, Timestamp::now())
}

/// Where agencies of Painel are at home.
const AGENCY_ZONE: &str = "America/Sao_Paulo";

/// An instant of the store for the words.
fn instant(at: OffsetDateTime) -> Timestamp {
    i64::try_from(at.unix_timestamp_nanos() / 1_000)
        .ok()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What somebody typed, as one line: control characters would forge lines wherever it is printed, and Postgres stores no NUL.
fn typed_line(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    line.trim().to_owned()
}

/// A contact as a person knows it: the name, or the phone when there is none, and the phone as people write it.
fn contact(name: Option<&str>, person: Option<&Person>) -> (String, String) {
    let phone = match person {
        Some(person) => person.dialled().map_or_else(|| person.to_string(), |phone| crate::words::as_written(&phone)),
        None => String::new(),
    };
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let nameless = || if phone.is_empty() { tr!("Sem nome", "No name").to_owned() } else { phone.clone() };
    let who = name.map_or_else(nameless, str::to_owned);
    (who, phone)
}
