//! The implementation of `app`'s ports, one file a feature. One [`RequestBackend`] lives as long as one request.

mod appointments;
mod conversations;
mod credentials;
mod failure;
mod overview;
mod project;
mod session;

use crate::{
    state::State,
    store::{TenantStatus, Visitor},
    web::session::Identity,
    words::Calendar,
};
use app::error::AppError;
use jiff::Timestamp;
use std::sync::Arc;
use tower_sessions::Session;

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

    /// Who is asking.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`.
    fn visitor(&self) -> Result<&Arc<Visitor>, AppError> {
        let visitor = self.identity.0.as_ref().ok_or(AppError::NotSignedIn)?;
        match visitor.tenant_status {
            TenantStatus::Active => Ok(visitor),
            TenantStatus::Suspended => {
                Err(AppError::Suspended { reason: visitor.suspended_reason.clone().unwrap_or_default() })
            }
        }
    }

    /// Who is asking, when that role may keep credentials.
    ///
    /// # Errors
    /// `NotSignedIn`, `Suspended`, `NotAllowed`.
    fn keeper(&self) -> Result<&Arc<Visitor>, AppError> {
        let visitor = self.visitor()?;
        if visitor.role.may_keep_credentials() { Ok(visitor) } else { Err(AppError::NotAllowed) }
    }
}

/// The visitor's calendar, from now.
fn calendar(visitor: &Visitor) -> Calendar {
    Calendar::new(&visitor.timezone, Timestamp::now())
}

/// A contact as a person knows it: the name, or the phone when there is none, and the phone as people write it.
fn contact(name: Option<&str>, phone: &str) -> (String, String) {
    let phone = crate::words::as_written(phone);
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let who = name.map_or_else(|| if phone.is_empty() { "Sem nome".to_owned() } else { phone.clone() }, str::to_owned);
    (who, phone)
}
