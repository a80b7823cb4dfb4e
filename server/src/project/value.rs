//! Values in a filter, and how they are quoted.
//!
//! PostgREST reads a value in two ways: after `column=eq.` everything to the end is the value, raw, and quotes would be
//! looked for; inside `in.(…)`, `or=(…)` and `and=(…)` an unquoted comma or bracket changes the question. So a value does
//! not know how to print itself: the place it stands in asks for [`Value::raw`] or [`Value::quoted`].

use jiff::Timestamp;

/// A value that may stand in a filter: anything but text with a NUL, which would be cut there without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value(String);

impl Value {
    /// A text from anywhere. `None` when it holds a NUL, which no text in Postgres has: nothing can match it.
    pub(super) fn text(text: &str) -> Option<Self> {
        (!text.contains('\0')).then(|| Self(text.to_owned()))
    }

    /// For a place where all to the end of the parameter is the value.
    pub(super) fn raw(&self) -> &str {
        &self.0
    }

    /// For a place inside brackets.
    pub(super) fn quoted(&self) -> String {
        let mut quoted = String::with_capacity(self.0.len() + 2);
        quoted.push('"');
        for letter in self.0.chars() {
            if matches!(letter, '"' | '\\') {
                quoted.push('\\');
            }
            quoted.push(letter);
        }
        quoted.push('"');
        quoted
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<Timestamp> for Value {
    /// As UTC with a `Z` and every digit it has.
    fn from(instant: Timestamp) -> Self {
        Self(instant.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// PostgREST's own reading of a quoted value: the letters up to the first quote that no backslash stands before.
    fn unquote(text: &str) -> Option<(String, &str)> {
        let mut value = String::new();
        let mut letters = text.strip_prefix('"')?.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => return Some((value, &text[at + 2..])),
                '\\' => value.push(letters.next()?.1),
                other => value.push(other),
            }
        }
        None
    }

    proptest! {
        #[test]
        fn quoting_survives_reading(text in "[^\0]*", rest in ".*") {
            let question = Value::text(&text).unwrap().quoted() + &rest;
            prop_assert_eq!(unquote(&question), Some((text, rest.as_str())));
        }

        #[test]
        fn nothing_gets_out_of_the_quotes(text in r#"[a",()\\{}. ]*"#) {
            let quoted = Value::text(&text).unwrap().quoted();
            prop_assert_eq!(unquote(&quoted), Some((text, "")));
        }
    }

    #[test]
    fn nul_is_no_value_and_times_keep_their_microseconds() {
        assert_eq!(Value::text("a\0b"), None);
        let instant: Timestamp = "2026-11-24T09:30:00.123456-03:00".parse().unwrap();
        assert_eq!(Value::from(instant).raw(), "2026-11-24T12:30:00.123456Z");
    }
}
