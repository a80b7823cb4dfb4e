//! What a mapping reads of a project, part by part, and what is left of it when the project loses a column.

use super::{
    expr::{Expr, quoted},
    model::{Appointments, Condition, Conversations, Ends, Mapping, Messages, Said, Table},
    when::When,
};
use std::{collections::BTreeMap, fmt};

/// What rows of a table become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Whom the business talks with.
    Conversations,
    /// What was said.
    Messages,
    /// What was booked.
    Appointments,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Conversations, Self::Messages, Self::Appointments];

    /// The word for it, which is also the default table's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Appointments => "appointments",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Mapping {
    /// The table that a part is read from. `None` where there is none, or where it is gathered from another.
    pub fn table(&self, part: Part) -> Option<&Table> {
        match part {
            Part::Conversations => match &self.conversations {
                Conversations::Table { table, .. } => Some(table),
                Conversations::Gathered | Conversations::Absent => None,
            },
            Part::Messages => self.messages.as_ref().map(|messages| &messages.table),
            Part::Appointments => self.appointments.as_ref().map(|appointments| &appointments.table),
        }
    }

    /// The table that a part is read from, to be changed.
    pub(super) fn table_mut(&mut self, part: Part) -> Option<&mut Table> {
        match part {
            Part::Conversations => match &mut self.conversations {
                Conversations::Table { table, .. } => Some(table),
                Conversations::Gathered | Conversations::Absent => None,
            },
            Part::Messages => self.messages.as_mut().map(|messages| &mut messages.table),
            Part::Appointments => self.appointments.as_mut().map(|appointments| &mut appointments.table),
        }
    }

    /// Whether a related table says which rows of a part are meant.
    pub fn joins(&self, part: Part) -> bool {
        self.table(part).is_some_and(|table| !table.joined().is_empty())
    }

    /// Takes a part's conditions of related tables away: for a mapping that is in use nowhere.
    pub fn drop_joined(&mut self, part: Part) {
        if let Some(table) = self.table_mut(part) {
            table.only.retain(|condition| condition.of.is_none());
        }
    }

    /// The conditions of conversations that messages hang on, but do not have themselves.
    pub fn unshared(&self) -> Vec<&Condition> {
        let (Some(talks), Some(said)) = (self.table(Part::Conversations), self.table(Part::Messages)) else {
            return Vec::new();
        };
        let shared = |own: &Condition| {
            let through = own.of.is_none().then_some(&talks.name);
            let mut same = said.only.iter().filter(|other| other.column == own.column);
            same.any(|other| other.of == own.of || other.of.as_ref() == through)
        };
        talks.only.iter().filter(|own| !shared(own)).collect()
    }

    /// Every value that a part is made of.
    fn exprs(&self, part: Part) -> Vec<&Expr> {
        match part {
            Part::Conversations => match &self.conversations {
                Conversations::Table { id, person, name, status, last_message, began, changed, .. } => [Some(id)]
                    .into_iter()
                    .chain([person, name, status, last_message].map(Option::as_ref))
                    .flatten()
                    .chain([began, changed].into_iter().flatten().flat_map(When::exprs))
                    .collect(),
                Conversations::Gathered | Conversations::Absent => Vec::new(),
            },
            Part::Messages => self.messages.as_ref().map(Messages::exprs).unwrap_or_default(),
            Part::Appointments => self.appointments.as_ref().map(Appointments::exprs).unwrap_or_default(),
        }
    }

    /// What is selected of a part's table, in PostgREST's words.
    pub fn selection(&self, part: Part) -> String {
        selection(self.exprs(part))
    }

    /// The columns and related tables that a part is read from.
    pub fn columns(&self, part: Part) -> Vec<&str> {
        self.exprs(part)
            .into_iter()
            .flat_map(Expr::places)
            .flat_map(|(column, of_related)| [Some(column), of_related])
            .flatten()
            .collect()
    }

    /// What is left when a column (or a related table) of a part is there no more. `None` when the part is nothing without
    /// it, or when a fixed condition needs it: rows that are not meant must not appear instead.
    pub fn without(&self, part: Part, lost: &str) -> Option<Self> {
        let conditions = self.table(part)?.only.iter();
        if conditions.into_iter().any(|condition| condition.uses(lost)) {
            return None;
        }
        let mut left = self.clone();
        match part {
            Part::Conversations => {
                let Conversations::Table { id, person, name, status, last_message, began, changed, .. } =
                    &mut left.conversations
                else {
                    return None;
                };
                keep(id, lost)?;
                [person, name, status, last_message].into_iter().for_each(|expr| drop_from(expr, lost));
                [began, changed].into_iter().for_each(|when| drop_when(when, lost));
            }
            Part::Messages => left.messages.as_mut()?.without(lost)?,
            Part::Appointments => left.appointments.as_mut()?.without(lost)?,
        }
        Some(left)
    }
}

