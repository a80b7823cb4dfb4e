//! How numbers of the overview are written, and their changes.

use crate::{
    overview::{Compared, Partial, Share},
    words::number,
};
use app::{
    overview::{Change, Trend},
    tr,
};

/// "1 mensagem", "48.213 mensagens".
pub(super) fn many(how_many: u64, one: &str, more: &str) -> String {
    format!("{} {}", number(how_many), if how_many == 1 { one } else { more })
}

/// "8%", "12,5%".
pub(super) fn percent(part: u64, of: u64) -> String {
    let thousandths = Share::per_mille(part, of);
    match thousandths % 10 {
        0 => format!("{}%", thousandths / 10),
        tenth => format!("{}{}{tenth}%", thousandths / 10, decimal_point()),
    }
}

/// What parts a number from its tenths.
fn decimal_point() -> char {
    tr!(',', '.')
}

/// "35 s", "4 min", "2 h 10 min", "3 d 4 h".
pub(super) fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) if minutes % 60 == 0 => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (days, hours, _) if hours % 24 == 0 => format!("{days} d"),
        (days, hours, _) => format!("{days} d {} h", hours % 24),
    }
}

/// "Amostra: as 10.000 linhas mais recentes de 48.213."
pub(super) fn sample(partial: Partial) -> String {
    // Some projects do not say how many rows there are.
    let total = number(partial.total);
    let of = tr!(format!(" de {total}"), format!(" of {total}"));
    let of = if partial.total > partial.read { of } else { String::new() };
    match partial.read {
        1 => tr!(format!("Amostra: a linha mais recente{of}."), format!("Sample: the newest row{of}.")),
        read => {
            let read = number(read);
            tr!(format!("Amostra: as {read} linhas mais recentes{of}."), format!("Sample: the newest {read} rows{of}."))
        }
    }
}

/// What a rise means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rise {
    /// Something good.
    Good,
    /// Something bad.
    Bad,
    /// Neither.
    Plain,
}

/// A number's change.
pub(super) fn change(figure: Compared, rise: Rise) -> Option<Change> {
    let before = figure.before?;
    Some(changed(figure.now, before, number(before), in_percent(figure.now, before), rise))
}

/// A duration's change.
pub(super) fn duration_change(now: i64, before: Option<i64>, rise: Rise) -> Option<Change> {
    let before = before?;
    let seconds = |seconds: i64| u64::try_from(seconds).unwrap_or_default();
    let words = in_percent(seconds(now), seconds(before));
    Some(changed(seconds(now), seconds(before), duration(before), words, rise))
}

/// A share's change, in points of a hundred.
pub(super) fn share_change(share: Share, rise: Rise) -> Option<Change> {
    let (part, of) = share.before?;
    let (now, before) = (Share::per_mille(share.part, share.of), Share::per_mille(part, of));
    let points = now.abs_diff(before);
    let words = match (points, points % 10) {
        (0, _) => same(),
        (_, 0) => format!("{} {}", points / 10, tr!("p.p.", "pp")),
        (_, tenth) => format!("{}{}{tenth} {}", points / 10, decimal_point(), tr!("p.p.", "pp")),
    };
    Some(changed(now, before, percent(part, of), words, rise))
}

fn changed(now: u64, before: u64, before_words: String, words: String, rise: Rise) -> Change {
    let trend = match now.cmp(&before) {
        std::cmp::Ordering::Greater => Trend::Up,
        std::cmp::Ordering::Less => Trend::Down,
        std::cmp::Ordering::Equal => Trend::Level,
    };
    let good = match (trend, rise) {
        (Trend::Level, _) | (_, Rise::Plain) => None,
        (trend, rise) => Some((trend == Trend::Up) == (rise == Rise::Good)),
    };
    Change { before: before_words, against: String::new(), words, trend, good }
}

fn same() -> String {
    tr!("igual", "the same").to_owned()
}

/// "12%", "igual", "novo" when there was nothing before.
fn in_percent(now: u64, before: u64) -> String {
    match before {
        before if now == before => same(),
        0 => tr!("novo", "new").to_owned(),
        before => {
            let hundredths = (u128::from(now.abs_diff(before)) * 100 + u128::from(before) / 2) / u128::from(before);
            format!("{}%", number(u64::try_from(hundredths).unwrap_or(u64::MAX)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_shares_and_durations_are_written_as_people_do() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (48_213, "48.213"), (1_234_567, "1.234.567")] {
            assert_eq!(number(value), text);
        }
        for (part, of, text) in [(0, 5, "0%"), (1, 8, "12,5%"), (1, 3, "33,3%"), (2, 3, "66,7%"), (5, 5, "100%")] {
            assert_eq!(percent(part, of), text);
        }
        for (seconds, text) in [
            (-5, "0 s"),
            (35, "35 s"),
            (260, "4 min"),
            (7_200, "2 h"),
            (7_830, "2 h 10 min"),
            (86_400, "1 d"),
            (100_000, "1 d 3 h"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn changes_are_told_in_words() {
        for (now, before, words, trend) in [
            (0, 0, "igual", Trend::Level),
            (3, 0, "novo", Trend::Up),
            (112, 100, "12%", Trend::Up),
            (94, 100, "6%", Trend::Down),
            (0, 4, "100%", Trend::Down),
        ] {
            let found = change(Compared { now, before: Some(before) }, Rise::Bad).unwrap();
            assert_eq!((found.words.as_str(), found.trend), (words, trend));
            assert_eq!(found.good, (trend != Trend::Level).then_some(trend == Trend::Down));
        }
        assert_eq!(change(Compared { now: 1, before: None }, Rise::Good), None);
        let share = Share { part: 1, of: 8, before: Some((1, 10)) };
        let found = share_change(share, Rise::Plain).unwrap();
        assert_eq!((found.before.as_str(), found.words.as_str(), found.good), ("10%", "2,5 p.p.", None));
    }
}
