//! Conversations of projects that have no table of them: the latest messages, gathered by person.
//!
//! PostgREST has no "distinct", so a page is made of a window of rows. A person whose latest message lies beyond the window
//! belongs to another page; who that is takes one more question, two at most.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    cursor::Cursor,
    error::ProjectError,
    order::Order,
    reads::{Direction, Page, Project, read},
    request::{Extra, Op, Query},
    talk::of_conversation,
    value::Value,
};
use crate::{
    egress::EgressError,
    mapping::{Conversation, Mapping, Part, Person, Row},
};

/// Rows a window: as many as a project gives by default, and fewer where those are too large for one answer.
const WINDOWS: [u32; 3] = [1000, 200, 50];
/// Keys of people in one question.
const MOST_KEYS: usize = 60;
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
    /// conditions count. A project whose rows are too large for one answer is asked for fewer.
    pub(super) async fn gathered_page(
        &self,
        direction: &Direction,
        limit: u32,
        extra: impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Page<Conversation>, ProjectError> {
        let mut page = Err(ProjectError::NoAnswer(EgressError::TooLarge));
        for window in WINDOWS {
            page = self.window_page(direction, limit, window, &extra).await;
            if !matches!(page, Err(ProjectError::NoAnswer(EgressError::TooLarge))) {
                break;
            }
        }
        page
    }

    async fn window_page(
        &self,
        direction: &Direction,
        limit: u32,
        size: u32,
        extra: &impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Page<Conversation>, ProjectError> {
        let upwards = matches!(direction, Direction::NewerThan(_));
        let window = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            let way = if upwards { order.ascending() } else { order.descending() };
            let query = read(mapping, Part::Messages, &way, size)?.under(&extra(mapping)?);
            Ok(match direction {
                Direction::Newest => query,
                Direction::OlderThan(place) => order.beyond(query, place, Op::Lt),
                Direction::NewerThan(place) => order.beyond(query, place, Op::Gt),
            })
        };
        let (mut rows, mapping) = self.rows(Part::Messages, window).await?;
        let full = rows.len() >= size as usize;
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
        // The ones next to where the page begins come first.
        let mut queue = VecDeque::from(seen(&mapping, &rows));
        if upwards {
            queue.make_contiguous().reverse();
        }
        let limit = limit.max(1) as usize;
        let mut wanted = match border {
            None => queue.drain(..queue.len().min(limit)).collect(),
            Some((place, border)) => self.newest_here(&mut queue, &place, border, limit, extra).await?,
        };
        // Where nobody is left over, it goes on where the window ends, whoever stood in its last rows; else with the last
        // one shown, or past the first that could not be looked at.
        let place = |one: &Seen| order.cursor(&rows[one.row]);
        let end = if upwards { rows.first() } else { rows.last() };
        let last = match (queue.front(), wanted.last()) {
            (None, _) => end.and_then(|row| order.cursor(row)),
            (Some(_), Some(one)) | (Some(one), None) => place(one),
        };
        let more = !queue.is_empty() || full;
        let begin = wanted.first().and_then(place).or_else(|| last.clone());
        if upwards {
            wanted.reverse();
        }
        let (newest, oldest) = if upwards { (last, begin) } else { (begin, last) };
        let told: BTreeMap<String, Conversation> = mapping
            .gather(&rows, self.zone())
            .into_iter()
            .filter_map(|one| Some((one.person.as_ref()?.to_string(), one)))
            .collect();
        let found = wanted.iter().filter_map(|one| told.get(&one.person.to_string()).cloned()).collect();
        Ok(Page { rows: found, more, skipped: 0, ends: newest.zip(oldest) })
    }

    /// The first of these people who have no messages beyond a border, as many as are wanted; the queue keeps those of
    /// whom it is not known.
    async fn newest_here(
        &self,
        queue: &mut VecDeque<Seen>,
        place: &Cursor,
        border: Border,
        limit: usize,
        extra: &impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Vec<Seen>, ProjectError> {
        let mut wanted: Vec<Seen> = Vec::new();
        for _ in 0..MOST_CHECKS {
            let (mut group, mut keys) = (Vec::new(), Vec::new());
            while keys.len() < MOST_KEYS && wanted.len() + group.len() < limit {
                let Some(one) = queue.pop_front() else { break };
                keys.extend(one.keys.iter().filter_map(|key| Value::text(key)));
                group.push(one);
            }
            if keys.is_empty() {
                break;
            }
            let query = |mapping: &Mapping| {
                let order = Order::of_messages(mapping)?;
                let query = of_conversation(mapping, whose(mapping, &order, WINDOWS[0])?, &keys)?;
                let query = query.under(&extra(mapping)?);
                Ok(match border {
                    Border::From => order.from(query, place),
                    Border::After => order.beyond(query, place, Op::Gt),
                })
            };
            let (rows, mapping) = self.rows(Part::Messages, query).await?;
            let newer: BTreeSet<Person> = rows.iter().filter_map(|row| mapping.person_of(row)).collect();
            group.retain(|one| !newer.contains(&one.person));
            if rows.len() < WINDOWS[0] as usize {
                wanted.append(&mut group);
            } else {
                // They filled the answer: whoever was not in it is asked about once more.
                group.into_iter().rev().for_each(|one| queue.push_front(one));
            }
        }
        Ok(wanted)
    }

    /// One person by a key that messages have.
    pub(super) async fn find_gathered(&self, key: &str) -> Result<Option<Conversation>, ProjectError> {
        let query = |mapping: &Mapping, keys: &[Value]| {
            let order = Order::of_messages(mapping)?;
            of_conversation(mapping, read(mapping, Part::Messages, &order.descending(), OF_ONE)?, keys)
        };
        let (answer, mapping) = self.of_person(key, query).await?;
        Ok(mapping.gather(&answer.rows, self.zone()).into_iter().next())
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
