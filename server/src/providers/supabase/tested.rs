//! The tables that are tested: those that the tenant's mapping reads.

use crate::mapping::{Mapping, Part, Table};
use std::fmt;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tested {
    /// What its rows become.
    pub(super) part: Part,
    /// Its name and schema.
    pub(super) table: Table,
    /// What is selected of it, one by one, in PostgREST's words.
    pub(super) columns: Vec<String>,
    /// Whether it is a default table, of which we know how it is made.
    pub(super) ours: bool,
}

impl Tested {
    /// Those of a mapping, in the order of the parts.
    pub(super) fn all(mapping: &Mapping) -> Vec<Self> {
        let default = Mapping::default();
        let of = |part: Part| {
            let (table, selection) = (mapping.table(part)?.clone(), mapping.selection(part));
            let ours = Some(&table) == default.table(part) && selection == default.selection(part);
            Some(Self { part, table, columns: parted(&selection), ours })
        };
        Part::ALL.into_iter().filter_map(of).collect()
    }

    /// A default table.
    #[cfg(test)]
    pub(super) fn default_of(part: Part) -> Self {
        Self::all(&Mapping::default()).into_iter().find(|one| one.part == part).expect("every part has a default")
    }

    /// Its name for SQL, with its schema.
    pub(super) fn qualified(&self) -> String {
        let schema = self.table.schema.as_deref().unwrap_or("public");
        format!("{}.{}", identifier(schema), identifier(&self.table.name))
    }

    /// Its schema for SQL.
    pub(super) fn schema(&self) -> String {
        identifier(self.table.schema.as_deref().unwrap_or("public"))
    }

    /// A column of words, whose estimates tell whether row-level security is on.
    pub(super) fn word(&self) -> Option<&'static str> {
        let word = match self.part {
            Part::Conversations | Part::Appointments => "status",
            Part::Messages => "direction",
        };
        self.ours.then_some(word)
    }
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table.name)
    }
}

/// A selection parted at the commas that part columns: not those within brackets or quotes.
fn parted(selection: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0_u32, false);
    for sign in selection.chars() {
        match sign {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(sign);
        }
    }
    parts
}

/// A name as SQL has it.
fn identifier(name: &str) -> String {
    let plain = !name.starts_with(|sign: char| sign.is_ascii_digit())
        && name.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_');
    // A mapping's names have no quotes in them.
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mappings_tables_with_their_columns() {
        let json = r#"{"conversations":{"table":{"table":{"name":"Clientes WhatsApp","schema":"clientes"},"id":"id",
            "person":"contacts(phone)","name":"contacts(name)","status":"a,b"}}}"#;
        let tested = Tested::all(&Mapping::from_json(json).unwrap());
        assert_eq!(tested.len(), 1);
        assert_eq!(tested[0].columns, ["id", "\"a,b\"", "contacts(phone,name)"]);
        assert_eq!(tested[0].qualified(), "clientes.\"Clientes WhatsApp\"");
        assert!(!tested[0].ours && tested[0].word().is_none());
        let default = Tested::all(&Mapping::default());
        assert!(default.iter().all(|one| one.ours && one.word().is_some()));
        assert_eq!(default[1].qualified(), "public.messages");
    }
}
