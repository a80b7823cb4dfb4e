//! Automation: tokens by which a tenant's own flows read the tenant's credentials, and how they are used.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod guide;
mod make;
mod page;
mod tokens;
mod types;

pub use api::{MakeToken, RevokeToken, make_token, read_automation, revoke_token};
#[cfg(feature = "ssr")]
pub use backend::AutomationBackend;
pub use page::AutomationPage;
pub use types::{AutomationView, FreshToken, HandOutView, Lifetime, MachineTokenView, NewToken};
