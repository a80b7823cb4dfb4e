//! Who is signed in, as the pages see it.

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
            Self::Viewer => "leitura",
            Self::Agent => "atendimento",
            Self::Admin => "admin",
        }
    }

    /// Whether this role may see and change credentials.
    pub fn may_keep_credentials(self) -> bool {
        self == Self::Admin
    }
}

/// The signed-in user in the tenant at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The user's name, or the part of the e-mail before `@`.
    pub name: String,
    /// What the user may do here.
    pub role: Role,
    /// The tenant's name.
    pub tenant: String,
    /// The tenant's first letter, upper case.
    pub initial: String,
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
