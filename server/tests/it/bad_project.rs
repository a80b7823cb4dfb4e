//! A door in front of a real project that can be slammed: it passes connections on, or misbehaves in a chosen way. Each
//! test has its own, so that a fault meant for one never meets another.

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What a connection meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The project itself.
    Open,
    /// Closed without a word.
    Refuse,
    /// Taken and never answered.
    Hang,
    /// The same, and what is under way falls silent instead of being cut.
    Freeze,
    /// A fault of the project's own.
    Error500,
    /// The project is paused.
    Paused,
    /// JSON that ends in the middle.
    Rubbish,
    /// Ten megabytes.
    Huge,
    /// A web page.
    Html,
    /// An answer that breaks off.
    Drop,
}

/// The door.
pub struct BadProject {
    /// `127.0.0.1:PORT`
    pub origin: String,
    mode: watch::Sender<Mode>,
}

impl BadProject {
    /// A door in front of the project at `behind` (`127.0.0.1:PORT`), open at first.
    pub async fn before(behind: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let (mode, seen) = watch::channel(Mode::Open);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, behind.clone(), seen.clone()));
            }
        });
        Self { origin, mode }
    }

    /// Changes what connections meet; those under way are cut.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn serve(mut stream: TcpStream, behind: String, mut mode: watch::Receiver<Mode>) {
    let now = *mode.borrow_and_update();
    if now == Mode::Open {
        let mut project = TcpStream::connect(behind).await.expect("the project listens");
        tokio::select! {
            _ = copy_bidirectional(&mut stream, &mut project) => {}
            _ = mode.changed() => {}
        }
        if *mode.borrow() == Mode::Freeze {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        return;
    }
    if now == Mode::Refuse {
        return;
    }
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await;
    let head = |status: &str, kind: &str, length: usize| {
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")
    };
    let json = "application/json";
    let answer = match now {
        Mode::Hang | Mode::Freeze => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return;
        }
        Mode::Error500 => head("500 Internal Server Error", json, 2) + "{}",
        Mode::Paused => head("540 Project Paused", json, 2) + "{}",
        Mode::Rubbish => head("200 OK", json, 10) + "[{\"id\": 1,",
        Mode::Html => head("200 OK", "text/html", 13) + "<html></html>",
        Mode::Drop => head("200 OK", json, 1000) + "[{\"id\"",
        Mode::Huge => head("200 OK", json, 10_000_000) + &"[".repeat(10_000_000),
        Mode::Open | Mode::Refuse => return,
    };
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
