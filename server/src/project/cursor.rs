//! Where a page of conversations ends: the instant and the id of a row, to the microsecond.
//!
//! Its text form stands in URLs that people keep and change, so reading it is strict: one form a cursor, nothing else.

use std::{fmt, str::FromStr};

use jiff::Timestamp;

use super::rows::Conversation;

/// A place in the order (updated_at, id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the conversation last changed.
    pub updated_at: Timestamp,
    /// Its id, which decides among equal instants.
    pub id: i64,
}

/// The text is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct BadCursor;

impl Cursor {
    /// The place of a row.
    pub fn of(conversation: &Conversation) -> Self {
        Self { updated_at: conversation.updated_at, id: conversation.id }
    }
}

/// Microseconds since 1970, a dot, the id: `1764000000123456.42`. All letters may stand in a URL as they are.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.updated_at.as_microsecond(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (instant, id) = text.split_once('.').ok_or(BadCursor)?;
        let instant =
            instant.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok()).ok_or(BadCursor)?;
        let cursor = Self { updated_at: instant, id: id.parse().map_err(|_| BadCursor)? };
        // "+1", "007" and "-0" are numbers too; the one true form is the one we write.
        if cursor.to_string() == text { Ok(cursor) } else { Err(BadCursor) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn survives_its_text(micros in -60_000_000_000_000_000i64..200_000_000_000_000_000, id: i64) {
            let cursor = Cursor { updated_at: Timestamp::from_microsecond(micros).unwrap(), id };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn nothing_else_is_one(text in ".*") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn strict() {
        assert_eq!(
            "1764000000123456.42".parse::<Cursor>().unwrap().updated_at.to_string(),
            "2025-11-24T16:00:00.123456Z"
        );
        for text in [
            "",
            ".",
            "1",
            "1.",
            ".1",
            "1.2.3",
            "+1.2",
            "01.2",
            "1.02",
            "1.+2",
            "-0.1",
            " 1.2",
            "1.2 ",
            "1,2",
            "x.y",
            "9223372036854775807.1",
            "1.9223372036854775808",
            "١.٢",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text:?}");
        }
    }
}
