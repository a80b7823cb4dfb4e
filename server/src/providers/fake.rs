//! A stand-in for a foreign service, for contract tests: it answers as told and remembers what it was asked.

use super::{Bases, Probe, google::TokenCache};
use crate::egress::{AddressPolicy, Egress};
use app::credentials::Provider;
use axum::{Router, body::Bytes, extract::Request, response::Response};
use http::{HeaderMap, Method};
use std::sync::{Arc, Mutex};
use url::Url;
use uuid::Uuid;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// One answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// A status and a body.
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// With one header more.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The stand-in, listening until the test ends.
pub(super) struct Fake {
    pub(super) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    pub(super) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (Arc::new(answer), Arc::clone(&seen));
        let router = Router::new().fallback(move |request: Request| {
            let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
            async move {
                let (parts, body) = request.into_parts();
                let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let seen = Seen {
                    method: parts.method,
                    path: parts.uri.path().to_owned(),
                    query: parts.uri.query().unwrap_or_default().to_owned(),
                    headers: parts.headers,
                    body: body.to_vec(),
                };
                let reply = answer(&seen);
                kept.lock().unwrap().push(seen);
                let mut response = Response::builder().status(reply.status);
                for (name, value) in reply.headers {
                    response = response.header(name, value);
                }
                response.body(axum::body::Body::from(reply.body)).unwrap()
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, seen }
    }

    /// Everything that was asked so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A test's means that reach this stand-in.
    pub(super) fn probe(&self) -> Probe {
        let pair = format!("{}:{}", self.url.host_str().unwrap(), self.url.port().unwrap());
        Probe {
            provider: Provider::Supabase,
            egress: Egress::new(AddressPolicy::parse_allow(&pair).unwrap()).unwrap(),
            lane: Uuid::new_v4(),
            bases: Bases { meta_graph: self.url.clone(), ..Bases::default() },
            google: TokenCache::default(),
            base_url: "https://painel.exemplo.com.br".parse().unwrap(),
            now: super::testing::now(),
            last_inbound: None,
            mapping: Arc::default(),
        }
    }
}

/// Bodies that must never be shown: each holds [`CANARY`], in every place that a service may put text.
pub(super) fn hostile_bodies() -> Vec<String> {
    let c = CANARY;
    let mut bodies = vec![
        c.to_owned(),
        format!("<script>alert('{c}')</script>"),
        format!("<html><title>{c}</title><body onload={c}></body></html>"),
        format!(r#"{{"message":"{c}"}}"#),
        format!(r#"{{"message":"Invalid API key","hint":"{c}"}}"#),
        format!(r#"{{"message":"Legacy API keys are disabled","hint":"{c}"}}"#),
        format!(r#"{{"code":"{c}","message":"{c}","details":"{c}","hint":"{c}"}}"#),
        format!(r#"{{"code":"PGRST000","details":"db.{c}.internal:5432","message":"{c}","hint":null}}"#),
        format!(r#"{{"code":"42501","message":"permission denied for table {c}","hint":"{c}"}}"#),
        format!(r#"{{"code":"42P01","message":"relation \"public.{c}\" does not exist"}}"#),
        format!(r#"{{"code":"PGRST205","message":"{c}","hint":"Perhaps you meant the table 'public.{c}'"}}"#),
        format!(r#"{{"code":"42703","message":"column conversations.{c} does not exist"}}"#),
        format!(r#"{{"code":"23505","details":"Key (phone)=({c}) already exists."}}"#),
        format!(r#"{{"code":"57014","message":"{c}"}}"#),
        format!(r#"{{"error":{{"message":"{c}","type":"{c}","code":190,"error_data":{{"details":"{c}"}}}}}}"#),
        format!(r#"[{{"token":"{c}","name":"{c}"}}]"#),
        format!(r#"{{"status":"{c}","version":"{c}"}}"#),
        format!("Authorization data is wrong! {c}"),
        format!(r#"{{"code":404,"message":"The requested webhook \"POST {c}\" is not registered.","hint":"{c}"}}"#),
    ];
    bodies.push(format!("\u{202e}{c}\0\r\nSet-Cookie: a={c}"));
    bodies
}

/// What no page and no report may hold.
pub(super) const CANARY: &str = "canario-7f3a91";
