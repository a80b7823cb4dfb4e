//! A whole server in this process, on a port of its own, with a database of its own and the demo stack's two projects.

use crate::database::Database;
use app::{
    backend::StatusWait,
    credentials::Provider,
    session::{AgencyRole, LANGUAGE_COOKIE, Role},
    shell::Assets,
};
use leptos::prelude::LeptosOptions;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header, redirect};
use secrecy::SecretString;
use server::{
    backend::{RequestBackend, seal_hash},
    config::Config,
    listen::{self, Limits},
    live::Pace,
    providers::Bases,
    router::router,
    startup,
    state::State,
    store::{Act, NewTenant, NewTenantKey, NewUser, STANDARD_PLAN, Slug, TenantId, TenantScope, UserId},
    vault::KeyRing,
    web::{assets::Site, caller::Identity, source::TrustedProxies},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::{net::TcpListener, task::JoinHandle};

/// The password of every user in these tests.
pub const PASSWORD: &str = "uma-senha-de-teste-comprida";

static STACK: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let path = std::env::var("PAINEL_TEST_STACK").expect(
        "PAINEL_TEST_STACK is not set: run `node scripts/with-stack.mjs cargo test -p server`, which starts the demo stack",
    );
    let text = std::fs::read_to_string(path).expect("the stack's ready file is readable");
    serde_json::from_str(&text).expect("the stack's ready file is JSON")
});

/// Argon2id costs 20 ms optimised; hashed once for all tests.
static PASSWORD_HASH: LazyLock<String> =
    LazyLock::new(|| server::auth::hash(&SecretString::from(PASSWORD.to_owned())).expect("a password is hashed"));

/// Whether more rounds are wanted than `make test` has time for: `PAINEL_IT_LONG=1`.
pub fn long() -> bool {
    std::env::var("PAINEL_IT_LONG").is_ok_and(|value| value == "1")
}

/// The demo stack's ready file: `end2end/stack/README.md` lists its fields.
pub fn stack() -> &'static serde_json::Value {
    &STACK
}

/// One field of one project of the stack: 0 is the clinic, 1 the barber shop.
pub fn project(index: usize, field: &str) -> String {
    stack()["projects"][index][field].as_str().unwrap_or_else(|| panic!("project {index} has {field}")).to_owned()
}

/// A running server.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    pub state: State,
    pub folder: Arc<TempDir>,
    config: Config,
}

/// A tenant made for a test.
pub struct Tenant {
    pub scope: TenantScope,
    pub email: String,
}

impl Server {
    /// Reached by http. On SQLite, or on Postgres when `PAINEL_IT_STORE=postgres` says so: the same tests, the other
    /// database.
    pub async fn start() -> Self {
        Self::start_as(|_| {}).await
    }

    /// The same with a changed configuration.
    pub async fn start_as(change: impl FnOnce(&mut Config)) -> Self {
        if std::env::var("PAINEL_IT_STORE").as_deref() != Ok("postgres") {
            return Self::start_with(change).await;
        }
        // It stays when the test ends; the whole server goes with the stack.
        let database = Database::create().await;
        Self::start_with(|config| {
            config.database_url.clone_from(&database.url);
            config.database_owner_url = Some(database.owner_url.clone().into());
            change(config);
        })
        .await
    }

