//! On which day's column, and on which quarter-hour lines, an appointment lands: by the clock on the wall.
//!
//! A day has 96 lines whatever its length. On one that begins at 01:00 the first four stay empty; of an hour that comes
//! twice both are drawn on the same lines, side by side.

use crate::words::{Calendar, plus_days};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// Lines of a day.
pub(super) const LINES: u16 = 96;
/// What an appointment without an end takes in a drawing.
pub(super) const USUAL: SignedDuration = SignedDuration::from_hours(1);
/// From here on it is no matter of hours.
const LONG: SignedDuration = SignedDuration::from_hours(24);
const LINE: i64 = 15 * 60;

/// The instants at which some days begin, and the last one ends.
pub(super) struct Days {
    edges: Vec<Timestamp>,
}

/// A part of an appointment on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which of the days, from 0.
    pub(super) day: usize,
    /// The first line, and the one after the last: at least one lies between.
    pub(super) lines: (u16, u16),
    /// Whether it began on an earlier day.
    pub(super) before: bool,
    /// Whether it goes on on a later day.
    pub(super) after: bool,
}

/// Whether it takes a day or more.
pub(super) fn is_long(starts: Timestamp, ends: Option<Timestamp>) -> bool {
    ends.is_some_and(|ends| ends.duration_since(starts) >= LONG)
}

/// The line of an instant on its day.
pub(super) fn line_of(calendar: &Calendar, instant: Timestamp) -> u16 {
    let line = i64::from(calendar.seconds_of_day(instant)) / LINE;
    u16::try_from(line).unwrap_or_default()
}

impl Days {
    pub(super) fn new(calendar: &Calendar, first: Date, after: Date) -> Self {
        let count = first.until(after).map_or(0, |span| i64::from(span.get_days()));
        Self { edges: (0..=count).map(|index| calendar.start_of(plus_days(first, index))).collect() }
    }

    /// The parts of an appointment on these days.
    pub(super) fn pieces(&self, calendar: &Calendar, starts: Timestamp, ends: Option<Timestamp>) -> Vec<Piece> {
        let ends = ends.map_or_else(|| starts.saturating_add(USUAL).unwrap_or(starts), |ends| ends.max(starts));
        let on = |(day, edges): (usize, &[Timestamp])| {
            let (begins, over) = (edges[0], edges[1]);
            let here = starts < over && (ends > begins || starts >= begins);
            here.then(|| {
                let (from, to) = (starts.max(begins), ends.min(over));
                let seconds = i64::from(calendar.seconds_of_day(from));
                let end = seconds + to.duration_since(from).as_secs();
                let first = u16::try_from(seconds / LINE).unwrap_or_default().min(LINES - 1);
                let last = u16::try_from((end + LINE - 1) / LINE).unwrap_or(LINES);
                Piece { day, lines: (first, last.clamp(first + 1, LINES)), before: starts < begins, after: ends > over }
            })
        };
        self.edges.windows(2).enumerate().filter_map(on).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Parts over the week of 22 November 2026 in São Paulo, three hours behind.
    #[track_caller]
    fn check(starts: &str, ends: Option<&str>, expected: &[(usize, u16, u16, bool, bool)]) {
        let calendar = Calendar::new("America/Sao_Paulo", at("2026-11-24T12:00:00Z"));
        let first: Date = "2026-11-22".parse().unwrap();
        let days = Days::new(&calendar, first, plus_days(first, 7));
        let found: Vec<_> = days
            .pieces(&calendar, at(starts), ends.map(at))
            .into_iter()
            .map(|piece| (piece.day, piece.lines.0, piece.lines.1, piece.before, piece.after))
            .collect();
        assert_eq!(found, expected, "{starts} {ends:?}");
    }

    #[test]
    fn an_appointment_lands_on_its_quarters() {
        check("2026-11-24T12:00:00Z", Some("2026-11-24T12:45:00Z"), &[(2, 36, 39, false, false)]);
        // Ten past until twenty past: the quarters it touches.
        check("2026-11-24T12:10:00Z", Some("2026-11-24T12:20:00Z"), &[(2, 36, 38, false, false)]);
        check("2026-11-24T12:00:00Z", Some("2026-11-24T12:00:00Z"), &[(2, 36, 37, false, false)]);
        check("2026-11-24T12:00:00Z", None, &[(2, 36, 40, false, false)]);
        check("2026-11-25T02:59:59Z", Some("2026-11-25T02:59:59Z"), &[(2, 95, 96, false, false)]);
        check("2026-11-24T03:00:00Z", Some("2026-11-24T03:00:00Z"), &[(2, 0, 1, false, false)]);
    }

    #[test]
    fn what_goes_past_midnight_has_a_part_on_each_day() {
        check(
            "2026-11-25T02:30:00Z",
            Some("2026-11-25T03:30:00Z"),
            &[(2, 94, 96, false, true), (3, 0, 2, true, false)],
        );
        // Until midnight is not past it.
        check("2026-11-25T02:30:00Z", Some("2026-11-25T03:00:00Z"), &[(2, 94, 96, false, false)]);
        // From the week before, into the week after, and outside.
        check("2026-11-22T02:00:00Z", Some("2026-11-22T04:00:00Z"), &[(0, 0, 4, true, false)]);
        check("2026-11-29T02:00:00Z", Some("2026-11-29T04:00:00Z"), &[(6, 92, 96, false, true)]);
        check("2026-11-29T03:00:00Z", Some("2026-11-29T04:00:00Z"), &[]);
        check("2026-11-22T02:00:00Z", Some("2026-11-22T03:00:00Z"), &[]);
        let days = [(2, 36, 96, false, true), (3, 0, 96, true, true), (4, 0, 40, true, false)];
        check("2026-11-24T12:00:00Z", Some("2026-11-26T13:00:00Z"), &days);
        assert!(is_long(at("2026-11-24T12:00:00Z"), Some(at("2026-11-26T13:00:00Z"))));
        assert!(!is_long(at("2026-11-24T12:00:00Z"), Some(at("2026-11-25T11:00:00Z"))));
    }
}
