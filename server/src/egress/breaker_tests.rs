//! The breaker by itself in random order, and 1000 calls to a dead host in time that the test turns.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many milliseconds pass.
    Wait(u64),
    /// Somebody asks.
    Ask,
    /// The oldest, or the newest, call under way ends.
    End { oldest: bool, sign: Sign },
}

fn step() -> impl Strategy<Value = Step> {
    let sign = prop_oneof![1 => Just(Sign::Alive), 3 => Just(Sign::Dead), 1 => Just(Sign::None)];
    prop_oneof![
        1 => (0_u64..6_000).prop_map(Step::Wait),
        4 => Just(Step::Ask),
        4 => (any::<bool>(), sign).prop_map(|(oldest, sign)| Step::End { oldest, sign }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Against a plain account of what happened, kept beside it.
    #[test]
    fn it_opens_only_for_a_reason_rests_and_asks_one_at_a_time(steps in proptest::collection::vec(step(), 1..200)) {
        let mut now = Instant::now();
        let mut breaker = Breaker::new(now);
        let mut under_way: VecDeque<bool> = VecDeque::new();
        let mut told: Vec<(Instant, Sign)> = Vec::new();
        let mut opened: Option<Instant> = None;
        for step in steps {
            match step {
                Step::Wait(milliseconds) => now += Duration::from_millis(milliseconds),
                Step::Ask => match breaker.start(now) {
                    Ok(probe) => {
                        if let Some(at) = opened {
                            prop_assert!(probe, "only the one that finds out is let through");
                            prop_assert!(at <= now, "and not before the rest is over");
                            prop_assert!(!under_way.contains(&true), "and one at a time");
                        }
                        prop_assert_eq!(probe, opened.is_some());
                        under_way.push_back(probe);
                    }
                    Err(wait) => {
                        prop_assert!(wait <= REST && !wait.is_zero());
                        let finding_out = under_way.contains(&true);
                        let at_most_missing = opened.is_none() && !under_way.is_empty();
                        prop_assert!(finding_out || at_most_missing || opened.is_some_and(|at| now < at),
                            "refused without a reason");
                    }
                },
                Step::End { oldest, sign } => {
                    let Some(probe) = (if oldest { under_way.pop_front() } else { under_way.pop_back() }) else { continue };
                    let was_open = opened.is_some();
                    breaker.settle(now, probe, sign, REST);
                    match (probe, sign) {
                        (true, Sign::Alive) => { opened = None; told.clear(); }
                        (true, Sign::Dead) => opened = Some(now + REST),
                        (true, Sign::None) => opened = Some(now),
                        (false, Sign::None) => {}
                        (false, sign) if !was_open => {
                            told.push((now, sign));
                            let row = told.iter().rev().take_while(|(_, sign)| *sign == Sign::Dead).count();
                            let recent: Vec<_> = told.iter().rev().take(20).filter(|(at, _)| now - *at <= WINDOW).collect();
                            let dead = recent.iter().filter(|(_, sign)| *sign == Sign::Dead).count();
                            if row >= 5 || (recent.len() == 20 && dead >= 10) {
                                opened = Some(now + REST);
                                told.clear();
                            }
                        }
                        (false, _) => {}
                    }
                    let open = !matches!(breaker.state, State::Closed);
                    prop_assert_eq!(open, opened.is_some(), "opens exactly when the account says so");
                }
            }
        }
    }

    #[test]
    fn a_host_that_died_is_asked_five_times_however_many_ask_at_once(at_once in 1_usize..40) {
        let now = Instant::now();
        let mut breaker = Breaker::new(now);
        let mut asked = 0;
        for _ in 0..100 {
            let let_out: Vec<bool> = (0..at_once).filter_map(|_| breaker.start(now).ok()).collect();
            asked += let_out.len();
            for probe in let_out {
                breaker.settle(now, probe, Sign::Dead, REST);
            }
        }
        prop_assert_eq!(asked, 5);
    }
}

#[test]
fn the_rest_is_fifteen_seconds_give_or_take_a_fifth() {
    let rests: Vec<Duration> = (0..10_000).map(|_| rest()).collect();
    let ends = (*rests.iter().min().unwrap(), *rests.iter().max().unwrap());
    assert_eq!(ends, (Duration::from_secs(12), Duration::from_secs(18)));
}

#[test]
fn what_a_caller_is_told_to_wait_is_never_too_short() {
    for (wait, told) in [(1_000, 1), (1_001, 2), (14_999, 15), (15_000, 15)] {
        assert_eq!(resting(Duration::from_millis(wait)), EgressError::Resting { seconds: told }, "{wait} ms");
    }
}

#[test]
fn calls_that_were_under_way_before_the_host_came_back_keep_their_places() {
    let now = Instant::now();
    let mut breaker = Breaker::new(now);
    // Half of the latest twenty failed: it opens while two others are under way.
    for call in 0..19 {
        let probe = breaker.start(now).unwrap();
        breaker.settle(now, probe, if call % 2 == 0 { Sign::Dead } else { Sign::Alive }, REST);
    }
    let others: Vec<bool> = (0..3).map(|_| breaker.start(now).unwrap()).collect();
    breaker.settle(now, false, Sign::Dead, REST);
    assert!(matches!(breaker.state, State::Open { .. }), "{breaker:?}");
    let later = now + REST;
    let probe = breaker.start(later).unwrap();
    breaker.settle(later, probe, Sign::Alive, REST);
    assert_eq!((breaker.state, breaker.under_way as usize), (State::Closed, others.len() - 1));
}

#[tokio::test(start_paused = true)]
async fn each_opening_is_counted_once() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _here = metrics::set_default_local_recorder(&recorder);
    let breakers = Breakers::default();
    let key = (Uuid::from_u128(1), "https://a.example".to_owned());
    let opened = || {
        let text = figures.render();
        let line = text.lines().find_map(|line| line.strip_prefix("painel_upstream_breakers_opened_total "));
        line.map_or(0, |count| count.parse().unwrap())
    };
    breakers.leave(&key).unwrap().settle(Sign::Alive);
    for _ in 0..4 {
        breakers.leave(&key).unwrap().settle(Sign::Dead);
    }
    assert_eq!(opened(), 0);
    breakers.leave(&key).unwrap().settle(Sign::Dead);
    assert_eq!(opened(), 1, "the fifth in a row");
    tokio::time::sleep(Duration::from_secs(18)).await;
    breakers.leave(&key).unwrap().settle(Sign::Dead);
    assert_eq!(opened(), 2, "still dead");
    tokio::time::sleep(Duration::from_secs(18)).await;
    breakers.leave(&key).unwrap().settle(Sign::Alive);
    assert_eq!(opened(), 2, "back");
}

/// A host in turned time: dead until an instant, alive from then on.
struct Host {
    alive_from: Instant,
    asked: u32,
}

/// One call through the breakers; whether it was answered.
async fn call(breakers: &Breakers, key: &Key, host: &mut Host) -> Result<bool, EgressError> {
    let leave = breakers.leave(key)?;
    host.asked += 1;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let alive = host.alive_from <= Instant::now();
    leave.settle(if alive { Sign::Alive } else { Sign::Dead });
    Ok(alive)
}

#[tokio::test(start_paused = true)]
async fn a_dead_host_gets_six_of_a_thousand_calls_and_is_back_within_twenty_seconds() {
    let breakers = Breakers::default();
    let (sick, other_tenant) = ((Uuid::from_u128(1), "https://a.example".to_owned()), Uuid::from_u128(2));
    let well = (other_tenant, "https://a.example".to_owned());
    let began = Instant::now();
    let mut dead = Host { alive_from: began + Duration::from_secs(3_600), asked: 0 };
    let mut living = Host { alive_from: began, asked: 0 };
    let mut unaffected = 0;
    for _ in 0..1_000 {
        let _ = call(&breakers, &sick, &mut dead).await;
        unaffected += u32::from(call(&breakers, &well, &mut living).await == Ok(true));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    eprintln!("breaker: {} of 1000 calls reached the dead host (at most 6)", dead.asked);
    eprintln!("breaker: {unaffected} of 1000 calls of another tenant unaffected");
    assert!((5..=6).contains(&dead.asked) && unaffected == 1_000);
    // Then it comes back.
    let back = Instant::now();
    dead.alive_from = back;
    while call(&breakers, &sick, &mut dead).await != Ok(true) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    eprintln!("breaker: back after {:?} (at most 20 s)", back.elapsed());
    assert!(back.elapsed() <= Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_says_nothing_and_blocks_nobody() {
    let breakers = Breakers::default();
    let key = (Uuid::from_u128(1), "https://a.example".to_owned());
    for _ in 0..100 {
        drop(breakers.leave(&key).unwrap());
    }
    for _ in 0..5 {
        breakers.leave(&key).unwrap().settle(Sign::Dead);
    }
    assert!(matches!(breakers.leave(&key).err(), Some(EgressError::Resting { seconds: 12..=18 })));
    assert!(breakers.check(&key).is_err());
    tokio::time::sleep(Duration::from_secs(18)).await;
    let finding_out = breakers.leave(&key).unwrap();
    assert_eq!(breakers.leave(&key).err(), Some(EgressError::Resting { seconds: 1 }));
    drop(finding_out);
    breakers.leave(&key).unwrap().settle(Sign::Alive);
    assert!(breakers.leave(&key).is_ok() && breakers.check(&key).is_ok());
}

#[tokio::test(start_paused = true)]
async fn breakers_nobody_uses_are_forgotten() {
    let breakers = Breakers::default();
    for id in 0..1_000 {
        breakers.leave(&(Uuid::from_u128(id), String::new())).unwrap().settle(Sign::Dead);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(breakers.all.lock().unwrap().len() <= 301);
}
