//! Migrating, and refusing a database that does not fit.

use super::{super::*, *};
use futures::future::join_all;
use std::collections::BTreeSet;

#[tokio::test]
async fn an_empty_database_is_older_and_checking_writes_nothing() {
    on_both_empty(async |ground| {
        let Ground { store, .. } = ground;
        store.ping().await.unwrap();
        for _ in 0..2 {
            let checked = store.check_schema().await;
            assert!(matches!(checked, Err(StoreError::SchemaOlder { found: 0, needed: 1.. })), "{checked:?}");
        }
        ground.migrate().await;
        store.check_schema().await.unwrap();
        ground.migrate().await;
        store.check_schema().await.unwrap();
        raw(store, "delete from _sqlx_migrations", None).await.unwrap();
        assert!(matches!(store.check_schema().await, Err(StoreError::SchemaOlder { found: 0, needed: 1.. })));
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    on_both_empty(async |ground| {
        let Ground { store, owner, .. } = ground;
        ground.migrate().await;
        let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                     select 999, 'later', success, checksum, 0 from _sqlx_migrations where version = 1";
        raw(store, newer, None).await.unwrap();
        for refused in [store.check_schema().await, store.migrate(owner.as_deref()).await] {
            assert!(matches!(refused, Err(StoreError::SchemaNewer { found: 999, known: 1.. })), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_edited_or_unfinished_migration_is_refused() {
    on_both_empty(async |ground| {
        let Ground { store, owner, .. } = ground;
        ground.migrate().await;
        raw(store, "update _sqlx_migrations set success = false where version = 1", None).await.unwrap();
        for refused in [store.check_schema().await, store.migrate(owner.as_deref()).await] {
            assert!(matches!(refused, Err(StoreError::SchemaChanged { version: 1 })), "{refused:?}");
        }
        let edited = match store.backend() {
            Backend::Sqlite => "update _sqlx_migrations set success = true, checksum = x'00' where version = 1",
            Backend::Postgres => "update _sqlx_migrations set success = true, checksum = '\\x00' where version = 1",
        };
        raw(store, edited, None).await.unwrap();
        for refused in [store.check_schema().await, store.migrate(owner.as_deref()).await] {
            assert!(matches!(refused, Err(StoreError::SchemaChanged { version: 1 })), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_may_open_and_migrate_at_once() {
    for _ in 0..5 {
        on_both_empty(async |ground| {
            let starts = (0..4).map(|_| {
                let (url, owner) = (ground.url.clone(), ground.owner.clone());
                tokio::spawn(async move {
                    let store = Store::connect(&url).await?;
                    store.migrate(owner.as_deref()).await?;
                    store.check_schema().await?;
                    store.close().await;
                    Result::Ok(())
                })
            });
            for start in join_all(starts).await {
                start.unwrap().unwrap();
            }
            let applied = count(&ground.store, "select count(*) from _sqlx_migrations").await;
            assert_eq!(applied, i64::try_from(super::super::schema::SQLITE.iter().count()).unwrap());
        })
        .await;
    }
}

/// Table, then column or constraint, of every line of a migration that defines one.
fn definitions(sql: &str) -> BTreeSet<(String, String)> {
    let mut table = String::new();
    let mut found = BTreeSet::new();
    for line in sql.lines().map(str::trim).filter(|line| !line.starts_with("--")) {
        let words: Vec<_> = line.split_whitespace().collect();
        match words[..] {
            ["create", "table", name, ..] => table = name.to_owned(),
            ["alter", "table", altered, "add", "column", name, ..] => {
                found.insert((altered.to_owned(), name.to_owned()));
            }
            ["create", "index", name, ..] => drop(found.insert((String::new(), name.to_owned()))),
            [name, "blob" | "uuid" | "bytea" | "text" | "integer" | "bigint", ..] => {
                found.insert((table.clone(), name.to_owned()));
            }
            _ => {}
        }
        for pair in words.windows(2).filter(|pair| pair[0] == "constraint") {
            found.insert((table.clone(), pair[1].to_owned()));
        }
    }
    // SQLite has no UUID type: that its blobs have the length of one is checked there alone.
    found.retain(|(_, name)| !name.ends_with("_id_is_uuid"));
    found
}

#[test]
fn both_databases_have_the_same_tables_columns_and_constraints() {
    for (sqlite, postgres) in [
        (
            include_str!("../../../../migrations/sqlite/0001_base.sql"),
            include_str!("../../../../migrations/postgres/0001_base.sql"),
        ),
        (
            include_str!("../../../../migrations/sqlite/0002_people.sql"),
            include_str!("../../../../migrations/postgres/0002_people.sql"),
        ),
        (
            include_str!("../../../../migrations/sqlite/0004_health.sql"),
            include_str!("../../../../migrations/postgres/0004_health.sql"),
        ),
    ] {
        let (sqlite, postgres) = (definitions(sqlite), definitions(postgres));
        assert!(sqlite.len() > 30, "{} definitions read", sqlite.len());
        assert_eq!(sqlite, postgres);
    }
}
