//! The canary scan: secrets that are unique to this run are put in at every door of the real binary, as loud as it can be
//! made, and looked for in eight encodings in everything that comes out of it. The same search finds eight planted leaks in
//! each of the places it searches.

mod shapes;

use crate::{
    behind::{self, Behind},
    harness::{Browser, Server, project},
    served::Served,
};
use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use app::session::{AgencyRole, Role};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use reqwest::{Method, Response, header};
use secrecy::SecretString;
use server::{
    backend::{open_keys, seal_hash},
    store::{Act, NewUser, TenantScope},
    vault::KeyRing,
};
use sha2::{Digest, Sha256};
use shapes::{ENCODINGS, Haystack, shape};
use std::panic::{AssertUnwindSafe, catch_unwind};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const ADMIN: &str = "ana@canario.example";
const OWNER: &str = "dona@agencia.example";

fn random(digits: usize) -> String {
    let text = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    text[..digits].to_owned()
}

/// The nine of credentials: eight that are kept, and one that is refused.
struct Credentials {
    api_key: String,
    access_token: String,
    app_secret: String,
    evolution: String,
    calendar: String,
    meet: String,
    webhook: String,
    signing: String,
    refused: String,
}

impl Credentials {
    fn new() -> Self {
        Self {
            api_key: format!("sb_publishable_{}", random(40)),
            access_token: format!("EAA{}{}", random(60), random(20)),
            app_secret: random(32),
            evolution: format!("{}~'^|{}", random(20), random(20)),
            calendar: format!("GOCSPX-{}", random(28)),
            meet: format!("GOCSPX-{}", random(28)),
            webhook: format!("https://n8n.example.com/webhook/{}", random(40)),
            signing: format!("{}=&<{}", random(20), random(20)),
            refused: format!("sb_secret_{}", random(40)),
        }
    }

    /// The forms that carry them, the Supabase project being at `origin`.
    fn forms<'a>(&'a self, origin: &'a str) -> Vec<(&'static str, Vec<(&'static str, &'a str)>)> {
        const ID: &str = "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com";
        vec![
            ("supabase", vec![("project_url", origin), ("api_key", &self.api_key)]),
            (
                "whatsapp",
                vec![
                    ("phone_number_id", "106540352242922"),
                    ("access_token", &self.access_token),
                    ("app_secret", &self.app_secret),
                ],
            ),
            ("evolution", vec![("base_url", "https://evo.example.com"), ("instance", "x"), ("token", &self.evolution)]),
            ("google_calendar", vec![("client_id", ID), ("client_secret", &self.calendar), ("calendar_id", "primary")]),
            ("google_meet", vec![("client_id", ID), ("client_secret", &self.meet)]),
            ("n8n", vec![("webhook_url", &self.webhook), ("signing_secret", &self.signing)]),
        ]
    }
}

/// A project that answers every request with what it was sent, as an error.
async fn echoing_project() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0_usize.. {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let mut request = [0; 8192];
                let length = stream.read(&mut request).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..length]).into_owned();
                let status = ["500 Oops", "401 Unauthorized", "400 Bad Request", "200 OK"][number % 4];
                let body = serde_json::json!({ "message": text, "code": "PGRST301", "hint": text }).to_string();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes()).await;
            });
        }
    });
    origin
}

