//! When a business is open: days of the week and hours on its own clock. Monday to Friday, eight to six, until somebody says
//! otherwise; whoever shows that says that it is assumed.

use jiff::civil::{DateTime, Weekday};
use serde::{Deserialize, Serialize};

/// Days and hours; inside from the opening minute until before the closing one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct BusinessHours {
    days: [bool; 7],
    opens: u16,
    closes: u16,
}

/// As the store keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// 1 is Monday, 7 is Sunday.
    days: Vec<u8>,
    opens: String,
    closes: String,
}

/// Hours that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// No day of the week.
    #[error("no day")]
    Days,
    /// Not a time like `08:00`.
    #[error("not an opening time")]
    Opens,
    /// Not a time like `18:00`, or not after the opening one.
    #[error("not a closing time after the opening one")]
    Closes,
}

/// The last minute of a day, which nobody means to leave out.
const LAST: u16 = 23 * 60 + 59;

impl BusinessHours {
    /// Hours as a form has them: Monday first, times as `08:00`.
    ///
    /// # Errors
    /// See [`BadHours`].
    pub fn new(days: [bool; 7], opens: &str, closes: &str) -> Result<Self, BadHours> {
        let opens = minute(opens).ok_or(BadHours::Opens)?;
        let closes = minute(closes).filter(|closes| *closes > opens).ok_or(BadHours::Closes)?;
        if days.contains(&true) { Ok(Self { days, opens, closes }) } else { Err(BadHours::Days) }
    }

    /// Whether somebody is there at this time on the clock.
    pub fn contain(&self, at: DateTime) -> bool {
        let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        let before_the_end = minute < self.closes || self.closes == LAST;
        self.days[index(at.weekday())] && minute >= self.opens && before_the_end
    }

    /// Which days, Monday first.
    pub fn days(&self) -> [bool; 7] {
        self.days
    }

    /// "08:00" and "18:00".
    pub fn times(&self) -> (String, String) {
        (clock(self.opens), clock(self.closes))
    }

    /// The text that the store keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain data")
    }
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self { days: [true, true, true, true, true, false, false], opens: 8 * 60, closes: 18 * 60 }
    }
}

impl TryFrom<Kept> for BusinessHours {
    type Error = BadHours;

    fn try_from(kept: Kept) -> Result<Self, BadHours> {
        let mut days = [false; 7];
        for day in kept.days {
            *usize::from(day).checked_sub(1).and_then(|day| days.get_mut(day)).ok_or(BadHours::Days)? = true;
        }
        Self::new(days, &kept.opens, &kept.closes)
    }
}

impl From<BusinessHours> for Kept {
    fn from(hours: BusinessHours) -> Self {
        let (opens, closes) = hours.times();
        let days = (1..).zip(hours.days).filter(|(_, open)| *open).map(|(day, _)| day).collect();
        Self { days, opens, closes }
    }
}

fn index(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

/// Minutes since midnight of `08:00`; browsers may add seconds.
fn minute(text: &str) -> Option<u16> {
    let mut parts = text.trim().split(':');
    let mut two = |most: u16| {
        let part = parts.next()?;
        let good = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u16>().ok().filter(|number| good && *number < most)
    };
    let (hour, minute) = (two(24)?, two(60)?);
    (parts.count() <= 1).then_some(hour * 60 + minute)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_at_the_edge() {
        let week = [true; 7];
        for (days, opens, closes, expected) in [
            (week, "08:00", "18:00", None),
            (week, "08:00:00", "23:59", None),
            ([false; 7], "08:00", "18:00", Some(BadHours::Days)),
            (week, "8", "18:00", Some(BadHours::Opens)),
            (week, "24:00", "18:00", Some(BadHours::Opens)),
            (week, "+8:00", "18:00", Some(BadHours::Opens)),
            (week, "18:00", "18:00", Some(BadHours::Closes)),
            (week, "22:00", "06:00", Some(BadHours::Closes)),
            (week, "08:00", "", Some(BadHours::Closes)),
        ] {
            assert_eq!(BusinessHours::new(days, opens, closes).err(), expected, "{opens} {closes}");
        }
    }

    #[test]
    fn they_survive_their_json_and_nothing_else_is_taken() {
        let hours = BusinessHours::default();
        assert_eq!(hours.to_json(), r#"{"days":[1,2,3,4,5],"opens":"08:00","closes":"18:00"}"#);
        assert_eq!(serde_json::from_str::<BusinessHours>(&hours.to_json()).unwrap(), hours);
        for json in [
            "{}",
            r#"{"days":[0],"opens":"08:00","closes":"18:00"}"#,
            r#"{"days":[8],"opens":"08:00","closes":"18:00"}"#,
        ] {
            assert!(serde_json::from_str::<BusinessHours>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn the_closing_minute_is_outside_but_the_days_last_one() {
        let hours = BusinessHours::default();
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        for (civil, inside) in [
            ("2026-11-24T08:00:00", true),
            ("2026-11-24T17:59:59", true),
            ("2026-11-24T18:00:00", false),
            ("2026-11-24T07:59:59", false),
            ("2026-11-28T12:00:00", false),
        ] {
            assert_eq!(hours.contain(at(civil)), inside, "{civil}");
        }
        let late = BusinessHours::new([true; 7], "00:00", "23:59").unwrap();
        assert!(late.contain(at("2026-11-28T23:59:30")) && late.contain(at("2026-11-28T00:00:00")));
    }
}
