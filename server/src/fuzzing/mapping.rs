//! Any mapping that may be used can be applied to any rows, can do without any column, and survives its form.

use crate::{
    fuzzing::{ZONE, halves},
    mapping::{Fields, Mapping, Part, Row, reworded},
};
use app::lang::{Lang, speak};

/// Messages of one row: twenty bubbles of a question and twenty of its answer.
const MOST_SAID: usize = 40;

/// A mapping's JSON, or that of the fields of its form; behind a NUL rows, as a project gives them.
pub fn mapping(bytes: &[u8]) -> bool {
    let (said, rows) = halves(bytes);
    let said = String::from_utf8_lossy(said);
    let mapping = match Mapping::from_json(&said) {
        Ok(mapping) => {
            assert_eq!(Mapping::from_json(&mapping.to_json()).as_ref(), Ok(&mapping), "it does not survive its JSON");
            // JSON can say what no form can; what its form says is another mapping then, or none.
            if let Ok(read) = Mapping::from_fields(&mapping.to_fields()) {
                survives_its_form(&read);
            }
            mapping
        }
        Err(_) => {
            let fields = serde_json::from_str::<Fields>(&said).unwrap_or_default();
            let Ok(mapping) = Mapping::from_fields(&fields) else { return false };
            survives_its_form(&mapping);
            mapping
        }
    };
    does_without_columns(&mapping);
    let text = String::from_utf8_lossy(rows);
    apply(&mapping, &serde_json::from_str::<Vec<Row>>(&text).unwrap_or_default(), text.len());
    true
}

/// What was read from a form is read from the form that it makes, whoever fills it in.
fn survives_its_form(mapping: &Mapping) {
    let fields = mapping.to_fields();
    assert_eq!(Mapping::from_fields(&fields).as_ref(), Ok(mapping), "it does not survive its form");
    let english = speak(Lang::En, || Mapping::from_fields(&reworded(fields)));
    assert_eq!(english.as_ref(), Ok(mapping), "it does not survive its form in the other language");
}

/// Whatever a project loses, what is left can be used and does not ask for it.
fn does_without_columns(mapping: &Mapping) {
    for part in Part::ALL {
        assert_eq!(mapping.selection(part).is_empty(), mapping.columns(part).is_empty());
        for lost in mapping.columns(part) {
            if let Some(left) = mapping.without(part, lost) {
                assert_eq!(left.check(), Ok(()), "without {lost:?} it cannot be used");
                assert!(!left.columns(part).contains(&lost), "it asks for {lost:?} still");
            }
        }
    }
}

fn apply(mapping: &Mapping, rows: &[Row], size: usize) {
    assert!(mapping.gather(rows, &ZONE).len() <= rows.len());
    for row in rows {
        let said = mapping.messages(row, &ZONE);
        let text: usize = said.iter().map(|message| message.text.len()).sum();
        assert!(said.len() <= MOST_SAID, "{} messages of one row", said.len());
        // Question and answer may be the same column; a number may be a little longer than it was written.
        assert!(text <= 2 * size + 32 * MOST_SAID, "{text} bytes of text in rows of {size}");
        let _ = (mapping.conversation(row, &ZONE), mapping.person_of(row));
        if let Some(appointment) = mapping.appointment(row, &ZONE) {
            assert!(appointment.ends.is_none_or(|ends| ends >= appointment.starts), "it ends before it starts");
        }
    }
}
