//! Four hundred clients who are slow on purpose, against the real binary as it comes: half of them send the head of a request
//! drop by drop, half its body. Everybody else is served meanwhile, and the slow ones are cut when their time is over.

use crate::{behind, harness::Browser, served::Served};
use futures::future::join_all;
use reqwest::{Method, StatusCode};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Of each kind.
const SLOW: usize = 200;
const OTHERS: usize = 100;
const HEAD: &str = "GET /login HTTP/1.1\r\nHost: painel.example\r\nX-Slow: ";
const BODY: &str = "POST /api/session/log_in HTTP/1.1\r\nHost: painel.example\r\nContent-Length: 1000\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=";
/// Between two letters.
const EVERY: Duration = Duration::from_millis(500);
/// A head may take ten seconds, a whole request twenty-five; and a machine that is busy takes its time.
const CUT_WITHIN: Duration = Duration::from_secs(50);

/// Begins a request and adds a letter now and then; how long until the server had enough, by an answer or without.
async fn drip(address: String, begin: &'static str) -> Option<Duration> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let began = Instant::now();
    stream.write_all(begin.as_bytes()).await.ok()?;
    let mut piece = [0; 1024];
    while began.elapsed() < CUT_WITHIN {
        match timeout(EVERY, stream.read(&mut piece)).await {
            Ok(_) => return Some(began.elapsed()),
            Err(_) if stream.write_all(b"a").await.is_err() => return Some(began.elapsed()),
            Err(_) => {}
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_slow_clients_are_cut_and_nobody_else_notices() {
    let (server, behind) = behind::start().await;
    let served = Served::start(&behind, &server, &[]).await;
    let address = served.url.trim_start_matches("http://");
    let drips = |begin: &'static str| {
        let each = (0..SLOW).map(|_| drip(address.to_owned(), begin));
        tokio::spawn(join_all(each.collect::<Vec<_>>()))
    };
    let (before, began) = (served.open_files(), Instant::now());
    let (heads, bodies) = (drips(HEAD), drips(BODY));
    while served.open_files() < before + 2 * SLOW && began.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let connected = served.open_files();
    let (mut good, mut slowest) = (0, Duration::ZERO);
    for _ in 0..OTHERS {
        let began = Instant::now();
        // A connection of its own each time.
        let newcomer = Browser::new(&served.url);
        let answer = newcomer.request(Method::GET, "/login").header("accept", "text/html").send().await;
        let status = answer.as_ref().ok().map(reqwest::Response::status);
        let whole = match answer {
            Ok(answer) => answer.text().await.is_ok_and(|page| page.contains("</html>")),
            Err(_) => false,
        };
        good += usize::from(status == Some(StatusCode::OK) && whole);
        slowest = slowest.max(began.elapsed());
    }
    let (heads, bodies) = (heads.await.expect("to the end"), bodies.await.expect("to the end"));
    let told = |cut: &[Option<Duration>]| (cut.iter().flatten().count(), cut.iter().flatten().max().copied());
    let ((cut_heads, last_head), (cut_bodies, last_body)) = (told(&heads), told(&bodies));
    eprintln!(
        "H4 beside {} slow clients ({connected} files open) {good} of {OTHERS} requests are served, the slowest in \
         {slowest:?}; {cut_heads} of {SLOW} heads are cut, the last after {last_head:?}, {cut_bodies} of {SLOW} bodies, the \
         last after {last_body:?}",
        2 * SLOW
    );
    assert_eq!((good, cut_heads, cut_bodies), (OTHERS, SLOW, SLOW));
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert_eq!(Browser::new(&served.url).read("/livez").await.status(), StatusCode::OK);
}
