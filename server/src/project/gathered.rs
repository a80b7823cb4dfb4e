//! Conversations of projects that have no table of them: the latest messages, gathered by person.
//!
//! PostgREST has no "distinct", so a page is made of a window of rows. A person whose latest message lies beyond the window
//! belongs to another page; who that is takes one more question, two at most. A project may give fewer rows than it is asked
//! for and says nothing of it: that a window is the last one is asked, and never taken from the number of its rows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    cursor::Cursor,
    error::ProjectError,
    order::Order,
    reads::{Direction, Page, Project, read},
    request::{Extra, Op, Query},
    search::nothing,
    talk::of_conversation,
    value::Value,
};
use crate::{
    egress::EgressError,
    mapping::{Conversation, Mapping, Part, Person, Row, selection},
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
    /// conditions count, and nobody does who has one that none may be. A project whose rows are too large for one answer is asked for fewer.
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
        let order = Order::of_messages(&mapping)?;
        let far = rows.iter().rev().find_map(|row| order.cursor(row));
        let full = rows.len() >= size as usize || (upwards && self.go_on(far.as_ref(), upwards, extra).await);
        // Where it must be asked who has newer messages: before the window, or after it.
        let border = match direction {
            Direction::Newest => None,
            Direction::OlderThan(place) => Some((place.clone(), Border::From)),
            Direction::NewerThan(_) => far.clone().filter(|_| full).map(|place| (place, Border::After)),
        };
        if upwards {
            rows.reverse();
        }
        // The ones next to where the page begins come first.
        let mut queue = VecDeque::from(seen(&mapping, &rows));
        if upwards {
            queue.make_contiguous().reverse();
        }
        let most = limit.max(1) as usize;
        let (mut wanted, passed) = self.belonging(&mut queue, upwards, border.as_ref(), most, extra).await?;
        // Where nobody is left over, it goes on where the window ends, whoever stood in its last rows; else with the last
        // one of whom it is known, or past the first that could not be looked at.
        let place = |one: &Seen| order.cursor(&rows[one.row]);
        let end = if upwards { rows.first() } else { rows.last() };
        let last = match (queue.front(), passed) {
            (None, _) => end.and_then(|row| order.cursor(row)),
            (Some(_), Some(row)) => order.cursor(&rows[row]),
            (Some(one), None) => place(one),
        };
        let more = !queue.is_empty() || full || (!upwards && self.go_on(far.as_ref(), upwards, extra).await);
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

    /// Whether there are messages beyond the last that came. A project may give fewer rows than it was asked for, and says
    /// nothing of it; what it does not answer is more to come.
    async fn go_on(
        &self,
        last: Option<&Cursor>,
        upwards: bool,
        extra: &impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> bool {
        let Some(last) = last else { return false };
        let query = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            let (way, op) = if upwards { (order.ascending(), Op::Gt) } else { (order.descending(), Op::Lt) };
            Ok(order.beyond(whose(mapping, &way, 1)?.under(&extra(mapping)?), last, op))
        };
        self.rows(Part::Messages, query).await.map_or(true, |(rows, _)| !rows.is_empty())
    }

    /// The first of these people who belong to the page, as many as are wanted, and the row of the last of whom it is known,
    /// whether they do. The queue keeps those of whom it is not.
    async fn belonging(
        &self,
        queue: &mut VecDeque<Seen>,
        upwards: bool,
        border: Option<&(Cursor, Border)>,
        limit: usize,
        extra: &impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<(Vec<Seen>, Option<usize>), ProjectError> {
        if border.is_none() && extra(&self.mapping())?.never.is_empty() {
            let wanted: Vec<Seen> = queue.drain(..queue.len().min(limit)).collect();
            let passed = wanted.last().map(|one| one.row);
            return Ok((wanted, passed));
        }
        let (mut wanted, mut known): (Vec<Seen>, BTreeSet<usize>) = (Vec::new(), BTreeSet::new());
        for _ in 0..MOST_CHECKS {
            let mut group = next_ones(queue, limit - wanted.len());
            if group.is_empty() {
                break;
            }
            let (others, whole) = self.not_here(&group, border, WINDOWS[0], extra).await?;
            known.extend(group.iter().filter(|one| whole || others.contains(&one.person)).map(|one| one.row));
            group.retain(|one| !others.contains(&one.person));
            if whole {
                wanted.append(&mut group);
            } else {
                // They filled the answer: whoever was not in it is asked about once more.
                group.into_iter().rev().for_each(|one| queue.push_front(one));
            }
        }
        // Of one at least it must be known, or the next page would be this one again.
        if passed(&known, queue, upwards).is_none()
            && let Some(one) = queue.pop_front()
        {
            let (others, _) = self.not_here(std::slice::from_ref(&one), border, 1, extra).await?;
            known.insert(one.row);
            wanted.extend(Some(one).filter(|_| others.is_empty()));
        }
        let passed = passed(&known, queue, upwards);
        Ok((wanted, passed))
    }

    /// Those of a group who have messages beyond a border, which are another page's, or any that none of theirs may be; and
    /// whether these are all.
    async fn not_here(
        &self,
        group: &[Seen],
        border: Option<&(Cursor, Border)>,
        limit: u32,
        extra: &impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<(BTreeSet<Person>, bool), ProjectError> {
        let keys: Vec<Value> = group.iter().flat_map(|one| &one.keys).filter_map(|key| Value::text(key)).collect();
        let theirs = |mapping: &Mapping| {
            let order = Order::of_messages(mapping)?;
            let query = of_conversation(mapping, whose(mapping, &order.descending(), limit)?, &keys)?.counted();
            Ok::<_, ProjectError>((query, order))
        };
        let beyond = async {
            let Some((place, border)) = border else { return Ok((BTreeSet::new(), true)) };
            let query = |mapping: &Mapping| {
                let (query, order) = theirs(mapping)?;
                let query = query.under(&extra(mapping)?);
                Ok(match border {
                    Border::From => order.from(query, place),
                    Border::After => order.beyond(query, place, Op::Gt),
                })
            };
            self.people_of(query).await
        };
        let excluded = async {
            if extra(&self.mapping())?.never.is_empty() {
                return Ok((BTreeSet::new(), true));
            }
            let query = |mapping: &Mapping| {
                let (query, order) = theirs(mapping)?;
                let never = extra(mapping)?.never;
                Ok(query.all(&if never.is_empty() { vec![nothing(&order.id)] } else { never }))
            };
            self.people_of(query).await
        };
        let ((mut all, beyond_all), (more, excluded_all)) = futures::try_join!(beyond, excluded)?;
        all.extend(more);
        Ok((all, beyond_all && excluded_all))
    }

    /// Whose the messages of a question are, and whether all of them came.
    async fn people_of(
        &self,
        query: impl Fn(&Mapping) -> Result<Query, ProjectError>,
    ) -> Result<(BTreeSet<Person>, bool), ProjectError> {
        let (answer, mapping) = self.answer(Part::Messages, query, Self::until()).await?;
        let came = answer.rows.len() as u64;
        let whole = answer.total.map_or(came == 0, |total| came >= total);
        Ok((answer.rows.iter().filter_map(|row| mapping.person_of(row)).collect(), whole))
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

/// The next people of a queue, so many at most, and as few as can be asked about together.
fn next_ones(queue: &mut VecDeque<Seen>, most: usize) -> Vec<Seen> {
    let (mut group, mut keys) = (Vec::new(), 0);
    while keys < MOST_KEYS && group.len() < most {
        let Some(one) = queue.pop_front() else { break };
        keys += one.keys.len();
        group.push(one);
    }
    group
}

/// The row of the last person before a queue's first of whom something is known.
fn passed(known: &BTreeSet<usize>, queue: &VecDeque<Seen>, upwards: bool) -> Option<usize> {
    let first = queue.front()?.row;
    let nearest = if upwards { known.range(first + 1..).next() } else { known.range(..first).next_back() };
    nearest.copied()
}

/// A read of nothing but whose messages they are.
fn whose(mapping: &Mapping, order: &str, limit: u32) -> Result<Query, ProjectError> {
    let part = Part::Messages;
    let table = mapping.table(part).ok_or(ProjectError::NotMapped(part))?;
    let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
    Ok(Query::new(part, table, &selection([&messages.conversation]), order, limit))
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

#[cfg(test)]
#[path = "gathered_tests.rs"]
mod tests;
