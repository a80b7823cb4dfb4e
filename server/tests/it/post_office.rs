//! A small mail server on this machine: it takes every letter and keeps it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The server and what it took.
pub struct PostOffice {
    pub port: u16,
    letters: Arc<Mutex<Vec<Vec<String>>>>,
    callers: Arc<AtomicUsize>,
}

impl PostOffice {
    pub async fn open() -> Self {
        Self::that_takes(Duration::ZERO).await
    }

    /// One that takes so long to greet.
    pub async fn that_takes(its_time: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let callers = Arc::new(AtomicUsize::new(0));
        let (kept, counted) = (Arc::clone(&letters), Arc::clone(&callers));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    tokio::time::sleep(its_time).await;
                    take(stream, kept).await;
                });
            }
        });
        Self { port, letters, callers }
    }

    /// How many came to its door, greeted or not.
    pub fn callers(&self) -> usize {
        self.callers.load(Ordering::Relaxed)
    }

    /// How many letters were taken.
    pub fn count(&self) -> usize {
        self.letters.lock().expect("a lock").len()
    }

    /// The letter of this number, from 0: its header lines and its text. Waits for it.
    pub async fn letter(&self, number: usize) -> (String, String) {
        let began = Instant::now();
        while self.count() <= number {
            let waited = began.elapsed() > Duration::from_secs(20);
            assert!(!waited, "letter {number} came: {:#?}", crate::behind::log().lines_with("mailed"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let lines = self.letters.lock().expect("a lock")[number].clone();
        let end = lines.iter().position(String::is_empty).expect("headers end");
        (lines[..end].join("\n"), text_of(&lines[..end].join("\n").to_lowercase(), &lines[end + 1..]))
    }
}

async fn take(stream: TcpStream, letters: Arc<Mutex<Vec<Vec<String>>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut letter: Option<Vec<String>> = None;
    let _ = write.write_all(b"220 post.example ESMTP\r\n").await;
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match &mut letter {
            Some(_) if line == "." => {
                letters.lock().expect("a lock").extend(letter.take());
                "250 taken"
            }
            Some(letter) => {
                letter.push(line);
                continue;
            }
            None if line == "DATA" => {
                letter = Some(Vec::new());
                "354 go on"
            }
            None if line == "QUIT" => "221 bye",
            None => "250 ok",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The text, whichever way it was encoded for the way.
fn text_of(headers: &str, body: &[String]) -> String {
    if headers.contains("base64") {
        return String::from_utf8(STANDARD.decode(body.concat()).expect("base64")).expect("UTF-8");
    }
    let joined = body.join("\n").replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'=').then(|| after.get(..2)).flatten();
        let code = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).expect("UTF-8")
}
