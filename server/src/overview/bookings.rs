//! What was booked in a period: how much, what became of it, with whom, what for, how long ahead; and how many of those who
//! wrote booked something.

use super::{
    figures::{Compared, Partial, Share, Summed, partial},
    period::{Period, Span},
};
use crate::{
    mapping::Outcome,
    project::{Booking, Sample, Talk, Total},
    words,
};
use app::{tr, ui::Status};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Professionals and services that stand by themselves; the rest are the others.
const MOST_NAMED: usize = 8;

/// The figures of appointments, by their start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingFigures {
    /// All but the cancelled ones.
    pub all: Compared,
    /// The cancelled ones.
    pub cancelled: Compared,
    /// Of those that took place or should have, the ones to which nobody came. None where there are no such.
    pub missed: Option<Share>,
    /// The cancelled ones of all.
    pub called_off: Option<Share>,
    /// Each status with its number, the most frequent first; together they are all and the cancelled ones.
    pub statuses: Vec<(Option<Status>, u64)>,
    /// All but the cancelled ones by professional, the most frequent first.
    pub professionals: Vec<(Named, u32)>,
    /// The same by service.
    pub services: Vec<(Named, u32)>,
    /// Minutes from booking to start on average, and of how many.
    pub ahead: Option<(i64, u32)>,
    /// Set when the numbers of statuses were summed by the project, however many rows were read.
    pub summed: bool,
    /// Set when not all rows were read.
    pub partial: Option<Partial>,
}

/// A value of a column, or none, or the rest of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// This one.
    One(String),
    /// The ones after the most frequent.
    Others,
    /// Where nothing stands.
    Nothing,
}

/// How many of those who wrote booked something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// Of the conversations that began in the period.
    pub now: Share,
    /// Of those of the period before.
    pub before: Option<Share>,
}

/// What the project summed of both periods, by status.
pub type StatusTotals = [Total<(Option<String>, Option<Outcome>)>];

/// What was read of appointments.
pub struct Booked<'a> {
    /// Of the period.
    pub now: &'a Sample<Booking>,
    /// Of the one before, where it was read.
    pub before: Option<&'a Sample<Booking>>,
    /// What the project summed of both, where it was asked.
    pub totals: Option<Summed<&'a StatusTotals>>,
}

impl BookingFigures {
    /// Counts.
    pub fn of(period: &Period, booked: &Booked<'_>) -> Self {
        let now = within(&booked.now.rows, period.now);
        let whole = |sample: &&Sample<Booking>| sample.complete && booked.now.complete;
        // Appointments are made ahead: whole days are compared with whole days.
        let before = booked.before.filter(whole).map(|sample| within(&sample.rows, period.before));
        let tallies = match booked.totals {
            None => (tally_rows(&now), before.as_deref().map(tally_rows)),
            Some((now, before)) => (tally_totals(now), before.map(tally_totals)),
        };
        let (tally, earlier) = tallies;
        let both = |number: fn(&Tally) -> u64| Compared { now: number(&tally), before: earlier.as_ref().map(number) };
        let share = |part: fn(&Tally) -> u64, of: fn(&Tally) -> u64| {
            let share = |tally: &Tally| Share::new(part(tally), of(tally));
            Some(Share {
                before: earlier.as_ref().and_then(share).map(|share| (share.part, share.of)),
                ..share(&tally)?
            })
        };
        let kept: Vec<&Booking> = now.iter().copied().filter(|one| one.outcome != Some(Outcome::Cancelled)).collect();
        let ahead: Vec<i64> = kept
            .iter()
            .filter_map(|one| Some((one.at.as_second() - one.booked?.as_second()) / 60))
            .filter(|minutes| *minutes >= 0)
            .collect();
        let count = i64::try_from(ahead.len()).unwrap_or(i64::MAX);
        let ahead = (count > 0).then(|| (ahead.iter().sum::<i64>() / count, u32::try_from(count).unwrap_or(u32::MAX)));
        Self {
            all: both(|tally| tally.all - tally.cancelled),
            cancelled: both(|tally| tally.cancelled),
            missed: share(|tally| tally.missed, |tally| tally.missed.saturating_add(tally.done)),
            called_off: share(|tally| tally.cancelled, |tally| tally.all),
            statuses: tally.statuses,
            professionals: by_name(&kept, |one| one.professional.as_deref()),
            services: by_name(&kept, |one| one.service.as_deref()),
            ahead,
            summed: booked.totals.is_some(),
            partial: partial(booked.now),
        }
    }
}

/// What became of appointments.
struct Tally {
    all: u64,
    cancelled: u64,
    missed: u64,
    done: u64,
    statuses: Vec<(Option<Status>, u64)>,
}

