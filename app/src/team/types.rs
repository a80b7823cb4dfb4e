//! The people of a tenant as `/settings/team` shows them.

use crate::{links::FreshLink, session::Role, ui::When};
use serde::{Deserialize, Serialize};

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    /// Members by name, at most 500.
    pub members: Vec<MemberView>,
    /// Invitations not answered yet, newest first, at most 200.
    pub invitations: Vec<InvitationView>,
    /// A link made by the request before this one; it is shown this once.
    pub fresh: Option<FreshLink>,
    /// Whether members need a second factor to get on.
    pub second_factor_required: bool,
    /// Whether links go by mail here.
    pub mails: bool,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The user's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role here.
    pub role: Role,
    /// Whether it is the viewer: then role and place are not theirs to change.
    pub you: bool,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they last signed in.
    pub last_login: Option<When>,
    /// Whether the agency has disabled the account.
    pub disabled: bool,
}

/// One open invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Names it when it is withdrawn.
    pub id: String,
    /// Whom it is for.
    pub email: String,
    /// The role it gives.
    pub role: Role,
    /// Who made it; empty for the command line.
    pub by: String,
    /// Until when it is good.
    pub expires: When,
}
