//! A page's connection, as a browser holds it, and what it was told so far.

use crate::harness::Browser;
use reqwest::{Method, Response, StatusCode};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// One event.
#[derive(Debug, Clone)]
pub struct Told {
    pub what: String,
    pub id: String,
    pub text: String,
    pub at: Instant,
}

#[derive(Default)]
struct Heard {
    told: Vec<Told>,
    beats: usize,
    ended: Option<Instant>,
}

/// An open connection; closed when dropped.
pub struct Stream {
    heard: Arc<Mutex<Heard>>,
    task: JoinHandle<()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Asks for a stream, resuming after `last`.
pub async fn ask(browser: &Browser, last: Option<&str>) -> Response {
    let mut request = browser.request(Method::GET, "/live").header("accept", "text/event-stream");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    browser.send(request).await
}

impl Stream {
    /// Listens.
    pub async fn open(browser: &Browser) -> Self {
        Self::resume(browser, None).await
    }

    /// Listens again.
    pub async fn resume(browser: &Browser, last: Option<&str>) -> Self {
        let answer = ask(browser, last).await;
        assert_eq!(answer.status(), StatusCode::OK, "a stream");
        for (name, value) in
            [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
        {
            assert_eq!(answer.headers().get(name).expect(name), value);
        }
        assert!(!answer.headers().contains_key("content-encoding"));
        let heard = Arc::new(Mutex::new(Heard::default()));
        let task = tokio::spawn(read(answer, Arc::clone(&heard)));
        Self { heard, task }
    }

    /// What was told so far.
    pub fn told(&self) -> Vec<Told> {
        self.heard.lock().unwrap().told.clone()
    }

    /// How often the silence was broken.
    pub fn beats(&self) -> usize {
        self.heard.lock().unwrap().beats
    }

    /// How many of these were told.
    pub fn count(&self, what: &str) -> usize {
        self.told().iter().filter(|told| told.what == what).count()
    }

    /// Waits for one of these told after `since`; gives what it was and how long that took.
    pub async fn wait(&self, what: &str, since: Instant, most: Duration) -> Option<(Told, Duration)> {
        while since.elapsed() < most {
            let told = self.told().into_iter().find(|told| told.what == what && told.at >= since);
            if let Some(told) = told {
                let took = told.at - since;
                return Some((told, took));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// Waits until the server ended it; gives how long after `since` that was.
    pub async fn ends(&self, since: Instant, most: Duration) -> Option<Duration> {
        while since.elapsed() < most {
            if let Some(ended) = self.heard.lock().unwrap().ended {
                return Some(ended.saturating_duration_since(since));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}

async fn read(mut answer: Response, heard: Arc<Mutex<Heard>>) {
    let mut text = String::new();
    while let Ok(Some(piece)) = answer.chunk().await {
        text.push_str(&String::from_utf8_lossy(&piece));
        while let Some((event, rest)) = text.split_once("\n\n") {
            note(event, &mut heard.lock().unwrap());
            text = rest.to_owned();
        }
    }
    heard.lock().unwrap().ended = Some(Instant::now());
}

fn note(event: &str, heard: &mut Heard) {
    let field = |name: &str| {
        let value = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(|value| value.trim_start().to_owned()).unwrap_or_default()
    };
    let what = field("event");
    if what.is_empty() {
        heard.beats += 1;
        return;
    }
    heard.told.push(Told { what, id: field("id"), text: field("data"), at: Instant::now() });
}
