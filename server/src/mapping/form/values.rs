//! What stands in one field: a text, a place in a row, a table, a time, words and their meanings.

use super::{
    super::{
        expr::Expr,
        model::{Condition, Is, Table},
        when::{Naive, Unit, When},
    },
    Fault, Fields,
    meanings::{each, empty_word, filled_word},
};
use std::collections::BTreeMap;

/// Fields as they are read, and what is wrong with them so far.
pub(super) struct Reader<'a> {
    pub(super) fields: &'a Fields,
    pub(super) faults: Vec<(String, Fault)>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, name: &str, fault: Fault) {
        self.faults.push((name.to_owned(), fault));
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(|text| text.trim()).unwrap_or_default()
    }

    pub(super) fn some(&mut self, name: &str) -> Option<Expr> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            self.fault(name, Fault::Place);
        }
        read
    }

    pub(super) fn needed(&mut self, name: &str) -> Option<Expr> {
        if self.text(name).is_empty() {
            self.fault(name, Fault::Needed);
            return None;
        }
        self.some(name)
    }

    /// By what rows are known: one column.
    pub(super) fn id(&mut self, name: &str) -> Option<Expr> {
        let id = self.needed(name)?;
        if id.ordered().is_none() {
            self.fault(name, Fault::PlainColumn);
        }
        Some(id)
    }

    fn name(&mut self, name: &str) -> Option<String> {
        let text = self.text(name).to_owned();
        if Expr::column(&text).is_err() {
            self.fault(name, if text.is_empty() { Fault::Needed } else { Fault::Name });
            return None;
        }
        Some(text)
    }

    pub(super) fn table(&mut self, part: &str) -> Option<Table> {
        let name = self.name(&format!("{part}.table"));
        let schema = format!("{part}.schema");
        let schema = if self.text(&schema).is_empty() { None } else { self.name(&schema) };
        let field = format!("{part}.only");
        let mut only = Vec::new();
        for (place, value) in self.pairs(&field) {
            let is = match value.as_str() {
                word if each(empty_word).contains(&word) => Is::Null,
                word if each(filled_word).contains(&word) => Is::Something,
                _ => Is::Equal(value),
            };
            match named(&place) {
                Some((column, of)) => only.push(Condition { column, of, is }),
                None => self.fault(&field, Fault::Line),
            }
        }
        Some(Table { name: name?, schema, only })
    }

    /// Lines of `left = right`.
    fn pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let lines: Vec<String> =
            self.text(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let mut pairs = Vec::new();
        for line in lines {
            match line.split_once('=').map(|(left, right)| (left.trim(), right.trim())) {
                Some((left, right)) if !left.is_empty() && !right.is_empty() => {
                    pairs.push((left.to_owned(), right.to_owned()));
                }
                _ => self.fault(name, Fault::Line),
            }
        }
        pairs
    }

    pub(super) fn meanings<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> BTreeMap<String, T> {
        let mut words = BTreeMap::new();
        for (word, meaning) in self.pairs(name) {
            match read(&meaning) {
                Some(meaning) => {
                    words.insert(word, meaning);
                }
                None => self.fault(name, Fault::Line),
            }
        }
        words
    }

    /// A time: its columns, and how they say it.
    pub(super) fn when(&mut self, name: &str) -> Option<When> {
        let text = self.text(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let kind = self.text(&format!("{name}_kind")).to_owned();
        if let "day_hour" | "day_hour_text" = kind.as_str() {
            let both = text.split_once(" + ").and_then(|(day, hour)| Some((day.parse().ok()?, hour.parse().ok()?)));
            let Some((day, hour)) = both else {
                self.fault(name, Fault::TwoColumns);
                return None;
            };
            return Some(When::DayAndHour { day, hour, written: kind == "day_hour_text" });
        }
        let at = self.some(name)?;
        Some(match kind.as_str() {
            "stamp_utc" => When::Stamp { at, naive: Naive::Utc },
            "stamp_local" => When::Stamp { at, naive: Naive::Tenant },
            "epoch_s" => When::Epoch { at, unit: Unit::Seconds },
            "epoch_ms" => When::Epoch { at, unit: Unit::Millis },
            "written" => When::Written { at },
            _ => {
                self.fault(&format!("{name}_kind"), Fault::Choice);
                return None;
            }
        })
    }
}

/// The column of a condition, and the related table that has it: `tenant_id`, `conversations(tenant_id)`.
fn named(place: &str) -> Option<(String, Option<String>)> {
    let expr: Expr = place.parse().ok()?;
    Some(match expr.place()? {
        (column, None) => (column.to_owned(), None),
        (of, Some(column)) => (column.to_owned(), Some(of.to_owned())),
    })
}
