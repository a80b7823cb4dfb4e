//! How long, as people say it: "40 minutos", "26 horas", "3 dias". Rounded down, so that a promise is never too long.

use app::lang::Lang;
use jiff::Timestamp;

/// The time between two instants, whichever comes first, in the words of a language.
pub(super) fn words(lang: Lang, one: Timestamp, other: Timestamp) -> String {
    let minutes = one.duration_until(other).abs().as_mins();
    let counted = |number: i64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    match (minutes, lang) {
        (0, Lang::Pt) => "menos de um minuto".to_owned(),
        (0, Lang::En) => "less than a minute".to_owned(),
        (1..=119, Lang::Pt) => counted(minutes, "minuto", "minutos"),
        (1..=119, Lang::En) => counted(minutes, "minute", "minutes"),
        (120..=2_879, Lang::Pt) => counted(minutes / 60, "hora", "horas"),
        (120..=2_879, Lang::En) => counted(minutes / 60, "hour", "hours"),
        (_, Lang::Pt) => counted(minutes / 1_440, "dia", "dias"),
        (_, Lang::En) => counted(minutes / 1_440, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use app::lang::Lang;
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
            assert_eq!(words(Lang::Pt, now, then), text);
            assert_eq!(words(Lang::Pt, then, now), text, "and back");
        }
    }
}
