//! Where a value stands in a row, in the words of a form: `name`, `message->content`, `contacts(name)`, `nome + sobrenome`.
//!
//! A column may have any name that Postgres permits but one with a double quote or an arrow in it. The text is kept in the
//! mapping and shown to whoever edits it; reading and writing it are inverse.

use super::row::Row;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, str::FromStr};

/// Bytes of an identifier, as in Postgres.
const LONGEST_NAME: usize = 63;
/// Values joined into one.
const MOST_PARTS: usize = 4;
/// Steps into a JSON column.
const DEEPEST: usize = 6;
const JOIN: &str = " + ";
const STEP: &str = "->";

/// One value of a row, or several joined by spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expr(Vec<Place>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    /// The column, or the related table whose row stands in its place.
    column: String,
    /// The related table's column.
    of_related: Option<String>,
    /// Keys and indexes inside a JSON value.
    path: Vec<String>,
}

/// The text names no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a column, a path into one, or a sum of them")]
pub struct BadExpr;

impl Expr {
    /// One column by its name.
    ///
    /// # Errors
    /// The name is none.
    pub fn column(name: &str) -> Result<Self, BadExpr> {
        Ok(Self(vec![Place { column: checked(name)?, of_related: None, path: Vec::new() }]))
    }

    /// The value itself: of several the first that is there.
    pub fn value(&self, row: &Row) -> Option<Value> {
        self.0.iter().find_map(|place| place.value(row))
    }

    /// As a text that is not empty: a number or a truth value in its digits or letters, several joined by spaces.
    pub fn text(&self, row: &Row) -> Option<String> {
        let texts: Vec<String> = self.0.iter().filter_map(|place| plain(&place.value(row)?)).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }

    /// The columns that it is read from; those of a related table after the table's name.
    pub fn places(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|place| (place.column.as_str(), place.of_related.as_deref()))
    }

    /// The one column that it is, as it stands; one of a related table after the table's name.
    pub fn place(&self) -> Option<(&str, Option<&str>)> {
        match self.0.as_slice() {
            [Place { column, of_related, path }] if path.is_empty() => Some((column, of_related.as_deref())),
            _ => None,
        }
    }

    /// Whether it is read from this column or related table.
    pub fn uses(&self, name: &str) -> bool {
        self.places().any(|(column, of_related)| column == name || of_related == Some(name))
    }

    /// What is left of it without this column or related table.
    pub fn without(mut self, name: &str) -> Option<Self> {
        self.0.retain(|place| place.column != name && place.of_related.as_deref() != Some(name));
        (!self.0.is_empty()).then_some(self)
    }

    /// The column by which rows can be compared and put in order, in PostgREST's words: only one that is used as it stands.
    pub fn ordered(&self) -> Option<String> {
        match self.0.as_slice() {
            [Place { column, of_related: None, path }] if path.is_empty() => Some(quoted(column)),
            _ => None,
        }
    }

    /// Each of several joined columns of the table itself as something to compare with.
    pub fn parts(&self) -> Vec<String> {
        let own = self.0.iter().filter(|place| place.of_related.is_none() && place.path.is_empty());
        own.map(|place| quoted(&place.column)).collect()
    }

    /// The related table and its column in PostgREST's words, where it is one column of a related table.
    pub fn related(&self) -> Option<(String, String)> {
        match self.0.as_slice() {
            [Place { column, of_related: Some(of_related), path }] if path.is_empty() => {
                Some((quoted(column), quoted(of_related)))
            }
            _ => None,
        }
    }

    /// The value as something to compare with, in PostgREST's words: a column, or a path into one of JSON.
    pub fn compared(&self) -> Option<String> {
        let bare = |step: &String| step.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        match self.0.as_slice() {
            [Place { column, of_related: None, path }] if path.iter().all(bare) => Some(match path.split_last() {
                None => quoted(column),
                Some((last, steps)) => {
                    let steps: String = steps.iter().map(|step| format!("{STEP}{step}")).collect();
                    format!("{}{steps}->>{last}", quoted(column))
                }
            }),
            _ => None,
        }
    }
}

impl Place {
    fn value(&self, row: &Row) -> Option<Value> {
        let mut value = row.value(&self.column)?;
        // A related row comes as an object, or as a list where the other table has many.
        for step in self.of_related.iter().chain(&self.path) {
            value = within(value, step)?;
        }
        (!value.is_null()).then_some(value)
    }
}

/// One step into a JSON value. Tables hold JSON in text columns too, and rows of a related table in lists.
fn within(value: Value, step: &str) -> Option<Value> {
    match value {
        Value::Object(mut fields) => fields.remove(step),
        Value::Array(mut items) => match step.parse::<usize>() {
            Ok(index) if index < items.len() => Some(items.swap_remove(index)),
            Ok(_) => None,
            Err(_) => within(items.into_iter().next()?, step),
        },
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            within(serde_json::from_str(&text).ok()?, step)
        }
        _ => None,
    }
}

/// A value as people read it; nothing for lists and objects.
pub fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Names of PostgREST's own parameters: a column of that name must not be taken for one.
const TAKEN: [&str; 9] = ["select", "order", "limit", "offset", "and", "or", "not", "columns", "on_conflict"];

