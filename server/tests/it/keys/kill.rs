//! `kill -9` at random points of each command: nothing is lost, and the same command again ends what it began.

use super::{Stock, said};
use crate::backup::house::{Kind, error};
use std::time::{Duration, Instant};

/// Kills of each database.
const KILLS: usize = 50;
/// Enough that the work outlasts the start of a process.
const TENANTS: usize = 24;

/// A fraction, drawn anew at each call.
fn fraction() -> f64 {
    f64::from(u32::try_from(uuid::Uuid::new_v4().as_u128() & 0xffff_ffff).unwrap()) / f64::from(u32::MAX)
}

/// Tenants whose newest key has this version.
async fn at_version(stock: &Stock, version: i64) -> i64 {
    let newest = "select max(version) as v from tenant_keys group by tenant_id";
    stock.house.number(&format!("select count(*) from ({newest}) n where v = {version}")).await
}

/// Whether a rotation was killed when it had done all and noted it: what comes next is one of its own.
async fn was_through(stock: &Stock, version: i64) -> bool {
    let under_way = "select count(*) from agency_settings where name = 'keys_rotating_since' and value <> ''";
    at_version(stock, version).await == i64::try_from(TENANTS).unwrap() && stock.house.number(under_way).await == 0
}

/// What must hold after each command has ended.
async fn settled(stock: &Stock, step: usize, round: i64, active: &str) {
    let house = &stock.house;
    let tenants = i64::try_from(TENANTS).unwrap();
    match step {
        // One version more for each tenant, never two: a run that goes on does nothing twice.
        0 => {
            let there = at_version(stock, round).await;
            assert_eq!(there, tenants, "every tenant has version {round} and none a later one");
        }
        1 => {
            let other = format!("select count(*) from tenant_keys where ring_key <> '{active}'");
            assert_eq!(house.number(&other).await, 0);
            assert_eq!(
                house.number(&format!("select count(*) from agency_keys where ring_key <> '{active}'")).await,
                0
            );
        }
        _ => assert_eq!(house.number("select count(*) from tenant_keys").await, tenants, "only the newest are left"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_by_kills_and_every_run_is_taken_up_again() {
    const COMMANDS: [&[&str]; 3] = [&["keys", "rotate", "--all"], &["keys", "rewrap"], &["keys", "trim"]];
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let stock = Stock::of(kind, TENANTS).await;
        let house = &stock.house;
        said(&house.painel(&["keygen", "--add", "k2"]).await);
        let (mut killed, mut resumed, mut lost, mut version, mut active) = (0, 0, 0, 1, "k1");
        // How long each takes when it is left alone; learnt on the way.
        let mut lasts = [Duration::from_millis(400); 3];
        let mut round = 0;
        while killed < KILLS {
            let step = round % 3;
            round += 1;
            assert!(round < 6 * KILLS, "{kind:?}: only {killed} of {round} runs were killed before they ended");
            match step {
                0 => version += 1,
                1 => {
                    active = if active == "k1" { "k2" } else { "k1" };
                    said(&house.painel(&["keygen", "--activate", active]).await);
                }
                _ => {}
            }
            let mut child = house.start(COMMANDS[step]);
            tokio::time::sleep(lasts[step].mul_f64(fraction())).await;
            // SIGKILL.
            let _ = child.kill();
            let ended = child.wait().unwrap().success();
            let through = step == 0 && was_through(&stock, version).await;
            lost += stock.all() - stock.open().await;
            let start = Instant::now();
            let again = house.painel(COMMANDS[step]).await;
            assert!(again.status.success(), "{kind:?}: {}", error(&again));
            lost += stock.all() - stock.open().await;
            // For a rotation that was through, the second run was one more.
            version += i64::from(through);
            if !ended {
                killed += 1;
                resumed += 1;
                lasts[step] = (lasts[step] + start.elapsed()) / 2;
            }
            settled(&stock, step, version, active).await;
        }
        eprintln!(
            "E4 {kind:?}: killed {killed}, taken up again {resumed} of {KILLS}; values lost {lost} of {} x {}",
            stock.all(),
            2 * round
        );
        assert_eq!((resumed, lost), (KILLS, 0));
        assert!(house.painel(&["audit", "verify"]).await.status.success(), "the trail's chains are whole");
        stock.house.tear_down().await;
    }
}
