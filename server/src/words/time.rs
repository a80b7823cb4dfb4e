//! Instants as people say them, in one tenant's zone, seen from one "now", in the reader's language.

use app::{tr, ui::When};
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

    /// What the tenant's clocks and calendars show at an instant.
    pub fn civil(&self, instant: Timestamp) -> jiff::civil::DateTime {
        instant.to_zoned_datetime(self.zone.clone()).datetime()
    }

    /// The hour on the clock at an instant: 0 to 23.
    pub fn hour_of(&self, instant: Timestamp) -> i8 {
        self.civil(instant).hour()
    }

    /// The first instant of a day (not always midnight: Brazil's summer time began at midnight).
    pub fn start_of(&self, day: Date) -> Timestamp {
        day.to_zoned_datetime(self.zone.clone())
            .and_then(|zoned| zoned.start_of_day())
            .map_or_else(|_| self.now(), |zoned| zoned.timestamp())
    }

    /// How far the clock on the wall is into its day, in seconds.
    pub fn seconds_of_day(&self, instant: Timestamp) -> i32 {
        let time = instant.to_zoned_datetime(self.zone.clone()).time();
        i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second())
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
            (0, _) => tr!("agora", "now").to_owned(),
            (1..=59, _) => tr!(format!("há {minutes} min"), format!("{minutes} min ago")),
            (_, 0) => clock(&zoned),
            (_, 1) => format!("{} {}", tr!("ontem", "yesterday"), clock(&zoned)),
            (_, 2..=6) => format!("{} {}", short_weekday(zoned.date().weekday()), clock(&zoned)),
            _ if zoned.year() == self.now.year() => day_and_month(zoned.date()),
            _ => in_numbers(&zoned),
        };
        self.when(text, &zoned)
    }

    /// "hoje 15:00", "amanhã 09:30", "qui 09:30", "12 dez 09:30", "12/12/2027 09:30": what comes next.
    pub fn soon(&self, instant: Timestamp) -> When {
        let zoned = instant.to_zoned_datetime(self.zone.clone());
        let day = match days_between(self.today(), zoned.date()) {
            0 => tr!("hoje", "today").to_owned(),
            1 => tr!("amanhã", "tomorrow").to_owned(),
            2..=6 => short_weekday(zoned.date().weekday()).to_owned(),
            _ if zoned.year() == self.now.year() => day_and_month(zoned.date()),
            _ => in_numbers(&zoned),
        };
        self.when(format!("{day} {}", clock(&zoned)), &zoned)
    }

    /// "02/03/2026 14:32:07": what a spreadsheet reads.
    pub fn exact(&self, instant: Timestamp) -> String {
        let form = tr!("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S");
        instant.to_zoned_datetime(self.zone.clone()).strftime(form).to_string()
    }

    /// "14:32".
    pub fn time(&self, instant: Timestamp) -> When {
        let zoned = instant.to_zoned_datetime(self.zone.clone());
        self.when(clock(&zoned), &zoned)
    }

    /// "hoje", "ontem" or the day in full.
    pub fn day_name(&self, day: Date) -> String {
        match days_between(day, self.today()) {
            0 => tr!("hoje", "today").to_owned(),
            1 => tr!("ontem", "yesterday").to_owned(),
            _ => self.full_day(day),
        }
    }

    /// "terça, 24 de novembro", with the year when it is another one.
    pub fn full_day(&self, day: Date) -> String {
        {
            let (name, number, month, year) = (weekday(day.weekday()), day.day(), month(day), self.other_year(day));
            tr!(format!("{name}, {number} de {month}{year}"), format!("{name}, {number} {month}{year}"))
        }
    }

    /// "24 a 30 de novembro", "28 de novembro a 4 de dezembro", with the year when it ends in another one, and with both
    /// when it begins in one and ends in the next.
    pub fn span(&self, first: Date, last: Date) -> String {
        {
            let (from, until) = (first.day(), last.day());
            let (from_month, until_month, year) = (month(first), month(last), self.other_year(last));
            if first.year() != last.year() {
                let (from_year, until_year) = (first.year(), last.year());
                return tr!(
                    format!("{from} de {from_month} de {from_year} a {until} de {until_month} de {until_year}"),
                    format!("{from} {from_month} {from_year} to {until} {until_month} {until_year}")
                );
            }
            if first.month() == last.month() {
                tr!(
                    format!("{from} a {until} de {until_month}{year}"),
                    format!("{from} to {until} {until_month}{year}")
                )
            } else {
                tr!(
                    format!("{from} de {from_month} a {until} de {until_month}{year}"),
                    format!("{from} {from_month} to {until} {until_month}{year}")
                )
            }
        }
    }

    /// "novembro de 2026".
    pub fn month_of(&self, day: Date) -> String {
        tr!(format!("{} de {}", month(day), day.year()), format!("{} {}", month(day), day.year()))
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
            "Santarem" => "Santarém",
            "Eirunepe" => "Eirunepé",
            "Bahia" => return tr!("horário da Bahia", "Bahia time").to_owned(),
            other => other,
        };
        tr!(format!("horário de {city}"), format!("{city} time"))
    }

    /// A day's year behind its month, where it is not the present one.
    fn other_year(&self, day: Date) -> String {
        match day.year() {
            year if year == self.now.year() => String::new(),
            year => tr!(format!(" de {year}"), format!(" {year}")),
        }
    }

    fn when(&self, text: String, zoned: &ZonedDateTime) -> When {
        let full = format!("{}, {} ({})", self.full_day(zoned.date()), zoned.strftime("%H:%M:%S"), self.zone_words());
        When { text, full, iso: zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string() }
    }
}

