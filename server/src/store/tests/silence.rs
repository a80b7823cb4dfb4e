//! A database that falls silent in the middle of a word: what waits for it is given up in time, and when it is back the
//! pool is as large as before.

use super::{super::*, *};
use futures::future::join_all;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

const PATIENCE: Duration = Duration::from_millis(1_500);
/// With what a busy machine adds. The statements last twice as long, and the product would wait for twenty seconds.
const SOON: Duration = Duration::from_secs(15);

/// A way to the database on which words are swallowed while it is shut. Nothing is ever refused or closed.
struct Door {
    port: u16,
    shut: watch::Sender<bool>,
}

impl Door {
    async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (shut, seen) = watch::channel(false);
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (server, seen) = (server.clone(), seen.clone());
                tokio::spawn(async move {
                    let far = TcpStream::connect(server).await.unwrap();
                    let ((from, to), (back, forth)) = (near.into_split(), far.into_split());
                    tokio::join!(pass(from, forth, seen.clone()), pass(back, to, seen));
                });
            }
        });
        Self { port, shut }
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shut: watch::Receiver<bool>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if !*shut.borrow() && to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// A store that reaches the database through a door, and is sooner out of patience.
async fn behind_a_door(ground: &Ground) -> (Store, Door) {
    let mut url: url::Url = ground.url.parse().unwrap();
    let door = Door::before(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(door.port)).unwrap();
    let store = Store { patience: PATIENCE, ..Store::connect(url.as_str()).await.unwrap() };
    (store, door)
}

/// Statements, by how long they take: the long ones are still at work when the door is shut.
const MOMENT: &str = "select pg_sleep(0.3)";
const LONG: &str = "select pg_sleep(30)";

/// As many at once as the pool has connections.
async fn all_at_work(store: &Store, sql: &'static str) -> Vec<Result<()>> {
    join_all((0..store.pools()[0].most).map(|_| work(store, sql))).await
}

async fn work(store: &Store, sql: &'static str) -> Result<()> {
    on_reader!(store, |db| {
        sqlx::query(sql).execute(db).await?;
    });
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_is_told_and_no_connection_is_lost_by_it() {
    on_postgres(async |ground| {
        let (store, door) = behind_a_door(ground).await;
        // All connections are there: on a busy machine making them takes longer than this store's patience.
        let began = Instant::now();
        while !all_at_work(&store, MOMENT).await.iter().all(Result::is_ok) {
            assert!(began.elapsed() < Duration::from_secs(60), "the pool is {:?}", store.pools());
        }

        // In the middle of statements: they were heard, and what comes of them is not.
        let began = Instant::now();
        let shutting = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            door.shut.send_replace(true);
        };
        let (answers, ()) = tokio::join!(all_at_work(&store, LONG), shutting);
        let cut_off = began.elapsed();
        let told = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Unavailable(_)))).count();
        assert_eq!(told, answers.len(), "{answers:?}");

        // From the beginning, in each of the ways that the store works.
        let began = Instant::now();
        let (slug, scope, agency, act) = (slug("nenhum"), scope_of(TenantId::new()), agency(), act());
        let outcomes = tokio::join!(
            store.list_notices(0, 1),
            store.find_tenant(&agency, &slug),
            store.list_credentials_and_keys(&scope),
            store.delete_old_notices(NOW, 1),
            store.end_every_session(&agency, &act, NOW)
        );
        let silent = began.elapsed();
        let errors = [
            outcomes.0.err(),
            outcomes.1.err(),
            outcomes.2.err(),
            outcomes.3.err(),
            outcomes.4.err(),
            store.ping().await.err(),
        ];
        assert!(errors.iter().all(|error| matches!(error, Some(StoreError::Unavailable(_)))), "{errors:?}");

        door.shut.send_replace(false);
        let began = Instant::now();
        while !all_at_work(&store, MOMENT).await.iter().all(Result::is_ok) {
            assert!(began.elapsed() < Duration::from_secs(60), "the pool is {:?}", store.pools());
        }
        eprintln!(
            "silent Postgres: {told} statements given up within {cut_off:.1?}, each kind of work within {silent:.1?}; all \
             connections are back after {:.1?}",
            began.elapsed()
        );
        assert!(cut_off < SOON && silent < SOON, "{cut_off:?} {silent:?}");
        store.close().await;
    })
    .await;
}
