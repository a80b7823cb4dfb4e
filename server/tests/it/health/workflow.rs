//! A stand-in for n8n with one webhook: it tells that the workflow is active, and takes events, or fails to, as it is told.
//! Every event and every question is remembered.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
};

/// What an event meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The workflow was started.
    Taken,
    /// The connection is closed without a word.
    Nothing,
    /// This status.
    Status(u16),
}

/// An event as it came.
#[derive(Debug, Clone)]
pub struct Came {
    /// `X-Event-Id`.
    pub id: String,
    /// `X-Signature`.
    pub signature: String,
    pub path: String,
    pub body: Vec<u8>,
    pub reply: Reply,
}

impl Came {
    /// The event's own JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("an event is JSON")
    }
}

#[derive(Default)]
struct Seen {
    events: Vec<Came>,
    asked: BTreeMap<String, usize>,
    at_once: usize,
    most: usize,
}

type Choose = dyn Fn(&str, usize) -> Reply + Send + Sync;

/// The stand-in.
#[derive(Clone)]
pub struct Workflow {
    /// `127.0.0.1:PORT`
    pub origin: String,
    seen: Arc<Mutex<Seen>>,
}

impl Workflow {
    /// One that takes every event.
    pub async fn start() -> Self {
        Self::answering(Duration::ZERO, |_, _| Reply::Taken).await
    }

    /// One that takes `pause` for each answer; `choose` is given an event's id and how often it came before.
    pub async fn answering(pause: Duration, choose: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let (seen, choose): (Arc<Mutex<Seen>>, Arc<Choose>) = (Arc::default(), Arc::new(choose));
        let at_work = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, at_work.clone(), choose.clone(), pause));
            }
        });
        Self { origin, seen }
    }

    /// A webhook's address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/webhook/{path}", self.origin)
    }

    /// The events so far.
    pub fn events(&self) -> Vec<Came> {
        self.seen.lock().expect("a lock").events.clone()
    }

    /// How often it was asked whether a workflow is active, by the webhook's path.
    pub fn asked(&self) -> BTreeMap<String, usize> {
        self.seen.lock().expect("a lock").asked.clone()
    }

    /// The most questions at once so far.
    pub fn most_at_once(&self) -> usize {
        self.seen.lock().expect("a lock").most
    }
}

async fn serve(stream: TcpStream, seen: Arc<Mutex<Seen>>, choose: Arc<Choose>, pause: Duration) -> Option<()> {
    let mut stream = BufStream::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(headers.insert(name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let (method, path) = first.split_once(' ')?;
    let path = path.split_whitespace().next()?.to_owned();
    let answer = match method {
        "OPTIONS" => {
            {
                let mut seen = seen.lock().expect("a lock");
                *seen.asked.entry(path).or_default() += 1;
                seen.at_once += 1;
                seen.most = seen.most.max(seen.at_once);
            }
            tokio::time::sleep(pause).await;
            seen.lock().expect("a lock").at_once -= 1;
            answer("204 No Content", "access-control-allow-methods: OPTIONS, POST\r\n", "")
        }
        "GET" => answer("200 OK", "", "{\"status\":\"ok\"}"),
        _ => {
            let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
            let id = header("x-event-id");
            let reply = {
                let mut seen = seen.lock().expect("a lock");
                let before = seen.events.iter().filter(|event| event.id == id).count();
                let reply = choose(&id, before);
                seen.events.push(Came { id, signature: header("x-signature"), path, body, reply });
                reply
            };
            tokio::time::sleep(pause).await;
            match reply {
                Reply::Taken => answer("200 OK", "", "{\"message\":\"Workflow was started\"}"),
                Reply::Nothing => return None,
                Reply::Status(status) => answer(&format!("{status} No"), "", "{}"),
            }
        }
    };
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

/// An answer after which the connection is closed.
fn answer(status: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}
