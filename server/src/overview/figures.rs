//! All figures of one overview, out of rows that were read once. Whatever is shown or written to a file is taken from here,
//! so that the parts add up to the headline.

use super::{
    bookings::{Booked, BookingFigures, StatusTotals, Turned},
    hours::BusinessHours,
    period::Period,
    said::{Said, SaidFigures},
};
use crate::{
    mapping::{self, Author, Conversations, Mapping},
    project::{Booking, ProjectError, Sample, Talk, Total, Utterance},
    words::Calendar,
};

/// A number, and that of the period before where both are whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// Of the period.
    pub now: u64,
    /// Of the one before.
    pub before: Option<u64>,
}

/// A part of something that is not nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub of: u64,
    /// Both of the period before.
    pub before: Option<(u64, u64)>,
}

impl Share {
    /// `None` of nothing.
    pub fn new(part: u64, of: u64) -> Option<Self> {
        (of > 0).then_some(Self { part, of, before: None })
    }

    /// In thousandths, rounded.
    pub fn per_mille(part: u64, of: u64) -> u64 {
        let (part, of) = (u128::from(part), u128::from(of));
        (part * 1_000 + of / 2).checked_div(of).and_then(|share| u64::try_from(share).ok()).unwrap_or(0)
    }
}

/// That only the newest rows were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial {
    /// How many.
    pub read: u64,
    /// Of how many.
    pub total: u64,
}

/// What a tenant's tables tell, by their mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tells {
    /// When a question was asked, and when it was answered.
    pub answers: bool,
    /// What becomes of an appointment.
    pub outcomes: bool,
    /// With whom it is.
    pub professionals: bool,
    /// What it is for.
    pub services: bool,
    /// When it was made.
    pub booked: bool,
    /// Which conversation, or whose, an appointment is.
    pub whose: bool,
}

impl Tells {
    /// What this mapping tells.
    pub fn of(mapping: &Mapping) -> Self {
        let all = mapping.appointments.as_ref();
        let persons = matches!(&mapping.conversations, Conversations::Table { person: Some(_), .. });
        Self {
            answers: mapping.messages.as_ref().is_some_and(|said| matches!(said.said, mapping::Said::One { .. })),
            outcomes: all.is_some_and(|all| all.status.is_some()),
            professionals: all.is_some_and(|all| all.professional.is_some()),
            services: all.is_some_and(|all| all.service.is_some()),
            booked: all.is_some_and(|all| all.booked.is_some()),
            whose: all.is_some_and(|all| all.conversation.is_some() || (persons && all.person.is_some())),
        }
    }
}

/// What was read of one kind of rows: of the period, and of the one before where that makes sense.
#[derive(Debug)]
pub struct Both<T> {
    /// Of the period.
    pub now: Sample<T>,
    /// Of the one before.
    pub before: Option<Sample<T>>,
    /// Set when the one before was asked for and could not be read.
    pub lost: bool,
}

/// What a project summed of a period, and of the one before where that was asked.
pub type Summed<T> = (T, Option<T>);

/// What was read for an overview.
#[derive(Debug)]
pub struct Read {
    /// Conversations.
    pub talks: Result<Both<Talk>, ProjectError>,
    /// Messages.
    pub said: Result<Both<Utterance>, ProjectError>,
    /// Their sums by author, of both periods.
    pub said_totals: Option<Summed<Vec<Total<Author>>>>,
    /// Appointments.
    pub bookings: Result<Both<Booking>, ProjectError>,
    /// Their sums by status.
    pub booking_totals: Option<Summed<Box<StatusTotals>>>,
    /// Appointments after the period, which conversations of it may have led to.
    pub later: Result<Sample<Booking>, ProjectError>,
}

impl Read {
    /// Whether all that is compared and looked up beside the period itself was read, as far as the tables tell it.
    pub fn whole(&self) -> bool {
        let untold = |error: &ProjectError| matches!(error, ProjectError::NotMapped(_) | ProjectError::NotTold(_));
        let lost = [
            self.talks.as_ref().is_ok_and(|both| both.lost),
            self.said.as_ref().is_ok_and(|both| both.lost),
            self.bookings.as_ref().is_ok_and(|both| both.lost),
        ];
        !lost.contains(&true) && self.later.as_ref().map_or_else(untold, |_| true)
    }
}

/// The figures of conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkFigures {
    /// How many began.
    pub began: Compared,
    /// The same, bar by bar.
    pub bars: Vec<u32>,
    /// Set when not all rows were read.
    pub partial: Option<Partial>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Of conversations.
    pub talks: Result<TalkFigures, ProjectError>,
    /// Of messages.
    pub said: Result<SaidFigures, ProjectError>,
    /// Of appointments.
    pub bookings: Result<BookingFigures, ProjectError>,
    /// How many conversations led to an appointment; none where that is not told.
    pub turned: Option<Turned>,
}

impl Figures {
    /// Counts everything.
    pub fn of(period: &Period, calendar: &Calendar, hours: &BusinessHours, tells: Tells, read: &Read) -> Self {
        let said = |both: &Both<Utterance>| {
            let totals = read.said_totals.as_ref().map(|(now, before)| (now.as_slice(), before.as_deref()));
            let said = Said { now: &both.now, before: both.before.as_ref(), totals };
            SaidFigures::of(period, calendar, hours, tells, &said)
        };
        let booked = |both: &Both<Booking>| {
            let totals = read.booking_totals.as_ref().map(|(now, before)| (&**now, before.as_deref()));
            BookingFigures::of(period, &Booked { now: &both.now, before: both.before.as_ref(), totals })
        };
        let copied = |error: &ProjectError| *error;
        Self {
            talks: read.talks.as_ref().map(|both| talks(period, calendar, both)).map_err(copied),
            said: read.said.as_ref().map(said).map_err(copied),
            bookings: read.bookings.as_ref().map(booked).map_err(copied),
            turned: turned(period, tells, read),
        }
    }
}

fn talks(period: &Period, calendar: &Calendar, both: &Both<Talk>) -> TalkFigures {
    let mut bars = vec![0; period.bars().len()];
    let mut now = 0;
    for talk in &both.now.rows {
        if let Some(bar) = period.bar_of(calendar, talk.at).and_then(|bar| bars.get_mut(bar)) {
            *bar += 1;
            now += 1;
        }
    }
    let compared = both.before.as_ref().filter(|sample| sample.complete && both.now.complete);
    let before = compared.map(|sample| {
        let span = period.before.0..period.before_until;
        sample.rows.iter().filter(|talk| span.contains(&talk.at)).count()
    });
    TalkFigures { began: of_both(now, before), bars, partial: partial(&both.now) }
}

/// Only where every appointment that may be meant was read.
fn turned(period: &Period, tells: Tells, read: &Read) -> Option<Turned> {
    let (Ok(talks), Ok(bookings), Ok(later)) = (&read.talks, &read.bookings, &read.later) else { return None };
    if !tells.whose || !bookings.now.complete || !later.complete {
        return None;
    }
    let before = bookings.before.as_ref().filter(|sample| sample.complete);
    let all = bookings.now.rows.iter().chain(&later.rows).chain(before.iter().flat_map(|sample| &sample.rows));
    Turned::of(period, (&talks.now, talks.before.as_ref().filter(|_| before.is_some())), all)
}

pub(super) fn of_both(now: usize, before: Option<usize>) -> Compared {
    Compared { now: now as u64, before: before.map(|before| before as u64) }
}

pub(super) fn partial<T>(sample: &Sample<T>) -> Option<Partial> {
    (!sample.complete).then_some(Partial { read: sample.read, total: sample.total })
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
