//! Single-use links: accepting an invitation, setting a new password.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod fresh;
mod link_page;
mod reset_page;
mod types;

pub use api::{Accept, Look, Mails, RequestReset, Reset, accept, look, mails, request_reset, reset};
#[cfg(feature = "ssr")]
pub use backend::LinksBackend;
pub use fresh::Fresh;
pub use link_page::LinkPage;
pub use reset_page::ResetPage;
pub use types::{FreshLink, LinkPurpose, LinkView};