/// Everything that came out, by the place where it did.
struct Sinks(Vec<(&'static str, Haystack)>);

impl Sinks {
    fn put(&mut self, sink: &'static str, bytes: &[u8]) {
        match self.0.iter_mut().find(|(name, _)| *name == sink) {
            Some((_, hay)) => hay.add(bytes),
            None => {
                let mut hay = Haystack::default();
                hay.add(bytes);
                self.0.push((sink, hay));
            }
        }
    }

    /// Keeps an answer's head, but for the cookies that it sets, and its body.
    async fn answer(&mut self, answer: Response) -> String {
        let mut head = String::new();
        for (name, value) in answer.headers().iter().filter(|(name, _)| *name != header::SET_COOKIE) {
            head += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
        self.put("answers", head.as_bytes());
        let body = answer.bytes().await.unwrap();
        self.put("answers", &body);
        String::from_utf8_lossy(&body).into_owned()
    }

    /// Where a secret stands, and how.
    fn hits(&self, secret: &[u8]) -> Vec<(&'static str, &'static str)> {
        let shapes: Vec<_> =
            ENCODINGS.iter().flat_map(|name| shape(name, secret).into_iter().map(|text| (*name, text))).collect();
        self.0
            .iter()
            .flat_map(|(sink, hay)| shapes.iter().filter(|(_, text)| hay.holds(text)).map(|(name, _)| (*sink, *name)))
            .collect()
    }

    fn sizes(&self) -> String {
        self.0.iter().map(|(sink, hay)| format!("{sink} {} KB", hay.len() / 1024)).collect::<Vec<_>>().join(", ")
    }
}

/// The tenant's key in clear, taken out of its wrapping without the vault: the vault gives it to nobody.
async fn tenant_key(server: &Server, scope: &TenantScope, ring_key: &[u8]) -> Vec<u8> {
    let row = server.state.store.list_tenant_keys(scope).await.unwrap().remove(0);
    let mut hash = Sha256::new();
    let version = u32::try_from(row.version).unwrap().to_be_bytes();
    for part in
        [&b"painel/v1"[..], b"tenant-key", scope.tenant().as_uuid().as_bytes(), &version, row.ring_key.as_bytes(), &[1]]
    {
        hash.update(u32::try_from(part.len()).unwrap().to_be_bytes());
        hash.update(part);
    }
    let aad: [u8; 32] = hash.finalize().into();
    let cipher = Aes256GcmSiv::new_from_slice(ring_key).unwrap();
    let nonce = Nonce::try_from(&row.wrapped[6..18]).unwrap();
    let key = cipher.decrypt(&nonce, Payload { msg: &row.wrapped[18..], aad: &aad }).expect("the wrapping opens");
    assert_eq!(key.len(), 32);
    key
}

async fn save(sinks: &mut Sinks, browser: &Browser, provider: &str, version: &str, fields: &[(&str, &str)]) -> String {
    let named: Vec<(String, &str)> = fields.iter().map(|(name, value)| (format!("fields[{name}]"), *value)).collect();
    let mut pairs = vec![("provider", provider), ("version", version)];
    pairs.extend(named.iter().map(|(name, value)| (name.as_str(), *value)));
    let answer = browser.form("/api/credentials/save", &pairs, "/settings/credentials").await;
    let place = crate::harness::location(&answer);
    sinks.answer(answer).await;
    place
}

/// What a panic says that has everything of a server in its hands.
async fn panics(server: &Server, scope: &TenantScope) -> String {
    let state = &server.state;
    let (credential, keys) = state.open_credential(scope, app::credentials::Provider::Whatsapp).await.unwrap();
    let rows = state.store.list_tenant_keys(scope).await.unwrap();
    let bare = open_keys(&KeyRing::generate("k9").unwrap().0, scope, rows.clone());
    let fields = credential.map(|opened| opened.fields).unwrap();
    assert_eq!(fields.len(), 3);
    let mut texts = Vec::new();
    let mut panic = |body: Box<dyn Fn() + '_>| {
        let cause = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
        texts.push(cause.downcast_ref::<String>().cloned().expect("a text"));
    };
    panic(Box::new(|| panic!("{:?} {:?} {:#?}", state.ring, state.ring.current(), state.agency)));
    panic(Box::new(|| panic!("{keys:?} {:#?} {bare:?}", keys.version(1))));
    panic(Box::new(|| panic!("{fields:?} {fields:#?}")));
    panic(Box::new(|| panic!("{rows:?} {:?}", server.state.store)));
    panic(Box::new(|| _ = fields["access_token"].as_ref().expect_err("it opens")));
    panic(Box::new(|| _ = keys.version(7).unwrap()));
    texts.join("\n")
}

fn cli(behind: &Behind, server: &Server, sinks: &mut Sinks, arguments: &[&str], input: &str) -> bool {
    let output = behind.painel(server, arguments, input);
    sinks.put("command line", &output.stdout);
    sinks.put("command line", &output.stderr);
    output.status.success()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one walk through every door")]
async fn no_secret_comes_out_anywhere_and_the_search_would_find_one() {
    let echo = echoing_project().await;
    let origin = echo.trim_start_matches("http://").to_owned();
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("canario", Role::Viewer, None).await;
    server.staff(OWNER, AgencyRole::Owner).await;
    let password = format!("canário <\"{}\"> & ~ {}", random(20), random(20));
    let email = ADMIN.parse().unwrap();
    let hash = server::auth::hash(&SecretString::from(password.clone())).unwrap();
    let user = NewUser {
        password_hash: seal_hash(&server.state.agency, &email, &hash).unwrap(),
        email,
        name: "Ana".into(),
        membership: Some((tenant.scope.tenant(), Role::Admin)),
    };
    server.state.store.create_user(&Act::of_command_line(), user, OffsetDateTime::now_utc()).await.unwrap();

    let allow = format!("{},{origin}", project(0, "origin"));
    let served = Served::start_logged(&behind, &server, "trace", &[("PAINEL_EGRESS_ALLOW", &allow)]).await;
    let mut sinks = Sinks(Vec::new());

    // In, with a wrong password and the right one.
    let mut browser = Browser::new(&served.url);
    let wrong = browser.log_in(ADMIN, &format!("{password}x")).await;
    sinks.answer(wrong).await;
    // A wrong password is followed by a second's lock.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let entered = browser.log_in(ADMIN, &password).await;
    sinks.answer(entered).await;
    let session = browser.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
    assert!(session.len() > 16);

    // Every credential, then refused ones, an old form, a removal, and pages that show and use them.
    let canaries = Credentials::new();
    for (provider, fields) in canaries.forms(&echo) {
        let place = save(&mut sinks, &browser, provider, "0", &fields).await;
        assert!(place.ends_with(&format!("saved={provider}")), "{provider}: {place}\n{}", served.log());
        save(&mut sinks, &browser, provider, "9", &fields).await;
    }
    let refused = [("project_url", echo.as_str()), ("api_key", canaries.refused.as_str())];
    assert!(save(&mut sinks, &browser, "supabase", "1", &refused).await.contains("__err="));
    let half = [("phone_number_id", canaries.access_token.as_str()), ("access_token", canaries.signing.as_str())];
    assert!(save(&mut sinks, &browser, "whatsapp", "1", &half).await.contains("__err="));
    let pages = [
        "/",
        "/conversations",
        "/conversations/1",
        "/appointments",
        "/settings/credentials",
        "/settings/team",
        "/settings/audit",
        "/settings/audit.csv",
        "/settings/export.json",
        "/settings/security",
        "/nada",
        "/readyz",
        "/livez",
    ];
    for _ in 0..4 {
        for path in pages {
            let answer = browser.page(path).await;
            sinks.answer(answer).await;
        }
    }
    for path in ["/api/credentials/list", "/api/conversations/page?cursor=", "/api/overview/read", "/api/security/read"]
    {
        let answer = browser.read(path).await;
        sinks.answer(answer).await;
    }
    // Malformed requests that carry secrets where none belong.
    let json = serde_json::json!({ "provider": canaries.signing, "version": canaries.access_token }).to_string();
    for (kind, body) in [("application/json", json), ("text/plain", canaries.signing.clone())] {
        let request = browser.request(Method::POST, "/api/credentials/save").header(header::CONTENT_TYPE, kind);
        let answer = browser.send(request.header(header::ORIGIN, &served.url).body(body)).await;
        sinks.answer(answer).await;
    }
    let answer =
        browser.call("/api/credentials/save", &[("provider", &canaries.evolution), ("version", &password)]).await;
    sinks.answer(answer).await;

    // Behind its back: a value that does not open, keys turned, everything by command line.
    assert!(cli(&behind, &server, &mut sinks, &["keys", "rotate", "--all"], ""));
    behind.run("update credential_fields set field = 'waba_id' where field = 'app_secret'").await;
    let answer = browser.page("/settings/credentials").await;
    assert!(sinks.answer(answer).await.contains("não abre com a chave do servidor"));
    assert!(served.logs("a stored value does not open").await);
    behind.run("update credential_fields set field = 'app_secret' where field = 'waba_id'").await;
    let fields = serde_json::json!({ "webhook_url": canaries.webhook, "signing_secret": canaries.signing }).to_string();
    for (arguments, input) in [
        (&["keys", "status"][..], ""),
        (&["keys", "trim"], ""),
        (&["tenant", "list"], ""),
        (&["audit", "verify"], ""),
        (&["credential", "set", "--tenant", "canario", "--provider", "n8n", "--stdin"], &fields),
    ] {
        assert!(cli(&behind, &server, &mut sinks, arguments, input), "{arguments:?}");
    }
    let broken = ["credential", "set", "--tenant", "canario", "--provider", "whatsapp", "--stdin"];
    assert!(!cli(&behind, &server, &mut sinks, &broken, &fields));
    assert!(!cli(&behind, &server, &mut sinks, &broken, &canaries.access_token));

    // The keys themselves.
    let text = std::fs::read_to_string(server.folder.path().join("keyring.json")).unwrap();
    let ring: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ring_key = BASE64.decode(ring["keys"]["k1"].as_str().unwrap()).unwrap();
    let tenant_key = tenant_key(&server, &tenant.scope, &ring_key).await;
    sinks.put("panics", panics(&server, &tenant.scope).await.as_bytes());
    for text in ["k1", "TenantKeys", "[REDACTED]", "SecretBox"] {
        assert!(sinks.0.last().unwrap().1.holds(text), "the panics tell {text}");
    }
    sinks.put("log", served.log().as_bytes());
    sinks.put("database", &behind.bytes().await);
    assert!(sinks.0.iter().all(|(_, hay)| hay.len() > 100), "{}", sinks.sizes());
    assert!(served.log().contains("TRACE"), "as loud as it can be");

    let secrets: [(&str, &[u8]); 13] = [
        ("supabase.api_key", canaries.api_key.as_bytes()),
        ("whatsapp.access_token", canaries.access_token.as_bytes()),
        ("whatsapp.app_secret", canaries.app_secret.as_bytes()),
        ("evolution.token", canaries.evolution.as_bytes()),
        ("google_calendar.client_secret", canaries.calendar.as_bytes()),
        ("google_meet.client_secret", canaries.meet.as_bytes()),
        ("n8n.webhook_url", canaries.webhook.as_bytes()),
        ("n8n.signing_secret", canaries.signing.as_bytes()),
        ("a refused key", canaries.refused.as_bytes()),
        ("the password", password.as_bytes()),
        ("the session's id", session.as_bytes()),
        ("the ring's key", &ring_key),
        ("the tenant's key", &tenant_key),
    ];
    let mut hits = 0;
    for (name, secret) in secrets {
        for (sink, encoding) in sinks.hits(secret) {
            println!("{name} stands in {sink}, {encoding}");
            hits += 1;
        }
    }

    // The positive control: eight leaks, each in one encoding, in the same places by the same way.
    let planted = format!("planted \"leak\" \\ <{}>>>>>>>???????", random(24));
    let mut control = Sinks(Vec::new());
    for (number, encoding) in ENCODINGS.iter().enumerate() {
        let text = shape(encoding, planted.as_bytes()).remove(0);
        let request = browser.request(Method::GET, "/settings/security").header("x-request-id", &text);
        control.answer(browser.send(request).await).await;
        let quoted = text.replace('\'', "''");
        behind.run(&format!("insert into agency_settings (name, value) values ('leak-{number}', '{quoted}')")).await;
        let cause = catch_unwind(|| panic!("{text}")).expect_err("it panics");
        control.put("panics", cause.downcast_ref::<String>().unwrap().as_bytes());
    }
    control.put("log", served.log().as_bytes());
    control.put("database", &behind.bytes().await);
    for (sink, hay) in &control.0 {
        let found = ENCODINGS.iter().filter(|name| hay.holds(&shape(name, planted.as_bytes())[0])).count();
        // The log's lines are JSON: what was raw when it was logged is found escaped.
        let raw = *sink == "log" && !hay.holds(&planted) && hay.holds(&shape("JSON", planted.as_bytes())[0]);
        let found = found + usize::from(raw);
        println!("F3 positive control in {sink}: {found} of {} planted leaks found", ENCODINGS.len());
        assert_eq!(found, ENCODINGS.len(), "{sink}");
    }
    println!(
        "F3 hits: {hits} of {} secrets in {} encodings; searched: {}",
        secrets.len(),
        ENCODINGS.len(),
        sinks.sizes()
    );
    assert_eq!(hits, 0);
}
