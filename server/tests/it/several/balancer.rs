//! A load balancer of the tests' own: HTTP/1.1, each request by a connection of its own to the next process that is ready.
//! It keeps a journal of the requests that have a number, and so knows which of them a process had in hand when it died.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// The header with a request's number.
pub const NUMBER: &str = "x-number";
/// How often each process is asked whether it is ready.
const ASKED_EVERY: Duration = Duration::from_millis(100);
/// Who takes longer to say so is not.
const SAYS_WITHIN: Duration = Duration::from_secs(2);
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
const LONGEST_HEAD: usize = 64 * 1024;
const NOBODY: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// An address with nobody behind it yet: the processes are told it when they start.
pub struct Door {
    listener: TcpListener,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

/// The balancer.
pub struct Balancer {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    inner: Arc<Inner>,
}

struct Inner {
    processes: Vec<Process>,
    turn: AtomicUsize,
    refused: AtomicUsize,
    journal: Mutex<HashMap<u64, Passage>>,
}

struct Process {
    /// `127.0.0.1:PORT`
    address: String,
    ready: AtomicBool,
    passed: AtomicUsize,
}

/// One request's way.
#[derive(Debug, Clone, Copy)]
struct Passage {
    process: usize,
    /// Before the connection on which it was sent: that the process took the connection says that it lived after this.
    began: Instant,
    /// Whether the whole answer came shows in what the client has.
    ended: Option<Instant>,
}

impl Door {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound port"));
        Self { listener, url }
    }

    /// Begins to pass requests on to the processes at these addresses.
    pub fn before(self, urls: Vec<String>) -> Balancer {
        let Self { listener, url } = self;
        let process = |url: String| Process {
            address: url.trim_start_matches("http://").to_owned(),
            ready: AtomicBool::new(true),
            passed: AtomicUsize::new(0),
        };
        let inner = Arc::new(Inner {
            processes: urls.into_iter().map(process).collect(),
            turn: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            journal: Mutex::default(),
        });
        for process in 0..inner.processes.len() {
            tokio::spawn(watch(Arc::clone(&inner), process));
        }
        let passing = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((client, peer)) = listener.accept().await {
                tokio::spawn(pass(client, peer.ip(), Arc::clone(&passing)));
            }
        });
        Balancer { url, inner }
    }
}

impl Balancer {
    /// How many requests went to each process.
    pub fn passed(&self) -> Vec<usize> {
        self.inner.processes.iter().map(|process| process.passed.load(Relaxed)).collect()
    }

    /// How often a process did not take a connection, and the next one was asked.
    pub fn refused(&self) -> usize {
        self.inner.refused.load(Relaxed)
    }

    /// Whether a request was in this process's hand when it died, between `began` and `gone`.
    pub fn was_in_hand(&self, number: u64, process: usize, began: Instant, gone: Instant) -> bool {
        let journal = self.inner.journal.lock().expect("no panic");
        journal.get(&number).is_some_and(|passage| passage.was_in_hand(process, began, gone))
    }

    /// How many were.
    pub fn in_hand(&self, process: usize, began: Instant, gone: Instant) -> usize {
        let journal = self.inner.journal.lock().expect("no panic");
        journal.values().filter(|passage| passage.was_in_hand(process, began, gone)).count()
    }

    /// How many requests began after an instant and have ended.
    pub fn ended_since(&self, since: Instant) -> usize {
        let journal = self.inner.journal.lock().expect("no panic");
        journal.values().filter(|passage| passage.began > since && passage.ended.is_some()).count()
    }
}

impl Passage {
    fn was_in_hand(&self, process: usize, began: Instant, gone: Instant) -> bool {
        self.process == process && self.began <= gone && self.ended.is_none_or(|ended| ended >= began)
    }
}

impl Inner {
    /// A connection to the next process in turn: first of those that are ready, then of any. Nothing was sent to one that
    /// takes none, so the next may have the request, whatever it does.
    async fn connect(&self) -> Option<(Passage, TcpStream)> {
        let (first, all) = (self.turn.fetch_add(1, Relaxed), self.processes.len());
        let in_turn = (0..all).map(|step| (first + step) % all);
        let (ready, rest): (Vec<usize>, Vec<usize>) =
            in_turn.partition(|process| self.processes[*process].ready.load(Relaxed));
        for process in ready.into_iter().chain(rest) {
            let (began, there) = (Instant::now(), &self.processes[process]);
            match TcpStream::connect(&there.address).await {
                Ok(stream) => {
                    there.passed.fetch_add(1, Relaxed);
                    return Some((Passage { process, began, ended: None }, stream));
                }
                Err(_) => {
                    self.refused.fetch_add(1, Relaxed);
                    there.ready.store(false, Relaxed);
                }
            }
        }
        None
    }

    fn note(&self, number: Option<u64>, passage: Passage) {
        if let Some(number) = number {
            self.journal.lock().expect("no panic").insert(number, passage);
        }
    }
}

/// Asks a process again and again whether it is ready.
async fn watch(inner: Arc<Inner>, process: usize) {
    let client = reqwest::Client::builder().no_proxy().timeout(SAYS_WITHIN).build().expect("a client");
    let process = &inner.processes[process];
    let url = format!("http://{}/readyz", process.address);
    loop {
        let ready = client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success());
        process.ready.store(ready, Relaxed);
        tokio::time::sleep(ASKED_EVERY).await;
    }
}

/// Passes one request on, and its answer back as it comes.
async fn pass(mut client: TcpStream, peer: IpAddr, inner: Arc<Inner>) {
    let Some((request, end)) = read_head(&mut client).await else { return };
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let Some((mut passage, mut process)) = inner.connect().await else {
        let _ = client.write_all(NOBODY).await;
        return;
    };
    // Without it small pieces wait for the other side's delayed acknowledgement.
    let _ = (client.set_nodelay(true), process.set_nodelay(true));
    let number = number_of(&head);
    inner.note(number, passage);
    let onward = [onward(&head, peer).as_bytes(), &request[end + END_OF_HEAD.len()..]].concat();
    if process.write_all(&onward).await.is_ok() {
        let _ = copy_bidirectional(&mut client, &mut process).await;
    }
    passage.ended = Some(Instant::now());
    inner.note(number, passage);
}

/// What came of a request until its head was whole, and where the head ends.
async fn read_head(client: &mut TcpStream) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::with_capacity(4096);
    while bytes.len() < LONGEST_HEAD {
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD) {
            return Some((bytes, end));
        }
    }
    None
}

/// The head as it goes on: told to end the connection with the answer, and where the request comes from.
fn onward(head: &str, peer: IpAddr) -> String {
    let kept: Vec<&str> =
        head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:")).collect();
    format!("{}\r\nconnection: close\r\nx-forwarded-for: {peer}\r\n\r\n", kept.join("\r\n"))
}

fn number_of(head: &str) -> Option<u64> {
    head.split("\r\n").find_map(|line| line.strip_prefix(NUMBER)?.strip_prefix(':')?.trim().parse().ok())
}
