//! Credentials as the settings page shows and sends them. A secret's value never comes back this way.

use super::catalog::Provider;
use crate::ui::{Status, Tone, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One provider's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialCard {
    /// Whose card it is.
    pub provider: Provider,
    /// The stored version to send back when saving; 0 when nothing is stored.
    pub version: i64,
    /// What is stored, by field name; a field that is not stored is missing.
    pub stored: BTreeMap<String, StoredField>,
    /// When it was last saved.
    pub saved: Option<When>,
    /// Who saved it last.
    pub saved_by: String,
    /// What else there is to a Google card.
    pub google: Option<GoogleCard>,
}

/// What a Google card says of a person's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleCard {
    /// Where Google sends people back to: it must stand at Google's console, letter by letter.
    pub redirect_uri: String,
    /// Whether a client is stored, so that consent can be asked for.
    pub has_client: bool,
    /// The consent, when there is one.
    pub grant: Option<GoogleGrant>,
}

/// A person's consent, without anything of its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleGrant {
    /// Whose account it is; empty when that is not known.
    pub account: String,
    /// When it was given.
    pub since: Option<When>,
    /// When it ends, where Google said so.
    pub until: Option<When>,
    /// What is allowed, in words.
    pub allowed: Vec<String>,
    /// What is needed and not allowed, in words.
    pub missing: Vec<String>,
    /// Google has said that it is over.
    pub ended: bool,
    /// The label of the other card that holds the same consent.
    pub shared_with: Option<String>,
}

/// What is known of one stored field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredField {
    /// Not a secret: shown as it is.
    Plain(String),
    /// A secret: only its end, when it is long enough to show one (16 characters).
    Secret {
        /// The last four characters, or nothing.
        last_four: Option<String>,
    },
    /// Stored, but it does not open: restore the key or save again.
    Unreadable,
}

/// What a form sends. Blank keeps what is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialForm {
    /// Which card.
    pub provider: Provider,
    /// The version the form was filled from.
    pub version: i64,
    /// The fields by name.
    pub fields: BTreeMap<String, String>,
}

/// The page: every card, and what the test before it told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialsView {
    /// In the catalogue's order.
    pub cards: Vec<CredentialCard>,
    /// The health of what is stored and can be tested.
    pub health: Vec<ConnectionHealth>,
    /// The outcome of a test that was just made: it is told once.
    pub tested: Option<TestReport>,
    /// Whether saving and removing ask for the caller's password.
    pub confirm_due: bool,
}

/// What one connection test told. Nothing in it is of a provider's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// Whose connection was tested.
    pub provider: Provider,
    /// Where it stands.
    pub status: Status,
    /// When the test was made.
    pub tested: When,
    /// Whether something was tested that is typed and not stored.
    pub unsaved: bool,
    /// What was found, the worst first.
    pub findings: Vec<TestFinding>,
    /// What was learnt besides.
    pub facts: Vec<TestFact>,
}

/// One thing that a test found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestFinding {
    /// How bad it is.
    pub tone: Tone,
    /// What it is, in a sentence.
    pub what: String,
    /// What to do; empty when there is nothing to do.
    pub fix: String,
    /// Text to copy where `fix` says; empty when there is none.
    pub paste: String,
}

/// Something that a test learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestFact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// What Painel's own checks know of one stored connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionHealth {
    /// Whose connection it is.
    pub provider: Provider,
    /// Where it stands now.
    pub status: Status,
    /// Since when it does not work; nothing while it does.
    pub since: Option<When>,
    /// The latest check of what is stored now.
    pub checked: Option<When>,
    /// What is to be known besides; may be empty.
    pub note: String,
    /// What was found, in a sentence; empty while all is well.
    pub what: String,
    /// What to do about it; may be empty.
    pub fix: String,
    /// The latest checks, the oldest first.
    pub strip: Vec<StripMark>,
    /// The same in a sentence; empty without checks.
    pub summary: String,
}

/// One check of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripMark {
    /// How it was.
    pub tone: Tone,
    /// When and how, in words.
    pub words: String,
}

/// Connecting the business's telephone to its Evolution instance: where that stands, and what to show for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pairing {
    /// A code to scan.
    Scan {
        /// How it is drawn.
        code: PairingCode,
        /// The same as eight letters to type, where the server has them.
        letters: Option<String>,
    },
    /// It is connected.
    Connected,
    /// The server has no code yet: worth asking again soon.
    NotYet,
    /// Codes are no longer made, or enough of them were shown: somebody must want to go on.
    GivenUp,
    /// Nothing is stored that could be connected.
    Unsaved,
    /// It does not go on.
    Failed {
        /// What was found, in a sentence.
        what: String,
        /// What to do.
        fix: String,
    },
}

/// How a code to scan is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PairingCode {
    /// By us.
    Drawn {
        /// The side in modules, quiet zone included.
        side: u32,
        /// The dark modules as SVG path data, in modules.
        path: String,
    },
    /// By the server, which gave no text: a checked PNG as a `data:` URL.
    Picture(String),
}

impl Pairing {
    /// Seconds until it is worth asking again, while it is.
    pub fn again_in(&self) -> Option<u64> {
        match self {
            // A code is good for some 20 to 60 seconds.
            Self::Scan { .. } => Some(20),
            Self::NotYet => Some(8),
            Self::Connected | Self::GivenUp | Self::Unsaved | Self::Failed { .. } => None,
        }
    }
}

/// As many codes are shown in a row; servers make no more by default.
pub const MOST_CODES: u32 = 30;
