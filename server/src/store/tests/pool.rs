//! Connections go from tenant to tenant: nothing of one may be left for the next.

use super::{super::*, fence::furnished, *};
use futures::future::join_all;
use sqlx::postgres::PgPoolOptions;

const TASKS: u64 = 200;
const EACH: u64 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_few_connections_and_with_callers_who_go_away_no_row_is_anothers() {
    on_both_empty(async |ground| {
        ground.migrate().await;
        let mut store = ground.store.clone();
        if ground.owner.is_some() {
            let options = PgPoolOptions::new().max_connections(4).acquire_timeout(std::time::Duration::from_secs(60));
            store.pools = Pools::Postgres(options.connect(&ground.url).await.unwrap());
        }
        let (a, b) = furnished(&store).await;
        let start = std::time::Instant::now();
        let tasks = (0..2 * TASKS).map(|task| {
            let store = store.clone();
            let (scope, own) = if task % 2 == 0 { (a, "aurora") } else { (b, "barba") };
            tokio::spawn(async move {
                let (mut foreign, mut cancelled) = (0_u64, 0_u64);
                for turn in 0..EACH {
                    let read = async {
                        // Alternately the tenant's fence and the agency's, which sees more.
                        if turn % 8 == 7 {
                            store.list_tenants(&agency(), 1, None).await.unwrap();
                        }
                        let found = store.list_credentials(&scope).await.unwrap();
                        let key = if found.is_empty() { None } else { store.find_tenant_key(&scope).await.unwrap() };
                        (found, key)
                    };
                    let patience = match (task * 31 + turn * 17) % 5 {
                        0 => std::time::Duration::from_micros((task * 7 + turn * 131) % 30_000),
                        _ => std::time::Duration::from_secs(120),
                    };
                    match tokio::time::timeout(patience, read).await {
                        Err(_elapsed) => cancelled += 1,
                        Ok((found, key)) => {
                            let mine = found.len() == 1 && found[0].fields == [field("a", own)] && key.is_some();
                            foreign += u64::from(!mine);
                        }
                    }
                }
                (foreign, cancelled)
            })
        });
        let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(std::result::Result::unwrap).collect();
        let foreign: u64 = outcomes.iter().map(|outcome| outcome.0).sum();
        let cancelled: u64 = outcomes.iter().map(|outcome| outcome.1).sum();
        let turns = 2 * TASKS * EACH;
        eprintln!(
            "foreign or missing rows: {foreign} of {turns} transactions ({cancelled} cancelled) in {:.1?}",
            start.elapsed()
        );
        assert_eq!(foreign, 0);
        assert!(cancelled > turns / 100, "only {cancelled} were cancelled");
        if let Pools::Postgres(pool) = &store.pools {
            let mut connections = Vec::new();
            for _ in 0..4 {
                connections.push(pool.acquire().await.unwrap());
            }
            let mut empty = 0;
            for connection in &mut connections {
                const SQL: &str = "select coalesce(current_setting('painel.tenant', true), '') \
                                   || coalesce(current_setting('painel.user', true), '') \
                                   || coalesce(current_setting('painel.agency', true), '')";
                let left: String = sqlx::query_scalar(SQL).fetch_one(&mut **connection).await.unwrap();
                empty += u32::from(left.is_empty());
            }
            eprintln!("connections without a fence left behind: {empty} of 4");
            assert_eq!(empty, 4);
            drop(connections);
            pool.close().await;
        }
    })
    .await;
}
