//! When something was or will be, in the ways tables say it: with an offset or without, a day and an hour apart, seconds
//! since 1970, a text as people write it.
//!
//! An hour that a zone's clocks skip is taken as the one after, one that they show twice as the first: as a calendar on the
//! wall would have it. Source: `field.md` §2, "Time".

use super::{expr::Expr, row::Row};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a table says when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum When {
    /// `timestamp` or `timestamptz`: what comes without an offset is in this zone.
    Stamp {
        /// The column.
        at: Expr,
        /// The zone of what has no offset of its own.
        naive: Naive,
    },
    /// A day and an hour in columns of their own, in the tenant's zone.
    DayAndHour {
        /// `date`, or a text like `24/11/2026`.
        day: Expr,
        /// `time`, or a text like `14h30`.
        hour: Expr,
        /// The day is a text by which rows cannot be put in order.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        written: bool,
    },
    /// A number since the beginning of 1970.
    Epoch {
        /// The column.
        at: Expr,
        /// What is counted.
        unit: Unit,
    },
    /// A text as people write it, in the tenant's zone: rows cannot be put in order by it.
    Written {
        /// The column.
        at: Expr,
    },
}

/// Which zone a time without an offset is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naive {
    /// Universal time: what Supabase's own clock columns hold.
    Utc,
    /// The tenant's: what forms and spreadsheets leave behind.
    Tenant,
}

/// What an epoch counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Millis,
}

impl When {
    /// The instant that a row says, in a tenant's zone.
    pub fn read(&self, row: &Row, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Stamp { at, naive } => {
                let zone = if *naive == Naive::Utc { &TimeZone::UTC } else { zone };
                stamp(&at.text(row)?, zone)
            }
            Self::DayAndHour { day, hour, .. } => {
                let day = read_day(&day.text(row)?)?;
                let hour = read_hour(&hour.text(row)?)?;
                on_the_wall(day.to_datetime(hour), zone)
            }
            Self::Epoch { at, unit } => {
                let number = match at.value(row)? {
                    Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
                    Value::String(text) => whole(text.trim().parse().ok()?),
                    _ => None,
                }?;
                match unit {
                    Unit::Seconds => Timestamp::from_second(number).ok(),
                    Unit::Millis => Timestamp::from_millisecond(number).ok(),
                }
            }
            Self::Written { at } => stamp(&at.text(row)?, zone),
        }
    }

    /// The zone that a row's time is taken to be in, where the row says none itself.
    pub fn assumed(&self, row: &Row) -> Option<Naive> {
        let (at, naive) = match self {
            Self::Stamp { at, naive } => (at, *naive),
            Self::Written { at } => (at, Naive::Tenant),
            Self::DayAndHour { .. } => return Some(Naive::Tenant),
            Self::Epoch { .. } => return None,
        };
        at.text(row).is_some_and(|text| text.trim().parse::<Timestamp>().is_err()).then_some(naive)
    }

    /// The column that puts rows in order of time, in PostgREST's words, if there is one.
    pub fn ordered(&self) -> Option<String> {
        match self {
            Self::Stamp { at, .. } | Self::Epoch { at, .. } => at.ordered(),
            Self::DayAndHour { day, written: false, .. } => day.ordered(),
            Self::DayAndHour { .. } | Self::Written { .. } => None,
        }
    }

    /// A row's value in the column of [`When::ordered`], as it came.
    pub fn raw(&self, row: &Row) -> Option<String> {
        match self {
            Self::Stamp { at, .. } | Self::Epoch { at, .. } | Self::Written { at } => at.text(row),
            Self::DayAndHour { day, .. } => day.text(row),
        }
    }

    /// An instant as a value of [`When::ordered`]'s column. For a day and an hour it is the day: whoever asks from a bound
    /// on must look again at the hour.
    pub fn bound(&self, instant: Timestamp, zone: &TimeZone) -> Option<String> {
        let civil = || zone.to_datetime(instant);
        Some(match self {
            Self::Stamp { naive: Naive::Utc, .. } => instant.to_string(),
            // With its offset: a column without one ignores it, one with needs it.
            Self::Stamp { naive: Naive::Tenant, .. } => {
                instant.display_with_offset(zone.to_offset(instant)).to_string()
            }
            Self::DayAndHour { written: false, .. } => civil().date().to_string(),
            Self::Epoch { unit: Unit::Seconds, .. } => instant.as_second().to_string(),
            Self::Epoch { unit: Unit::Millis, .. } => instant.as_millisecond().to_string(),
            Self::DayAndHour { .. } | Self::Written { .. } => return None,
        })
    }

    /// All that must be selected for it.
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Stamp { at, .. } | Self::Epoch { at, .. } | Self::Written { at } => vec![at],
            Self::DayAndHour { day, hour, .. } => vec![day, hour],
        }
    }
}

