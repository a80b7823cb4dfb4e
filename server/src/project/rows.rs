//! Conversations, messages and appointments as the rest of the server sees them.
//!
//! A row that lacks what makes it one (its id, its time) is not one and is skipped by the page; everything else that is
//! missing becomes empty. Nothing is guessed.

use jiff::Timestamp;

use crate::mapping::Row;

/// Somebody with whom messages are exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Unique in the project.
    pub id: i64,
    /// As the project has it, for sending; may be empty.
    pub phone: String,
    /// If known.
    pub name: Option<String>,
    /// The project's own word; may be empty.
    pub status: String,
    /// The text of the last message; may be empty.
    pub last_message: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last changed; the order of the list.
    pub updated_at: Timestamp,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Unique in the project; rises with time.
    pub id: i64,
    /// The conversation it belongs to.
    pub conversation_id: i64,
    /// Whether it went out to the contact, rather than came in.
    pub outgoing: bool,
    /// The text; may be empty.
    pub content: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// One booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Unique in the project.
    pub id: i64,
    /// The conversation it came from, if any.
    pub conversation_id: Option<i64>,
    /// Who comes, if known.
    pub customer_name: Option<String>,
    /// Their phone, if known.
    pub customer_phone: Option<String>,
    /// What is booked; may be empty.
    pub service: String,
    /// With whom, if known.
    pub professional: Option<String>,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends; the same as the start when the project has no end.
    pub ends_at: Timestamp,
    /// The project's own word; may be empty.
    pub status: String,
    /// The price in hundredths of the currency, if any.
    pub price_cents: Option<i64>,
    /// Where to meet online, if anywhere. A foreign URL: never a link before its scheme is checked.
    pub meet_link: Option<String>,
}

/// What a row of a project can be turned into.
pub(super) trait FromRow: Sized {
    /// `None` when the row lacks what makes it one.
    fn from_row(row: &Row) -> Option<Self>;
}

/// A text that is not empty.
fn some_text(row: &Row, column: &str) -> Option<String> {
    row.text(column).filter(|text| !text.trim().is_empty())
}

impl FromRow for Conversation {
    fn from_row(row: &Row) -> Option<Self> {
        let (created_at, updated_at) = (row.instant("created_at"), row.instant("updated_at"));
        Some(Self {
            id: row.whole("id")?,
            phone: row.text("phone").unwrap_or_default(),
            name: some_text(row, "name"),
            status: row.text("status").unwrap_or_default(),
            last_message: row.text("last_message").unwrap_or_default(),
            created_at: created_at.or(updated_at)?,
            updated_at: updated_at.or(created_at)?,
        })
    }
}

impl FromRow for Message {
    fn from_row(row: &Row) -> Option<Self> {
        Some(Self {
            id: row.whole("id")?,
            conversation_id: row.whole("conversation_id")?,
            outgoing: matches!(row.text("direction").as_deref(), Some("out" | "outgoing" | "outbound")),
            content: row.text("content").unwrap_or_default(),
            created_at: row.instant("created_at")?,
        })
    }
}

impl FromRow for Appointment {
    fn from_row(row: &Row) -> Option<Self> {
        let starts_at = row.instant("starts_at")?;
        Some(Self {
            id: row.whole("id")?,
            conversation_id: row.whole("conversation_id"),
            customer_name: some_text(row, "customer_name"),
            customer_phone: some_text(row, "customer_phone"),
            service: row.text("service").unwrap_or_default(),
            professional: some_text(row, "professional"),
            starts_at,
            ends_at: row.instant("ends_at").unwrap_or(starts_at),
            status: row.text("status").unwrap_or_default(),
            price_cents: row.whole("price_cents"),
            meet_link: some_text(row, "meet_link"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from<T: FromRow>(json: &str) -> Option<T> {
        T::from_row(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn nulls_become_empty_and_ids_and_times_are_needed() {
        let bare: Conversation = from(
            r#"{"id":7,"phone":null,"name":" ","status":null,"last_message":null,"created_at":null,
                "updated_at":"2026-01-02T03:04:05.000006+00:00"}"#,
        )
        .unwrap();
        assert_eq!((bare.phone.as_str(), bare.name, bare.last_message.as_str()), ("", None, ""));
        assert_eq!(bare.created_at, bare.updated_at);
        for json in [r#"{}"#, r#"{"id":1}"#, r#"{"id":null,"updated_at":"2026-01-02T03:04:05Z"}"#, "7"] {
            assert_eq!(from::<Conversation>(json), None, "{json}");
        }
    }

    #[test]
    fn messages_know_their_direction() {
        for (direction, outgoing) in [("\"out\"", true), ("\"in\"", false), ("null", false), ("7", false)] {
            let json = format!(
                r#"{{"id":1,"conversation_id":"2","direction":{direction},"content":"oi","created_at":"2026-01-02T03:04:05"}}"#
            );
            let message: Message = from(&json).unwrap();
            assert_eq!((message.outgoing, message.conversation_id), (outgoing, 2), "{direction}");
        }
    }

    #[test]
    fn an_appointment_without_an_end_ends_where_it_starts() {
        let bare: Appointment =
            from(r#"{"id":1,"starts_at":"2026-01-02T03:04:05Z","ends_at":null,"price_cents":15000.0}"#).unwrap();
        assert_eq!(bare.starts_at, bare.ends_at);
        assert_eq!((bare.price_cents, bare.conversation_id), (Some(15000), None));
        assert_eq!(from::<Appointment>(r#"{"id":1,"starts_at":null}"#), None);
    }
}
