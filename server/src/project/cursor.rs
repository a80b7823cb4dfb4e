//! Where a page ends: the place of a row in an order, as it stands in a link.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Bytes of a cursor's text at most. Times and ids are short; a text id of somebody's own making may be longer.
const LONGEST: usize = 600;

/// A place in the order (time, id), or (id) where rows have no time to go by: both as the project writes them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The row's value in the column that the order goes by first.
    pub at: Option<String>,
    /// Its id, which decides among equals.
    pub id: String,
}

/// The text is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct BadCursor;

/// All letters may stand in a URL as they are.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(&(&self.at, &self.id)).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        if text.len() > LONGEST {
            return Err(BadCursor);
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let (at, id) = serde_json::from_slice::<(Option<String>, String)>(&json).map_err(|_| BadCursor)?;
        let cursor = Self { at, id };
        // Other spellings of the same JSON are none of ours, and no text of Postgres has a NUL.
        let sound = !cursor.id.contains('\0') && !cursor.at.as_deref().unwrap_or_default().contains('\0');
        if sound && cursor.to_string() == text { Ok(cursor) } else { Err(BadCursor) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn survives_its_text(at in proptest::option::of("[^\0]{0,40}"), id in "[^\0]{0,40}") {
            let cursor = Cursor { at, id };
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
        let encode = |json: &str| URL_SAFE_NO_PAD.encode(json);
        assert!(encode("[null,\"7\"]").parse::<Cursor>().is_ok());
        for json in [
            "",
            "[]",
            "[null]",
            "[null,7]",
            "[null, \"7\"]",
            "[null,\"7\",1]",
            "{\"at\":null,\"id\":\"7\"}",
            "[null,\"\\u0000\"]",
        ] {
            assert_eq!(encode(json).parse::<Cursor>(), Err(BadCursor), "{json}");
        }
        assert_eq!("x".repeat(601).parse::<Cursor>(), Err(BadCursor));
        assert_eq!("1764000000123456.42".parse::<Cursor>(), Err(BadCursor));
    }
}
