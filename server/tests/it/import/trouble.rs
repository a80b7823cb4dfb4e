//! What stops an import before it begins, and what it does about a source that changed.

use super::house::{House, fixture};
use crate::behind::lines_of_ours;
use server::store::SourceTable;
use std::{fs, path::Path, process::Output};

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(lines_of_ours(&text), 1, "one line: {text}");
    text
}

#[test]
fn a_wrong_key_or_source_stops_it_before_anything_is_written() {
    let house = House::new();
    house.ready();
    let before = house.database_bytes();
    let from = fixture("json");
    let file = |name: &str, text: &str| {
        let path = house.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let key = |path: &str| {
        let arguments = ["import", "--from", from.as_str(), "--fernet-key-file", path];
        said(&house.command(&arguments).output().unwrap())
    };
    let sample = file("sample.key", "gAAAAABhZ5J9X8Y2K3L4M5N6O7P8Q9R0S1T2U3V4W5X6Y7Z8A9B0");
    let text = key(&sample);
    assert!(text.contains("52 characters") && text.contains("39 bytes"), "{text}");
    let text = key(&file("other.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert!(text.contains("none of the") && text.contains("Nothing was imported"), "{text}");
    assert!(key("nowhere.key").contains("nowhere.key"));

    let with_password = "postgres://painel:senha-canario@127.0.0.1:1/x";
    let text = said(&house.try_import(&["--from", with_password]));
    assert!(text.contains("--from-file") && !text.contains("canario"), "{text}");
    let url = file("source.url", with_password);
    let text = said(&house.try_import(&["--from-file", &url]));
    assert!(text.contains("source's database") && !text.contains("canario"), "{text}");
    let text = said(&house.try_import(&["--from", "https://abcdefghijklmnopqrst.supabase.co"]));
    assert!(text.contains("--supabase-key-file"), "{text}");
    let text = said(&house.try_import(&["--from", "nowhere"]));
    assert!(text.contains("neither clients.json nor clients.csv"), "{text}");
    assert!(house.database_bytes() == before, "nothing was written");

    let usage = house.command(&["import", "--from", &from]).output().unwrap();
    assert_eq!(usage.status.code(), Some(2), "without a key file it is a usage error");
    let help = house.command(&["import", "--help"]).output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("--dry-run"));
}

#[test]
fn a_dry_run_makes_no_database() {
    let house = House::new();
    let text = said(&house.try_import(&["--from", &fixture("json"), "--dry-run"]));
    assert!(text.contains("painel migrate"), "{text}");
    assert!(!house.path().join("painel.db").exists());
}

fn write_tables(folder: &Path, clients: &serde_json::Value, users: &serde_json::Value) {
    fs::write(folder.join("clients.json"), clients.to_string()).unwrap();
    fs::write(folder.join("client_users.json"), users.to_string()).unwrap();
}

#[tokio::test]
async fn later_runs_take_what_is_new_and_leave_what_was_changed() {
    let house = House::new();
    house.ready();
    let folder = house.path().join("former");
    fs::create_dir(&folder).unwrap();
    let from = ["--from", folder.to_str().unwrap()];
    let mut clients = serde_json::json!([
        {"id": "c1", "client_name": "Clínica Sol", "n8n_webhook_url": "https://n8n.agencia.example/webhook/um"},
        {"id": "c2", "client_name": "Clínica Sol", "n8n_webhook_url": "http://10.0.0.1/webhook/dois"},
    ]);
    let hash = |digit: &str| digit.repeat(64);
    let mut users = serde_json::json!([
        {"id": "u1", "client_id": "c1", "user_email": "ana@gente.example", "user_password_hash": hash("a"), "role": "admin"},
        {"id": "u2", "client_id": "c2", "user_email": "bia@gente.example", "user_password_hash": "segredo", "role": "admin"},
    ]);
    write_tables(&folder, &clients, &users);
    let report = house.import(&from);
    assert!(report.contains("in part: clients c2: n8n_webhook_url: webhook_url is refused"), "{report}");
    assert!(report.contains("skipped: client_users u2: user_password_hash"), "{report}");
    assert!(report.ends_with("5 changes made: 2 tenants, 1 users, 1 memberships, 1 credentials\n"), "{report}");

    // Mended at the source: taken now, into the tenant that is there. Changed at the source: left as it is here.
    clients[1]["n8n_webhook_url"] = "https://n8n.agencia.example/webhook/dois".into();
    clients[0]["client_name"] = "Clínica Lua".into();
    users[1]["user_password_hash"] = hash("b").into();
    users[0]["role"] = "viewer".into();
    write_tables(&folder, &clients, &users);
    let report = house.import(&from);
    assert!(report.contains("changed: clients c1: it changed at the source"), "{report}");
    assert!(report.contains("changed: client_users u1: it changed at the source"), "{report}");
    assert!(report.ends_with("3 changes made: 0 tenants, 1 users, 1 memberships, 1 credentials\n"), "{report}");
    let store = house.store().await;
    let agency = store.operator_agency();
    let tenant = store.find_tenant(&agency, &"clinica-sol".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(tenant.name, "Clínica Sol");
    let login = store.find_login(&"ana@gente.example".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(login.memberships[0].role.as_str(), "admin");
    let other = store.find_tenant(&agency, &"clinica-sol-2".parse().unwrap()).await.unwrap().unwrap();
    let ledger = store.list_imported_rows(&agency).await.unwrap();
    assert_eq!(ledger.len(), 6, "two clients, two columns, two users: {ledger:?}");
    let of_c2: Vec<_> =
        ledger.iter().filter(|row| row.source.table == SourceTable::Clients && row.source.id == "c2").collect();
    assert!(of_c2.len() == 2 && of_c2.iter().all(|row| row.tenant == Some(other.id)));
    store.close().await;

    let report = house.import(&from);
    assert!(report.contains("\n0 changes made:"), "{report}");
}
