//! Who is signed in, as the pages see it.

use super::Hue;
use crate::{tr, ui::When};
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

/// A member's place in one tenant. Ordered by power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and exports.
    Agent,
    /// Also credentials, mapping, team and audit.
    Admin,
}

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Agent, Self::Admin];

    /// The word kept in the store and used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    /// Reads the word of [`Role::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The word in the frame of the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Viewer => tr!("leitura", "viewer"),
            Self::Agent => tr!("atendimento", "agent"),
            Self::Admin => "admin",
        }
    }
}

/// A person's role in the agency. Ordered by power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyRole {
    /// Sees health and counts, never content.
    Support,
    /// Also tenants, keys and breaking the glass.
    Owner,
}

impl AgencyRole {
    /// Every role, weakest first.
    pub const ALL: [Self; 2] = [Self::Support, Self::Owner];

    /// The word kept in the store and used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Owner => "owner",
        }
    }

    /// Reads the word of [`AgencyRole::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Support => tr!("suporte", "support"),
            Self::Owner => tr!("responsável", "owner"),
        }
    }
}

/// The signed-in user, as the frame around every page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The user's name, or the part of the e-mail before `@`.
    pub name: String,
    /// The tenant at hand; `None` for people of the agency who have entered none, and before a tenant is chosen.
    pub tenant: Option<TenantView>,
    /// The user's role in the agency.
    pub agency: Option<AgencyRole>,
    /// Whether there is another tenant to switch to.
    pub several: bool,
    /// Whether a second factor must be set up before anything else is shown.
    pub second_factor_due: bool,
}

impl Viewer {
    /// Whether the user may do it here.
    pub fn may(&self, permission: super::Permission) -> bool {
        self.tenant.as_ref().is_some_and(|tenant| tenant.role.may(permission))
            || self.agency.is_some_and(|role| role.may(permission))
    }
}

/// Whether whoever looks at the page may do it: for what is shown only then. The server asks again.
pub(crate) fn may(permission: super::Permission) -> bool {
    use_context::<Option<Viewer>>().flatten().is_some_and(|viewer| viewer.may(permission))
}

/// The tenant at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantView {
    /// Its name.
    pub name: String,
    /// Its first letter, upper case.
    pub initial: String,
    /// Its colour.
    pub hue: Hue,
    /// What the user may do here.
    pub role: Role,
    /// Set while somebody of the agency is inside by breaking the glass: until when ("até 14:32") and why.
    pub glass: Option<Glass>,
    /// Connections that do not work, for whoever can mend them.
    pub troubles: Vec<BrokenConnection>,
}

/// A connection that does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenConnection {
    /// Its card on the page of connections.
    pub card: String,
    /// What is wrong, in half a sentence.
    pub words: String,
    /// Since when.
    pub since: When,
}

/// A broken glass: somebody of the agency is inside a tenant for a short time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glass {
    /// Who: shown to the tenant's members; empty when it is the viewer.
    pub who: String,
    /// Until when, in words: "até 14:32".
    pub until: String,
    /// The reason given.
    pub reason: String,
}

/// One of the tenants a user may enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What the chooser sends back. It opens nothing by itself: the membership is looked up again.
    pub slug: String,
    /// The tenant's name.
    pub name: String,
    /// Its first letter, upper case.
    pub initial: String,
    /// Its colour.
    pub hue: Hue,
    /// What the user may do there.
    pub role: Role,
    /// Whether it is suspended: shown, with the reason, but not to be entered.
    pub suspended: Option<String>,
    /// Whether it is the one at hand.
    pub current: bool,
}

/// Where a step of signing in leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// In the only tenant (or the last one used).
    Tenant,
    /// To the chooser: there are several.
    Choose,
    /// To the agency's console.
    Console,
    /// The password was right; the second factor is asked for.
    Code,
}

/// The colours a user chose; `System` follows the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The word in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word of [`Theme::as_str`]; anything else is the system's choice.
    pub fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// Whether single letters do something in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeysChoice {
    /// They do.
    #[default]
    On,
    /// They are only letters.
    Off,
}

impl KeysChoice {
    /// The word in the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }

    /// Reads the word of [`KeysChoice::as_str`]; anything else leaves them on.
    pub fn parse(word: &str) -> Self {
        if word == "off" { Self::Off } else { Self::On }
    }
}