/// "24 nov".
pub fn day_and_month(day: Date) -> String {
    const SHORT: [&str; 12] = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];
    const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let months = tr!(&SHORT, &ENGLISH);
    format!("{} {}", day.day(), months[usize::from(day.month().unsigned_abs()) - 1])
}

/// "ter 24".
pub fn short_day(day: Date) -> String {
    format!("{} {}", short_weekday(day.weekday()), day.day())
}

fn clock(zoned: &ZonedDateTime) -> String {
    zoned.strftime("%H:%M").to_string()
}

/// "12/11/2026"; in English as ISO has it, which nobody takes for another day.
fn in_numbers(zoned: &ZonedDateTime) -> String {
    zoned.strftime(tr!("%d/%m/%Y", "%Y-%m-%d")).to_string()
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
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let months = tr!(&MONTHS, &ENGLISH);
    months[usize::from(day.month().unsigned_abs()) - 1]
}

/// "segunda".
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => tr!("segunda", "Monday"),
        Weekday::Tuesday => tr!("terça", "Tuesday"),
        Weekday::Wednesday => tr!("quarta", "Wednesday"),
        Weekday::Thursday => tr!("quinta", "Thursday"),
        Weekday::Friday => tr!("sexta", "Friday"),
        Weekday::Saturday => tr!("sábado", "Saturday"),
        Weekday::Sunday => tr!("domingo", "Sunday"),
    }
}

/// "na segunda", "no sábado".
pub fn on_weekday(day: Weekday) -> String {
    let on = if matches!(day, Weekday::Saturday | Weekday::Sunday) { "no" } else { "na" };
    format!("{} {}", tr!(on, "on"), weekday(day))
}

/// "seg".
pub fn short_weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => tr!("seg", "Mon"),
        Weekday::Tuesday => tr!("ter", "Tue"),
        Weekday::Wednesday => tr!("qua", "Wed"),
        Weekday::Thursday => tr!("qui", "Thu"),
        Weekday::Friday => tr!("sex", "Fri"),
        Weekday::Saturday => tr!("sáb", "Sat"),
        Weekday::Sunday => tr!("dom", "Sun"),
    }
}

