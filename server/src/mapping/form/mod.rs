//! A mapping as the flat fields of a form, and back. Reading what was written gives the same mapping.
//!
//! `write` and `read` have the two ways, `values` what stands in one field, `meanings` our own words in the fields.

mod meanings;
mod read;
mod values;
mod write;

pub use meanings::{author_word, outcome_word, reworded};
use std::collections::BTreeMap;

/// The fields by name.
pub type Fields = BTreeMap<String, String>;

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It must not be empty.
    Needed,
    /// It names no column.
    Place,
    /// It is none of the choices.
    Choice,
    /// It is not one column of the table itself.
    PlainColumn,
    /// A day and an hour are two columns with a plus sign between.
    TwoColumns,
    /// A number of minutes, 5 to 1,440.
    Minutes,
    /// A line is not `word = meaning`.
    Line,
    /// Not the name of a table or schema.
    Name,
    /// Messages are needed to gather conversations from.
    NothingToGather,
    /// Too many lines, or one that is too long.
    TooMuch,
}

#[cfg(test)]
mod tests {
    use super::super::{
        model::{Condition, Is, Mapping},
        presets,
    };

    #[test]
    fn every_preset_survives_its_form() {
        let mut all = 0;
        for (talks, _) in presets::TALKS {
            for (bookings, _) in presets::BOOKINGS.iter().chain(&[("none", "")]) {
                let mapping = presets::preset(talks, bookings).unwrap();
                let fields = mapping.to_fields();
                assert_eq!(Mapping::from_fields(&fields), Ok(mapping), "{talks} {bookings} {fields:?}");
                all += 1;
            }
        }
        eprintln!("mapping: {all} of {all} presets survive their form");
    }

    #[test]
    fn conditions_of_related_tables_survive_their_form_and_their_json() {
        let condition =
            |of: Option<&str>, column: &str, is| Condition { column: column.to_owned(), of: of.map(str::to_owned), is };
        let mut mapping = Mapping::default();
        mapping.messages.as_mut().unwrap().table.only = vec![
            condition(Some("conversations"), "client_id", Is::Equal("7".to_owned())),
            condition(Some("Clientes WhatsApp"), "Apagado em", Is::Null),
            condition(None, "Valor (R$)", Is::Something),
        ];
        let fields = mapping.to_fields();
        assert_eq!(
            fields["messages.only"],
            "conversations(client_id) = 7\nClientes WhatsApp(Apagado em) = (vazio)\nValor (R$) = (preenchido)"
        );
        assert_eq!(Mapping::from_fields(&fields), Ok(mapping.clone()));
        assert_eq!(Mapping::from_json(&mapping.to_json()), Ok(mapping));
    }

    #[test]
    fn conditions_that_were_stored_before_related_tables_had_any_are_read() {
        let json = Mapping::default().to_json();
        let only = r#""name":"messages","only":[{"column":"client_id","is":{"equal":"7"}}]"#;
        let mapping = Mapping::from_json(&json.replacen(r#""name":"messages""#, only, 1)).unwrap();
        let read = &mapping.messages.as_ref().unwrap().table.only[0];
        assert_eq!((read.column.as_str(), &read.of), ("client_id", &None));
        assert!(mapping.to_json().contains(only), "and written as they were");
    }
}
