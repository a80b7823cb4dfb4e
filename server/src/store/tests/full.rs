//! A SQLite file that cannot grow, or may not be written: told as something that passes, nothing of it is kept, and the one
//! writing connection goes on when there is room again.

use super::{super::*, *};

const TIMES: u32 = 20;

async fn on_sqlite(body: impl AsyncFn(&Store, &SqlitePool)) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/painel.db", folder.path().display())).await.unwrap();
    store.migrate(None).await.unwrap();
    store.arm(AuditKey::new([7; 32]));
    let Pools::Sqlite { writer, .. } = &store.pools else { panic!("SQLite") };
    body(&store, writer).await;
    store.close().await;
}

async fn tell(writer: &SqlitePool, sql: &'static str) {
    sqlx::query(sql).execute(writer).await.unwrap();
}

#[tokio::test]
async fn a_full_file_is_an_outage_that_ends() {
    on_sqlite(async |store, writer| {
        let place = Some((tenant(store, "cheio").await, Role::Viewer));
        let events = count(store, "select count(*) from audit_events").await;
        let (mut refused, mut resumed, mut people) = (0, 0, 0_i64);
        for time in 0..TIMES {
            tell(writer, "pragma max_page_count = 1").await; // As many as there are.
            let mut error = None;
            for number in 0..2_000 {
                let user = new_user(&format!("p{time}-{number}@cheio.localhost"), place);
                match store.create_user(&act(), user, NOW).await {
                    Ok(_) => people += 1,
                    Err(full) => {
                        error = Some(full);
                        break;
                    }
                }
            }
            refused += u32::from(matches!(error, Some(StoreError::Unavailable(_))));
            assert_eq!(count(store, "select count(*) from users").await, people, "{error:?}");
            store.ping().await.unwrap();
            tell(writer, "pragma max_page_count = 1073741823").await;
            let user = new_user(&format!("p{time}-after@cheio.localhost"), place);
            resumed += u32::from(store.create_user(&act(), user, NOW).await.is_ok());
            people += 1;
        }
        let told = count(store, "select count(*) from audit_events").await - events;
        assert_eq!(told, people, "each with its event");
        eprintln!("H6 full file: {refused} of {TIMES} told as an outage, {resumed} of {TIMES} go on after it");
        assert_eq!((refused, resumed), (TIMES, TIMES));
    })
    .await;
}

#[tokio::test]
async fn a_read_only_file_is_an_outage_that_ends() {
    on_sqlite(async |store, writer| {
        let (mut refused, mut resumed) = (0, 0);
        for time in 0..TIMES {
            tell(writer, "pragma query_only = on").await;
            let outcome = store.create_user(&act(), new_user(&format!("r{time}@papel.localhost"), None), NOW).await;
            let probe = store.try_writing().await;
            let both = [outcome.err(), probe.err()];
            refused += u32::from(both.iter().all(|error| matches!(error, Some(StoreError::Unavailable(_)))));
            assert_eq!(count(store, "select count(*) from users").await, i64::from(time), "{both:?}");
            tell(writer, "pragma query_only = off").await;
            store.try_writing().await.unwrap();
            let user = new_user(&format!("r{time}@papel.localhost"), None);
            resumed += u32::from(store.create_user(&act(), user, NOW).await.is_ok());
        }
        eprintln!("H6 read-only file: {refused} of {TIMES} told as an outage, {resumed} of {TIMES} go on after it");
        assert_eq!((refused, resumed), (TIMES, TIMES));
    })
    .await;
}
