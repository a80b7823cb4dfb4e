//! No table or column is forgotten: the list that backups go by is compared with the schema of each database.

use super::house::{House, all};
use crate::harness::Server;
use server::store::{ColumnKind, LEFT_OUT, TABLES};
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_in_a_backup_or_named_as_left_out() {
    for kind in all() {
        let house = House::new(kind).await;
        let server = Server::start_with(|config| house.configure(config)).await;
        let mut real: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (table, column, word) in house.columns().await {
            real.entry(table).or_default().push((column, word.to_lowercase()));
        }
        let mut columns = 0;
        for table in TABLES {
            let found = real.remove(table.name).unwrap_or_else(|| panic!("{kind:?} has no table {}", table.name));
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            let listed: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, listed, "{kind:?}: the columns of {}", table.name);
            for ((name, word), (_, column)) in found.iter().zip(table.columns) {
                let fits = match column {
                    ColumnKind::Int => ["integer", "bigint"].contains(&word.as_str()),
                    ColumnKind::Text => word == "text",
                    ColumnKind::Bytes => ["blob", "bytea"].contains(&word.as_str()),
                    ColumnKind::Uuid => ["blob", "uuid"].contains(&word.as_str()),
                };
                assert!(fits, "{kind:?}: {}.{name} is {word}, not {column:?}", table.name);
                columns += 1;
            }
            if let Some(fenced) = house.is_fenced(table.name).await {
                assert_eq!(fenced, table.tenant.is_some(), "{}: row-level security and `tenant`", table.name);
            }
        }
        for (table, _) in LEFT_OUT {
            assert!(real.remove(*table).is_some(), "{kind:?} has no table {table}");
        }
        assert!(real.is_empty(), "{kind:?}: neither in TABLES nor in LEFT_OUT: {:?}", real.keys());
        eprintln!(
            "{kind:?}: {} of {} tables, {columns} columns, {} left out",
            TABLES.len(),
            TABLES.len(),
            LEFT_OUT.len()
        );
        server.state.store.close().await;
        house.tear_down().await;
    }
}
