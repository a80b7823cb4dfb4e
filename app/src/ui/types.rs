//! Small display-ready values that every feature uses. The server fills them; the browser only shows them.

use serde::{Deserialize, Serialize};

/// An instant as people read it. The browser computes nothing: no clock and no zone in the wasm.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct When {
    /// What is shown: "há 5 min", "14:30", "ontem".
    pub text: String,
    /// The exact instant in the tenant's zone, shown on hover.
    pub full: String,
    /// RFC 3339, for machines.
    pub iso: String,
}

/// A status: a colour *and* a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The colour's meaning.
    pub tone: Tone,
    /// The word.
    pub label: String,
}

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Good.
    Ok,
    /// Wants attention.
    Warn,
    /// Wrong.
    Bad,
    /// For information.
    Info,
    /// Neither.
    Quiet,
}

impl Tone {
    /// The word in `data-tone`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Info => "info",
            Self::Quiet => "quiet",
        }
    }
}
