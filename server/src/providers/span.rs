//! How long, as people say it: "40 minutos", "26 horas", "3 dias". Rounded down, so that a promise is never too long.

use jiff::Timestamp;

/// The time between two instants, whichever comes first.
pub(super) fn words(one: Timestamp, other: Timestamp) -> String {
    let minutes = one.duration_until(other).abs().as_mins();
    let counted = |number: i64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    match minutes {
        0 => "menos de um minuto".to_owned(),
        1..=119 => counted(minutes, "minuto", "minutos"),
        120..=2_879 => counted(minutes / 60, "hora", "horas"),
        _ => counted(minutes / 1_440, "dia", "dias"),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn counts_in_what_people_count_in() {
        let now = Timestamp::UNIX_EPOCH;
        for (minutes, text) in [
            (0, "menos de um minuto"),
            (1, "1 minuto"),
            (119, "119 minutos"),
            (120, "2 horas"),
            (26 * 60 + 59, "26 horas"),
            (48 * 60 - 1, "47 horas"),
            (48 * 60, "2 dias"),
            (60 * 1_440, "60 dias"),
        ] {
            let then = now + SignedDuration::from_mins(minutes);
            assert_eq!(words(now, then), text);
            assert_eq!(words(then, now), text, "and back");
        }
    }
}
