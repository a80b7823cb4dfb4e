//! `kill -9` in the middle: a backup that is not one, or a database that is still empty.

use super::house::{House, Kind, all, error, text};
use crate::harness::Server;
use app::session::Role;
use server::backup::check;
use std::{fs, path::Path, process::Child, time::Duration};

/// Events that make a backup and a restore last seconds.
const EVENTS: u32 = 40_000;

async fn filled(kind: Kind) -> House {
    let house = House::new(kind).await;
    let server = Server::start_with(|config| house.configure(config)).await;
    server.tenant("morte", Role::Admin, Some(0)).await;
    server.state.store.close().await;
    house.fill(EVENTS).await;
    house
}

async fn until(child: &mut Child, mut reached: impl AsyncFnMut() -> bool) {
    while !reached().await {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backup_leaves_nothing_that_restores() {
    for kind in all() {
        let house = filled(kind).await;
        let out = house.path().join("killed");
        let mut child = house.start(&["backup", "--out", text(&out)]);
        let parts = || fs::read_dir(&out).into_iter().flatten().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        until(&mut child, async || parts().iter().any(|path| size(path) > 200_000)).await;
        let left = parts();
        assert!(!left.is_empty() && left.iter().all(|path| text(path).ends_with(".part")), "{left:?}");
        let data = left.iter().find(|path| text(path).ends_with(".data.part")).unwrap();
        eprintln!("{kind:?}: killed at {} bytes", size(data));
        assert!(check(data, None).is_err(), "what is left restores nothing");
        let refused = house.painel(&["restore", "--data", text(data), "--without-keys"]).await;
        assert!(error(&refused).contains("cut off"), "{}", error(&refused));
        house.tear_down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_restore_leaves_an_empty_database() {
    for kind in all() {
        let source = filled(kind).await;
        let (data, keys) = source.back_up().await;
        let target = House::new(kind).await;
        let arguments = ["restore", "--data", text(&data), "--keys", text(&keys)];
        let mut child = target.start(&arguments);
        let log = target.path().join("house.db-wal");
        let size_now = "select coalesce(pg_relation_size(to_regclass('audit_events')), 0)";
        until(&mut child, async || match kind {
            Kind::Sqlite => size(&log) > 4_000_000,
            Kind::Postgres => target.number(size_now).await > 4_000_000,
        })
        .await;
        // Postgres notices the loss on its own.
        let others =
            "select count(*) from pg_stat_activity where datname = current_database() and usename like '%owner'";
        while kind == Kind::Postgres && target.number(others).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(target.is_empty().await, "{kind:?}: a restore that was killed leaves nothing");
        let done = target.painel(&arguments).await;
        assert!(done.status.success(), "and it can be done again: {}", error(&done));
        assert!(target.number("select count(*) from audit_events").await > i64::from(EVENTS));
        eprintln!("{kind:?}: killed in the middle, empty, then restored");
        for house in [source, target] {
            house.tear_down().await;
        }
    }
}
