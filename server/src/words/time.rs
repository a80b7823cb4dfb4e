//! Instants as people say them, in one tenant's zone, seen from one "now".

use app::ui::When;
use jiff::{Timestamp, ToSpan, ZonedDateTime, civil::Date, civil::Weekday, tz::TimeZone};

/// A tenant's zone with the instant of the request: all wording of one answer uses the same.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    zone_name: String,
    now: ZonedDateTime,
}

impl Calendar {
    /// The calendar of an IANA zone at `now`. An unknown zone name (the store checks them, but zones get renamed) falls
    /// back to Brasília's.
    pub fn new(zone_name: &str, now: Timestamp) -> Self {
        let (zone, zone_name) = match TimeZone::get(zone_name) {
            Ok(zone) => (zone, zone_name.to_owned()),
            Err(_) => {
                (TimeZone::get("America/Sao_Paulo").expect("the zone data is built in"), "America/Sao_Paulo".to_owned())
            }
        };
        Self { now: now.to_zoned_datetime(zone.clone()), zone, zone_name }
    }

    /// The instant this calendar looks from.
    pub fn now(&self) -> Timestamp {
        self.now.timestamp()
    }

    /// Today's date.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// The date of an instant.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The first instant of a day (not always midnight: Brazil's summer time began at midnight).
    pub fn start_of(&self, day: Date) -> Timestamp {
        day.to_zoned_datetime(self.zone.clone())
            .and_then(|zoned| zoned.start_of_day())
            .map_or_else(|_| self.now(), |zoned| zoned.timestamp())
    }

    /// How far into its day the present is.
    pub fn time_today(&self) -> jiff::civil::Time {
        self.now.time()
    }

    /// The same clock time on another day.
    pub fn same_time_on(&self, day: Date) -> Timestamp {
        day.to_datetime(self.time_today())
            .to_zoned_datetime(self.zone.clone())
            .map_or_else(|_| self.now(), |zoned| zoned.timestamp())
    }

    /// "há 5 min", "14:32", "ontem 18:03", "12 nov": what a list needs.
    pub fn recently(&self, instant: Timestamp) -> When {
        let zoned = instant.to_zoned_datetime(self.zone.clone());
        let minutes = self.now.timestamp().as_second().saturating_sub(instant.as_second()) / 60;
        let text = match (minutes, days_between(zoned.date(), self.today())) {
            (0, _) => "agora".to_owned(),
            (1..=59, _) => format!("há {minutes} min"),
            (_, 0) => clock(&zoned),
            (_, 1) => format!("ontem {}", clock(&zoned)),
            (_, 2..=6) => format!("{} {}", short_weekday(zoned.date().weekday()), clock(&zoned)),
            _ if zoned.year() == self.now.year() => day_and_month(zoned.date()),
            _ => zoned.strftime("%d/%m/%Y").to_string(),
        };
        self.when(text, &zoned)
    }

    /// "hoje 15:00", "amanhã 09:30", "qui 09:30", "12 dez 09:30": what comes next.
    pub fn soon(&self, instant: Timestamp) -> When {
        let zoned = instant.to_zoned_datetime(self.zone.clone());
        let day = match days_between(self.today(), zoned.date()) {
            0 => "hoje".to_owned(),
            1 => "amanhã".to_owned(),
            2..=6 => short_weekday(zoned.date().weekday()).to_owned(),
            _ => day_and_month(zoned.date()),
        };
        self.when(format!("{day} {}", clock(&zoned)), &zoned)
    }

    /// "02/03/2026 14:32:07": what a spreadsheet reads.
    pub fn exact(&self, instant: Timestamp) -> String {
        instant.to_zoned_datetime(self.zone.clone()).strftime("%d/%m/%Y %H:%M:%S").to_string()
    }

    /// "14:32".
    pub fn time(&self, instant: Timestamp) -> When {
        let zoned = instant.to_zoned_datetime(self.zone.clone());
        self.when(clock(&zoned), &zoned)
    }

    /// "hoje", "ontem" or the day in full.
    pub fn day_name(&self, day: Date) -> String {
        match days_between(day, self.today()) {
            0 => "hoje".to_owned(),
            1 => "ontem".to_owned(),
            _ => self.full_day(day),
        }
    }

    /// "terça, 24 de novembro", with the year when it is another one.
    pub fn full_day(&self, day: Date) -> String {
        let year = if day.year() == self.now.year() { String::new() } else { format!(" de {}", day.year()) };
        format!("{}, {} de {}{year}", weekday(day.weekday()), day.day(), month(day))
    }

    /// "24 a 30 de novembro", "28 de novembro a 4 de dezembro".
    pub fn span(&self, first: Date, last: Date) -> String {
        if first.month() == last.month() {
            format!("{} a {} de {}", first.day(), last.day(), month(last))
        } else {
            format!("{} de {} a {} de {}", first.day(), month(first), last.day(), month(last))
        }
    }