/// The text of a time in any usual form.
fn stamp(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return on_the_wall(civil, zone);
    }
    // `24/11/2026 14:30`, `24/11/2026`, `24/11/2026, às 14h30`
    let (day, rest) = text.split_once([' ', ',', 'T']).unwrap_or((text, ""));
    let rest = rest.trim_start_matches([',', ' ']).trim_start_matches("às").trim_start_matches("as").trim();
    let hour = if rest.is_empty() { Time::midnight() } else { read_hour(rest)? };
    on_the_wall(read_day(day)?.to_datetime(hour), zone)
}

/// A day as ISO has it, or as people write it, the day before the month.
fn read_day(text: &str) -> Option<Date> {
    let text = text.trim();
    // A `date` column may have become a timestamp.
    let iso = text.get(..10).unwrap_or(text);
    if let Ok(day) = iso.parse::<Date>() {
        return Some(day);
    }
    let mut parts = text.split(['/', '.', '-']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let year = if (0..100).contains(&year) { 2000 + year } else { year };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `14:30`, `14:30:00`, `14h30`, `14h`, `9`, `2:30 PM`.
fn read_hour(text: &str) -> Option<Time> {
    let lower = text.trim().to_lowercase();
    let (clock, half) = match lower.strip_suffix("pm").or_else(|| lower.strip_suffix("p.m.")) {
        Some(clock) => (clock.trim(), Some(12)),
        None => match lower.strip_suffix("am").or_else(|| lower.strip_suffix("a.m.")) {
            Some(clock) => (clock.trim(), Some(0)),
            None => (lower.as_str(), None),
        },
    };
    let clock = clock.trim_end_matches("min").trim_end_matches(['h', 's']);
    // An offset or a fraction of a second says nothing about an hour on the wall.
    let clock = clock.split(['+', '.', 'z']).next()?;
    let mut parts = clock.split([':', 'h']).map(str::trim);
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let mut next = || match parts.next() {
        None | Some("") => Some(0),
        Some(text) => text.parse::<i8>().ok(),
    };
    let (minute, second) = (next()?, next()?);
    if let Some(half) = half {
        hour = hour % 12 + half;
    }
    Time::new(hour, minute, second, 0).ok()
}

/// The instant at which clocks of the zone show this.
fn on_the_wall(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(civil).compatible().ok()
}

/// A number without a fraction that a clock could have.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is within the exact whole numbers")]
    (number.is_finite() && number.abs() < 9.0e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn expr(text: &str) -> Expr {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(when: &When, json: &str, expected: Option<&str>) {
        let row: Row = serde_json::from_str(json).unwrap();
        let found = when.read(&row, &zone("America/Sao_Paulo")).map(|instant| instant.to_string());
        assert_eq!(found.as_deref(), expected, "{json}");
    }

    #[test]
    fn stamps_with_and_without_an_offset() {
        let utc = When::Stamp { at: expr("at"), naive: Naive::Utc };
        let local = When::Stamp { at: expr("at"), naive: Naive::Tenant };
        // Both of one row of a real export.
        check(&utc, r#"{"at":"2026-11-24T20:01:02.539856"}"#, Some("2026-11-24T20:01:02.539856Z"));
        check(&utc, r#"{"at":"2026-11-24T20:01:02.539856+00:00"}"#, Some("2026-11-24T20:01:02.539856Z"));
        check(&local, r#"{"at":"2026-11-24T20:01:02"}"#, Some("2026-11-24T23:01:02Z"));
        check(&local, r#"{"at":"2026-11-24 20:01:02-05"}"#, Some("2026-11-25T01:01:02Z"));
        for json in
            [r#"{"at":null}"#, r#"{"at":""}"#, r#"{"at":"infinity"}"#, r#"{"at":"amanhã"}"#, r#"{}"#, r#"{"at":[1]}"#]
        {
            check(&utc, json, None);
        }
    }

    #[test]
    fn whose_zone_it_is_is_known() {
        let row: Row =
            serde_json::from_str(r#"{"with":"2026-11-24T20:01:02+00:00","without":"2026-11-24T20:01:02","n":1}"#)
                .unwrap();
        let stamp = |at: &str, naive| When::Stamp { at: expr(at), naive };
        for (when, expected) in [
            (stamp("with", Naive::Tenant), None),
            (stamp("without", Naive::Tenant), Some(Naive::Tenant)),
            (stamp("without", Naive::Utc), Some(Naive::Utc)),
            (When::Written { at: expr("without") }, Some(Naive::Tenant)),
            (When::DayAndHour { day: expr("with"), hour: expr("n"), written: false }, Some(Naive::Tenant)),
            (When::Epoch { at: expr("n"), unit: Unit::Seconds }, None),
        ] {
            assert_eq!(when.assumed(&row), expected, "{when:?}");
        }
    }

    #[test]
    fn days_and_hours_apart() {
        let when = When::DayAndHour { day: expr("data"), hour: expr("hora"), written: false };
        for (day, hour, expected) in [
            ("2026-11-24", "14:30", Some("2026-11-24T17:30:00Z")),
            ("24/11/2026", "14h30", Some("2026-11-24T17:30:00Z")),
            ("24-11-26", "14h", Some("2026-11-24T17:00:00Z")),
            ("24/11/2026", "9", Some("2026-11-24T12:00:00Z")),
            ("2026-11-24T00:00:00", "14:30:00", Some("2026-11-24T17:30:00Z")),
            ("2026-11-24", "2:30 PM", Some("2026-11-24T17:30:00Z")),
            ("2026-11-24", "12:15 AM", Some("2026-11-24T03:15:00Z")),
            ("2026-11-24", "25:00", None),
            ("2026-02-30", "10:00", None),
            ("30/02/2026", "10:00", None),
            ("11/24/2026", "10:00", None),
            ("", "10:00", None),
            ("2026-11-24", "manhã", None),
        ] {
            check(&when, &serde_json::json!({ "data": day, "hora": hour }).to_string(), expected);
        }
    }

    #[test]
    fn epochs_and_texts_as_people_write_them() {
        let seconds = When::Epoch { at: expr("t"), unit: Unit::Seconds };
        let millis = When::Epoch { at: expr("t"), unit: Unit::Millis };
        check(&seconds, r#"{"t":1764000000}"#, Some("2025-11-24T16:00:00Z"));
        check(&seconds, r#"{"t":"1764000000"}"#, Some("2025-11-24T16:00:00Z"));
        check(&millis, r#"{"t":1764000000123}"#, Some("2025-11-24T16:00:00.123Z"));
        check(&seconds, r#"{"t":1e300}"#, None);
        check(&seconds, r#"{"t":true}"#, None);
        let written = When::Written { at: expr("quando") };
        for (text, expected) in [
            ("24/11/2026 14:30", Some("2026-11-24T17:30:00Z")),
            ("24/11/2026, às 14h30", Some("2026-11-24T17:30:00Z")),
            ("24/11/2026", Some("2026-11-24T03:00:00Z")),
            ("terça às 14h", None),
        ] {
            check(&written, &serde_json::json!({ "quando": text }).to_string(), expected);
        }
    }

    #[test]
    fn brazils_summer_time() {
        let when = When::Stamp { at: expr("at"), naive: Naive::Tenant };
        for (name, civil, expected) in [
            // It began at midnight of 4 November 2018: that hour was never shown.
            ("America/Sao_Paulo", "2018-11-03T23:59:59", "2018-11-04T02:59:59Z"),
            ("America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T03:30:00Z"),
            ("America/Sao_Paulo", "2018-11-04T01:00:00", "2018-11-04T03:00:00Z"),
            // It ended on 16 February 2019: 23:30 was shown twice.
            ("America/Sao_Paulo", "2019-02-16T23:30:00", "2019-02-17T01:30:00Z"),
            ("America/Sao_Paulo", "2019-02-17T00:00:00", "2019-02-17T03:00:00Z"),
            // There is none any more, and in the north there never was.
            ("America/Sao_Paulo", "2019-12-01T12:00:00", "2019-12-01T15:00:00Z"),
            ("America/Manaus", "2018-12-01T12:00:00", "2018-12-01T16:00:00Z"),
            ("America/Rio_Branco", "2026-12-01T12:00:00", "2026-12-01T17:00:00Z"),
            ("America/Noronha", "2026-12-01T12:00:00", "2026-12-01T14:00:00Z"),
            ("America/Cuiaba", "2018-12-01T12:00:00", "2018-12-01T15:00:00Z"),
            ("America/Recife", "2018-12-01T12:00:00", "2018-12-01T15:00:00Z"),
        ] {
            let row: Row = serde_json::from_str(&format!(r#"{{"at":"{civil}"}}"#)).unwrap();
            let found = when.read(&row, &zone(name)).unwrap();
            assert_eq!(found.to_string(), expected, "{name} {civil}");
        }
    }

    #[test]
    fn bounds_are_in_the_columns_own_words() {
        let instant: Timestamp = "2026-11-24T01:00:00Z".parse().unwrap();
        let saopaulo = zone("America/Sao_Paulo");
        for (when, column, bound) in [
            (When::Stamp { at: expr("a b"), naive: Naive::Utc }, Some("\"a b\""), Some("2026-11-24T01:00:00Z")),
            (When::Stamp { at: expr("a"), naive: Naive::Tenant }, Some("a"), Some("2026-11-23T22:00:00-03:00")),
            (When::DayAndHour { day: expr("d"), hour: expr("h"), written: false }, Some("d"), Some("2026-11-23")),
            (When::DayAndHour { day: expr("d"), hour: expr("h"), written: true }, None, None),
            (When::Epoch { at: expr("e"), unit: Unit::Millis }, Some("e"), Some("1763946000000")),
            (When::Written { at: expr("w") }, None, None),
        ] {
            assert_eq!(when.ordered().as_deref(), column, "{when:?}");
            if let Some(bound) = bound.filter(|_| !matches!(when, When::Epoch { .. })) {
                assert_eq!(when.bound(instant, &saopaulo).as_deref(), Some(bound), "{when:?}");
            }
        }
        let epoch = When::Epoch { at: expr("e"), unit: Unit::Millis };
        assert_eq!(epoch.bound(instant, &saopaulo), Some(instant.as_millisecond().to_string()));
        assert_eq!(When::Written { at: expr("w") }.bound(instant, &saopaulo), None);
    }

    #[test]
    fn a_mapping_keeps_it_as_json() {
        let when = When::DayAndHour { day: expr("data"), hour: expr("hora"), written: false };
        let json = serde_json::to_string(&when).unwrap();
        assert_eq!(json, r#"{"kind":"day_and_hour","day":"data","hour":"hora"}"#);
        assert_eq!(serde_json::from_str::<When>(&json).unwrap(), when);
        assert!(serde_json::from_str::<When>(r#"{"kind":"epoch","at":"","unit":"seconds"}"#).is_err());
    }
}
