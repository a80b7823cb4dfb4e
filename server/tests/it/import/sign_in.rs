//! People who were moved in sign in over HTTP with the password they had, on either database: their wrapped hash becomes
//! one of the password at the first time, and whoever lets 90 days pass has to set a new one.

use super::house::{House, expected, read_json};
use crate::{
    database::Database,
    harness::{Browser, PASSWORD, Server},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use futures::future::join_all;
use reqwest::{Method, StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::json;
use server::{
    store::{AuditQuery, EventKind},
    vault::Purpose,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

fn hex(password: &str) -> String {
    Sha256::digest(password).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An empty server and the command line beside it, on both databases in turn.
async fn on_both(body: impl AsyncFn(&Server, &House)) {
    let trusting = |config: &mut server::config::Config| {
        // Each try comes from an address of its own: one address has 20 wrong ones a minute.
        config.trusted_proxies = "127.0.0.1".parse().expect("an address");
    };
    let server = Server::start_with(trusting).await;
    eprintln!("on SQLite");
    body(&server, &House::beside(server.folder.path(), None)).await;

    let database = Database::create().await;
    let server = Server::start_with(|config| {
        trusting(config);
        config.database_url.clone_from(&database.url);
        config.database_owner_url = Some(database.owner_url.clone().into());
    })
    .await;
    eprintln!("on Postgres");
    body(&server, &House::beside(server.folder.path(), Some(&database))).await;
    server.state.store.close().await;
    database.drop_it().await;
}

/// One try to sign in, in a new browser.
async fn try_once(server: &Server, email: &str, password: &str) -> StatusCode {
    static TRIES: AtomicUsize = AtomicUsize::new(0);
    let number = TRIES.fetch_add(1, Relaxed);
    let browser = Browser::new(&server.url);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", email), ("password", password), ("next", "")])
        .finish();
    let request = browser
        .request(Method::POST, "/api/session/log_in")
        .header(header::ACCEPT, "application/json")
        .header(header::ORIGIN, &server.url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", format!("198.18.{}.{}", number / 250, number % 250 + 1));
    browser.send(request.body(body)).await.status()
}

/// Tries again while the server asks for patience, as a person does.
async fn sign_in(server: &Server, email: &str, password: &str, asked_to_wait: &AtomicUsize) -> StatusCode {
    loop {
        match try_once(server, email, password).await {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                asked_to_wait.fetch_add(1, Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            status => return status,
        }
    }
}

/// The stored form of a password, and the hash that the vault finds in it.
async fn stored(server: &Server, email: &str) -> (String, String) {
    let login = server.state.store.find_login(&email.parse().unwrap()).await.unwrap().expect("the person is here");
    let sealed = BASE64.decode(login.password_hash.strip_prefix("sealed:").expect("it is sealed")).unwrap();
    let hash = server.state.agency.open(Purpose::Password, email, &sealed).expect("it opens");
    (login.password_hash, hash.expose_secret().to_owned())
}

#[tokio::test]
async fn everybody_gets_in_with_the_old_password_and_nobody_with_its_hash() {
    on_both(async |server, house| {
        house.import(&["--from", &super::fixture("json")]);
        let passwords = expected()["passwords"].as_object().unwrap().clone();
        // Every fourth person stands for all: a try is one Argon2id or two.
        let sample: Vec<(&str, &str)> =
            passwords.iter().step_by(4).map(|(email, password)| (email.as_str(), password.as_str().unwrap())).collect();
        let all = sample.len();
        let hashes: BTreeSet<String> = read_json::<Vec<serde_json::Value>>("json/client_users.json")
            .iter()
            .map(|user| user["user_password_hash"].as_str().unwrap().to_owned())
            .collect();
        let (mut before, mut wrapped) = (0, 0);
        for (email, password) in &sample {
            let hash = hex(password);
            assert!(hashes.contains(&hash), "what the former installation stored is what is tried");
            before += usize::from(try_once(server, email, &hash).await != StatusCode::UNAUTHORIZED);
            wrapped += usize::from(stored(server, email).await.1.starts_with("sha256+$argon2id$v=19$"));
        }
        // A wrong password costs the account a second.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let (mut entered, mut suspended, mut upgraded, mut after, mut again) = (0, 0, 0, 0, 0);
        let no_wait = AtomicUsize::new(0);
        for (email, password) in &sample {
            match sign_in(server, email, password, &no_wait).await {
                StatusCode::OK | StatusCode::FOUND => entered += 1,
                // Known by the password, and all their places are shut.
                StatusCode::FORBIDDEN => suspended += 1,
                status => panic!("{email} is refused with {status}"),
            }
            upgraded += usize::from(stored(server, email).await.1.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
            again += usize::from(sign_in(server, email, password, &no_wait).await != StatusCode::UNAUTHORIZED);
            after += usize::from(try_once(server, email, &hex(password)).await != StatusCode::UNAUTHORIZED);
        }
        eprintln!(
            "imported people known by their old password: {} of {all} ({suspended} suspended)",
            entered + suspended
        );
        eprintln!("upgraded at the first sign-in: {upgraded} of {all}, and in again: {again} of {all}");
        eprintln!("in by the hash itself: {before} of {all} before, {after} of {all} after");
        assert_eq!((wrapped, entered + suspended, upgraded, again), (all, all, all, all));
        assert_eq!((before, after), (0, 0));
        assert!(entered > suspended);
    })
    .await;
}

/// Moves one client in, with people who all have one password.
fn move_in(house: &House, people: &[&str], password: &str) {
    let folder = house.path().join("former");
    fs::create_dir(&folder).unwrap();
    let users: Vec<_> = people
        .iter()
        .map(|email| {
            json!({"id": email, "client_id": "c1", "user_email": email, "user_password_hash": hex(password), "role": "admin"})
        })
        .collect();
    let clients = json!([{"id": "c1", "client_name": "Clínica Sol"}]);
    fs::write(folder.join("clients.json"), clients.to_string()).unwrap();
    fs::write(folder.join("client_users.json"), json!(users).to_string()).unwrap();
    house.import(&["--from", folder.to_str().unwrap()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_first_sign_ins_at_once_leave_one_direct_hash() {
    on_both(async |server, house| {
        let (email, password) = ("ana@gente.example", "senha-antiga-da-ana");
        move_in(house, &[email], password);
        let log = crate::behind::log();
        let wrapped = stored(server, email).await;
        assert!(wrapped.1.starts_with("sha256+"));
        let waits = AtomicUsize::new(0);
        // What each finds stored when it is in: a second upgrade would have sealed anew.
        let tries =
            (0..100).map(async |_| (sign_in(server, email, password, &waits).await, stored(server, email).await));
        let (statuses, forms): (Vec<_>, BTreeSet<_>) = join_all(tries).await.into_iter().unzip();
        let entered = statuses.iter().filter(|status| matches!(**status, StatusCode::OK | StatusCode::FOUND)).count();
        let others: Vec<_> =
            statuses.iter().filter(|status| !matches!(**status, StatusCode::OK | StatusCode::FOUND)).collect();
        assert!(others.is_empty(), "{others:?}");
        let direct = forms.iter().filter(|(_, hash)| hash.starts_with("$argon2id$")).count();
        let store = &server.state.store;
        let scope = store.operator_scope(&"clinica-sol".parse().unwrap()).await.unwrap().unwrap();
        let told = async |kind| {
            let query = AuditQuery { kind: Some(kind), ..AuditQuery::default() };
            store.list_events(&scope, &query, 500).await.unwrap().len()
        };
        let (signed_in, failed) = (told(EventKind::SignedIn).await, told(EventKind::SignInFailed).await);
        let user = store.find_user(&email.parse().unwrap()).await.unwrap().unwrap().id.to_string();
        let hashed = log.lines_with("hashed anew").iter().filter(|line| line.contains(&user)).count();
        eprintln!(
            "100 first sign-ins at once: {entered} in, {failed} failed, {direct} direct hash, hashed anew {hashed} \
             time(s); {} times asked to come back in a second",
            waits.load(Relaxed)
        );
        assert_eq!((entered, signed_in, failed, forms.len(), direct), (100, 100, 0, 1, 1));
        assert_eq!(hashed, 1, "whoever waited finds the renewed hash");
        assert!(!forms.contains(&wrapped));
    })
    .await;
}

#[tokio::test]
async fn after_ninety_days_an_unused_imported_password_must_be_set_anew() {
    on_both(async |server, house| {
        let [used, in_time, too_late] = ["usada@gente.example", "a-tempo@gente.example", "tarde@gente.example"];
        let password = "senha-antiga-de-todos";
        move_in(house, &[used, in_time, too_late], password);
        assert_eq!(try_once(server, used, password).await, StatusCode::OK);
        let day = 86_400_000_000_i64;
        for (email, days) in [(used, 91), (in_time, 89), (too_late, 91)] {
            let changed = house.shift_password(email, days * day).await;
            assert_eq!(changed, 1, "{email}");
        }
        assert_eq!(try_once(server, used, password).await, StatusCode::OK, "upgraded once, it is like any password");
        assert_eq!(try_once(server, in_time, password).await, StatusCode::OK);
        assert_eq!(try_once(server, too_late, password).await, StatusCode::UNAUTHORIZED);
        assert!(stored(server, too_late).await.1.starts_with("sha256+"));

        let link = house.command(&["user", "reset", too_late]).output().expect("the binary runs");
        let link = String::from_utf8(link.stdout).expect("a link is text");
        let token = link.trim().rsplit('/').next().expect("a link ends in its token");
        let browser = Browser::new(&server.url);
        let answer = browser.call("/api/links/reset", &[("token", token), ("password", PASSWORD)]).await;
        assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
        // At once: a new password forgets the wrong one of a moment ago.
        assert_eq!(try_once(server, too_late, PASSWORD).await, StatusCode::OK);
        assert_eq!(try_once(server, too_late, password).await, StatusCode::UNAUTHORIZED);
        assert!(stored(server, too_late).await.1.starts_with("$argon2id$"));
    })
    .await;
}
