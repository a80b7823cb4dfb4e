//! The same for Postgres: its first process is killed with -9 while credentials are being saved, the others end with it, and
//! it is started again where it was. Painel goes on all the time. Always on a Postgres of the test's own, whatever
//! `PAINEL_IT_STORE` says.
//!
//! `PAINEL_IT_LONG=1` runs 50 cycles instead of 5.

use super::{Kills, Writer, save_on};
use crate::{
    behind,
    database::Database,
    harness::{Browser, long},
    own_postgres::OwnPostgres,
    served::Served,
};
use reqwest::StatusCode;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// From Postgres' return to Painel's word that it is ready.
const BACK_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_death_of_postgres() {
    let mut postgres = OwnPostgres::start().await;
    let (server, behind) = behind::start_on(Database::create_on(postgres.admin_url()).await, |_| {}).await;
    let mut writers = Writer::some(&server, "queda").await;
    let served = Served::start(&behind, &server, &[]).await;
    let visitor = Browser::new(&served.url);
    let cycles = if long() { 50 } else { 5 };
    let (mut kills, mut slowest) = (Kills::of("of Postgres during saves", cycles), Duration::ZERO);
    for cycle in 0..cycles {
        for writer in &mut writers {
            writer.turn_to(&served.url).await;
        }
        let over = Arc::new(AtomicBool::new(false));
        let until_over = |writer| tokio::spawn(save_on(writer, Arc::clone(&over)));
        let at_work: Vec<_> = writers.drain(..).map(until_over).collect();
        // When all are at it, by steps that fall anywhere within a save.
        tokio::time::sleep(Duration::from_micros(u64::try_from(100_000 + cycle * 79_193 % 400_000).unwrap())).await;
        postgres.kill();
        postgres.start_again().await;
        let back = Instant::now();
        while visitor.read("/readyz").await.status() != StatusCode::OK {
            assert!(back.elapsed() < BACK_WITHIN, "it finds its database again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        slowest = slowest.max(back.elapsed());
        over.store(true, Ordering::SeqCst);
        for writer in at_work {
            writers.push(writer.await.unwrap());
        }
        for writer in &mut writers {
            kills.look(&server, writer).await;
        }
    }
    kills.conclude(&server, &behind, &writers).await;
    let refused: u64 = writers.iter().map(|writer| writer.refused).sum();
    eprintln!(
        "H2 Postgres killed {cycles} times: Painel is ready again {slowest:?} after it at most, the same process"
    );
    assert!(refused > 0, "the kills fell into saves");
    assert_eq!(visitor.read("/livez").await.status(), StatusCode::OK);
    assert!(!served.log().contains("\"a panic\""), "{}", served.log());
}
