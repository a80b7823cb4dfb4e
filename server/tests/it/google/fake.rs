//! A Google of our own: a page of consent, the token endpoint, the calendar and Meet. It recomputes what PKCE proves, takes
//! each code once, knows its tokens, and counts what it is asked. Any of its answers can be replaced.

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use server::providers::Bases;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::net::TcpListener;
use url::Url;

pub const ID: &str = "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com";
pub const SECRET: &str = "GOCSPX-canarysecretcanarysecr_-1";
pub const ACCOUNT: &str = "agenda@clinica-aurora.example";
/// Stands in each of its own tokens and in texts that nobody may repeat.
pub const CANARY: &str = "canary7f3a";

/// What the page of consent was asked, and has not yet been exchanged.
#[derive(Clone)]
struct Asked {
    challenge: String,
    redirect_uri: String,
    scope: String,
}

/// What it knows and has seen.
pub struct Google {
    /// A provider's answers that are not its own, by path prefix: status and body.
    pub told: BTreeMap<&'static str, (u16, String)>,
    /// What was asked, as method and path with its query.
    pub seen: Vec<String>,
    /// Forms that the token endpoint got.
    pub forms: Vec<HashMap<String, String>>,
    /// Seconds that an access token lasts.
    pub lasts: u32,
    /// Whether a consent gives a refresh token.
    pub permanent: bool,
    /// Seconds that the refresh token lasts, in testing mode.
    pub ends_in: Option<u32>,
    /// Scopes that the person unticks.
    pub unticked: Vec<&'static str>,
    /// How long the token endpoint takes.
    pub slow: Duration,
    codes: HashMap<String, Asked>,
    refresh: HashMap<String, String>,
    access: BTreeSet<String>,
    made: usize,
}

/// The server.
pub struct Fake {
    base: Url,
    google: Arc<Mutex<Google>>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = Url::parse(&format!("http://{}", listener.local_addr().expect("a bound port"))).expect("a URL");
        let google = Google {
            told: BTreeMap::new(),
            seen: Vec::new(),
            forms: Vec::new(),
            lasts: 3599,
            permanent: true,
            ends_in: None,
            unticked: Vec::new(),
            slow: Duration::ZERO,
            codes: HashMap::new(),
            refresh: HashMap::new(),
            access: BTreeSet::new(),
            made: 0,
        };
        let google = Arc::new(Mutex::new(google));
        let app =
            Router::new().route("/o/oauth2/v2/auth", get(consent)).fallback(answer).with_state(Arc::clone(&google));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("the fake serves") });
        Self { base, google }
    }

    pub fn origin(&self) -> String {
        format!("{}:{}", self.base.host_str().expect("a host"), self.base.port().expect("a port"))
    }

    pub fn bases(&self) -> Bases {
        Bases {
            google_auth: self.base.clone(),
            google_token: self.base.join("token").expect("a URL"),
            google_api: self.base.clone(),
            google_meet: self.base.clone(),
            ..Bases::default()
        }
    }

    pub fn google(&self) -> MutexGuard<'_, Google> {
        self.google.lock().expect("a lock")
    }

    /// Replaces the answers to paths that begin so.
    pub fn tell(&self, path: &'static str, status: u16, body: impl Into<String>) {
        self.google().told.insert(path, (status, body.into()));
    }

    /// How many requests began so.
    pub fn count(&self, begins: &str) -> usize {
        self.google().seen.iter().filter(|seen| seen.starts_with(begins)).count()
    }

    /// Opens the page of consent and allows; gives where it sends the person back to.
    pub async fn allow(&self, url: &str) -> String {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        let answer = client.expect("a client").get(url).send().await.expect("the fake answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "the question is whole");
        answer.headers()[header::LOCATION].to_str().expect("an address").to_owned()
    }

    /// From now on no access token of before is taken.
    pub fn withdraw_access(&self) {
        self.google().access.clear();
    }

    /// From now on no refresh token of before is taken.
    pub fn withdraw_refresh(&self) {
        self.google().refresh.clear();
    }

    /// Every token that it gave and still knows.
    pub fn tokens(&self) -> Vec<String> {
        let google = self.google();
        google.refresh.keys().chain(&google.access).cloned().collect()
    }
}

async fn consent(State(google): State<Arc<Mutex<Google>>>, request: Request) -> Response {
    let url = Url::parse(&format!("http://x{}", request.uri())).expect("a URL");
    let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let fixed = [
        ("client_id", ID),
        ("response_type", "code"),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("include_granted_scopes", "true"),
        ("code_challenge_method", "S256"),
    ];
    let whole = fixed.iter().all(|(name, value)| asked.get(*name).is_some_and(|given| given == value));
    if !whole || asked["code_challenge"].len() != 43 || asked["state"].len() != 43 {
        return (StatusCode::BAD_REQUEST, "Error 400: invalid_request").into_response();
    }
    let mut google = google.lock().expect("a lock");
    google.made += 1;
    let code = format!("4/0A{CANARY}-code-{}", google.made);
    let granted: Vec<&str> = asked["scope"].split(' ').filter(|scope| !google.unticked.contains(scope)).collect();
    let granted = Asked {
        challenge: asked["code_challenge"].clone(),
        redirect_uri: asked["redirect_uri"].clone(),
        scope: granted.join(" "),
    };
    let mut back = Url::parse(&granted.redirect_uri).expect("a URL");
    back.query_pairs_mut()
        .append_pair("state", &asked["state"])
        .append_pair("code", &code)
        .append_pair("scope", &granted.scope);
    google.codes.insert(code, granted);
    Redirect::to(back.as_str()).into_response()
}

