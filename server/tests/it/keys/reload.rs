//! The ring's file changes under a running server: a good one is taken, a bad one refused, and pages go on.

use super::stock::keep_in_ring;
use crate::{
    behind::{self, Behind},
    harness::{Browser, PASSWORD, Server, location},
    served::Served,
};
use app::session::{AgencyRole, Role};
use reqwest::StatusCode;
use std::{fs, path::Path, time::Duration};

const OWNER: &str = "dona@agencia.example";

fn done(behind: &Behind, server: &Server, arguments: &[&str]) {
    let output = behind.painel(server, arguments, "");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

async fn new_tenant(served: &Served, owner: &Browser, slug: &str) {
    let email = format!("a@{slug}.example");
    let pairs = [
        ("form[name]", slug),
        ("form[timezone]", "America/Recife"),
        ("form[email]", email.as_str()),
        ("form[slug]", slug),
    ];
    let answer = owner.form("/api/console/create", &pairs, "/console/new").await;
    assert!(location(&answer).contains(&format!("/console/tenants/{slug}")), "{}: {}", location(&answer), served.log());
}

async fn wrapped_by(behind: &Behind, slug: &str, ring_key: &str) -> bool {
    let sql = format!(
        "select count(*) from tenant_keys k join tenants t on t.id = k.tenant_id where t.slug = '{slug}' and k.ring_key = '{ring_key}'"
    );
    behind.count(&sql).await == 1
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_ring_is_taken_without_a_restart_and_a_bad_one_refused() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("anel", Role::Admin, Some(0)).await;
    server.staff(OWNER, AgencyRole::Owner).await;
    let allow = [("PAINEL_EGRESS_ALLOW", crate::harness::project(0, "origin"))];
    let allow: Vec<(&str, &str)> = allow.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let served = Served::start_logged(&behind, &server, "info", &allow).await;
    let ring = server.folder.path().join("keyring.json");
    let (mut admin, mut owner) = (Browser::new(&served.url), Browser::new(&served.url));
    assert_eq!(admin.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
    assert_eq!(owner.log_in(OWNER, PASSWORD).await.status(), StatusCode::FOUND);
    let reads = async || admin.text("/conversations").await.contains("class=\"talk\"");
    assert!(reads().await);

    // By looking at the file.
    done(&behind, &server, &["keygen", "--add", "k2"]);
    assert!(served.logs("k1, k2").await, "the added key is seen: {}", served.log());
    done(&behind, &server, &["keygen", "--activate", "k2"]);
    assert!(served.logs("\"active\":\"k2\"").await, "{}", served.log());
    new_tenant(&served, &owner, "com-k2").await;
    assert!(wrapped_by(&behind, "com-k2", "k2").await);

    // Bad ones, each in its way; every page goes on.
    let good = fs::read_to_string(&ring).unwrap();
    let json: serde_json::Value = serde_json::from_str(&good).unwrap();
    let (k1, k2) = (json["keys"]["k1"].as_str().unwrap(), json["keys"]["k2"].as_str().unwrap());
    let bad = [
        (String::new(), "the key ring is empty"),
        (good[..good.len() / 2].to_owned(), "is not JSON"),
        (good.replace(k1, "QUJD"), "has 3 bytes"),
        (good.replace(&format!("\"k1\": \"{k1}\","), ""), "needs the key \\\"k1\\\""),
        (good.replace(k1, k2), "is not the key that the stored data was sealed with"),
        (good.replace("\"active\": \"k2\"", "\"active\": \"k3\""), "the active key k3 is not in the key ring"),
    ];
    let mut refused = 0;
    for (text, part) in &bad {
        write(&ring, text);
        served.signal("HUP");
        assert!(served.logs(part).await, "{part}: {}", served.log());
        assert!(reads().await);
        refused += 1;
    }
    use std::os::unix::fs::PermissionsExt;
    write(&ring, &good);
    fs::set_permissions(&ring, fs::Permissions::from_mode(0o644)).unwrap();
    served.signal("HUP");
    assert!(served.logs("can be read by others").await, "{}", served.log());
    fs::remove_file(&ring).unwrap();
    served.signal("HUP");
    assert!(served.logs("no key ring at").await, "{}", served.log());
    refused += 2;
    let log = served.log();
    let errors = log.lines().filter(|line| line.contains("\"ERROR\"") && line.contains("is refused")).count();
    assert!(errors >= refused, "each at error: {errors}");
    assert!(![k1, k2].iter().any(|key| log.contains(*key)), "and no key in the log");
    new_tenant(&served, &owner, "ainda-k2").await;
    assert!(wrapped_by(&behind, "ainda-k2", "k2").await, "the old ring goes on");
    println!("rings refused while serving: {refused} of {}", bad.len() + 2);

    // The same file again, by SIGHUP; then the whole way to a ring without the first key.
    write(&ring, &good);
    fs::set_permissions(&ring, fs::Permissions::from_mode(0o600)).unwrap();
    done(&behind, &server, &["keys", "rewrap"]);
    assert!(reads().await, "keys wrapped anew open at once");
    done(&behind, &server, &["keys", "trim"]);
    keep_in_ring(&ring, &["k2"]);
    served.signal("HUP");
    assert!(served.logs("\"keys\":\"k2\"").await, "{}", served.log());
    assert!(reads().await);

    // A key wrapped by a ring that the server has not looked at yet: it looks before its turn.
    done(&behind, &server, &["keygen", "--add", "k3"]);
    done(&behind, &server, &["keygen", "--activate", "k3"]);
    done(&behind, &server, &["keys", "rewrap"]);
    let mut seen = 0;
    for _ in 0..20 {
        seen += usize::from(reads().await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(seen, 20);
}
