//! Twelve answers made to hurt whoever reads them: each is a typed error in time, and costs no memory worth the name.
//!
//! What a process holds is told for the whole of it, so the test runs its own binary again and counts there.

use std::{io::Write as _, net::SocketAddr, process::Command, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};
use url::Url;
use uuid::Uuid;

use super::{ApiKey, Project, ProjectError};
use crate::egress::{AddressPolicy, Egress, EgressError};

const ALONE: &str = "PAINEL_TEST_HOSTILE";
/// The most that all twelve together may add, in KiB.
const MOST_RISE: u64 = 32 * 1024;

/// What comes after the head.
enum Body {
    /// These bytes.
    All(Vec<u8>),
    /// The same piece over and over, as many bytes as this.
    Stream(u64),
    /// This, and then the connection breaks off.
    Cut(&'static str),
}

struct Hostile {
    what: &'static str,
    head: String,
    body: Body,
    expected: ProjectError,
}

fn json(what: &'static str, body: impl Into<Vec<u8>>) -> Hostile {
    let body = body.into();
    let head = format!("content-type: application/json\r\ncontent-length: {}", body.len());
    Hostile { what, head, body: Body::All(body), expected: ProjectError::Rubbish }
}

fn packed(what: &'static str, encoding: &str, body: Vec<u8>) -> Hostile {
    let head =
        format!("content-type: application/json\r\ncontent-encoding: {encoding}\r\ncontent-length: {}", body.len());
    Hostile { what, head, body: Body::All(body), expected: EgressError::TooLarge.into() }
}

/// 256 MiB of nothing in some 250 KiB.
fn gzip_bomb() -> Vec<u8> {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        bomb.write_all(&[b' '; 1 << 20]).unwrap();
    }
    bomb.finish().unwrap()
}

fn twelve() -> [Hostile; 12] {
    let too_large = || ProjectError::from(EgressError::TooLarge);
    [
        Hostile {
            what: "ten gigabytes without an end announced",
            head: "content-type: application/json\r\nconnection: close".into(),
            body: Body::Stream(10 << 30),
            expected: too_large(),
        },
        Hostile {
            what: "ten gigabytes announced",
            head: format!("content-type: application/json\r\ncontent-length: {}", 10_u64 << 30),
            body: Body::Stream(10 << 30),
            expected: too_large(),
        },
        packed("a gzip bomb", "gzip", gzip_bomb()),
        Hostile {
            // Nobody unpacks twice: what comes out is not JSON.
            expected: ProjectError::Rubbish,
            ..packed("a bomb within a gzip", "gzip, gzip", {
                let mut outer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                outer.write_all(&gzip_bomb()).unwrap();
                outer.finish().unwrap()
            })
        },
        json("a hundred thousand levels", "[".repeat(100_000)),
        json("a hundred thousand levels of objects", format!("[{}1{}]", "{\"a\":".repeat(99_999), "}".repeat(99_999))),
        Hostile {
            what: "a web page with 200",
            head: "content-type: text/html\r\ncontent-length: 13".into(),
            body: Body::All(b"<html></html>".to_vec()),
            expected: ProjectError::Rubbish,
        },
        json("NaN", r#"[{"id":NaN}]"#),
        json("a column twice", r#"[{"id":1,"id":2}]"#),
        json("broken UTF-8", b"[{\"name\":\"\xff\xfe\"}]".to_vec()),
        json("no array", r#"{"id":1}"#),
        Hostile {
            what: "half an answer",
            head: "content-type: application/json\r\ncontent-length: 1000".into(),
            body: Body::Cut("[{\"id\":"),
            expected: EgressError::Broken.into(),
        },
    ]
}

async fn serve(listener: TcpListener, head: String, body: Body) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = respond(&mut stream, &head, &body).await;
    }
}

async fn respond(stream: &mut TcpStream, head: &str, body: &Body) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await?;
    stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes()).await?;
    match body {
        Body::All(bytes) => stream.write_all(bytes).await?,
        Body::Cut(text) => stream.write_all(text.as_bytes()).await?,
        Body::Stream(size) => {
            let piece = [b' '; 1 << 16];
            for _ in 0..size / (1 << 16) {
                stream.write_all(&piece).await?;
            }
        }
    }
    stream.flush().await
}

/// The most memory that this process ever held, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn ask(at: SocketAddr) -> Result<usize, ProjectError> {
    let egress = Egress::new(AddressPolicy::parse_allow(&at.to_string()).unwrap()).unwrap();
    let url = Url::parse(&format!("http://{at}")).unwrap();
    let project = Project::new(egress, Uuid::new_v4(), url, ApiKey::new("sb_publishable_x".to_owned().into()).unwrap());
    Ok(project.messages_between(None, None, None, 1).await?.rows.len())
}

#[tokio::test]
async fn twelve_hostile_answers_are_typed_errors_and_cost_no_memory() {
    if std::env::var_os(ALONE).is_none() {
        let mut again = Command::new(std::env::current_exe().unwrap());
        let name = format!("{}::twelve_hostile_answers_are_typed_errors_and_cost_no_memory", module_path!());
        again.args(["--exact", name.split_once("::").unwrap().1, "--nocapture"]).env(ALONE, "1");
        let output = tokio::task::spawn_blocking(move || again.output()).await.unwrap().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
        eprint!("{err}");
        return;
    }
    let mut hosts = Vec::new();
    for hostile in twelve() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, hostile.head, hostile.body));
        hosts.push((hostile.what, at, hostile.expected));
    }
    // What a client costs by itself is no rise: one harmless answer first.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let harmless = listener.local_addr().unwrap();
    tokio::spawn(serve(
        listener,
        "content-type: application/json\r\ncontent-length: 2".into(),
        Body::All(b"[]".to_vec()),
    ));
    assert_eq!(ask(harmless).await, Ok(0));
    let before = peak();
    let (mut typed, all) = (0, hosts.len());
    for (what, at, expected) in hosts {
        let began = Instant::now();
        let outcome = timeout(Duration::from_secs(8), ask(at)).await.expect(what);
        assert_eq!(outcome, Err(expected), "{what}");
        // Five seconds, and what a busy machine adds.
        assert!(began.elapsed() < Duration::from_millis(6_500), "{what}: {:?}", began.elapsed());
        typed += 1;
    }
    let rise = peak() - before;
    eprintln!("hostile answers: {typed} of {all} typed errors, {} KiB of memory more (below {MOST_RISE})", rise);
    assert!(typed == 12 && rise < MOST_RISE);
}
