//! Conversations as the pages show them.

use crate::ui::{Stale, Status, When};
use serde::{Deserialize, Serialize};

/// Which page of the list: the newest, or the one beside a cursor of [`ConversationPage`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageRequest {
    /// Conversations older than this cursor; empty for the newest.
    #[serde(default)]
    pub before: String,
    /// Conversations newer than this cursor; empty for none.
    #[serde(default)]
    pub after: String,
}

/// Up to 50 conversations, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationPage {
    /// The rows.
    pub rows: Vec<ConversationRow>,
    /// Cursor for `after`, when there are newer ones.
    pub newer: Option<String>,
    /// Cursor for `before`, when there are older ones.
    pub older: Option<String>,
    /// Set when some of it was read earlier, because the project does not answer now.
    pub stale: Option<Stale>,
}

/// One conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRow {
    /// The project's own id.
    pub id: i64,
    /// The contact's name, or the phone when there is none.
    pub who: String,
    /// First letter for the round badge; "#" when there is no name.
    pub initial: String,
    /// The phone as people write it: "(11) 98765-4321".
    pub phone: String,
    /// The last message, one line, cut at 140 characters.
    pub last_message: String,
    /// The status, for colour and word.
    pub status: Status,
    /// When the conversation last moved.
    pub updated: When,
}

/// One conversation with its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The contact's name, or the phone when there is none.
    pub who: String,
    /// First letter for the round badge.
    pub initial: String,
    /// The phone as people write it.
    pub phone: String,
    /// The status, for colour and word.
    pub status: Status,
    /// Messages by day, oldest first.
    pub days: Vec<ThreadDay>,
    /// The id to pass as `before`, when there are older messages.
    pub older: Option<i64>,
    /// Set when this is not the newest part of the thread.
    pub partial: bool,
    /// Set when some of it was read earlier, because the project does not answer now.
    pub stale: Option<Stale>,
    /// Set when the conversation was read but its messages could not be.
    pub trouble: Option<crate::error::AppError>,
}

/// The messages of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadDay {
    /// "hoje", "ontem", "terça, 24 de novembro".
    pub label: String,
    /// Oldest first.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The project's own id.
    pub id: i64,
    /// Whether the tenant's side wrote it.
    pub outgoing: bool,
    /// The text, as written.
    pub text: String,
    /// "14:22", with the exact instant.
    pub at: When,
}
