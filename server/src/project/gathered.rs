//! Conversations of projects that have no table of them: the latest messages, gathered by person.
//!
//! PostgREST has no "distinct", so a page is made of a window of rows. A person whose latest message lies beyond the window
//! belongs to another page; who that is takes one more question, two at most.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cursor::Cursor,
    error::ProjectError,
    reads::{Direction, Order, Page, Project, of_conversation, read},
    request::{Extra, Op, Query},
    value::Value,
};
use crate::mapping::{Conversation, Mapping, Part, Person, Row};

/// Rows a window.
const WINDOW: u32 = 1000;
/// Messages of one person that tell their name.
const OF_ONE: u32 = 50;
/// How often it is asked who has newer messages.
const MOST_CHECKS: usize = 2;

/// A person in a window: the row of their latest message there, and every key that their rows have.
struct Seen {
    person: Person,
    row: usize,
    keys: BTreeSet<String>,
}

impl Project {
    /// A page of people, the one with the newest message first whatever the direction. Only messages under the `extra`
    /// conditions count.
    pub(super) async fn gathered_page(
        &self,
        direction: &Direction,
        limit: u32,
        extra: impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Page<Conversation>, ProjectError> {
        let upwards = matches!(direction, Direction::NewerThan(_));
        let window = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            let query =
                read(mapping, Part::Messages, &if upwards { order.ascending() } else { order.descending() }, WINDOW)?;
            let query = query.under(&extra(mapping)?);
            Ok(match direction {
                Direction::Newest => query,
                Direction::OlderThan(place) => order.beyond(query, place, Op::Lt),
                Direction::NewerThan(place) => order.beyond(query, place, Op::Gt),
            })
        };
        let (mut rows, mapping) = self.rows(Part::Messages, window).await?;
        let full = rows.len() >= WINDOW as usize;
        let order = Order::of_messages(&mapping)?;
        // Where it must be asked who has newer messages: before the window, or after it.
        let border = match direction {
            Direction::Newest => None,
            Direction::OlderThan(place) => Some((place.clone(), Border::From)),
            Direction::NewerThan(_) if full => {
                rows.last().and_then(|row| order.cursor(row)).map(|place| (place, Border::After))
            }
            Direction::NewerThan(_) => None,
        };
        if upwards {
            rows.reverse();
        }
        let mut seen = seen(&mapping, &rows);
        if let Some((place, border)) = border {
            let newer = self.who_is_newer(&seen, &place, border, &extra).await?;
            seen.retain(|one| !newer.contains(&one.person));
        }
        let limit = limit.max(1) as usize;
        let more_people = seen.len() > limit;
        // Upwards the ones next to the border are wanted, which are the last now.
        let wanted = if upwards { seen.split_off(seen.len().saturating_sub(limit)) } else { truncated(seen, limit) };
        let place = |one: Option<&Seen>| one.and_then(|one| order.cursor(&rows[one.row]));
        let last = match rows.last() {
            // Nothing was left over: go on where the window ends, whoever stood in its last rows.
            Some(row) if !more_people && !upwards => order.cursor(row),
            _ => place(wanted.last()),
        };
        let first = place(wanted.first()).or_else(|| rows.first().and_then(|row| order.cursor(row)));
        let told: BTreeMap<String, Conversation> = mapping
            .gather(&rows, self.zone())
            .into_iter()
            .filter_map(|one| Some((one.person.as_ref()?.to_string(), one)))
            .collect();
        let found = wanted.iter().filter_map(|one| told.get(&one.person.to_string()).cloned()).collect();
        Ok(Page { rows: found, more: more_people || full, skipped: 0, ends: first.zip(last) })
    }

    /// Those of these people who have messages beyond a border.
    async fn who_is_newer(
        &self,
        seen: &[Seen],
        place: &Cursor,
        border: Border,
        extra: impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<BTreeSet<Person>, ProjectError> {
        let mut newer = BTreeSet::new();
        for _ in 0..MOST_CHECKS {
            let left = seen.iter().filter(|one| !newer.contains(&one.person));
            let keys: Vec<Value> =
                left.flat_map(|one| &one.keys).filter_map(|key| Value::text(key)).take(120).collect();
            if keys.is_empty() {
                break;
            }
            let query = |mapping: &Mapping| {
                let order = Order::of_messages(mapping)?;
                let query = of_conversation(mapping, whose(mapping, &order, WINDOW)?, &keys)?.under(&extra(mapping)?);
                Ok(match border {
                    Border::From => order.from(query, place),
                    Border::After => order.beyond(query, place, Op::Gt),
                })
            };
            let (rows, mapping) = self.rows(Part::Messages, query).await?;
            newer.extend(rows.iter().filter_map(|row| mapping.person_of(row)));
            if rows.len() < WINDOW as usize {
                break;
            }
        }
        Ok(newer)
    }

    /// One person by a key that messages have.
    pub(super) async fn find_gathered(&self, key: &str) -> Result<Option<Conversation>, ProjectError> {
        let query = |mapping: &Mapping, keys: &[Value]| {
            let order = Order::of_messages(mapping)?;
            of_conversation(mapping, read(mapping, Part::Messages, &order.descending(), OF_ONE)?, keys)
        };
        let (rows, mapping) = self.of_person(key, query).await?;
        Ok(mapping.gather(&rows, self.zone()).into_iter().next())
    }
}

/// On which side of a place newer messages are looked for.
#[derive(Clone, Copy)]
enum Border {
    /// From it on.
    From,
    /// After it.
    After,
}

/// A read of nothing but whose messages they are.
fn whose(mapping: &Mapping, order: &Order, limit: u32) -> Result<Query, ProjectError> {
    let part = Part::Messages;
    let table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
    let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
    Ok(Query::new(part, table, &crate::mapping::selection([&messages.conversation]), &order.descending(), limit))
}

/// The people of rows that come newest first, in the order of their latest message.
fn seen(mapping: &Mapping, rows: &[Row]) -> Vec<Seen> {
    let mut found: Vec<Seen> = Vec::new();
    let mut places: BTreeMap<Person, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let (Some(person), Some(key)) = (mapping.person_of(row), mapping.key_of(row)) else { continue };
        let place = *places.entry(person.clone()).or_insert_with(|| {
            found.push(Seen { person, row: at, keys: BTreeSet::new() });
            found.len() - 1
        });
        found[place].keys.insert(key);
    }
    found
}

fn truncated(mut seen: Vec<Seen>, limit: usize) -> Vec<Seen> {
    seen.truncate(limit);
    seen
}
