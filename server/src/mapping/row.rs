//! One row as it came, before anybody knows what it means.
//!
//! Tenants' tables are theirs: an id may come as text, a phone as a number, a time without its zone. A cell says what it
//! can be read as, and `None` where it cannot. Lists and objects stay the text that they came as until somebody looks into
//! one, so a hostile answer of the permitted size cannot grow in memory.

use std::{collections::HashMap, fmt};

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, value::RawValue};

/// The cells of a row by column. Anything in a row's place that is not an object is a row without cells.
#[derive(Debug, Clone, Default)]
pub struct Row(HashMap<String, Cell>);

#[derive(Debug, Clone)]
enum Cell {
    Nothing,
    Flag(bool),
    Text(String),
    Whole(i64),
    Real(f64),
    Nested(Box<RawValue>),
}

impl Row {
    /// A text, or a number as text; `None` for null and what is neither.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.0.get(column)? {
            Cell::Text(text) => Some(text.clone()),
            Cell::Whole(number) => Some(number.to_string()),
            Cell::Real(number) => Some(number.to_string()),
            Cell::Nothing | Cell::Flag(_) | Cell::Nested(_) => None,
        }
    }

    /// A whole number, also as text or with `.0`.
    pub fn whole(&self, column: &str) -> Option<i64> {
        match self.0.get(column)? {
            Cell::Whole(number) => Some(*number),
            Cell::Text(text) => text.parse().ok(),
            // Up to 2^53 every whole number is exact.
            Cell::Real(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Some(*number as i64),
            Cell::Real(_) | Cell::Nothing | Cell::Flag(_) | Cell::Nested(_) => None,
        }
    }

    /// Whatever stands there, lists and objects whole; `None` for null.
    pub fn value(&self, column: &str) -> Option<Value> {
        match self.0.get(column)? {
            Cell::Nothing => None,
            Cell::Flag(truth) => Some(Value::Bool(*truth)),
            Cell::Text(text) => Some(Value::String(text.clone())),
            Cell::Whole(number) => Some(Value::from(*number)),
            Cell::Real(number) => Some(Value::from(*number)),
            Cell::Nested(json) => serde_json::from_str(json.get()).ok(),
        }
    }

    /// The columns that it has.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RowVisitor)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(from)?;
        let text = json.get();
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::Text(serde_json::from_str(text).map_err(D::Error::custom)?),
            Some(b'{' | b'[') => Self::Nested(json),
            Some(b't') => Self::Flag(true),
            Some(b'f') => Self::Flag(false),
            Some(b'n') | None => Self::Nothing,
            Some(_) if text.contains(['.', 'e', 'E']) => {
                text.parse().ok().filter(|number: &f64| number.is_finite()).map_or(Self::Nothing, Self::Real)
            }
            // Numbers that are larger than any of ours are ids all the same.
            Some(_) => text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Whole),
        })
    }
}

struct RowVisitor;

/// The kinds of JSON that mean nothing in this place.
macro_rules! nothing {
    ($nothing:expr => $($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Self::Value, E> { Ok($nothing) })*

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
}

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut cells = HashMap::new();
        while let Some((column, cell)) = map.next_entry()? {
            // Which of two values is meant, nobody knows; another reader before us may have taken the other one.
            if cells.insert(column, cell).is_some() {
                return Err(A::Error::custom("a column twice"));
            }
        }
        Ok(Row(cells))
    }

    nothing!(Row::default() => visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn cells_are_read_as_what_they_can_be() {
        let row = row(
            r#"{"a":1,"b":"2","c":3.0,"d":3.5,"e":null,"f":true,"g":[1,{"x":[]}],"h":{"y":1},"i":18446744073709551615,"a2":-7}"#,
        );
        assert_eq!(["a", "b", "c", "a2"].map(|column| row.whole(column)), [Some(1), Some(2), Some(3), Some(-7)]);
        assert_eq!(["d", "e", "f", "g", "h", "i", "none"].map(|column| row.whole(column)), [None; 7]);
        assert_eq!(row.text("i").as_deref(), Some("18446744073709551615"));
        assert_eq!(row.text("a").as_deref(), Some("1"));
        assert_eq!(row.value("g"), Some(serde_json::json!([1, { "x": [] }])));
        assert_eq!(["f", "e", "none"].map(|column| row.value(column)), [Some(Value::Bool(true)), None, None]);
        assert_eq!(["e", "f", "g", "h", "none"].map(|column| row.text(column)), [const { None }; 5]);
    }

    #[test]
    fn a_column_twice_is_no_row() {
        for json in [r#"{"id":1,"id":2}"#, r#"{"a":null,"b":1,"a":null}"#] {
            assert!(serde_json::from_str::<Row>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_is_no_object_is_an_empty_row() {
        for json in ["1", "-1", "1.5", "null", "true", "\"x\"", "[1,[2]]", "{}"] {
            assert!(row(json).0.is_empty(), "{json}");
        }
    }
}
