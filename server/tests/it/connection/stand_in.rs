//! A foreign service that answers every request alike and counts them.

use axum::{Router, body::Body, extract::Request, response::Response};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The service, until the test ends.
pub struct StandIn {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// `127.0.0.1:PORT`
    pub origin: String,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    status: u16,
    body: String,
    headers: Vec<(&'static str, String)>,
    methods: Vec<String>,
}

impl StandIn {
    /// Answers 200 with nothing, at first.
    pub async fn start() -> Self {
        let inner = Inner { status: 200, body: String::new(), headers: Vec::new(), methods: Vec::new() };
        let inner = Arc::new(Mutex::new(inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let shared = Arc::clone(&inner);
        let router = Router::new().fallback(move |request: Request| {
            let mut inner = shared.lock().expect("no panic");
            inner.methods.push(request.method().to_string());
            let mut response = Response::builder().status(inner.status);
            for (name, value) in &inner.headers {
                response = response.header(*name, value);
            }
            let response = response.body(Body::from(inner.body.clone())).expect("an answer");
            async { response }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url: format!("http://{origin}"), origin, inner }
    }

    /// What it answers from now on.
    pub fn say(&self, status: u16, body: &str, headers: &[(&'static str, &str)]) {
        let mut inner = self.inner.lock().expect("no panic");
        (inner.status, inner.body) = (status, body.to_owned());
        inner.headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    }

    /// Requests so far.
    pub fn asked(&self) -> usize {
        self.inner.lock().expect("no panic").methods.len()
    }

    /// Their methods, sorted: some are asked side by side.
    pub fn methods(&self) -> Vec<String> {
        let mut methods = self.inner.lock().expect("no panic").methods.clone();
        methods.sort();
        methods
    }
}
