//! What an import tells the person who ran it: counts, and one line for each row that needs a look. Never a secret: a
//! finding is made of a row's id, our own words and the names of columns.

use crate::store::{SourceTable, StepDone};
use std::fmt::{self, Write as _};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The row was not taken.
    Skipped,
    /// The row was taken, but not all of it.
    InPart,
    /// The row was taken by an earlier run and is another now.
    Changed,
    /// The row was taken; somebody should know something or do something.
    Note,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::InPart => "in part",
            Self::Changed => "changed",
            Self::Note => "note",
        }
    }
}

/// Something about one row of the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What became of the row.
    pub kind: Kind,
    /// Its table.
    pub table: SourceTable,
    /// Its id, or where it stands.
    pub row: String,
    /// What is the matter, in a sentence without the row's values.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, table, row, text } = self;
        write!(out, "{}: {} {row}: {text}", kind.word(), table.as_str())
    }
}

/// The rows of one table; each counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All rows of the source.
    pub read: usize,
    /// Taken whole by this run.
    pub imported: usize,
    /// Taken whole by an earlier run.
    pub already: usize,
    /// Taken, by this run or an earlier one, but for what the findings say.
    pub in_part: usize,
    /// Taken by an earlier run and changed at the source since; not taken again.
    pub changed: usize,
    /// Not taken.
    pub skipped: usize,
}

/// The whole report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Of `clients`.
    pub clients: Tally,
    /// Of `client_users`.
    pub users: Tally,
    /// What needs a look.
    pub findings: Vec<Finding>,
    /// What was changed, or would be.
    pub done: StepDone,
    /// Whether nothing was written.
    pub dry_run: bool,
}

impl Report {
    /// Everything that was written, counted.
    pub fn changes(&self) -> u64 {
        self.done.tenants + self.done.users + self.done.memberships + self.done.credentials
    }

    /// The report as lines of text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut findings: Vec<&Finding> = self.findings.iter().collect();
        findings.sort();
        for finding in findings {
            let _ = writeln!(text, "{finding}");
        }
        for (table, tally) in [("clients", self.clients), ("client_users", self.users)] {
            let Tally { read, imported, already, in_part, changed, skipped } = tally;
            let verb = if self.dry_run { "to import" } else { "imported" };
            let _ = writeln!(
                text,
                "{table}: {read} read, {imported} {verb}, {already} here already, {in_part} in part, \
                 {changed} changed at the source, {skipped} skipped"
            );
        }
        let StepDone { tenants, users, memberships, credentials } = self.done;
        let verb = if self.dry_run { "would be made; nothing was written" } else { "made" };
        let _ = write!(
            text,
            "{} changes {verb}: {tenants} tenants, {users} users, {memberships} memberships, {credentials} credentials",
            self.changes()
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_a_line_a_finding_and_says_what_was_done() {
        let finding = |kind, row: &str| Finding {
            kind,
            table: SourceTable::ClientUsers,
            row: row.into(),
            text: "user_email is empty".into(),
        };
        let mut report = Report {
            clients: Tally { read: 2, imported: 2, ..Tally::default() },
            users: Tally { read: 3, imported: 1, already: 1, skipped: 1, ..Tally::default() },
            findings: vec![finding(Kind::Note, "u2"), finding(Kind::Skipped, "u1")],
            done: StepDone { tenants: 2, users: 1, memberships: 1, credentials: 0 },
            dry_run: false,
        };
        let lines: Vec<String> = report.text().lines().map(str::to_owned).collect();
        assert_eq!(
            lines,
            [
                "skipped: client_users u1: user_email is empty",
                "note: client_users u2: user_email is empty",
                "clients: 2 read, 2 imported, 0 here already, 0 in part, 0 changed at the source, 0 skipped",
                "client_users: 3 read, 1 imported, 1 here already, 0 in part, 0 changed at the source, 1 skipped",
                "4 changes made: 2 tenants, 1 users, 1 memberships, 0 credentials",
            ]
        );
        report.dry_run = true;
        assert!(report.text().ends_with(
            "4 changes would be made; nothing was written: 2 tenants, 1 users, 1 memberships, 0 credentials"
        ));
    }
}