fn tally_rows(rows: &[&Booking]) -> Tally {
    tally(rows.iter().map(|one| (one.status.as_deref(), one.outcome, 1)))
}

fn tally_totals(totals: &StatusTotals) -> Tally {
    tally(totals.iter().map(|total| (total.of.0.as_deref(), total.of.1, total.rows.get())))
}

fn tally<'a>(parts: impl Iterator<Item = (Option<&'a str>, Option<Outcome>, u64)>) -> Tally {
    let mut tally = Tally { all: 0, cancelled: 0, missed: 0, done: 0, statuses: Vec::new() };
    for (status, outcome, rows) in parts {
        tally.all = tally.all.saturating_add(rows);
        match outcome {
            Some(Outcome::Cancelled) => tally.cancelled = tally.cancelled.saturating_add(rows),
            Some(Outcome::NoShow) => tally.missed = tally.missed.saturating_add(rows),
            Some(Outcome::Completed) => tally.done = tally.done.saturating_add(rows),
            _ => {}
        }
        let status = words::appointment_status(outcome, status);
        match tally.statuses.iter_mut().find(|(known, _)| *known == status) {
            Some((_, number)) => *number = number.saturating_add(rows),
            None => tally.statuses.push((status, rows)),
        }
    }
    let label = |status: &Option<Status>| status.as_ref().map(|status| status.label.clone());
    tally.statuses.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| label(&a.0).cmp(&label(&b.0))));
    // Tables where people type a status have any number of words.
    if tally.statuses.len() > 2 * MOST_NAMED {
        let others = tally
            .statuses
            .split_off(2 * MOST_NAMED)
            .into_iter()
            .fold(0, |sum: u64, (_, number)| sum.saturating_add(number));
        tally.statuses.push((words::appointment_status(None, Some(tr!("outros", "others"))), others));
    }
    tally
}

fn within(rows: &[Booking], (from, until): Span) -> Vec<&Booking> {
    rows.iter().filter(|one| (from..until).contains(&one.at)).collect()
}

/// The most frequent values, then the others together, then those without one.
fn by_name<'a>(rows: &[&'a Booking], of: impl Fn(&'a Booking) -> Option<&'a str>) -> Vec<(Named, u32)> {
    let mut numbers: BTreeMap<Option<String>, u32> = BTreeMap::new();
    for one in rows {
        let name = of(one).map(|name| words::one_line(name, 40)).filter(|name| !name.is_empty());
        *numbers.entry(name).or_default() += 1;
    }
    let nothing = numbers.remove(&None);
    let mut named: Vec<(String, u32)> =
        numbers.into_iter().filter_map(|(name, number)| Some((name?, number))).collect();
    named.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let others: u32 = named.iter().skip(MOST_NAMED).map(|(_, number)| number).sum();
    let named = named.into_iter().take(MOST_NAMED).map(|(name, number)| (Named::One(name), number));
    let others = (others > 0).then_some((Named::Others, others));
    named.chain(others).chain(nothing.map(|number| (Named::Nothing, number))).collect()
}

impl Turned {
    /// Of the conversations that began in a period, how many have an appointment that starts after they began. `bookings`
    /// are all that may be meant: of both periods, and later ones.
    pub fn of<'a>(
        period: &Period,
        talks: (&Sample<Talk>, Option<&Sample<Talk>>),
        bookings: impl Iterator<Item = &'a Booking>,
    ) -> Option<Self> {
        let mut latest: BTreeMap<(bool, &str), Timestamp> = BTreeMap::new();
        for one in bookings {
            let names = [one.key.as_deref().map(|key| (true, key)), one.person.as_deref().map(|who| (false, who))];
            for name in names.into_iter().flatten() {
                latest.entry(name).and_modify(|at| *at = one.at.max(*at)).or_insert(one.at);
            }
        }
        let share = |rows: &[Talk], (from, until): Span| {
            let began: Vec<&Talk> = rows.iter().filter(|talk| (from..until).contains(&talk.at)).collect();
            let led = |talk: &&&Talk| {
                let names = [Some((true, talk.key.as_str())), talk.person.as_deref().map(|who| (false, who))];
                names.iter().flatten().any(|name| latest.get(name).is_some_and(|at| *at >= talk.at))
            };
            Share::new(began.iter().filter(led).count() as u64, began.len() as u64)
        };
        let now = share(&talks.0.rows, period.now)?;
        let before = talks.1.filter(|sample| sample.complete && talks.0.complete);
        let before = before.and_then(|sample| share(&sample.rows, (period.before.0, period.before_until)));
        Some(Self { now, before })
    }
}
