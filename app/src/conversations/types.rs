//! Conversations as the pages show them.

use crate::ui::{Reading, Status, When};
use serde::{Deserialize, Serialize};

/// What is looked for; empty fields ask for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConversationFilter {
    /// Part of a name, a number or a message.
    pub q: String,
    /// A status by its short name.
    pub status: String,
    /// Who wrote: `contact`, `bot`, `team` or `business`.
    pub author: String,
    /// First day, ISO.
    pub from: String,
    /// Last day, ISO.
    pub to: String,
}

impl ConversationFilter {
    /// Its fields by their names in an address.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        let Self { q, status, author, from, to } = self;
        [("q", q), ("status", status), ("author", author), ("from", from), ("to", to)]
    }
}

/// Which page of the list: the newest, or the one beside a cursor of [`ConversationPage`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageRequest {
    /// What is looked for.
    #[serde(default)]
    pub filter: ConversationFilter,
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
    /// The statuses that can be asked for: short name and words. None where the project keeps no status.
    pub statuses: Vec<(String, String)>,
    /// Who may have written: short name and words.
    pub authors: Vec<(String, String)>,
    /// What there is to say about what was found, a sentence each.
    pub notes: Vec<String>,
    /// Cursor for `after`, when there are newer ones.
    pub newer: Option<String>,
    /// Cursor for `before`, when there are older ones.
    pub older: Option<String>,
    /// What there is to say about how it was read.
    pub reading: Reading,
}

/// One conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRow {
    /// The address of its page.
    pub href: String,
    /// The contact's name, or the phone when there is none.
    pub who: String,
    /// First letter for the round badge; "#" when there is no name.
    pub initial: String,
    /// The phone as people write it: "(11) 98765-4321".
    pub phone: String,
    /// The last message, one line, cut at 140 characters.
    pub last_message: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// When the conversation last moved, where the project tells.
    pub updated: Option<When>,
}

/// A filter that somebody keeps for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// Names it.
    pub id: String,
    /// What they call it.
    pub name: String,
    /// What it asks for.
    pub filter: ConversationFilter,
}

/// The filters of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedFilters {
    /// By name.
    pub filters: Vec<SavedFilter>,
    /// Whether they may keep any: whoever only looks in may not.
    pub may_save: bool,
}

/// Which part of which conversation; at most one of the last three is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreadRequest {
    /// What stands in its address.
    pub id: String,
    /// Messages older than this cursor.
    pub older: String,
    /// Messages newer than this cursor.
    pub newer: String,
    /// Messages from this day on, ISO.
    pub day: String,
}

/// One conversation with its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// What stands in its address.
    pub id: String,
    /// The address of its page.
    pub href: String,
    /// The contact's name, or the phone when there is none.
    pub who: String,
    /// First letter for the round badge.
    pub initial: String,
    /// The phone as people write it.
    pub phone: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// Messages by day, oldest first.
    pub days: Vec<ThreadDay>,
    /// What the contact booked, the furthest ahead first; why it could not be read; none where nothing can be told.
    pub booked: Option<Result<Vec<Booked>, crate::error::AppError>>,
    /// The way to a day; none where the tables do not tell days.
    pub jump: Option<Jump>,
    /// The cursor to pass as `older`, when there may be older messages.
    pub older: Option<String>,
    /// The cursor to pass as `newer`, when there are newer ones.
    pub newer: Option<String>,
    /// Set when this is not the newest part of the thread.
    pub partial: bool,
    /// What there is to say about how it was read.
    pub reading: Reading,
    /// Set when the conversation was read but its messages could not be.
    pub trouble: Option<crate::error::AppError>,
}

/// The way to a day of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Jump {
    /// The day that was asked for, ISO; empty for none.
    pub day: String,
    /// Why what was typed is no day.
    pub error: Option<String>,
    /// That the day has no messages, and which comes next.
    pub note: Option<String>,
}

/// One conversation for paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedThread {
    /// The address of its page.
    pub href: String,
    /// The contact's name, or the phone when there is none.
    pub who: String,
    /// The phone as people write it.
    pub phone: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// The tenant's name.
    pub tenant: String,
    /// Who asked for it.
    pub by: String,
    /// When, in the tenant's zone.
    pub at: String,
    /// "horário de São Paulo".
    pub zone: String,
    /// What is not on it, in a sentence.
    pub left_out: Option<String>,
    /// Messages by day, oldest first.
    pub days: Vec<ThreadDay>,
}

/// One appointment of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// "hoje 15:00", "12 dez 09:30".
    pub starts: When,
    /// "Limpeza de pele · Dra. Inês".
    pub what: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// Whether it is still to come.
    pub ahead: bool,
}

/// The messages of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadDay {
    /// "hoje", "ontem", "terça, 24 de novembro", "sem data".
    pub label: String,
    /// Oldest first.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who wrote it.
    pub author: Author,
    /// The text, as written; may be empty beside media.
    pub text: String,
    /// "foto", "áudio": what was sent, which is not shown here.
    pub media: Option<String>,
    /// "14:22", with the exact instant, where the project tells.
    pub at: Option<When>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The contact.
    Contact,
    /// The robot.
    Bot,
    /// A person of the business.
    Team,
    /// The business; the project does not tell whether robot or person.
    Business,
}
