//! The people of the source: one user an e-mail, one place a client.

use super::{Home, Place, Plan, Present, SourceKey};
use crate::{
    import::{record::Person, report::Kind},
    store::{Email, NewImportedRow, SourceRow, SourceTable},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

const TABLE: SourceTable = SourceTable::ClientUsers;

/// Puts everybody who is not here yet into their client's step.
pub(super) fn plan(
    people: Vec<Person>,
    homes: &BTreeMap<String, Home>,
    present: &Present,
    key: &SourceKey,
    plan: &mut Plan,
) {
    let mut by_email: BTreeMap<Email, Vec<New>> = BTreeMap::new();
    let mut moved_in: BTreeMap<Email, SecretString> = BTreeMap::new();
    for person in people {
        let row = ledger_row(&person, key);
        if let Some(taken) = present.ledger.get(&row.source) {
            moved_in.insert(person.email.clone(), person.sha256.clone());
            if taken.digest == row.digest {
                plan.users.already += 1;
            } else {
                plan.users.changed += 1;
                let text = "it changed at the source after it was imported: not taken again";
                plan.find(Kind::Changed, TABLE, &person.id, text);
            }
            continue;
        }
        let reason = match homes.get(&person.client_id) {
            Some(Home::Step(step)) => {
                plan.users.imported += 1;
                by_email.entry(person.email.clone()).or_default().push(New { person, row, step: *step });
                continue;
            }
            Some(Home::None(reason)) => reason,
            None => "its client is not among the clients that can be taken",
        };
        plan.users.skipped += 1;
        plan.find(Kind::Skipped, TABLE, &person.id, reason);
    }
    for (email, rows) in by_email {
        let here = match (moved_in.get(&email), present.emails.contains(&email)) {
            (Some(sha256), true) => Here::MovedIn(sha256),
            (None, true) => Here::Other,
            (_, false) => Here::Nobody,
        };
        plan_person(email, rows, &here, plan);
    }
}

/// Who signs in with an e-mail here.
enum Here<'a> {
    Nobody,
    /// Somebody whom an earlier run brought, with this SHA-256 at the source.
    MovedIn(&'a SecretString),
    /// Somebody who came by another way.
    Other,
}

/// A row that is not here yet.
struct New {
    person: Person,
    row: NewImportedRow,
    step: usize,
}

impl New {
    /// Greater is used later; the id only makes it a strict order.
    fn age(&self) -> (Option<OffsetDateTime>, Option<OffsetDateTime>, &str) {
        (self.person.last_login, self.person.created_at, &self.person.id)
    }
}

fn ledger_row(person: &Person, key: &SourceKey) -> NewImportedRow {
    // Without last_login: it goes on changing while the former dashboard is in use.
    let role = if person.known_role { person.role.as_str() } else { "" };
    let parts = [person.client_id.as_str(), person.email.as_str(), person.sha256.expose_secret(), role];
    NewImportedRow {
        source: SourceRow { table: TABLE, id: person.id.clone(), part: String::new() },
        digest: key.digest(&parts),
    }
}

/// One person, in whatever number of clients.
fn plan_person(email: Email, mut rows: Vec<New>, here: &Here<'_>, plan: &mut Plan) {
    rows.sort_by(|a, b| b.age().cmp(&a.age()));
    let Some(newest) = rows.first() else { return };
    let (sha256, last_login) = (newest.person.sha256.clone(), newest.person.last_login);
    for row in &rows {
        let differs = |other: &SecretString| row.person.sha256.expose_secret() != other.expose_secret();
        let text = match here {
            Here::Nobody if differs(&sha256) => {
                Some("the same e-mail has another password in a client it was used in later: that one is taken")
            }
            Here::MovedIn(other) if differs(other) => {
                Some("the same e-mail came with another password from another client: that one stays")
            }
            Here::Other => {
                Some("somebody signs in with this e-mail here already: they keep their password and get the place")
            }
            Here::Nobody | Here::MovedIn(_) => None,
        };
        if let Some(text) = text {
            plan.find(Kind::Note, TABLE, &row.person.id, text);
        }
        if !row.person.known_role {
            let text = "its role is not one that Painel knows: the person may only read";
            plan.find(Kind::Note, TABLE, &row.person.id, text);
        }
    }
    let mut by_step: BTreeMap<usize, Vec<New>> = BTreeMap::new();
    for row in rows {
        by_step.entry(row.step).or_default().push(row);
    }
    // The steps are done in their order, so the first of them makes the user.
    let mut password = matches!(here, Here::Nobody).then_some(sha256);
    for (step, rows) in by_step {
        // Still the newest first: its role is the one that the person last had.
        let role = rows[0].person.role;
        if rows.iter().map(|row| row.person.role).collect::<BTreeSet<_>>().len() > 1 {
            let text = "the person stands in this client with several roles: that of the row used last is taken";
            plan.find(Kind::Note, TABLE, &rows[0].person.id, text);
        }
        let rows = rows.into_iter().map(|row| row.row).collect();
        plan.steps[step].places.push(Place { email: email.clone(), sha256: password.take(), role, last_login, rows });
    }
}