    /// On SQLite, with a changed configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().expect("a temporary folder"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let mut config = Config {
            database_url: format!("sqlite://{}", folder.path().join("painel.db").display()),
            database_owner_url: None,
            keyring: folder.path().join("keyring.json"),
            base_url: format!("http://{address}").parse().expect("a URL"),
            egress_allow: format!("{},{}", project(0, "origin"), project(1, "origin")),
            bases: Bases::default(),
            trusted_proxies: TrustedProxies::default(),
            mail: None,
            address,
            site_root: None,
            metrics_address: None,
            stop_delay: Duration::ZERO,
            live: Pace::default(),
            // A machine that runs many tests is slow as well, and no reason for another status.
            status_wait: StatusWait(Duration::from_secs(10)),
            watched: false,
        };
        change(&mut config);
        if !config.keyring.exists() {
            write_ring(&config.keyring);
        }
        Self::serve(listener, config, folder).await
    }

    /// The same installation after a restart, at another port.
    pub async fn restart(self) -> Self {
        self.restart_as(|_| {}).await
    }

    /// The same with a changed configuration.
    pub async fn restart_as(self, change: impl FnOnce(&mut Config)) -> Self {
        self.state.store.close().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let mut config = self.config;
        change(&mut config);
        Self::serve(listener, config, self.folder).await
    }

    /// What another process on the same database has.
    pub async fn beside(&self) -> State {
        State::open(&self.config).await.expect("a second one opens its state")
    }

    async fn serve(listener: TcpListener, config: Config, folder: Arc<TempDir>) -> Self {
        let address = listener.local_addr().expect("a bound port");
        let state = State::open(&config).await.expect("the server opens its state");
        let app = Self::app(&state, &config);
        tokio::spawn(async move {
            axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
                .await
                .expect("the server serves")
        });
        Self { url: format!("http://{address}"), state, folder, config }
    }

    fn app(state: &State, config: &Config) -> axum::Router {
        let names = Assets {
            js: "/pkg/p.js".into(),
            wasm: "/pkg/p.wasm".into(),
            css: "/pkg/p.css".into(),
            ..Assets::default()
        };
        let site = Site::of_folder(PathBuf::from("no-site"), names);
        let options = LeptosOptions::builder().output_name("painel").build();
        router(state.clone(), config, &site, &options)
    }

    /// The same server once more, on the listener that the binary has: gives its address and what serves until it is stopped.
    pub async fn on_our_listener(&self) -> (String, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound port"));
        let app = Self::app(&self.state, &self.config);
        (url, tokio::spawn(listen::serve(listener, app, Limits::default(), self.state.stop.clone())))
    }

    /// A tenant with one user of a role; with a project when an index into the stack is given.
    pub async fn tenant(&self, slug: &str, role: Role, project: Option<usize>) -> Tenant {
        let store = &self.state.store;
        let now = OffsetDateTime::now_utc();
        let id = TenantId::new();
        let (_, wrapped) = self.state.ring.create_tenant_key(*id.as_uuid(), 1).expect("a tenant key");
        let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
        let short: Slug = slug.parse().expect("a slug");
        let tenant = NewTenant {
            id,
            slug: short.clone(),
            name: format!("Loja {slug}"),
            timezone: "America/Sao_Paulo".into(),
            plan: STANDARD_PLAN.into(),
            domain: String::new(),
        };
        let (agency, act) = (store.operator_agency(), Act::of_command_line());
        store.create_tenant(&agency, &act, tenant, key, None, now).await.expect("a new tenant");
        let email = format!("{}@{slug}.example", role.as_str());
        self.user(&email, id, role).await;
        let scope = store.operator_scope(&short).await.expect("the store answers").expect("the tenant exists");
        if let Some(index) = project {
            self.connect(&scope, index).await;
        }
        Tenant { scope, email }
    }

    /// One more user of a tenant.
    pub async fn user(&self, email: &str, tenant: TenantId, role: Role) -> UserId {
        self.new_user(email, Some((tenant, role))).await
    }

    /// A person of the agency.
    pub async fn staff(&self, email: &str, role: AgencyRole) -> UserId {
        let user = self.new_user(email, None).await;
        let (store, act) = (&self.state.store, Act::of_command_line());
        let (agency, email) = (store.operator_agency(), email.parse().expect("an e-mail"));
        store.put_staff(&agency, &act, user, &email, role, OffsetDateTime::now_utc()).await.expect("a role");
        user
    }

    async fn new_user(&self, address: &str, membership: Option<(TenantId, Role)>) -> UserId {
        let email = address.parse().expect("an e-mail");
        let user = NewUser {
            password_hash: seal_hash(&self.state.agency, &email, &PASSWORD_HASH).expect("a sealed hash"),
            email,
            name: address.split('@').next().expect("a local part").to_owned(),
            membership,
        };
        let store = &self.state.store;
        store.create_user(&Act::of_command_line(), user, OffsetDateTime::now_utc()).await.expect("a new user")
    }

    /// Gives a tenant a project of the stack.
    pub async fn connect(&self, scope: &TenantScope, index: usize) {
        self.connect_to(scope, &project(index, "url"), &project(index, "publishable_key")).await;
    }

    /// Gives a tenant a project at any address that the configuration allows.
    pub async fn connect_to(&self, scope: &TenantScope, url: &str, key: &str) {
        let fields = fields(&[("project_url", url), ("api_key", key)]);
        let backend = RequestBackend::new(self.state.clone(), Identity::default(), None);
        backend
            .save_fields(scope, &Act::of_command_line(), Provider::Supabase, None, &fields)
            .await
            .expect("the credential is saved");
    }

    /// A browser that has signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = Browser::new(&self.url);
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "signing in as {email}");
        browser
    }

    /// Everything the database has on disk, its write-ahead log too.
    pub fn database_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.folder.path()).expect("the folder is there").flatten() {
            if entry.file_name().to_string_lossy().starts_with("painel.db") {
                bytes.extend(std::fs::read(entry.path()).expect("the file is readable"));
            }
        }
        bytes
    }
}