/// A name as it stands in `select`, in `order` and before a comparison.
pub fn quoted(name: &str) -> String {
    let bare = name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_') && !TAKEN.contains(&name);
    if bare { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\")) }
}

/// A name that Postgres may have given.
pub fn checked(name: &str) -> Result<String, BadExpr> {
    let good = !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name.trim() == name
        && !name.contains(['"', '\0'])
        && !name.contains(STEP)
        && !name.contains(JOIN)
        && !name.chars().any(char::is_control);
    if good { Ok(name.to_owned()) } else { Err(BadExpr) }
}

impl FromStr for Expr {
    type Err = BadExpr;

    fn from_str(text: &str) -> Result<Self, BadExpr> {
        let parts: Vec<Place> = text.split(JOIN).map(|part| part.trim().parse()).collect::<Result<_, _>>()?;
        if parts.len() > MOST_PARTS { Err(BadExpr) } else { Ok(Self(parts)) }
    }
}

impl FromStr for Place {
    type Err = BadExpr;

    fn from_str(text: &str) -> Result<Self, BadExpr> {
        // Postgres's own arrow to a text is the same step.
        let text = text.replace("->>", STEP);
        let mut steps = text.split(STEP).map(str::trim);
        let first = steps.next().ok_or(BadExpr)?;
        let path: Vec<String> = steps.map(checked).collect::<Result<_, _>>()?;
        // Written after an arrow, such a key would be another arrow.
        if path.len() > DEEPEST || path.iter().any(|step| step.starts_with('>')) {
            return Err(BadExpr);
        }
        // `contacts(name)`; a column may have brackets in its name too, but then with a space before them.
        let related = first.strip_suffix(')').and_then(|rest| rest.split_once('('));
        let (column, of_related) = match related {
            Some((table, column)) if !table.is_empty() && !table.ends_with(' ') => {
                (checked(table)?, Some(checked(column.trim())?))
            }
            _ => (checked(first)?, None),
        };
        Ok(Self { column, of_related, path })
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, place) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(JOIN)?;
            }
            match &place.of_related {
                Some(column) => write!(f, "{}({column})", place.column)?,
                None => f.write_str(&place.column)?,
            }
            for step in &place.path {
                write!(f, "{STEP}{step}")?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Expr {
    type Error = BadExpr;

    fn try_from(text: String) -> Result<Self, BadExpr> {
        text.parse()
    }
}

impl From<Expr> for String {
    fn from(expr: Expr) -> Self {
        expr.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expr(text: &str) -> Expr {
        text.parse().unwrap()
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn values_are_found_wherever_they_stand() {
        let row = row(r#"{"name":" Ana ","n":5511987654321,"yes":true,"none":null,"empty":"",
                "message":{"type":"ai","data":{"content":"oi"},"parts":[{"text":"um"},{"text":"dois"}]},
                "as_text":"{\"content\":\"dentro\"}","contacts":{"name":"Bia"},"tags":[{"name":"vip"}],
                "nome":"Caio","sobrenome":"Dias","Nome do Cliente":"Eva"}"#);
        for (place, text) in [
            ("name", Some("Ana")),
            ("n", Some("5511987654321")),
            ("yes", Some("true")),
            ("none", None),
            ("empty", None),
            ("absent", None),
            ("message", None),
            ("message->type", Some("ai")),
            ("message->>type", Some("ai")),
            ("message->data->content", Some("oi")),
            ("message->parts->1->text", Some("dois")),
            ("message->parts->9->text", None),
            ("message->parts->text", Some("um")),
            ("as_text->content", Some("dentro")),
            ("contacts(name)", Some("Bia")),
            ("tags(name)", Some("vip")),
            ("nome + sobrenome", Some("Caio Dias")),
            ("nome + none", Some("Caio")),
            ("none + empty", None),
            ("Nome do Cliente", Some("Eva")),
        ] {
            assert_eq!(expr(place).text(&row).as_deref(), text, "{place}");
        }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        for (place, selected) in [
            ("name", Some("name")),
            ("order", Some("\"order\"")),
            ("message->data->content", Some("message->data->>content")),
            ("key->fromMe", Some("key->>fromMe")),
            ("key->a b", None),
            ("contacts(name)", None),
            ("nome + sobrenome", None),
            ("Nome do Cliente", Some("\"Nome do Cliente\"")),
            ("Valor (R$)", Some("\"Valor (R$)\"")),
            ("a,b", Some("\"a,b\"")),
            ("ação", Some("\"ação\"")),
        ] {
            assert_eq!(expr(place).compared().as_deref(), selected, "{place}");
        }
        assert_eq!(expr("Data Hora").ordered().as_deref(), Some("\"Data Hora\""));
        for unordered in ["a->b", "a + b", "t(a)"] {
            assert_eq!(expr(unordered).ordered(), None, "{unordered}");
        }
    }

    #[test]
    fn what_names_no_value_is_refused() {
        let long = "x".repeat(64);
        for text in [
            "",
            " ",
            "a + ",
            "->b",
            "a->",
            "a\"b",
            "a->>>b",
            "t()",
            "a\nb",
            "a + b + c + d + e",
            "a->1->2->3->4->5->6->7",
            &long,
        ] {
            assert_eq!(text.parse::<Expr>(), Err(BadExpr), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn reading_and_writing_are_inverse(text in "[a-zA-Zç_ ()>+-]{0,24}") {
            if let Ok(expr) = text.parse::<Expr>() {
                prop_assert_eq!(expr.to_string().parse::<Expr>(), Ok(expr));
            }
        }
    }
}
