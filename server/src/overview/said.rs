//! What was said in a period: how much, by whom, when in the week, and how soon it was answered.

use super::{
    figures::{Compared, Partial, Summed, Tells, of_both, partial},
    hours::BusinessHours,
    period::{Period, Span},
};
use crate::{
    mapping::Author,
    project::{Sample, Total, Utterance},
    words::Calendar,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The figures of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidFigures {
    /// What contacts wrote.
    pub received: Compared,
    /// What the business wrote, robot and people.
    pub sent: Compared,
    /// Set when the two above were summed by the project, however many rows were read.
    pub summed: bool,
    /// Conversations with an answer in the period.
    pub answered: Compared,
    /// Of these, the ones that nobody but the robot answered.
    pub by_robot: u32,
    /// The ones that a person answered too.
    pub by_people: u32,
    /// The ones of which nobody knows.
    pub by_nobody_knows: u32,
    /// Of these, the ones that were answered while the business was closed.
    pub outside: Compared,
    /// Seconds until the first answer, half of the conversations sooner, half later; none where nothing was answered.
    pub first_answer: Option<FirstAnswer>,
    /// What contacts wrote by day of the week (Monday first) and hour on the clock.
    pub week: [[u32; 24]; 7],
    /// What contacts wrote, bar by bar.
    pub bars: Vec<u32>,
    /// Set when not all rows were read.
    pub partial: Option<Partial>,
}

/// How soon contacts were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The median of the period, in seconds.
    pub now: i64,
    /// That of the period before.
    pub before: Option<i64>,
    /// Of how many conversations.
    pub of: u32,
}

/// What was read of messages.
pub struct Said<'a> {
    /// Of the period.
    pub now: &'a Sample<Utterance>,
    /// Of the one before, where it was read.
    pub before: Option<&'a Sample<Utterance>>,
    /// What the project summed of both, where it was asked.
    pub totals: Option<Summed<&'a [Total<Author>]>>,
}

impl SaidFigures {
    /// Counts.
    pub fn of(period: &Period, calendar: &Calendar, hours: &BusinessHours, tells: Tells, said: &Said<'_>) -> Self {
        let now = Count::of(&said.now.rows, period.now, calendar, hours);
        let whole = |sample: &&Sample<Utterance>| sample.complete && said.now.complete;
        let before = said.before.filter(whole);
        let before =
            before.map(|sample| Count::of(&sample.rows, (period.before.0, period.before_until), calendar, hours));
        let both = |figure: fn(&Count) -> usize| of_both(figure(&now), before.as_ref().map(figure));
        let (received, sent) = match said.totals {
            None => (both(|count| count.received.len()), both(|count| count.sent)),
            Some((now, before)) => {
                let sum = |contact: bool| {
                    let sum = |totals: &[Total<Author>]| sum(totals, contact);
                    Compared { now: sum(now), before: before.map(sum) }
                };
                (sum(true), sum(false))
            }
        };
        let (mut week, mut bars) = ([[0; 24]; 7], vec![0; period.bars().len()]);
        for at in &now.received {
            let civil = calendar.civil(*at);
            let day = usize::from(civil.weekday().to_monday_zero_offset().unsigned_abs());
            week[day][usize::from(civil.hour().unsigned_abs())] += 1;
            if let Some(bar) = period.bar_of(calendar, *at).and_then(|bar| bars.get_mut(bar)) {
                *bar += 1;
            }
        }
        let by = |robot: bool, people: bool| {
            let same = |who: &&Who| (who.robot && !who.people, who.people) == (robot, people);
            u32::try_from(now.answered.values().filter(same).count()).unwrap_or(u32::MAX)
        };
        // One time for question and answer is none for how long it took.
        let median = |count: &Count| middle(&count.waits).filter(|_| tells.answers);
        let first_answer = median(&now).map(|seconds| FirstAnswer {
            now: seconds,
            before: before.as_ref().and_then(median),
            of: u32::try_from(now.waits.len()).unwrap_or(u32::MAX),
        });
        Self {
            received,
            sent,
            summed: said.totals.is_some(),
            answered: both(|count| count.answered.len()),
            by_robot: by(true, false),
            by_people: by(false, true),
            by_nobody_knows: by(false, false),
            outside: both(|count| count.outside),
            first_answer,
            week,
            bars,
            partial: partial(said.now),
        }
    }
}

/// Who answered in a conversation.
#[derive(Debug, Clone, Copy, Default)]
struct Who {
    robot: bool,
    people: bool,
}

struct Count<'a> {
    received: Vec<Timestamp>,
    sent: usize,
    answered: BTreeMap<&'a str, Who>,
    outside: usize,
    /// Seconds from what a contact first wrote to what was answered first after it, sorted.
    waits: Vec<i64>,
}

impl<'a> Count<'a> {
    fn of(rows: &'a [Utterance], (from, until): Span, calendar: &Calendar, hours: &BusinessHours) -> Self {
        let within = || rows.iter().filter(|one| (from..until).contains(&one.at));
        let mut answered: BTreeMap<&str, Who> = BTreeMap::new();
        let mut first: BTreeMap<&str, Timestamp> = BTreeMap::new();
        let mut closed: BTreeSet<&str> = BTreeSet::new();
        let (mut received, mut sent) = (Vec::new(), 0);
        for one in within() {
            if one.author == Author::Contact {
                received.push(one.at);
                first.entry(&one.key).and_modify(|at| *at = one.at.min(*at)).or_insert(one.at);
                continue;
            }
            sent += 1;
            let who = answered.entry(&one.key).or_default();
            who.robot |= one.author == Author::Bot;
            who.people |= one.author == Author::Team;
            if !hours.contain(calendar.civil(one.at)) {
                closed.insert(&one.key);
            }
        }
        let mut soonest: BTreeMap<&str, i64> = BTreeMap::new();
        for one in within().filter(|one| one.author != Author::Contact) {
            let asked = first.get(one.key.as_str()).filter(|asked| **asked <= one.at);
            if let Some(asked) = asked {
                let wait = one.at.as_second() - asked.as_second();
                soonest.entry(&one.key).and_modify(|known| *known = wait.min(*known)).or_insert(wait);
            }
        }
        let mut waits: Vec<i64> = soonest.into_values().collect();
        waits.sort_unstable();
        Self { received, sent, answered, outside: closed.len(), waits }
    }
}

fn sum(totals: &[Total<Author>], contact: bool) -> u64 {
    let of = |total: &&Total<Author>| total.of != Author::Hidden && (total.of == Author::Contact) == contact;
    totals.iter().filter(of).fold(0, |sum, total| sum.saturating_add(total.rows.get()))
}

/// The one in the middle of sorted numbers; of two the lower.
fn middle(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}