/// `days` days after (before, when negative) a date, kept within the calendar's range.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// An ISO date of this century or near it; anything else is no date.
pub fn plain_day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| (1970..=2200).contains(&day.year()) && day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::lang::{Lang, speak};

    #[test]
    fn only_plain_dates_are_days() {
        assert!(plain_day("2026-11-24").is_some());
        for text in ["", "2026-13-01", "24/11/2026", "2026-11-24T10:00", "9999-01-01", "-000001-01-01", "20261124"] {
            assert_eq!(plain_day(text), None, "for {text:?}");
        }
    }

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
        assert_eq!(calendar.span(day("2031-03-02"), day("2031-03-08")), "2 a 8 de março de 2031");
        assert_eq!(
            (calendar.month_of(day("2027-01-31")), short_day(day("2026-11-28"))),
            ("janeiro de 2027".into(), "sáb 28".into())
        );
    }

    #[test]
    fn a_calendar_speaks_english_too() {
        speak(Lang::En, in_english);
    }

    fn in_english() {
        let calendar = calendar("America/Sao_Paulo", "2026-11-24T17:32:10Z");
        for (instant, recently) in [
            ("2026-11-24T17:32:00Z", "now"),
            ("2026-11-24T17:31:00Z", "1 min ago"),
            ("2026-11-24T17:27:00Z", "5 min ago"),
            ("2026-11-24T12:05:00Z", "09:05"),
            ("2026-11-23T21:03:00Z", "yesterday 18:03"),
            ("2026-11-20T12:00:00Z", "Fri 09:00"),
            ("2026-11-12T12:00:00Z", "12 Nov"),
            ("2025-11-02T12:00:00Z", "2025-11-02"),
        ] {
            assert_eq!(calendar.recently(at(instant)).text, recently, "for {instant}");
        }
        for (instant, soon) in [
            ("2026-11-24T18:00:00Z", "today 15:00"),
            ("2026-11-25T12:30:00Z", "tomorrow 09:30"),
            ("2026-11-27T12:30:00Z", "Fri 09:30"),
            ("2026-12-12T12:30:00Z", "12 Dec 09:30"),
            ("2027-12-12T12:30:00Z", "2027-12-12 09:30"),
        ] {
            assert_eq!(calendar.soon(at(instant)).text, soon, "for {instant}");
        }
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(calendar.exact(at("2026-03-02T17:32:07Z")), "2026-03-02 14:32:07");
        assert_eq!(calendar.day_name(day("2026-11-24")), "today");
        assert_eq!(calendar.day_name(day("2026-11-23")), "yesterday");
        assert_eq!(calendar.full_day(day("2026-11-24")), "Tuesday, 24 November");
        assert_eq!(calendar.full_day(day("2027-11-24")), "Wednesday, 24 November 2027");
        assert_eq!(calendar.span(day("2026-11-24"), day("2026-11-30")), "24 to 30 November");
        assert_eq!(calendar.span(day("2026-11-28"), day("2026-12-04")), "28 November to 4 December");
        assert_eq!(calendar.span(day("2031-03-02"), day("2031-03-08")), "2 to 8 March 2031");
        let new_year = calendar.span(day("2026-12-28"), day("2027-01-03"));
        assert_eq!(new_year, "28 December 2026 to 3 January 2027");
        assert_eq!(calendar.month_of(day("2026-11-24")), "November 2026");
        let when = calendar.time(at("2026-11-24T17:05:09.123456Z"));
        assert_eq!((when.text.as_str(), when.iso.as_str()), ("14:05", "2026-11-24T14:05:09-03:00"));
        assert_eq!(when.full, "Tuesday, 24 November, 14:05:09 (São Paulo time)");
        let bahia = Calendar::new("America/Bahia", calendar.now());
        assert_eq!(bahia.zone_words(), "Bahia time");
    }

    #[test]
    fn days_are_named_in_the_language_spoken() {
        let day = "2026-11-28".parse::<Date>().expect("a date");
        let words = || (day_and_month(day), short_day(day), on_weekday(day.weekday()));
        assert_eq!(words(), ("28 nov".into(), "sáb 28".into(), "no sábado".into()));
        assert_eq!(speak(Lang::En, words), ("28 Nov".into(), "Sat 28".into(), "on Saturday".into()));
    }

    #[test]
    fn an_unknown_zone_is_brasilias() {
        assert_eq!(calendar("Mars/Olympus", "2026-11-24T15:00:00Z").zone_words(), "horário de São Paulo");
    }
}