/// Several values as they are selected, in PostgREST's words: each column once, those of a related table together.
pub fn selection<'a>(exprs: impl IntoIterator<Item = &'a Expr>) -> String {
    let mut own: Vec<&str> = Vec::new();
    let mut related: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (column, of_related) in exprs.into_iter().flat_map(Expr::places) {
        let (list, name) = match of_related {
            Some(name) => (related.entry(column).or_default(), name),
            None => (&mut own, column),
        };
        if !list.contains(&name) {
            list.push(name);
        }
    }
    let joined = |names: &[&str]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    let related = related.iter().map(|(table, columns)| format!("{}({})", quoted(table), joined(columns)));
    let own = Some(joined(&own)).filter(|own| !own.is_empty());
    own.into_iter().chain(related).collect::<Vec<_>>().join(",")
}

impl Messages {
    fn exprs(&self) -> Vec<&Expr> {
        let said = match &self.said {
            Said::One { author, text, kind } => [Some(&author.of), Some(text), kind.as_ref()],
            Said::Turn { question, answer } => [Some(question), Some(answer), None],
        };
        [Some(&self.id), Some(&self.conversation), self.name.as_ref()]
            .into_iter()
            .chain(said)
            .flatten()
            .chain(self.at.iter().flat_map(When::exprs))
            .collect()
    }

    fn without(&mut self, lost: &str) -> Option<()> {
        keep(&self.id, lost)?;
        keep(&self.conversation, lost)?;
        match &mut self.said {
            Said::One { author, text, kind } => {
                keep(&author.of, lost)?;
                keep(text, lost)?;
                drop_from(kind, lost);
            }
            Said::Turn { question, answer } => {
                keep(question, lost)?;
                keep(answer, lost)?;
            }
        }
        drop_from(&mut self.name, lost);
        drop_when(&mut self.at, lost);
        Some(())
    }
}

impl Appointments {
    fn exprs(&self) -> Vec<&Expr> {
        let Self {
            id,
            conversation,
            person,
            name,
            service,
            professional,
            starts,
            ends,
            booked,
            status,
            price,
            link,
            ..
        } = self;
        let ends = match ends {
            Ends::At(when) => when.exprs(),
            Ends::After(minutes) => vec![minutes],
            Ends::Unknown | Ends::Always(_) => Vec::new(),
        };
        [Some(id)]
            .into_iter()
            .chain([conversation, person, name, service, professional, status, link].map(Option::as_ref))
            .chain([price.as_ref().map(|price| &price.of)])
            .flatten()
            .chain(starts.exprs())
            .chain(ends)
            .chain(booked.iter().flat_map(When::exprs))
            .collect()
    }

