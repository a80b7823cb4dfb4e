//! What an import will do: the source's rows and what exists here, turned into steps. Pure: no database, no network, no
//! clock, no chance, so that a dry run shows exactly what a run does and a resumed run goes on where the killed one was.
//!
//! A step is one client with everything of it that is not here yet. People are the same person by their e-mail,
//! whatever the number of clients they stand in.

mod people;
mod slugs;

use super::{
    columns::{Card, Reading},
    fernet::SourceKey,
    record::{Client, Person},
    report::{Finding, Kind, Tally},
};
use crate::store::{
    Email, LONGEST_PLAN, NewImportedRow, STANDARD_PLAN, Slug, SourceRow, SourceTable, StepDone, TenantId, is_domain,
};
use app::session::Role;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

/// A client's row with its cards.
pub struct ReadClient {
    /// The row.
    pub client: Client,
    /// What its credential columns hold.
    pub cards: Vec<Reading>,
}

/// The source, read: each row or why it cannot be taken.
#[derive(Default)]
pub struct Rows {
    /// `clients`
    pub clients: Vec<Result<ReadClient, Finding>>,
    /// `client_users`
    pub people: Vec<Result<Person, Finding>>,
}

/// A row of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What it held.
    pub digest: [u8; 32],
    /// Where it went; `None` once that is removed.
    pub tenant: Option<TenantId>,
}

/// What exists here.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// What earlier runs took.
    pub ledger: BTreeMap<SourceRow, Taken>,
    /// All tenants.
    pub tenants: BTreeMap<TenantId, Slug>,
    /// Those addresses of the source that somebody signs in with here.
    pub emails: BTreeSet<Email>,
}

/// Where a client's rows go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A tenant to be made.
    New {
        /// Its name.
        name: String,
        /// What it pays for.
        plan: String,
        /// Its domain; may be empty.
        domain: String,
        /// Whether its users are let in.
        active: bool,
        /// The client's own row.
        row: NewImportedRow,
    },
    /// A tenant that an earlier run made.
    Existing,
}

/// A person's place in a client.
pub struct Place {
    /// What they sign in with.
    pub email: Email,
    /// Their SHA-256, when they are new here.
    pub sha256: Option<SecretString>,
    /// What they may do.
    pub role: Role,
    /// When they last signed in, in any client.
    pub last_login: Option<OffsetDateTime>,
    /// The rows that say so.
    pub rows: Vec<NewImportedRow>,
}

/// Everything of one client that is not here yet.
pub struct Step {
    /// The tenant's short name.
    pub slug: Slug,
    /// Which tenant.
    pub goal: Goal,
    /// Cards with at least one good field, each with its ledger row.
    pub cards: Vec<(Card, NewImportedRow)>,
    /// Who may sign in.
    pub places: Vec<Place>,
}

/// The whole of it.
#[derive(Default)]
pub struct Plan {
    /// In the order in which they are done.
    pub steps: Vec<Step>,
    /// What the person who imports should see.
    pub findings: Vec<Finding>,
    /// Of `clients`.
    pub clients: Tally,
    /// Of `client_users`.
    pub users: Tally,
}

impl Plan {
    /// What the steps would change, if nobody else changes anything meanwhile.
    pub fn changes(&self) -> StepDone {
        let mut done = StepDone::default();
        for step in &self.steps {
            done.tenants += u64::from(step.goal != Goal::Existing);
            done.credentials += u64::try_from(step.cards.len()).unwrap_or(u64::MAX);
            for place in &step.places {
                done.users += u64::from(place.sha256.is_some());
                done.memberships += 1;
            }
        }
        done
    }

    fn find(&mut self, kind: Kind, table: SourceTable, row: &str, text: impl Into<String>) {
        self.findings.push(Finding { kind, table, row: row.to_owned(), text: text.into() });
    }
}

