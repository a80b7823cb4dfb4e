//! The span of time that an overview is about, and the equally long one before it.
//!
//! A period that is not over is compared to as much of the one before: until the same time on the clock. Odd wishes fall
//! back to seven days, so that every address shows something.

use crate::words::{Calendar, plain_day, plus_days};
use jiff::{Timestamp, civil::Date};

/// Days of one's own choice at most.
const MOST_DAYS: i64 = 366;
/// Bars a day up to here; beyond, bars a week.
const MOST_BARS: i64 = 45;

/// What an address says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// `today`, `7`, `30`, `90` or `custom`.
    pub period: &'a str,
    /// The first day of one's own choice.
    pub from: &'a str,
    /// The last one.
    pub to: &'a str,
}

/// How long a bar of the chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An hour on the clock.
    Hour,
    /// A day.
    Day,
    /// Seven days.
    Week,
}

/// From one instant until before another.
pub type Span = (Timestamp, Timestamp);

/// The period of an overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its word in the address.
    pub word: &'static str,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// All of it.
    pub now: Span,
    /// All of the equally long one before.
    pub before: Span,
    /// Until when the one before is compared: the same time on the clock where this one is not over.
    pub before_until: Timestamp,
    /// The bars of its chart.
    pub step: Step,
    /// Whether it is under way.
    pub open: bool,
}

impl Period {
    /// The period that is asked for, or seven days.
    pub fn read(asked: Asked<'_>, calendar: &Calendar) -> Self {
        let today = calendar.today();
        let back = |days: i64| (plus_days(today, 1 - days), today);
        let (word, (first, last)) = match asked.period {
            "today" => ("today", back(1)),
            "30" => ("30", back(30)),
            "90" => ("90", back(90)),
            "custom" => own(asked, today).map_or(("7", back(7)), |days| ("custom", days)),
            _ => ("7", back(7)),
        };
        let days = days_between(first, last) + 1;
        let start = calendar.start_of(first);
        let open = first <= today && today <= last;
        Self {
            word,
            first,
            last,
            now: (start, calendar.start_of(plus_days(last, 1))),
            before: (calendar.start_of(plus_days(first, -days)), start),
            before_until: if open { calendar.same_time_on(plus_days(today, -days)).min(start) } else { start },
            step: match days {
                1 => Step::Hour,
                2..=MOST_BARS => Step::Day,
                _ => Step::Week,
            },
            open,
        }
    }

    /// How many days it has.
    pub fn days(&self) -> i64 {
        days_between(self.first, self.last) + 1
    }

    /// The first and the last day of each bar, oldest first; for hours all are the one day.
    pub fn bars(&self) -> Vec<(Date, Date)> {
        match self.step {
            Step::Hour => vec![(self.first, self.first); 24],
            Step::Day => (0..self.days()).map(|day| plus_days(self.first, day)).map(|day| (day, day)).collect(),
            Step::Week => {
                let weeks = (self.days() + 6) / 7;
                let ends = (0..weeks).rev().map(|week| plus_days(self.last, -7 * week));
                ends.map(|end| (plus_days(end, -6).max(self.first), end)).collect()
            }
        }
    }

    /// In which bar an instant falls.
    pub fn bar_of(&self, calendar: &Calendar, at: Timestamp) -> Option<usize> {
        let day = calendar.date_of(at);
        if day < self.first || day > self.last {
            return None;
        }
        let index = match self.step {
            Step::Hour => i64::from(calendar.hour_of(at)),
            Step::Day => days_between(self.first, day),
            Step::Week => (self.days() + 6) / 7 - 1 - days_between(day, self.last) / 7,
        };
        usize::try_from(index).ok()
    }
}

/// Days of one's own choice: a first one, and a last one or today.
fn own(asked: Asked<'_>, today: Date) -> Option<(Date, Date)> {
    let first = plain_day(asked.from)?;
    let last = if asked.to.is_empty() { today } else { plain_day(asked.to)? };
    (first <= last && days_between(first, last) < MOST_DAYS).then_some((first, last))
}