async fn answer(State(google): State<Arc<Mutex<Google>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a small body");
    let path = parts.uri.path_and_query().expect("a path").as_str().to_owned();
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let slow = google.lock().expect("a lock").slow;
    if path == "/token" {
        tokio::time::sleep(slow).await;
    }
    let mut google = google.lock().expect("a lock");
    google.seen.push(format!("{} {path}", parts.method));
    if path == "/token" || path == "/revoke" {
        google.forms.push(url::form_urlencoded::parse(&body).into_owned().collect());
    }
    let told = google.told.iter().find(|(begins, _)| path.starts_with(**begins));
    let (status, body) = match told {
        Some((_, (status, body))) => (*status, body.clone()),
        None => google.own(&path, bearer.trim_start_matches("Bearer "), &body),
    };
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

impl Google {
    fn own(&mut self, path: &str, bearer: &str, body: &Bytes) -> (u16, String) {
        let refused = |status, value: Value| (status, value.to_string());
        match path {
            "/token" => self.token(),
            "/revoke" => {
                let token = self.forms.last().and_then(|form| form.get("token")).cloned().unwrap_or_default();
                if self.refresh.remove(&token).is_some() {
                    (200, "{}".to_owned())
                } else {
                    refused(400, json!({ "error": "invalid_token", "error_description": "Token expired or revoked" }))
                }
            }
            _ if !self.access.contains(bearer) => refused(
                401,
                json!({ "error": { "code": 401, "message": CANARY, "status": "UNAUTHENTICATED",
                        "errors": [{ "domain": "global", "reason": "authError", "message": "Invalid Credentials" }] } }),
            ),
            path if path.starts_with("/calendar/v3/calendars/") => refused(
                200,
                json!({ "kind": "calendar#events", "summary": "Agenda da Aurora", "timeZone": "America/Sao_Paulo",
                        "accessRole": "owner" }),
            ),
            "/calendar/v3/freeBusy" => {
                let asked: Value = serde_json::from_slice(body).unwrap_or_default();
                let id = asked["items"][0]["id"].as_str().unwrap_or_default().to_owned();
                refused(200, json!({ "kind": "calendar#freeBusy", "calendars": { id: { "busy": [] } } }))
            }
            path if path.starts_with("/v2/conferenceRecords") => (200, "{}".to_owned()),
            _ => refused(404, json!({ "error": { "code": 404, "message": "Not Found" } })),
        }
    }

    fn token(&mut self) -> (u16, String) {
        let form = self.forms.last().cloned().unwrap_or_default();
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        let no = |status: u16, error: &str, why: &str| {
            (status, json!({ "error": error, "error_description": why }).to_string())
        };
        if text("client_id") != ID {
            return no(401, "invalid_client", "The OAuth client was not found.");
        }
        if text("client_secret") != SECRET {
            return no(401, "invalid_client", "The provided client secret is invalid.");
        }
        let (scope, refresh) = match text("grant_type").as_str() {
            "authorization_code" => {
                let Some(asked) = self.codes.remove(&text("code")) else {
                    return no(400, "invalid_grant", "Malformed auth code.");
                };
                if asked.redirect_uri != text("redirect_uri") {
                    return no(400, "redirect_uri_mismatch", "Bad Request");
                }
                if asked.challenge != URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier"))) {
                    return no(400, "invalid_grant", "Invalid code verifier.");
                }
                self.made += 1;
                let refresh = self.permanent.then(|| format!("1//0{CANARY}-refresh-{}", self.made));
                self.refresh.extend(refresh.clone().map(|token| (token, asked.scope.clone())));
                (asked.scope, refresh)
            }
            "refresh_token" => match self.refresh.get(&text("refresh_token")) {
                Some(scope) => (scope.clone(), None),
                None => return no(400, "invalid_grant", "Token has been expired or revoked."),
            },
            _ => return no(400, "unsupported_grant_type", "Invalid grant_type"),
        };
        self.made += 1;
        let access = format!("ya29.{CANARY}-access-{}", self.made);
        self.access.insert(access.clone());
        let claims = URL_SAFE_NO_PAD.encode(json!({ "email": ACCOUNT }).to_string());
        let mut body =
            json!({ "access_token": access, "expires_in": self.lasts, "scope": scope, "token_type": "Bearer" });
        if let Some(refresh) = refresh {
            body["refresh_token"] = refresh.into();
            body["id_token"] = format!("e30.{claims}.c2ln").into();
            if let Some(seconds) = self.ends_in {
                body["refresh_token_expires_in"] = seconds.into();
            }
        }
        (200, body.to_string())
    }
}
