//! Opening: what must hold on every connection and of the file itself.

use super::{super::*, *};
use app::credentials::Provider;
use futures::future::join_all;
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use std::{os::unix::fs::PermissionsExt, path::Path, time::Instant};

#[tokio::test]
async fn what_was_saved_is_there_after_closing_and_opening_again() {
    on_both_empty(async |ground| {
        ground.migrate().await;
        let store = ground.connect().await;
        store.arm(AuditKey::new([7; 32]));
        let scope = signed_in(&store, "aurora", 1).await;
        store.save_credential(&scope, &act(), Provider::N8n, Some(0), &[field("a", "1")], NOW).await.unwrap();
        let saved = store.list_credentials(&scope).await.unwrap();
        store.close().await;
        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))), "closed, and yet alive");
        let store = ground.connect().await;
        store.check_schema().await.unwrap();
        let visitor = visitor(&store, 1, NOW).await.unwrap();
        assert_eq!(store.list_credentials(&visitor.scope).await.unwrap(), saved);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_url_that_names_no_database_is_refused_without_repeating_it() {
    for url in [
        "",
        "painel.db",
        "mysql://root:hunter2@x/painel",
        "sqlite://",
        "sqlite:",
        "sqlite::memory:",
        "sqlite://x.db?mode=memory",
        "postgres://root:hunter2@[x/painel",
        "postgres://root:hunter2@x/painel?sslmode=hunter2",
    ] {
        let error = Store::connect(url).await.expect_err(url);
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_soon() {
    let start = Instant::now();
    // Port 1 of this machine: nothing listens there.
    let error = Store::connect("postgres://root:hunter2@127.0.0.1:1/painel").await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    assert!(start.elapsed().as_secs() < 20, "after {:?}", start.elapsed());
}

async fn sqlite(path: &Path) -> (Store, SqlitePool, SqlitePool) {
    let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let Pools::Sqlite { readers, writer } = store.pools.clone() else { panic!("a SQLite URL opened something else") };
    (store, readers, writer)
}

#[tokio::test]
async fn every_sqlite_connection_is_safe_and_readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let (store, readers, writer) = sqlite(&folder.path().join("painel.db")).await;
    store.migrate(None).await.unwrap();
    let mut connections = vec![(false, writer.acquire().await.unwrap())];
    for _ in 0..readers.options().get_max_connections() {
        connections.push((true, readers.acquire().await.unwrap()));
    }
    assert!((3..=5).contains(&connections.len()), "a writer, and two readers to four");
    for (reads, connection) in &mut connections {
        let text: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut **connection).await.unwrap();
        assert_eq!(text, "wal");
        for (pragma, value) in [
            ("pragma foreign_keys", 1),
            ("pragma synchronous", 2),
            ("pragma busy_timeout", 5_000),
            ("pragma query_only", i64::from(*reads)),
        ] {
            let set: i64 = sqlx::query_scalar(pragma).fetch_one(&mut **connection).await.unwrap();
            assert_eq!(set, value, "{pragma}");
        }
        let written = sqlx::query("delete from users").execute(&mut **connection).await;
        assert_eq!(written.is_err(), *reads);
    }
}

#[tokio::test]
async fn the_file_and_its_folder_are_for_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/data/painel.db");
    let (store, ..) = sqlite(&path).await;
    store.migrate(None).await.unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    for beside in ["painel.db-wal", "painel.db-shm"] {
        assert_eq!(mode(&path.with_file_name(beside)), 0o600, "{beside}");
    }
    assert_eq!(mode(&folder.path().join("deep/data")), 0o700);
    assert_eq!(mode(&folder.path().join("deep")), 0o700);
    store.close().await;
    assert!(!path.with_file_name("painel.db-wal").exists(), "the WAL was not folded into the file");

    // A path with no room for a file.
    let error = Store::connect(&format!("sqlite://{}/x.db", path.display())).await.unwrap_err();
    assert!(matches!(error, StoreError::File { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn several_may_make_the_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let path = folder.path().join(format!("{round}/painel.db"));
        let starts = (0..16).map(|_| {
            let path = path.clone();
            tokio::spawn(async move {
                let (store, ..) = sqlite(&path).await;
                // Sixteen on a slow disk: who is told that it is busy comes again.
                while let Err(error) = store.migrate(None).await {
                    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
                }
                store.check_schema().await.unwrap();
                store.close().await;
            })
        });
        join_all(starts).await.into_iter().for_each(|start| start.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_that_writes_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, writer) = sqlite(&folder.path().join("painel.db")).await;
    store.migrate(None).await.unwrap();
    let mut other: SqliteConnection = writer.connect_options().connect().await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let write = {
        let store = store.clone();
        tokio::spawn(async move { store.create_session(new_session(1, None, None), NOW).await })
    };
    // Readers do not wait for it.
    assert_eq!(store.find_session(&hash(1), NOW, IDLE).await.unwrap(), None);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!write.is_finished(), "wrote past the lock");
    lock.rollback().await.unwrap();
    write.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_store_that_is_too_busy_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, writer) = sqlite(&folder.path().join("painel.db")).await;
    store.migrate(None).await.unwrap();
    let busy = writer.acquire().await.unwrap();
    let refused = store.create_session(new_session(1, None, None), NOW).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut))), "{refused:?}");
    drop(busy);
    store.create_session(new_session(1, None, None), NOW).await.unwrap();
    // Another process keeps the file longer than SQLite waits.
    let mut other: SqliteConnection = writer.connect_options().connect().await.unwrap();
    let _lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = store.update_session(&hash(1), "{}", None, None).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(sqlx::Error::Database(_)))), "{refused:?}");
}
