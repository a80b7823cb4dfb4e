//! The machine under whatever may be found, at whatever times.

use super::*;
use app::credentials::Provider;
use proptest::prelude::*;
use time::{Duration, macros::datetime};

const NOW: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

fn fresh() -> ConnectionRow {
    ConnectionRow {
        version: 0,
        state: ConnectionState::Unknown,
        since: NOW,
        told: ConnectionState::Unknown,
        doubted_at: None,
        checked_at: None,
        healthy_at: None,
        failures: 0,
        next_at: NOW,
        revision: 1,
    }
}

/// What is found, one after the other: state, version of the credential, seconds since the one before.
fn walk(steps: &[(ConnectionState, i64, i64)]) -> (ConnectionRow, Vec<Change>) {
    let (mut row, mut now, mut changes) = (fresh(), NOW, Vec::new());
    for (state, version, seconds) in steps {
        now += Duration::seconds(*seconds);
        let (after, change) = observe(&row, *version, *state, now, &Pace::default());
        changes.extend(change);
        row = after;
    }
    (row, changes)
}

fn told(changes: &[Change]) -> Vec<(&'static str, &'static str)> {
    changes.iter().map(|change| (change.from.as_str(), change.to.as_str())).collect()
}

fn steps() -> impl Strategy<Value = Vec<(ConnectionState, i64, i64)>> {
    let state = proptest::sample::select(ConnectionState::ALL.to_vec());
    let version = prop_oneof![9 => Just(0_i64), 1 => Just(1)];
    let seconds = prop_oneof![Just(5_i64), 60..120_i64, 720..1_080_i64, Just(10_000_i64)];
    proptest::collection::vec((state, version, seconds), 1..60).prop_map(|steps| {
        let mut stored = 1;
        let grow = |(state, saves, seconds): (ConnectionState, i64, i64)| {
            stored += saves;
            (state, stored, seconds)
        };
        steps.into_iter().map(grow).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn changes_are_a_chain_and_none_is_told_twice(steps in steps()) {
        let (row, changes) = walk(&steps);
        let mut last = ConnectionState::Unknown;
        for (number, change) in changes.iter().enumerate() {
            prop_assert_ne!(change.from, change.to);
            prop_assert_ne!(change.to, ConnectionState::Unknown);
            // Only the first may follow on a silent "it works".
            prop_assert!(change.from == last || (number == 0 && change.from == ConnectionState::Healthy));
            last = change.to;
        }
        if !changes.is_empty() {
            prop_assert_eq!(row.told, last);
        }
    }

    #[test]
    fn only_a_success_makes_it_green(steps in steps()) {
        let (row, _) = walk(&steps);
        if row.state == ConnectionState::Healthy {
            let of_this = |(state, version, _): &&(ConnectionState, i64, i64)| {
                *state == ConnectionState::Healthy && *version == row.version
            };
            prop_assert!(steps.iter().any(|step| of_this(&step)));
            prop_assert!(row.healthy_at.is_some());
        }
    }

    #[test]
    fn nothing_green_is_shown_without_a_recent_success(steps in steps(), later in 0..20_000_i64) {
        let (row, _) = walk(&steps);
        let now = row.checked_at.unwrap() + Duration::seconds(later);
        let standing = StandingRow {
            provider: Provider::Supabase,
            state: row.state,
            since: row.since,
            checked_at: row.checked_at,
            healthy_at: row.healthy_at,
            doubted: row.doubted_at.is_some(),
            current: true,
        };
        let pace = Pace::default();
        if shown(&standing, now, &pace) == ConnectionState::Healthy {
            prop_assert!(now - row.healthy_at.unwrap() <= pace.stale());
        }
        prop_assert_eq!(shown(&StandingRow { current: false, ..standing }, now, &pace), ConnectionState::Unknown);
    }

    #[test]
    fn one_failure_alone_is_no_news(before in steps(), state in proptest::sample::select(ConnectionState::ALL.to_vec())) {
        let mut steps = before;
        let version = steps.last().unwrap().1;
        // A check that succeeds, one that may not, and one that succeeds again.
        steps.push((ConnectionState::Healthy, version, 900));
        let (_, settled) = walk(&steps);
        steps.extend([(state, version, 900), (ConnectionState::Healthy, version, 90)]);
        let (_, changes) = walk(&steps);
        prop_assert_eq!(changes.len(), settled.len());
    }

    #[test]
    fn two_failures_a_minute_apart_are_one_change(
        before in steps(),
        state in proptest::sample::select(ConnectionState::ALL[2..].to_vec()),
        again in 1..30_usize,
    ) {
        let mut steps = before;
        let version = steps.last().unwrap().1;
        steps.push((ConnectionState::Healthy, version, 900));
        let (_, settled) = walk(&steps);
        steps.extend([(state, version, 900), (state, version, 60)]);
        steps.extend(vec![(state, version, 900); again]);
        let (row, changes) = walk(&steps);
        prop_assert_eq!(changes.len(), settled.len() + 1);
        prop_assert_eq!(changes.last().unwrap().to, state);
        // It stopped when that was first seen, not when it was believed.
        let first = row.checked_at.unwrap() - Duration::seconds(60 + 900 * i64::try_from(again).unwrap());
        prop_assert_eq!(row.since, first);
    }
}

#[test]
fn the_usual_courses() {
    use ConnectionState::{Degraded, Expired, Healthy, Unknown, Unreachable};
    for (what, steps, expected) in [
        ("a new one that works", vec![(Healthy, 1, 60)], vec![]),
        ("a new one that never did", vec![(Expired, 1, 60), (Expired, 1, 60)], vec![("unknown", "expired")]),
        (
            "away and back",
            vec![(Healthy, 1, 60), (Unreachable, 1, 900), (Unreachable, 1, 60), (Healthy, 1, 60)],
            vec![("healthy", "unreachable"), ("unreachable", "healthy")],
        ),
        ("away for a moment", vec![(Healthy, 1, 60), (Unreachable, 1, 900), (Healthy, 1, 60)], vec![]),
        (
            "first this, then that: away all the same",
            vec![(Healthy, 1, 60), (Unreachable, 1, 900), (Degraded, 1, 60)],
            vec![("healthy", "degraded")],
        ),
        (
            "one who presses the button again and again",
            vec![(Healthy, 1, 60), (Unreachable, 1, 900), (Unreachable, 1, 1), (Unreachable, 1, 1)],
            vec![],
        ),
        (
            "two failures with a day between them",
            vec![(Healthy, 1, 60), (Unreachable, 1, 900), (Unreachable, 1, 86_400)],
            vec![],
        ),
        (
            "mended by a save",
            vec![(Healthy, 1, 60), (Expired, 1, 900), (Expired, 1, 60), (Healthy, 2, 60)],
            vec![("healthy", "expired"), ("expired", "healthy")],
        ),
        (
            "saved, and as broken as before: told once",
            vec![(Expired, 1, 60), (Expired, 1, 60), (Expired, 2, 60), (Expired, 2, 60)],
            vec![("unknown", "expired")],
        ),
        (
            "nobody knows for a while",
            vec![(Healthy, 1, 60), (Unknown, 1, 900), (Unknown, 1, 60), (Healthy, 1, 60)],
            vec![],
        ),
        (
            "away, then nobody knows, then back",
            vec![(Unreachable, 1, 60), (Unreachable, 1, 60), (Unknown, 1, 60), (Unknown, 1, 60), (Healthy, 1, 60)],
            vec![("unknown", "unreachable"), ("unreachable", "healthy")],
        ),
    ] {
        assert_eq!(told(&walk(&steps).1), expected, "{what}");
    }
}
