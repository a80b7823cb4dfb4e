//! Team: who belongs to a tenant, with which role, and who is invited.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod invitations;
mod members;
mod page;
mod types;

pub use api::{
    Invite, RemoveMember, RequireSecondFactor, ResetLink, SetRole, Withdraw, invite, read_team, remove_member,
    require_second_factor, reset_link, set_role, withdraw,
};
#[cfg(feature = "ssr")]
pub use backend::TeamBackend;
pub use page::TeamPage;
pub use types::{InvitationView, MemberView, TeamView};