    /// "horário de São Paulo".
    pub fn zone_words(&self) -> String {
        let city = self.zone_name.rsplit('/').next().unwrap_or_default().replace('_', " ");
        let city = match city.as_str() {
            "Sao Paulo" => "São Paulo",
            "Belem" => "Belém",
            "Cuiaba" => "Cuiabá",
            "Maceio" => "Maceió",
            "Araguaina" => "Araguaína",
            "Noronha" => "Fernando de Noronha",
            other => other,
        };
        format!("horário de {city}")
    }

    fn when(&self, text: String, zoned: &ZonedDateTime) -> When {
        let full = format!("{}, {} ({})", self.full_day(zoned.date()), zoned.strftime("%H:%M:%S"), self.zone_words());
        When { text, full, iso: zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string() }
    }
}

/// "24 nov".
pub fn day_and_month(day: Date) -> String {
    const SHORT: [&str; 12] = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];
    format!("{} {}", day.day(), SHORT[usize::from(day.month().unsigned_abs()) - 1])
}

fn clock(zoned: &ZonedDateTime) -> String {
    zoned.strftime("%H:%M").to_string()
}

/// Whole days from `first` to `last`; negative when `last` comes first.
fn days_between(first: Date, last: Date) -> i64 {
    first.until(last).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

fn month(day: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ];
    MONTHS[usize::from(day.month().unsigned_abs()) - 1]
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "segunda",
        Weekday::Tuesday => "terça",
        Weekday::Wednesday => "quarta",
        Weekday::Thursday => "quinta",
        Weekday::Friday => "sexta",
        Weekday::Saturday => "sábado",
        Weekday::Sunday => "domingo",
    }
}

fn short_weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "seg",
        Weekday::Tuesday => "ter",
        Weekday::Wednesday => "qua",
        Weekday::Thursday => "qui",
        Weekday::Friday => "sex",
        Weekday::Saturday => "sáb",
        Weekday::Sunday => "dom",
    }
}

/// `days` days after (before, when negative) a date, kept within the calendar's range.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, now: &str) -> Calendar {
        Calendar::new(zone, now.parse().expect("an instant"))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_past_is_told_in_words() {
        let calendar = calendar("America/Sao_Paulo", "2026-11-24T17:32:10Z");
        for (instant, text) in [
            ("2026-11-24T17:32:00Z", "agora"),
            ("2026-11-24T17:27:00Z", "há 5 min"),
            ("2026-11-24T12:05:00Z", "09:05"),
            ("2026-11-24T02:30:00Z", "ontem 23:30"),
            ("2026-11-20T12:00:00Z", "sex 09:00"),
            ("2026-11-02T12:00:00Z", "2 nov"),
            ("2025-11-02T12:00:00Z", "02/11/2025"),
        ] {
            assert_eq!(calendar.recently(at(instant)).text, text, "for {instant}");
        }
    }

    #[test]
    fn the_future_is_told_in_words() {
        let calendar = calendar("America/Recife", "2026-11-24T17:32:10Z");
        for (instant, text) in [
            ("2026-11-24T18:00:00Z", "hoje 15:00"),
            ("2026-11-25T12:30:00Z", "amanhã 09:30"),
            ("2026-11-26T12:30:00Z", "qui 09:30"),
            ("2026-12-12T12:30:00Z", "12 dez 09:30"),
        ] {
            assert_eq!(calendar.soon(at(instant)).text, text, "for {instant}");
        }
    }

    #[test]
    fn the_exact_instant_is_kept_beside_the_words() {
        let when = calendar("America/Sao_Paulo", "2026-11-24T17:32:10Z").time(at("2026-11-24T17:05:09.123456Z"));
        assert_eq!(when.text, "14:05");
        assert_eq!(when.full, "terça, 24 de novembro, 14:05:09 (horário de São Paulo)");
        assert_eq!(when.iso, "2026-11-24T14:05:09-03:00");
    }

    #[test]
    fn a_day_without_midnight_starts_at_one() {
        // Summer time of 2018 began at 00:00 on 4 November: that day's first instant was 01:00 local, 03:00 UTC.
        let calendar = calendar("America/Sao_Paulo", "2018-11-04T15:00:00Z");
        assert_eq!(calendar.start_of(calendar.today()), at("2018-11-04T03:00:00Z"));
    }

    #[test]
    fn spans_name_the_month_once_when_they_can() {
        let calendar = calendar("America/Sao_Paulo", "2026-11-24T15:00:00Z");
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(calendar.span(day("2026-11-24"), day("2026-11-30")), "24 a 30 de novembro");
        assert_eq!(calendar.span(day("2026-11-28"), day("2026-12-04")), "28 de novembro a 4 de dezembro");
    }

    #[test]
    fn an_unknown_zone_is_brasilias() {
        assert_eq!(calendar("Mars/Olympus", "2026-11-24T15:00:00Z").zone_words(), "horário de São Paulo");
    }
}
