//! An address is judged when it is saved and again when it is used, and a refusal in use stands in the trail.

use crate::harness::{Browser, Server, Tenant, project};
use app::{credentials::Provider, session::Role};
use reqwest::StatusCode;
use secrecy::SecretString;
use server::{
    store::{Act, AuditQuery, EventKind},
    vault::{Address, WrappedKey},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use time::OffsetDateTime;
use tokio::net::TcpListener;

/// Addresses that no form may save: some are special only by the registries, some only by their names.
const AT_SAVE: [(&str, &str, &str); 10] = [
    ("evolution", "base_url", "https://192.88.99.1"),
    ("evolution", "base_url", "https://168.63.129.16"),
    ("evolution", "base_url", "https://192.52.193.1"),
    ("evolution", "base_url", "https://[3fff::1]"),
    ("evolution", "base_url", "https://[2001:20::1]"),
    ("evolution", "base_url", "https://evo.home.arpa"),
    ("evolution", "base_url", "https://evo.corp"),
    ("evolution", "base_url", "https://evo.example.com."),
    ("n8n", "webhook_url", "https://[fec0::1]/webhook/a"),
    ("n8n", "webhook_url", "https://n8n.localdomain/webhook/a"),
];

/// What somebody with access to the database might write into a row.
const BY_HAND: [&str; 9] = [
    "https://127.0.0.1",
    "https://0x7f.1",
    "https://[::ffff:169.254.169.254]",
    "https://192.88.99.1",
    "https://localhost",
    "https://projeto.internal",
    "http://abcdefghijklmnopqrst.supabase.co",
    "https://abcdefghijklmnopqrst.supabase.co:8443",
    "https://a:b@abcdefghijklmnopqrst.supabase.co",
];

/// Writes an address into a tenant's row as it stands, past every form.
async fn write_by_hand(server: &Server, tenant: &Tenant, url: &str) {
    let (store, scope) = (&server.state.store, &tenant.scope);
    let row = store.find_tenant_key(scope).await.unwrap().unwrap();
    let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
    let version = u32::try_from(row.version).unwrap();
    let key = server.state.ring.open_tenant_key(*scope.tenant().as_uuid(), version, &wrapped).unwrap();
    let seal = |field: &str, value: String| {
        let address = Address { tenant: *scope.tenant().as_uuid(), provider: "supabase", field };
        (field.to_owned(), key.seal(&address, &SecretString::from(value)).unwrap())
    };
    let fields = [seal("project_url", url.to_owned()), seal("api_key", project(0, "publishable_key"))];
    let act = Act::of_command_line();
    store.save_credential(scope, &act, Provider::Supabase, None, &fields, OffsetDateTime::now_utc()).await.unwrap();
}

async fn refusals(server: &Server, tenant: &Tenant) -> usize {
    let query = AuditQuery { kind: Some(EventKind::AddressRefused), ..AuditQuery::default() };
    let events = server.state.store.list_events(&tenant.scope, &query, 10).await.unwrap();
    assert!(events.iter().all(|event| event.subject == "supabase"));
    events.len()
}

async fn refused_in_use(server: &Server, browser: &Browser, tenant: &Tenant) {
    // The overview asks three times.
    for path in ["/", "/conversations", "/appointments"] {
        let page = browser.text(path).await;
        assert!(page.contains("Endereço do projeto recusado"), "{}: {path}", tenant.email);
    }
    for _ in 0..1000 {
        if refusals(server, tenant).await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Those of the other pages, if there were any, would be there by now.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(refusals(server, tenant).await, 1, "{}", tenant.email);
}

#[tokio::test]
async fn twenty_addresses_are_refused_when_saved_and_when_used() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let inside = listener.local_addr().unwrap().to_string();
    let visits = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&visits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let listed = inside.clone();
    let server =
        Server::start_as(move |config| config.egress_allow = format!("{},{listed}", config.egress_allow)).await;
    let mut refused = 0;

    let saving = server.tenant("salva", Role::Admin, None).await;
    let browser = server.signed_in(&saving.email).await;
    for (provider, field, address) in AT_SAVE {
        let place = format!("fields[{field}]");
        let mut pairs = vec![("provider", provider), ("version", "0"), (place.as_str(), address)];
        if provider == "evolution" {
            pairs.extend([("fields[instance]", "principal"), ("fields[token]", "0123456789abcdef0123456789abcdef")]);
        }
        let answer = browser.call("/api/credentials/save", &pairs).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(&format!("{provider}.{field}")) && !text.contains("instance"), "{address}: {text}");
        refused += 1;
    }

    let shrunk = server.tenant("encolhe", Role::Admin, None).await;
    server.connect_to(&shrunk.scope, &format!("http://{inside}"), &project(0, "publishable_key")).await;
    let origins = [project(0, "origin"), project(1, "origin")].join(",");
    let server = server.restart_as(|config| config.egress_allow = origins).await;
    let browser = server.signed_in(&shrunk.email).await;
    refused_in_use(&server, &browser, &shrunk).await;
    refused += 1;
    for (index, address) in BY_HAND.into_iter().enumerate() {
        let tenant = server.tenant(&format!("mao-{index}"), Role::Admin, None).await;
        write_by_hand(&server, &tenant, address).await;
        let browser = server.signed_in(&tenant.email).await;
        refused_in_use(&server, &browser, &tenant).await;
        refused += 1;
    }
    eprintln!("addresses: {refused} of 20 refused, {} connections", visits.load(Ordering::SeqCst));
    assert_eq!((refused, visits.load(Ordering::SeqCst)), (20, 0));
}
