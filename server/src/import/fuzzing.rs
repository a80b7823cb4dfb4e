//! Any two files of a former installation: they give a report or a reason, neither shows what they hold, and what was taken
//! once is not taken again. For `crate::fuzzing`.

use super::{
    fernet::SourceKey,
    foresee,
    plan::{Goal, Plan, Present, Taken, plan},
    read, refuse_wrong_key,
    report::Tally,
    source::{RawRow, SourceError, Tables, folder},
};
use crate::{fuzzing::halves, providers::AddressRules, store::TenantId};
use std::sync::LazyLock;

/// Stands in the kept inputs wherever a secret may stand. Neither a word of ours nor a name that a report would repeat.
const CANARY: &str = "Z9canary9Z";

/// The key of the tokens in the kept inputs, as of `fernet`'s own tests.
static KEY: LazyLock<SourceKey> =
    LazyLock::new(|| SourceKey::parse("6jEuufpfe-NNPkqw4Ka-4EVkgxex_W34gORhg1xMsZA=").expect("a key"));

/// The file of `clients`, and behind a NUL that of `client_users`: JSON where it begins with a bracket, else CSV. Whether there
/// is something to take.
pub fn import(bytes: &[u8]) -> bool {
    let (clients, users) = halves(bytes);
    let tables = match (table("clients", clients), table("client_users", users)) {
        (Ok(clients), Ok(users)) => Tables { clients, users },
        (Err(error), _) | (_, Err(error)) => {
            assert!(!error.to_string().contains(CANARY), "{error}");
            return false;
        }
    };
    let rules = AddressRules::default();
    let rows = read(&tables, &KEY, &rules);
    if let Err(error) = refuse_wrong_key(&rows) {
        assert!(!error.to_string().contains(CANARY), "{error}");
        return false;
    }
    let made = plan(rows, &Present::default(), &KEY);
    let report = foresee(&made);
    // A row is called by its id, which is no secret.
    let named = tables.clients.iter().chain(&tables.users).any(is_called_so);
    let text = report.text();
    assert!(named || !text.contains(CANARY), "a secret is shown:\n{text}");
    for Tally { read, imported, already, in_part, changed, skipped } in [report.clients, report.users] {
        assert_eq!(read, imported + already + in_part + changed + skipped, "a row counts not once:\n{text}");
    }
    let again = plan(read(&tables, &KEY, &rules), &done(&made), &KEY);
    assert_eq!(foresee(&again).changes(), 0, "taken twice:\n{}", foresee(&again).text());
    report.changes() > 0
}

fn table(name: &str, bytes: &[u8]) -> Result<Vec<RawRow>, SourceError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    folder::from_bytes(name, matches!(first, Some(b'[' | b'{')), bytes)
}

fn is_called_so(row: &RawRow) -> bool {
    row.columns.as_ref().is_ok_and(|columns| columns.get("id").is_some_and(|id| id.to_string().contains(CANARY)))
}

/// What exists after everything of a plan was done.
pub(super) fn done(plan: &Plan) -> Present {
    let mut present = Present::default();
    for step in &plan.steps {
        let id = TenantId::new();
        present.tenants.insert(id, step.slug.clone());
        let own = match &step.goal {
            Goal::New { row, .. } => Some(row),
            Goal::Existing => None,
        };
        let cards = step.cards.iter().map(|(_, row)| row);
        let places = step.places.iter().flat_map(|place| &place.rows);
        for row in own.into_iter().chain(cards).chain(places) {
            present.ledger.insert(row.source.clone(), Taken { digest: row.digest, tenant: Some(id) });
        }
        present.emails.extend(step.places.iter().map(|place| place.email.clone()));
    }
    present
}