/// A key ring in a file that only its owner reads.
pub fn write_ring(path: &std::path::Path) {
    use secrecy::ExposeSecret;
    use std::os::unix::fs::OpenOptionsExt;
    let (_, text) = KeyRing::generate("k1").expect("a ring");
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).expect("a new file");
    std::io::Write::write_all(&mut file, text.expose_secret().as_bytes()).expect("the file is written");
    startup::read_ring(path).expect("the ring is readable");
}

/// A form's fields.
pub fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What a browser keeps of a site: its cookies. Redirects are not followed, so that tests see them.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
    pub cookie: Option<String>,
    /// The cookie that marks a known device.
    pub device: Option<String>,
    /// The cookie with the language.
    pub language: Option<String>,
    /// `Accept-Language`.
    pub speaks: Option<String>,
    /// `Origin` of form posts; by default the site's own.
    pub origin: Option<String>,
    /// `X-Forwarded-For`: counts only where the test's server trusts this machine as a proxy.
    pub forwarded_for: Option<String>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client");
        Self {
            client,
            base: base.to_owned(),
            cookie: None,
            device: None,
            language: None,
            speaks: None,
            origin: Some(base.to_owned()),
            forwarded_for: None,
        }
    }

    /// A page, as a browser asks for it.
    pub async fn page(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path).header(header::ACCEPT, "text/html")).await
    }

    /// A page's text.
    pub async fn text(&self, path: &str) -> String {
        self.page(path).await.text().await.expect("a page is text")
    }

    /// A server function that reads, as the wasm calls it.
    pub async fn read(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path).header(header::ACCEPT, "application/json")).await
    }

    /// A plain form.
    pub async fn form(&self, path: &str, pairs: &[(&str, &str)], from: &str) -> Response {
        let request = self.request(Method::POST, path).header(header::ACCEPT, "text/html");
        self.send(self.with_body(request.header(header::REFERER, format!("{}{from}", self.base)), pairs)).await
    }

    /// A server function that writes, as the wasm calls it.
    pub async fn call(&self, path: &str, pairs: &[(&str, &str)]) -> Response {
        self.send(self.with_body(self.request(Method::POST, path).header(header::ACCEPT, "application/json"), pairs))
            .await
    }

    /// Signs in by the plain form and keeps the cookie.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Response {
        let answer =
            self.form("/api/session/log_in", &[("email", email), ("password", password), ("next", "")], "/login").await;
        self.keep(&answer);
        answer
    }

    /// Keeps the cookies of an answer, if it sets any.
    pub fn keep(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("a cookie is text").split(';').next().expect("a cookie has a value");
            match pair.split_once('=') {
                Some((name, _)) if name.ends_with("-device") => self.device = Some(pair.to_owned()),
                Some((LANGUAGE_COOKIE, _)) => self.language = Some(pair.to_owned()),
                _ => self.cookie = Some(pair.to_owned()),
            }
        }
    }

    /// A request with this browser's cookie.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(addresses) = &self.forwarded_for {
            request = request.header("x-forwarded-for", addresses);
        }
        if let Some(languages) = &self.speaks {
            request = request.header(header::ACCEPT_LANGUAGE, languages);
        }
        let cookies: Vec<&str> =
            [&self.cookie, &self.device, &self.language].into_iter().flatten().map(String::as_str).collect();
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    fn with_body(&self, request: RequestBuilder, pairs: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        match &self.origin {
            Some(origin) => request.header(header::ORIGIN, origin),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Response {
        request.send().await.expect("the server answers")
    }
}

/// The `Location` of a redirect.
pub fn location(answer: &Response) -> String {
    let value = answer.headers().get(header::LOCATION).expect("a redirect has a location");
    value.to_str().expect("a location is text").to_owned()
}

/// Status, headers and body, less what differs by its nature.
pub async fn whole(answer: Response) -> String {
    let status = answer.status();
    let mut headers: Vec<String> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    format!("{status}\n{}\n{}", headers.join("\n"), answer.text().await.expect("a body"))
}
