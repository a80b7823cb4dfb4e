//! A provider of which a test says what each path answers, and which remembers what it was asked.

use axum::{Router, body::Body, extract::Request, response::Response};
use std::sync::{Arc, Mutex};

/// Status and body for a path with its query.
type Tell = Box<dyn Fn(&str) -> (u16, String) + Send + Sync>;

/// The provider, until the test ends.
pub struct Answering {
    /// `127.0.0.1:PORT`
    pub origin: String,
    tell: Arc<Mutex<Tell>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Answering {
    /// Starts one.
    pub async fn start(tell: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let tell: Arc<Mutex<Tell>> = Arc::new(Mutex::new(Box::new(tell)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (telling, seen) = (Arc::clone(&tell), Arc::clone(&asked));
        let answer = move |request: Request| {
            let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
            let (status, body) = telling.lock().expect("no test panics while it holds this")(&path);
            let slow = path.contains("slow");
            seen.lock().expect("no test panics while it holds this").push(path);
            async move {
                if slow {
                    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
                }
                let answer = Response::builder().status(status).header("content-type", "application/json");
                answer.body(Body::from(body)).expect("an answer")
            }
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.expect("it serves") });
        Self { origin, tell, asked }
    }

    /// Answers otherwise from now on.
    pub fn tell(&self, tell: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) {
        *self.tell.lock().expect("no test panics while it holds this") = Box::new(tell);
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics while it holds this").clone()
    }
}
