//! What is in use, and what was: in the form's own words.

use crate::{
    backend::instant,
    mapping::{Mapping, Part},
    store::StoredMapping,
    words::Calendar,
};
use app::{
    mapping::{Control, FIELDS, PartInUse, Section, VersionView},
    tr,
};

/// What is read from where.
pub(super) fn parts(mapping: &Mapping) -> Vec<PartInUse> {
    let fields = mapping.to_fields();
    let part = |section: Section| {
        let value = |name: &str| fields.get(&format!("{}.{name}", section.word())).cloned().unwrap_or_default();
        let source = match (section, value("kind").as_str()) {
            (Section::Conversations, "gathered") => {
                tr!("reunidas das mensagens, por pessoa", "gathered from the messages, by person").to_owned()
            }
            (_, "absent") => tr!("o projeto não guarda", "the project keeps none").to_owned(),
            _ => match (value("table"), value("schema").as_str()) {
                (table, "") => tr!(format!("tabela “{table}”"), format!("table “{table}”")),
                (table, schema) => tr!(
                    format!("tabela “{table}” do esquema “{schema}”"),
                    format!("table “{table}” of the schema “{schema}”")
                ),
            },
        };
        // Choices say how a column is read, not which.
        let listed = FIELDS.iter().filter(|field| field.section == section);
        let listed = listed.filter(|field| !matches!(field.control, Control::Choice(_)));
        let listed = listed.filter(|field| !matches!(field.name, "table" | "schema"));
        let values = listed
            .filter_map(|field| Some((field.label().to_owned(), fields.get(&field.key())?.replace('\n', "; "))))
            .collect();
        PartInUse { section, source, values }
    };
    Section::ALL.map(part).into()
}

/// One version, of which `current` is in use.
pub(super) fn version(calendar: &Calendar, stored: StoredMapping, current: i64) -> VersionView {
    let tables = match Mapping::from_json(&stored.mapping) {
        Ok(mapping) => {
            let names = Part::ALL.into_iter().filter_map(|part| mapping.table(part).map(|table| table.name.clone()));
            names.collect::<Vec<_>>().join(", ")
        }
        Err(_) => String::new(),
    };
    VersionView {
        version: stored.version,
        saved: calendar.recently(instant(stored.created_at)),
        by: stored.created_by_name.unwrap_or_default(),
        based_on: stored.based_on,
        tables,
        current: stored.version == current,
    }
}
