//! A million rows pass through a bounded memory.

use super::house::{House, all, error, text};
use crate::harness::Server;
use app::session::Role;
use std::{process::Child, time::Instant};

const EVENTS: u32 = 1_000_000;
/// Far less than the rows take, which is over 150 MB as text.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;

/// Waits for the end; gives the most memory that the process had, in bytes.
async fn watch(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = kib.unwrap_or_default().max(peak);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    peak * 1024
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes without optimisation: run it with --ignored when the way of reading or writing changes"]
async fn a_million_rows_take_little_memory() {
    for kind in all() {
        let source = House::new(kind).await;
        let server = Server::start_with(|config| source.configure(config)).await;
        server.tenant("grande", Role::Admin, Some(0)).await;
        server.state.store.close().await;
        source.fill(EVENTS).await;
        let out = source.path().join("out");
        let began = Instant::now();
        let peak = watch(source.start(&["backup", "--out", text(&out)])).await;
        let took = began.elapsed();
        let mut files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let target = House::new(kind).await;
        let began = Instant::now();
        let restored = watch(target.start(&["restore", "--data", text(&files[0]), "--keys", text(&files[1])])).await;
        eprintln!(
            "{kind:?}: {EVENTS} events, {} MB; backup {took:?} with {} MB, restore {:?} with {} MB",
            std::fs::metadata(&files[0]).unwrap().len() / 1_000_000,
            peak / 1_000_000,
            began.elapsed(),
            restored / 1_000_000
        );
        assert!(peak < MOST_MEMORY && restored < MOST_MEMORY, "{peak} and {restored} bytes");
        for house in [source, target] {
            house.tear_down().await;
        }
    }
}