fn days_between(first: Date, last: Date) -> i64 {
    first.until(last).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(now: &str) -> Calendar {
        Calendar::new("America/Sao_Paulo", now.parse().expect("an instant"))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[track_caller]
    fn check(asked: (&str, &str, &str), expected: (&str, &str, &str, Step)) {
        let (period, from, to) = asked;
        let found = Period::read(Asked { period, from, to }, &calendar("2026-11-24T15:00:00Z"));
        let (first, last) = (found.first.to_string(), found.last.to_string());
        assert_eq!((found.word, first.as_str(), last.as_str(), found.step), expected, "{asked:?}");
    }

    #[test]
    fn addresses_choose_and_odd_ones_fall_back() {
        let week = ("7", "2026-11-18", "2026-11-24", Step::Day);
        check(("today", "", ""), ("today", "2026-11-24", "2026-11-24", Step::Hour));
        check(("30", "", ""), ("30", "2026-10-26", "2026-11-24", Step::Day));
        check(("90", "x", "y"), ("90", "2026-08-27", "2026-11-24", Step::Week));
        check(("custom", "2026-11-01", "2026-11-02"), ("custom", "2026-11-01", "2026-11-02", Step::Day));
        check(("custom", "2026-11-20", ""), ("custom", "2026-11-20", "2026-11-24", Step::Day));
        check(("custom", "2026-01-01", "2026-11-24"), ("custom", "2026-01-01", "2026-11-24", Step::Week));
        for odd in [
            ("", "", ""),
            ("7", "", ""),
            ("8", "", ""),
            ("-1", "", ""),
            ("custom", "", ""),
            ("custom", "2026-11-02", "2026-11-01"),
            ("custom", "2024-01-01", "2026-01-01"),
            ("custom", "ontem", "2026-01-01"),
            ("custom", "2026-11-25", ""),
            ("custom", "2026-11-01", "' or 1=1"),
        ] {
            check(odd, week);
        }
    }

    #[test]
    fn what_is_under_way_is_compared_until_the_same_time() {
        let calendar = calendar("2026-11-24T15:00:00Z");
        let read = |period, from, to| Period::read(Asked { period, from, to }, &calendar);
        let today = read("today", "", "");
        assert_eq!(today.now, (at("2026-11-24T03:00:00Z"), at("2026-11-25T03:00:00Z")));
        assert_eq!(today.before, (at("2026-11-23T03:00:00Z"), at("2026-11-24T03:00:00Z")));
        assert_eq!(today.before_until, at("2026-11-23T15:00:00Z"));
        let week = read("7", "", "");
        assert_eq!((week.before.0, week.before_until), (at("2026-11-11T03:00:00Z"), at("2026-11-17T15:00:00Z")));
        let over = read("custom", "2026-11-01", "2026-11-03");
        assert_eq!((over.before.0, over.before_until), (at("2026-10-29T03:00:00Z"), at("2026-11-01T03:00:00Z")));
    }

    #[test]
    fn every_instant_falls_in_one_bar_also_on_days_of_23_and_25_hours() {
        // Summer time began at midnight of 4 November 2018, and ended on 17 February 2019.
        for (zone, from, to) in [
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04"),
            ("America/Sao_Paulo", "2019-02-16", "2019-02-16"),
            ("America/Sao_Paulo", "2018-11-01", "2018-11-09"),
            ("America/Sao_Paulo", "2018-10-01", "2019-02-28"),
            ("Asia/Kathmandu", "2018-11-01", "2018-11-03"),
        ] {
            let calendar = Calendar::new(zone, at("2019-03-01T12:00:00Z"));
            let period = Period::read(Asked { period: "custom", from, to }, &calendar);
            let bars = period.bars();
            let mut seen = vec![0_u32; bars.len()];
            let mut minute = period.now.0;
            let mut all = 0;
            while minute < period.now.1 {
                let bar = period.bar_of(&calendar, minute).expect("a bar");
                if period.step != Step::Hour {
                    let day = calendar.date_of(minute);
                    assert!(bars[bar].0 <= day && day <= bars[bar].1, "{zone} {minute}");
                }
                seen[bar] += 1;
                all += 1;
                minute = Timestamp::from_second(minute.as_second() + 1_800).expect("an instant");
            }
            assert_eq!(seen.iter().sum::<u32>(), all, "{zone} {from}");
            assert_eq!(period.bar_of(&calendar, period.now.1), None, "the end is not in it");
            assert_eq!(period.bar_of(&calendar, period.before.0), None);
        }
        let calendar = Calendar::new("America/Sao_Paulo", at("2019-03-01T12:00:00Z"));
        let day = |day| Period::read(Asked { period: "custom", from: day, to: day }, &calendar);
        let long = |period: &Period| (period.now.1.as_second() - period.now.0.as_second()) / 3_600;
        assert_eq!((long(&day("2018-11-04")), long(&day("2019-02-16"))), (23, 25));
    }
}
