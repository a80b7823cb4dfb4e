//! Moving in: an installation of the former dashboard, its `clients` and `client_users` with their Fernet key, becomes
//! tenants, users and sealed credentials.
//!
//! | file | holds |
//! |---|---|
//! | `source/` | reading the two tables from a folder, Postgres or a Supabase project |
//! | `record.rs` | their rows, in types |
//! | `fernet.rs` | the former key: opens tokens, keys digests |
//! | `columns.rs` | columns to our providers' fields |
//! | `plan.rs` | what will be done; pure |
//! | `apply.rs` | doing it, and all that touches the store |
//! | `report.rs` | what the person reads who ran it |
//!
//! Nothing that people may have changed here is ever overwritten: a row is taken once, and the ledger remembers it.

mod apply;
mod columns;
mod fernet;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod plan;
mod record;
mod report;
mod source;

pub use apply::{ApplyError, Target};
pub use fernet::{KeyError, SourceKey};
pub use plan::Plan;
pub use report::{Finding, Kind, Report, Tally};
pub use source::{Source, SourceError, Tables};

use crate::{
    providers::AddressRules,
    store::{Email, Store, StoreError},
};
use columns::ColumnFault;
use plan::{ReadClient, Rows};
use std::collections::BTreeSet;

/// Why nothing can be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Not one of several sealed columns opens.
    #[error(
        "none of the {0} sealed columns opens with this Fernet key: it is not the key that they were made with. Nothing \
         was imported; give the ENCRYPTION_KEY that the running installation has"
    )]
    WrongKey(usize),
}

/// Compares the source with what is here. Writes nothing.
///
/// # Errors
/// When the database fails, or the key is plainly the wrong one.
pub async fn prepare(
    tables: &Tables,
    key: &SourceKey,
    rules: &AddressRules,
    store: &Store,
) -> Result<Plan, ImportError> {
    let rows = read(tables, key, rules);
    refuse_wrong_key(&rows)?;
    let emails: BTreeSet<Email> = rows.people.iter().flatten().map(|person| person.email.clone()).collect();
    let present = apply::survey(store, &emails).await?;
    Ok(plan::plan(rows, &present, key))
}

/// The rows in types, each or why it cannot be taken.
fn read(tables: &Tables, key: &SourceKey, rules: &AddressRules) -> Rows {
    let client = |raw| {
        let client = record::read_client(raw)?;
        let cards = columns::read_cards(&client, key, rules);
        Ok(ReadClient { client, cards })
    };
    Rows {
        clients: tables.clients.iter().map(client).collect(),
        people: tables.users.iter().map(record::read_person).collect(),
    }
}

/// With the wrong key every client would arrive without its credentials, which looks like success. One damaged token is
/// no proof of that; several, and no good one, are.
fn refuse_wrong_key(rows: &Rows) -> Result<(), ImportError> {
    let cards = || rows.clients.iter().flatten().flat_map(|client| &client.cards);
    let unopened = cards().filter(|card| matches!(card, Err((_, ColumnFault::Unopened(_))))).count();
    let opened = cards().any(|card| matches!(card, Ok(card) if card.column.ends_with("_credentials")));
    if unopened > 1 && !opened { Err(ImportError::WrongKey(unopened)) } else { Ok(()) }
}

/// What the plan would do.
pub fn foresee(plan: &Plan) -> Report {
    report(plan, plan.changes(), true)
}

/// Does the plan. Each client is taken whole or not at all.
///
/// # Errors
/// The first client that cannot be taken ends it; run again to go on.
pub async fn carry_out(plan: &Plan, target: &Target<'_>) -> Result<Report, ApplyError> {
    Ok(report(plan, apply::apply(plan, target).await?, false))
}

fn report(plan: &Plan, done: crate::store::StepDone, dry_run: bool) -> Report {
    Report { clients: plan.clients, users: plan.users, findings: plan.findings.clone(), done, dry_run }
}
