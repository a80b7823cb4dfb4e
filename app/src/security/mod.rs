//! Security: a user's own password, second factor and sessions.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod page;
mod second_factor;
mod sessions;
mod types;

pub use api::{
    BeginSecondFactor, ChangePassword, ConfirmSecondFactor, EndAllSessions, EndSession, RemoveSecondFactor,
    begin_second_factor, change_password, confirm_second_factor, end_all_sessions, end_session, read_security,
    remove_second_factor,
};
#[cfg(feature = "ssr")]
pub use backend::SecurityBackend;
pub use page::SecurityPage;
pub use types::{Enrolment, SecondFactor, SecurityView, SessionView};