    fn without(&mut self, lost: &str) -> Option<()> {
        keep(&self.id, lost)?;
        if self.starts.exprs().into_iter().any(|expr| expr.uses(lost)) {
            return None;
        }
        let Self { conversation, person, name, service, professional, status, link, .. } = self;
        [conversation, person, name, service, professional, status, link]
            .into_iter()
            .for_each(|expr| drop_from(expr, lost));
        drop_when(&mut self.booked, lost);
        if self.price.as_ref().is_some_and(|price| price.of.uses(lost)) {
            self.price = None;
        }
        let ends_by = match &self.ends {
            Ends::At(when) => when.exprs().into_iter().any(|expr| expr.uses(lost)),
            Ends::After(minutes) => minutes.uses(lost),
            Ends::Unknown | Ends::Always(_) => false,
        };
        if ends_by {
            self.ends = Ends::Unknown;
        }
        Some(())
    }
}

/// Whether what cannot be done without is still there.
fn keep(expr: &Expr, lost: &str) -> Option<()> {
    (!expr.uses(lost)).then_some(())
}

fn drop_from(expr: &mut Option<Expr>, lost: &str) {
    *expr = expr.take().and_then(|expr| expr.without(lost));
}

fn drop_when(when: &mut Option<When>, lost: &str) {
    if when.iter().flat_map(When::exprs).any(|expr| expr.uses(lost)) {
        *when = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_selected_once() {
        let mapping = Mapping::default();
        assert_eq!(mapping.selection(Part::Conversations), "id,phone,name,status,last_message,created_at,updated_at");
        let json = r#"{"conversations":{"table":{"table":{"name":"c"},"id":"id","person":"contacts(phone)",
            "name":"contacts(name) + contacts(phone)","status":"Estado Atual","changed":{"kind":"stamp","at":"id","naive":"utc"}}}}"#;
        let mapping = Mapping::from_json(json).unwrap();
        assert_eq!(mapping.selection(Part::Conversations), r#"id,"Estado Atual",contacts(phone,name)"#);
        assert_eq!(mapping.selection(Part::Messages), "");
    }

    #[test]
    fn a_lost_column_takes_its_field_and_no_more() {
        let whole = Mapping::default();
        let left = whole.without(Part::Conversations, "last_message").unwrap();
        assert_eq!(left.selection(Part::Conversations), "id,phone,name,status,created_at,updated_at");
        assert_eq!(
            left.without(Part::Conversations, "updated_at").unwrap().selection(Part::Conversations),
            "id,phone,name,status,created_at"
        );
        let left = whole.without(Part::Appointments, "ends_at").unwrap();
        assert_eq!(left.appointments.as_ref().unwrap().ends, Ends::Unknown);
        assert_eq!(left.without(Part::Appointments, "price_cents").unwrap().appointments.unwrap().price, None);
        for (part, column) in [
            (Part::Conversations, "id"),
            (Part::Messages, "direction"),
            (Part::Messages, "conversation_id"),
            (Part::Appointments, "starts_at"),
        ] {
            assert_eq!(whole.without(part, column), None, "{column}");
        }
    }

    #[test]
    fn a_condition_is_never_dropped() {
        let json = r#"{"conversations":{"table":{"table":{"name":"c","only":[{"column":"tenant_id","is":{"equal":"7"}}]},
            "id":"id","name":"tenant_id"}}}"#;
        assert_eq!(Mapping::from_json(json).unwrap().without(Part::Conversations, "tenant_id"), None);
        let json = r#"{"conversations":{"table":{"table":{"name":"c","only":[{"column":"tenant_id","of":"contacts","is":"null"}]},
            "id":"id","name":"contacts(name)"}}}"#;
        let mapping = Mapping::from_json(json).unwrap();
        for lost in ["tenant_id", "contacts"] {
            assert_eq!(mapping.without(Part::Conversations, lost), None, "{lost}");
        }
        assert!(mapping.without(Part::Conversations, "name").is_some(), "the name is another column");
    }

    #[test]
    fn of_a_sum_the_rest_is_kept() {
        let json = r#"{"conversations":{"table":{"table":{"name":"c"},"id":"id","name":"nome + sobrenome"}}}"#;
        let left = Mapping::from_json(json).unwrap().without(Part::Conversations, "sobrenome").unwrap();
        assert_eq!(left.selection(Part::Conversations), "id,nome");
    }
}
