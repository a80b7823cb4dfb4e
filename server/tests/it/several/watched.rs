//! A tenant whose people look at pages of all processes has its project watched by one of them, and by another when that one
//! is killed.

use super::{House, PROCESSES};
use crate::live::{self, SOON, say, stream::Stream};
use app::session::Role;
use std::time::{Duration, Instant};

const COUNTED: Duration = Duration::from_secs(15);
/// A look is four questions.
const QUESTIONS: usize = 4;
/// Of one watcher: a look every four seconds, give or take 15 %.
const MOST_LOOKS: usize = 5;

/// The slowest of the streams to hear one of these after `since`.
async fn heard(streams: &[(usize, Stream)], what: &[&str], since: Instant, most: Duration) -> Duration {
    let mut slowest = Duration::ZERO;
    for (process, stream) in streams {
        let took = loop {
            let told = stream.told().into_iter().find(|told| told.at >= since && what.contains(&told.what.as_str()));
            if let Some(told) = told {
                break told.at - since;
            }
            assert!(since.elapsed() < most, "{what:?} is told by process {process}: {:?}", stream.told());
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        slowest = slowest.max(took);
    }
    slowest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_is_watched_once() {
    let project = live::project().await;
    let mut house = House::empty(&[&project.origin]).await;
    house.serve(&[]).await;
    let tenant = live::tenant(&house.server, "vigiada", &project.origin).await;
    // As if it had been saved in an hour: no check of the connection falls among what is counted.
    house.behind.run("update credentials set updated_at = updated_at + 3600000000").await;
    let (began, mut streams) = (Instant::now(), Vec::new());
    for person in 0..2 {
        let email = format!("pessoa{person}@vigiada.example");
        house.server.user(&email, tenant.scope.tenant(), Role::Viewer).await;
        let browser = house.signed_in(&email).await;
        for process in 0..PROCESSES {
            streams.push((process, Stream::open(&house.at(process, &browser)).await));
        }
    }
    heard(&streams, &["live"], began, 2 * SOON).await;

    let calls = async || {
        let mut calls = Vec::new();
        for process in 0..PROCESSES {
            calls.push(house.calls(process).await);
        }
        calls
    };
    let (asked, before) = (project.asked().len(), calls().await);
    tokio::time::sleep(COUNTED).await;
    let (asked, after) = (project.asked().len() - asked, calls().await);
    let made: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let since = Instant::now();
    say(&project, "para todas").await;
    let told = heard(&streams, &["conversations"], since, SOON).await;

    // Whoever asks the project is who watches it.
    let watcher = (0..PROCESSES).max_by(|one, other| made[*one].total_cmp(&made[*other])).expect("three");
    let killed = house.served.remove(watcher);
    streams.retain(|(process, _)| *process != watcher);
    let since = Instant::now();
    killed.kill();
    say(&project, "depois").await;
    // What was written before the first look of the next one is told as "anything may have changed".
    let taken_over = heard(&streams, &["conversations", "refresh"], since, SOON).await;
    let since = Instant::now();
    say(&project, "e outra vez").await;
    let again = heard(&streams, &["conversations"], since, SOON).await;
    println!(
        "several: {asked} questions in {COUNTED:?} for six pages at three processes, by process {made:?}; a change is told to \
         all after {told:?}; after kill -9 of the one that watched to the {} others after {taken_over:?}, and the next after \
         {again:?}",
        streams.len()
    );
    let most = MOST_LOOKS * QUESTIONS * 6 / 5;
    assert!(asked > 0 && asked <= most, "{asked} questions, {most} are those of one watcher and a fifth more");
    assert_eq!(streams.len(), 2 * (PROCESSES - 1));
}