/// What a client of the source is for its people.
enum Home {
    /// The step with this index.
    Step(usize),
    /// Its row was skipped, or its tenant was removed here; with the reason.
    None(&'static str),
}

/// Makes the plan.
pub fn plan(rows: Rows, present: &Present, key: &SourceKey) -> Plan {
    let mut plan = Plan::default();
    plan.clients.read = rows.clients.len();
    plan.users.read = rows.people.len();
    let mut homes = BTreeMap::new();
    let clients = readable(rows.clients, |client| &client.client.id, SourceTable::Clients, &mut plan);
    let mut slugs: BTreeSet<String> = present.tenants.values().map(|slug| slug.as_str().to_owned()).collect();
    let mut ordered = clients;
    // The order decides who gets the slug without a number, so it must not depend on the source's.
    ordered.sort_by(|a, b| (a.client.created_at, &a.client.id).cmp(&(b.client.created_at, &b.client.id)));
    for read in ordered {
        let id = read.client.id.clone();
        let home = plan_client(read, present, key, &mut slugs, &mut plan);
        homes.insert(id, home);
    }
    let people = readable(rows.people, |person| &person.id, SourceTable::ClientUsers, &mut plan);
    people::plan(people, &homes, present, key, &mut plan);
    plan.steps.retain(|step| step.goal != Goal::Existing || !step.cards.is_empty() || !step.places.is_empty());
    plan
}

/// The rows that can be taken; of two with one id the first. The others go among the findings.
fn readable<T>(
    rows: Vec<Result<T, Finding>>,
    id: impl Fn(&T) -> &String,
    table: SourceTable,
    plan: &mut Plan,
) -> Vec<T> {
    let (mut good, mut seen, mut skipped) = (Vec::new(), BTreeSet::new(), 0);
    for row in rows {
        match row {
            Ok(row) if seen.insert(id(&row).clone()) => good.push(row),
            Ok(row) => {
                plan.find(Kind::Skipped, table, id(&row), "its id stands in the table twice");
                skipped += 1;
            }
            Err(finding) => {
                plan.findings.push(finding);
                skipped += 1;
            }
        }
    }
    match table {
        SourceTable::Clients => plan.clients.skipped += skipped,
        SourceTable::ClientUsers => plan.users.skipped += skipped,
    }
    good
}

fn plan_client(
    read: ReadClient,
    present: &Present,
    key: &SourceKey,
    slugs: &mut BTreeSet<String>,
    plan: &mut Plan,
) -> Home {
    const TABLE: SourceTable = SourceTable::Clients;
    let ReadClient { client, cards } = read;
    let (domain, plan_type) = (client.domain.as_deref().unwrap_or(""), client.plan.as_deref().unwrap_or(""));
    let active = if client.active { "active" } else { "inactive" };
    let row = NewImportedRow {
        source: SourceRow { table: TABLE, id: client.id.clone(), part: String::new() },
        digest: key.digest(&[&client.name, domain, plan_type, active]),
    };
    let mut changed = false;
    let (slug, goal) = match present.ledger.get(&row.source) {
        None => {
            let slug = slugs::pick(&client.name, slugs);
            let kept = read_domain(domain);
            if kept.is_empty() && !domain.is_empty() {
                plan.find(Kind::Note, TABLE, &client.id, "its client_domain is not a domain, and is left empty");
            }
            let short = |word: &String| word.chars().count() <= LONGEST_PLAN;
            if !client.plan.iter().all(short) {
                let text = format!("its plan_type has more than {LONGEST_PLAN} characters: it gets the usual plan");
                plan.find(Kind::Note, TABLE, &client.id, text);
            }
            let terms = client.plan.filter(short).unwrap_or_else(|| STANDARD_PLAN.to_owned());
            (slug, Goal::New { name: client.name, plan: terms, domain: kept, active: client.active, row })
        }
        Some(taken) => match taken.tenant.and_then(|tenant| present.tenants.get(&tenant)) {
            Some(slug) => {
                changed = taken.digest != row.digest;
                (slug.clone(), Goal::Existing)
            }
            None => {
                let text = "it was imported and has since been removed here: not taken again";
                plan.find(Kind::Note, TABLE, &client.id, text);
                plan.clients.already += 1;
                return Home::None("its client has since been removed here");
            }
        },
    };
    if changed {
        let text = "it changed at the source after it was imported: not taken again";
        plan.find(Kind::Changed, TABLE, &client.id, text);
    }
    let mut step = Step { slug, goal, cards: Vec::new(), places: Vec::new() };
    let (mut in_part, mut changed_card) = (false, false);
    for reading in cards {
        match reading {
            Err((column, fault)) => {
                plan.find(Kind::InPart, TABLE, &client.id, format!("{column} {fault}"));
                in_part = true;
            }
            Ok(card) => {
                for refused in &card.refused {
                    plan.find(Kind::InPart, TABLE, &client.id, format!("{}: {refused}", card.column));
                    in_part = true;
                }
                changed_card |= plan_card(card, &client.id, present, &mut step, plan);
            }
        }
    }
    match () {
        () if in_part => plan.clients.in_part += 1,
        () if changed || changed_card => plan.clients.changed += 1,
        () if step.goal == Goal::Existing && step.cards.is_empty() => plan.clients.already += 1,
        () => plan.clients.imported += 1,
    }
    plan.steps.push(step);
    Home::Step(plan.steps.len() - 1)
}

/// The domain that a text means, also when it was written as an address; empty when it means none.
fn read_domain(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let bare = bare.trim_end_matches('/');
    if is_domain(bare) { bare.to_owned() } else { String::new() }
}

/// Puts a card into the step if it is new; whether it is another than the one that was taken.
fn plan_card(card: Card, id: &str, present: &Present, step: &mut Step, plan: &mut Plan) -> bool {
    const TABLE: SourceTable = SourceTable::Clients;
    let column = card.column;
    let source = SourceRow { table: TABLE, id: id.to_owned(), part: column.to_owned() };
    match present.ledger.get(&source) {
        Some(taken) if taken.digest == card.digest => false,
        Some(_) => {
            let text = format!("{column} changed at the source after it was imported: not taken again");
            plan.find(Kind::Changed, TABLE, id, text);
            true
        }
        None => {
            if !card.fields.is_empty() {
                if !card.missing.is_empty() {
                    let missing = card.missing.join(", ");
                    let text = format!("{column} is incomplete: the admin must add {missing}");
                    plan.find(Kind::Note, TABLE, id, text);
                }
                let row = NewImportedRow { source, digest: card.digest };
                step.cards.push((card, row));
            }
            false
        }
    }
}

#[cfg(test)]
mod tests;
