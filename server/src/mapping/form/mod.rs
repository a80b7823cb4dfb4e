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
    use super::super::{model::Mapping, presets};

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
}
