//! Figures of rows that are known: periods compared, samples marked, parts that add up to their headline.

use super::*;
use crate::{
    mapping::Outcome,
    overview::{Asked, period::Step},
    project::Total,
};
use jiff::Timestamp;
use proptest::prelude::*;
use std::num::NonZeroU64;

const TELLS: Tells =
    Tells { answers: true, outcomes: true, professionals: true, services: true, booked: true, whose: true };

fn calendar(zone: &str) -> Calendar {
    Calendar::new(zone, "2026-11-24T15:00:00Z".parse().expect("an instant"))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn all<T>(rows: Vec<T>) -> Sample<T> {
    let read = rows.len() as u64;
    Sample { rows, read, total: read, complete: true }
}

fn talk(when: &str, key: &str) -> Talk {
    Talk { at: at(when), key: key.to_owned(), person: None }
}

fn said(when: &str, key: &str, author: Author) -> Utterance {
    Utterance { at: at(when), key: key.to_owned(), author }
}

fn booking(when: Timestamp, outcome: Option<Outcome>, name: &str) -> Booking {
    Booking {
        at: when,
        outcome,
        status: Some(outcome.map_or("misterioso", Outcome::as_str).to_owned()),
        service: Some(name.to_owned()),
        professional: None,
        key: Some(name.to_owned()),
        person: None,
        booked: None,
    }
}

fn both<T>(now: Vec<T>, before: Option<Vec<T>>) -> Both<T> {
    Both { now: all(now), before: before.map(all), lost: false }
}

fn nothing() -> Read {
    Read {
        talks: Ok(both(Vec::new(), Some(Vec::new()))),
        said: Ok(both(Vec::new(), Some(Vec::new()))),
        said_totals: None,
        bookings: Ok(both(Vec::new(), Some(Vec::new()))),
        booking_totals: None,
        later: Ok(all(Vec::new())),
    }
}

fn figures(period: &str, read: &Read) -> Figures {
    let calendar = calendar("America/Sao_Paulo");
    let period = Period::read(Asked { period, ..Asked::default() }, &calendar);
    Figures::of(&period, &calendar, &BusinessHours::default(), TELLS, read)
}

#[test]
fn today_is_compared_with_yesterday_until_the_same_time() {
    let read = Read {
        talks: Ok(both(
            vec![talk("2026-11-24T14:00:00Z", "1"), talk("2026-11-24T03:00:00Z", "2")],
            Some(vec![
                talk("2026-11-23T12:00:00Z", "3"),
                talk("2026-11-23T14:59:59Z", "4"),
                talk("2026-11-23T15:00:00Z", "5"),
                talk("2026-11-24T02:59:59Z", "6"),
            ]),
        )),
        ..nothing()
    };
    let found = figures("today", &read).talks.unwrap();
    assert_eq!(found.began, Compared { now: 2, before: Some(2) });
    assert_eq!((found.bars[0], found.bars[11], found.bars.len()), (1, 1, 24));
}

#[test]
fn a_sample_is_marked_and_never_compared() {
    let half = Sample { complete: false, total: 48_213, read: 1, ..all(vec![talk("2026-11-24T14:00:00Z", "1")]) };
    let whole = || all(vec![talk("2026-11-17T12:00:00Z", "2")]);
    for (now, before, expected) in [
        (half.clone(), Some(whole()), (None, Some(Partial { read: 1, total: 48_213 }))),
        (all(half.rows.clone()), Some(Sample { complete: false, ..whole() }), (None, None)),
        (all(half.rows.clone()), None, (None, None)),
        (all(half.rows.clone()), Some(whole()), (Some(1), None)),
    ] {
        let read = Read { talks: Ok(Both { now, before, lost: false }), ..nothing() };
        let found = figures("7", &read).talks.unwrap();
        assert_eq!((found.began.before, found.partial), expected);
        assert_eq!(found.began.now, 1);
    }
}

#[test]
fn who_answered_and_how_soon() {
    use Author::{Bot, Business, Contact, Team};
    let read = Read {
        said: Ok(both(
            vec![
                // Answered by the robot in 30 s, then by a person at night.
                said("2026-11-24T12:00:00Z", "a", Contact),
                said("2026-11-24T12:00:30Z", "a", Bot),
                said("2026-11-24T23:00:00Z", "a", Team),
                // By the robot, in 90 s; it had written before.
                said("2026-11-23T11:00:00Z", "b", Bot),
                said("2026-11-23T12:00:00Z", "b", Contact),
                said("2026-11-23T12:01:30Z", "b", Bot),
                // By nobody knows whom, on a Saturday, in an hour.
                said("2026-11-21T12:00:00Z", "c", Contact),
                said("2026-11-21T13:00:00Z", "c", Business),
                // Not at all.
                said("2026-11-21T12:30:00Z", "d", Contact),
            ],
            Some(vec![said("2026-11-17T12:00:00Z", "a", Contact), said("2026-11-17T16:00:00Z", "a", Bot)]),
        )),
        ..nothing()
    };
    let found = figures("7", &read).said.unwrap();
    assert_eq!(found.received, Compared { now: 4, before: Some(1) });
    // The robot's of the week before came after this time of the day.
    assert_eq!(found.sent, Compared { now: 5, before: Some(0) });
    assert_eq!(found.answered, Compared { now: 3, before: Some(0) });
    assert_eq!((found.by_robot, found.by_people, found.by_nobody_knows), (1, 1, 1));
    assert_eq!(found.outside, Compared { now: 2, before: Some(0) });
    let first = found.first_answer.unwrap();
    assert_eq!((first.now, first.before, first.of), (90, None, 3));
    // Tuesday 9:00, Monday 9:00, Saturday 9:00 and 9:30.
    assert_eq!((found.week[1][9], found.week[0][9], found.week[5][9]), (1, 1, 2));
    let calendar = calendar("America/Sao_Paulo");
    let period = Period::read(Asked { period: "7", ..Asked::default() }, &calendar);
    let turns = Tells { answers: false, ..TELLS };
    let of_turns = Figures::of(&period, &calendar, &BusinessHours::default(), turns, &read).said.unwrap();
    assert_eq!(of_turns.first_answer, None, "one time for both is none for how long it took");
}

#[test]
fn what_became_of_appointments_and_who_booked() {
    let start = at("2026-11-20T12:00:00Z");
    let mut rows: Vec<Booking> = (0..10).map(|n| booking(start, Some(Outcome::Completed), &format!("s{n}"))).collect();
    rows.push(booking(start, Some(Outcome::Completed), "s3"));
    rows.push(booking(start, Some(Outcome::NoShow), "s3"));
    rows.push(booking(start, Some(Outcome::Cancelled), "s4"));
    rows.push(Booking { service: None, booked: Some(at("2026-11-19T12:00:00Z")), ..booking(start, None, "x") });
    let read = Read {
        talks: Ok(both(
            vec![
                talk("2026-11-19T12:00:00Z", "s1"),
                talk("2026-11-19T12:00:00Z", "later"),
                talk("2026-11-22T12:00:00Z", "s2"),
                talk("2026-11-22T12:00:00Z", "nobody"),
            ],
            None,
        )),
        bookings: Ok(both(rows, None)),
        later: Ok(all(vec![booking(at("2026-12-10T12:00:00Z"), Some(Outcome::Confirmed), "later")])),
        ..nothing()
    };
    let found = figures("7", &read);
    let booked = found.bookings.unwrap();
    assert_eq!((booked.all.now, booked.cancelled.now), (13, 1));
    assert_eq!(booked.missed.map(|share| (share.part, share.of)), Some((1, 12)));
    assert_eq!(booked.called_off.map(|share| (share.part, share.of)), Some((1, 14)));
    assert_eq!(booked.ahead, Some((24 * 60, 1)));
    let statuses: Vec<_> =
        booked.statuses.iter().map(|(status, number)| (status.as_ref().unwrap().label.as_str(), *number)).collect();
    assert_eq!(statuses, [("realizado", 11), ("cancelado", 1), ("faltou", 1), ("misterioso", 1)]);
    assert_eq!(booked.services.len(), 10, "eight, the others, and those without one: {:?}", booked.services);
    // s2 booked before that conversation began.
    assert_eq!(found.turned.map(|turned| (turned.now.part, turned.now.of)), Some((2, 4)));
}

#[test]
fn who_booked_before_is_not_guessed_where_the_appointments_of_then_are_missing() {
    let talks = || Ok(both(vec![talk("2026-11-22T12:00:00Z", "a")], Some(vec![talk("2026-11-15T12:00:00Z", "b")])));
    let now = || vec![booking(at("2026-11-23T12:00:00Z"), None, "a")];
    let then = booking(at("2026-11-16T12:00:00Z"), None, "b");
    let turned = |bookings| figures("7", &Read { talks: talks(), bookings: Ok(bookings), ..nothing() }).turned.unwrap();
    let whole = turned(both(now(), Some(vec![then])));
    assert_eq!(whole.before.map(|share| (share.part, share.of)), Some((1, 1)));
    let lost = turned(Both { lost: true, ..both(now(), None) });
    assert_eq!((lost.now.part, lost.before), (1, None));
}

#[test]
fn the_projects_own_sums_stand_for_rows_that_were_not_read() {
    let total = |of, rows| Total { of, rows: NonZeroU64::new(rows).unwrap() };
    let half =
        Sample { complete: false, total: 30_000, ..all(vec![said("2026-11-24T12:00:00Z", "a", Author::Contact)]) };
    let now = vec![total(Author::Contact, 20_000), total(Author::Bot, 9_000), total(Author::Hidden, 1_000)];
    let read = Read {
        said: Ok(Both { now: half, before: None, lost: false }),
        said_totals: Some((now, Some(vec![total(Author::Contact, 10_000)]))),
        ..nothing()
    };
    let found = figures("7", &read).said.unwrap();
    assert_eq!(found.received, Compared { now: 20_000, before: Some(10_000) });
    assert_eq!(found.sent, Compared { now: 9_000, before: Some(0) });
    assert!(found.summed && found.partial.is_some());
    assert_eq!(found.answered, Compared { now: 0, before: None }, "of what was read");
}

fn rows() -> impl Strategy<Value = Vec<(i64, u8, u8)>> {
    proptest::collection::vec((0_i64..400 * 86_400, 0_u8..6, 0_u8..24), 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_parts_add_up_to_the_headline(
        rows in rows(), word in 0_usize..5, zone in 0_usize..3, first in 0_i64..300, long in 0_i64..90,
    ) {
        let begin = at("2018-06-01T00:00:00Z").as_second();
        let zone = ["America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"][zone];
        let now = Timestamp::from_second(begin + 300 * 86_400 + 40_000).unwrap();
        let calendar = Calendar::new(zone, now);
        let day = |days: i64| calendar.date_of(Timestamp::from_second(begin + days * 86_400).unwrap()).to_string();
        let (from, to) = (day(first), day(first + long));
        let word = ["today", "7", "30", "90", "custom"][word];
        let period = Period::read(Asked { period: word, from: &from, to: &to }, &calendar);
        let instant = |second: i64| Timestamp::from_second(begin + second).unwrap();
        let within = |at: &Timestamp| (period.now.0..period.now.1).contains(at);
        let authors = [Author::Contact, Author::Bot, Author::Team, Author::Business, Author::Contact, Author::Bot];
        let outcomes = [None, Some(Outcome::Completed), Some(Outcome::Cancelled), Some(Outcome::NoShow),
            Some(Outcome::Scheduled), Some(Outcome::Confirmed)];
        let talks: Vec<Talk> = rows.iter().map(|(second, _, key)|
            Talk { at: instant(*second), key: key.to_string(), person: None }).collect();
        let said: Vec<Utterance> = rows.iter().map(|(second, who, key)|
            Utterance { at: instant(*second), key: key.to_string(), author: authors[usize::from(*who)] }).collect();
        let bookings: Vec<Booking> = rows.iter().map(|(second, what, name)|
            booking(instant(*second), outcomes[usize::from(*what)], &name.to_string())).collect();
        let read = Read {
            talks: Ok(both(talks.clone(), None)),
            said: Ok(both(said, None)),
            bookings: Ok(both(bookings, None)),
            ..nothing()
        };
        let found = Figures::of(&period, &calendar, &BusinessHours::default(), TELLS, &read);
        let (told, heard, booked) = (found.talks.unwrap(), found.said.unwrap(), found.bookings.unwrap());
        let sum = |bars: &[u32]| bars.iter().map(|bar| u64::from(*bar)).sum::<u64>();
        prop_assert_eq!(told.began.now, talks.iter().filter(|talk| within(&talk.at)).count() as u64);
        prop_assert_eq!(told.began.now, sum(&told.bars));
        prop_assert_eq!(heard.received.now, sum(&heard.bars));
        prop_assert_eq!(heard.received.now, heard.week.iter().map(|day| sum(day)).sum::<u64>());
        let parts = u64::from(heard.by_robot + heard.by_people + heard.by_nobody_knows);
        prop_assert_eq!(heard.answered.now, parts);
        prop_assert!(heard.outside.now <= heard.answered.now);
        prop_assert_eq!(booked.all.now + booked.cancelled.now, booked.statuses.iter().map(|one| one.1).sum::<u64>());
        for named in [&booked.professionals, &booked.services] {
            prop_assert_eq!(booked.all.now, named.iter().map(|one| u64::from(one.1)).sum::<u64>());
        }
        prop_assert_eq!(period.bars().len(), told.bars.len());
        prop_assert!(period.step == Step::Hour || period.bars().first().unwrap().0 == period.first);
    }
}
