//! What a single-use link is for, as its page shows it. The token itself stands in the address alone.

use crate::ui::When;
use serde::{Deserialize, Serialize};

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// What it does.
    pub purpose: LinkPurpose,
    /// Whose it is: the e-mail to sign in with.
    pub email: String,
    /// Until when it is good.
    pub expires: When,
}

/// What a link does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkPurpose {
    /// Gives a place in a tenant, or in the agency.
    Invitation {
        /// The tenant's name, or the agency's word for itself.
        place: String,
        /// The role, in words.
        role: String,
        /// Who invited; empty for the command line.
        by: String,
        /// Whether the e-mail has an account already: then its password is asked for, not a new one.
        has_account: bool,
    },
    /// Sets a new password.
    Reset,
}

/// A link that was just made, shown once to the person who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshLink {
    /// Whom it is for.
    pub email: String,
    /// The whole address; empty when it went by mail.
    pub address: String,
    /// What it is for, in words that stand before or after "link": "convite", "nova senha".
    pub what: String,
    /// Until when it is good, in words.
    pub until: String,
}
