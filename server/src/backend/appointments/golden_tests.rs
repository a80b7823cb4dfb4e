//! Where appointments land over Brazil's changes of clocks and in all its zones, however a table says when: written down
//! from the law's dates, not computed.
//!
//! Summer time ended on 18 February 2018 and 17 February 2019 at midnight (23:00 came twice on the Saturday) and began on 4
//! November 2018 at midnight (that Sunday began at 01:00). It was abolished in April 2019.

use super::place::{Days, line_of};
use crate::{
    mapping::{Naive, Row, Unit, When},
    words::{Calendar, plus_days},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

const SAO_PAULO: &str = "America/Sao_Paulo";

fn calendar(zone: &str) -> Calendar {
    Calendar::new(zone, "2018-11-04T12:00:00Z".parse().unwrap())
}

/// Day and hour of the line that an instant lands on, found among the columns of a fortnight.
fn landing(zone: &str, instant: Timestamp) -> String {
    let calendar = calendar(zone);
    let first = plus_days(calendar.date_of(instant), -5);
    let days = Days::new(&calendar, first, plus_days(first, 14));
    let pieces = days.pieces(&calendar, instant, Some(instant));
    assert_eq!(pieces.len(), 1, "one column has it");
    let (line, _) = pieces[0].lines;
    assert_eq!(line, line_of(&calendar, instant));
    let day = plus_days(first, i64::try_from(pieces[0].day).unwrap());
    format!("{day} {:02}:{:02}", line / 4, line % 4 * 15)
}

/// Six ways of saying the same instant: what is declared of a column, and a row as its table has it.
fn ways(utc: &str, wall: &str) -> [(When, Row); 6] {
    let instant: Timestamp = utc.parse().unwrap();
    let at = || "at".parse().unwrap();
    let row = |value: serde_json::Value| json!({ "at": value }).as_object().unwrap().clone();
    let row = |value| serde_json::from_value::<Row>(row(value).into()).unwrap();
    let (day, hour) = wall.split_once(' ').unwrap();
    let apart = json!({ "dia": day, "hora": hour.replace(':', "h") });
    [
        (When::Stamp { at: at(), naive: Naive::Utc }, row(json!(utc.replace('Z', "+00:00")))),
        (When::Stamp { at: at(), naive: Naive::Utc }, row(json!(utc.trim_end_matches('Z')))),
        (When::Stamp { at: at(), naive: Naive::Tenant }, row(json!(format!("{}:00", wall.replace(' ', "T"))))),
        (
            When::DayAndHour { day: "dia".parse().unwrap(), hour: "hora".parse().unwrap(), written: false },
            serde_json::from_value(apart).unwrap(),
        ),
        (When::Epoch { at: at(), unit: Unit::Seconds }, row(json!(instant.as_second()))),
        (When::Epoch { at: at(), unit: Unit::Millis }, row(json!(instant.as_millisecond()))),
    ]
}

#[test]
fn every_kind_of_time_lands_on_the_same_line() {
    let zone = TimeZone::get(SAO_PAULO).unwrap();
    let mut checked = 0;
    for (utc, wall, line) in [
        // The end of summer time 2018: until 23:59 on the Saturday, two hours behind; then 23:00 again, three.
        ("2018-02-17T01:59:00Z", "2018-02-16 23:59", "2018-02-16 23:45"),
        ("2018-02-17T02:00:00Z", "2018-02-17 00:00", "2018-02-17 00:00"),
        ("2018-02-18T00:59:00Z", "2018-02-17 22:59", "2018-02-17 22:45"),
        ("2018-02-18T01:00:00Z", "2018-02-17 23:00", "2018-02-17 23:00"),
        ("2018-02-18T01:45:00Z", "2018-02-17 23:45", "2018-02-17 23:45"),
        ("2018-02-18T03:00:00Z", "2018-02-18 00:00", "2018-02-18 00:00"),
        ("2018-02-18T12:10:00Z", "2018-02-18 09:10", "2018-02-18 09:00"),
        // The beginning on 4 November 2018: the Saturday ends as ever, the Sunday begins at one.
        ("2018-11-04T02:59:00Z", "2018-11-03 23:59", "2018-11-03 23:45"),
        ("2018-11-04T03:00:00Z", "2018-11-04 01:00", "2018-11-04 01:00"),
        ("2018-11-04T03:30:00Z", "2018-11-04 01:30", "2018-11-04 01:30"),
        ("2018-11-04T11:00:00Z", "2018-11-04 09:00", "2018-11-04 09:00"),
        ("2018-11-05T01:59:00Z", "2018-11-04 23:59", "2018-11-04 23:45"),
        ("2018-11-05T02:00:00Z", "2018-11-05 00:00", "2018-11-05 00:00"),
        // The end in 2019.
        ("2019-02-16T11:30:00Z", "2019-02-16 09:30", "2019-02-16 09:30"),
        ("2019-02-17T01:15:00Z", "2019-02-16 23:15", "2019-02-16 23:15"),
        ("2019-02-17T03:00:00Z", "2019-02-17 00:00", "2019-02-17 00:00"),
        ("2019-02-17T12:30:00Z", "2019-02-17 09:30", "2019-02-17 09:30"),
    ] {
        for (when, row) in ways(utc, wall) {
            let read = when.read(&row, &zone);
            assert_eq!(read, Some(utc.parse().unwrap()), "{wall} as {when:?} of {row:?}");
            assert_eq!(landing(SAO_PAULO, read.unwrap()), line, "{wall} as {when:?}");
            checked += 1;
        }
    }
    assert_eq!(checked, 17 * 6);
}

#[test]
fn an_hour_that_comes_twice_is_drawn_on_the_same_lines_both_times() {
    for (first, second, line) in [
        ("2018-02-18T01:00:00Z", "2018-02-18T02:00:00Z", "2018-02-17 23:00"),
        ("2018-02-18T01:30:00Z", "2018-02-18T02:30:00Z", "2018-02-17 23:30"),
        ("2019-02-17T01:45:00Z", "2019-02-17T02:59:59Z", "2019-02-16 23:45"),
    ] {
        assert_eq!(landing(SAO_PAULO, first.parse().unwrap()), line);
        assert_eq!(landing(SAO_PAULO, second.parse().unwrap()), line);
    }
}

#[test]
fn an_hour_that_the_clocks_skip_is_the_one_after() {
    let zone = TimeZone::get(SAO_PAULO).unwrap();
    let row: Row =
        serde_json::from_value(json!({ "at": "2018-11-04T00:30:00", "dia": "04/11/2018", "hora": "0h30" })).unwrap();
    for when in [
        When::Stamp { at: "at".parse().unwrap(), naive: Naive::Tenant },
        When::DayAndHour { day: "dia".parse().unwrap(), hour: "hora".parse().unwrap(), written: true },
        When::Written { at: "at".parse().unwrap() },
    ] {
        let read = when.read(&row, &zone).unwrap();
        assert_eq!(read, "2018-11-04T03:30:00Z".parse().unwrap(), "{when:?}");
        assert_eq!(landing(SAO_PAULO, read), "2018-11-04 01:30");
    }
}

#[test]
fn days_of_twenty_three_and_twenty_five_hours_have_all_their_parts() {
    let calendar = calendar(SAO_PAULO);
    let check = |first: &str, starts: &str, ends: &str, expected: &[(usize, u16, u16)]| {
        let first: Date = first.parse().unwrap();
        let days = Days::new(&calendar, first, plus_days(first, 3));
        let pieces = days.pieces(&calendar, starts.parse().unwrap(), Some(ends.parse().unwrap()));
        let found: Vec<_> = pieces.iter().map(|piece| (piece.day, piece.lines.0, piece.lines.1)).collect();
        assert_eq!(found, expected, "{starts} to {ends}");
    };
    // 23:30 to 01:30 is an hour: half of it before midnight, half of it after one.
    check("2018-11-03", "2018-11-04T02:30:00Z", "2018-11-04T03:30:00Z", &[(0, 94, 96), (1, 4, 6)]);
    // From 23:00 for the two hours that both begin so: to the end of the day, and not into the next.
    check("2018-02-17", "2018-02-18T01:00:00Z", "2018-02-18T03:00:00Z", &[(0, 92, 96)]);
    // From the second 23:30 into Sunday.
    check("2018-02-17", "2018-02-18T02:30:00Z", "2018-02-18T03:30:00Z", &[(0, 94, 96), (1, 0, 2)]);
    // The whole of either day.
    check("2018-11-03", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", &[(1, 4, 96)]);
    check("2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z", &[(0, 0, 96)]);
}

#[test]
fn every_zone_of_the_country_has_its_own_line() {
    // The same instants everywhere: on the first day of 2018's summer time, the day before, in winter, and after its abolition.
    let instants = ["2018-11-03T15:00:00Z", "2018-11-04T15:00:00Z", "2018-07-10T02:30:00Z", "2019-12-10T02:30:00Z"];
    let zones: [(&str, [&str; 4]); 16] = [
        ("America/Noronha", ["2018-11-03 13:00", "2018-11-04 13:00", "2018-07-10 00:30", "2019-12-10 00:30"]),
        ("America/Belem", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Fortaleza", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Recife", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Araguaina", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Maceio", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Bahia", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        (SAO_PAULO, ["2018-11-03 12:00", "2018-11-04 13:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Campo_Grande", ["2018-11-03 11:00", "2018-11-04 12:00", "2018-07-09 22:30", "2019-12-09 22:30"]),
        ("America/Cuiaba", ["2018-11-03 11:00", "2018-11-04 12:00", "2018-07-09 22:30", "2019-12-09 22:30"]),
        ("America/Santarem", ["2018-11-03 12:00", "2018-11-04 12:00", "2018-07-09 23:30", "2019-12-09 23:30"]),
        ("America/Porto_Velho", ["2018-11-03 11:00", "2018-11-04 11:00", "2018-07-09 22:30", "2019-12-09 22:30"]),
        ("America/Boa_Vista", ["2018-11-03 11:00", "2018-11-04 11:00", "2018-07-09 22:30", "2019-12-09 22:30"]),
        ("America/Manaus", ["2018-11-03 11:00", "2018-11-04 11:00", "2018-07-09 22:30", "2019-12-09 22:30"]),
        ("America/Eirunepe", ["2018-11-03 10:00", "2018-11-04 10:00", "2018-07-09 21:30", "2019-12-09 21:30"]),
        ("America/Rio_Branco", ["2018-11-03 10:00", "2018-11-04 10:00", "2018-07-09 21:30", "2019-12-09 21:30"]),
    ];
    let mut checked = 0;
    for (name, lines) in zones {
        let zone = TimeZone::get(name).unwrap();
        for (utc, line) in instants.into_iter().zip(lines) {
            for (when, row) in ways(utc, line) {
                let read = when.read(&row, &zone).unwrap();
                assert_eq!((read, landing(name, read)), (utc.parse().unwrap(), line.to_owned()), "{name} {when:?}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 16 * 4 * 6);
}

#[test]
fn the_capitals_of_the_centre_west_change_their_clocks_an_hour_later() {
    // Midnight there is an hour after São Paulo's.
    for (zone, utc, line) in [
        ("America/Cuiaba", "2018-11-04T03:59:00Z", "2018-11-03 23:45"),
        ("America/Cuiaba", "2018-11-04T04:00:00Z", "2018-11-04 01:00"),
        ("America/Campo_Grande", "2018-02-18T02:30:00Z", "2018-02-17 23:30"),
        ("America/Campo_Grande", "2018-02-18T03:30:00Z", "2018-02-17 23:30"),
        ("America/Campo_Grande", "2018-02-18T04:00:00Z", "2018-02-18 00:00"),
        ("America/Cuiaba", "2019-02-17T02:00:00Z", "2019-02-16 23:00"),
        ("America/Cuiaba", "2019-02-17T03:00:00Z", "2019-02-16 23:00"),
    ] {
        assert_eq!(landing(zone, utc.parse().unwrap()), line, "{zone} {utc}");
    }
}
