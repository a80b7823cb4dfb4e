//! Real sockets: clients that drip, rest, take nothing, or are too many; and an end in the middle of answers.

use super::*;
use axum::{extract::Request as AnyRequest, routing::get};
use std::future::pending;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinHandle,
    time::timeout,
};

const SOON: Duration = Duration::from_secs(30);
const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

fn limits() -> Limits {
    let ms = Duration::from_millis;
    Limits { connections: 100, head: ms(300), idle: ms(1_500), stall: ms(500) }
}

struct Running {
    address: SocketAddr,
    stop: Stop,
    task: JoinHandle<()>,
}

async fn start(limits: Limits) -> Running {
    let slow = get(async || {
        tokio::time::sleep(Duration::from_millis(700)).await;
        "late"
    });
    let large = get(async || vec![b'x'; 16 << 20]);
    let peer =
        get(async |request: AnyRequest| request.extensions().get::<ConnectInfo<SocketAddr>>().unwrap().0.to_string());
    let app = Router::new()
        .route("/", get(async || "here"))
        .route("/slow", slow)
        .route("/large", large)
        .route("/peer", peer)
        .route("/panic", get(async || -> &'static str { panic!("for the test") }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), Stop::default());
    let task = tokio::spawn(serve(listener, app, limits, stop.clone()));
    Running { address, stop, task }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// One answer, up to the end of its short body.
async fn answer(stream: &mut TcpStream, ends: &str) -> String {
    let (mut text, mut piece) = (String::new(), [0; 1024]);
    while !text.ends_with(ends) {
        let read = timeout(SOON, stream.read(&mut piece)).await.expect("an answer").unwrap_or(0);
        if read == 0 {
            break;
        }
        text += &String::from_utf8_lossy(&piece[..read]);
    }
    text
}

/// How long until the other side closes.
async fn closes(stream: &mut TcpStream, began: Instant) -> Option<Duration> {
    let gone = async {
        let mut piece = [0; 1024];
        while stream.read(&mut piece).await.is_ok_and(|read| read > 0) {}
    };
    timeout(SOON, gone).await.ok().map(|()| began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_drip_are_cut_and_others_do_not_notice() {
    let running = start(Limits { head: Duration::from_secs(2), ..limits() }).await;
    let mut drips = Vec::new();
    for number in 0..50_u32 {
        let mut stream = running.connect().await;
        drips.push(tokio::spawn(async move {
            let began = Instant::now();
            // Half of them have asked once before: a kept connection must not have more patience.
            if number % 2 == 0 {
                stream.write_all(ASK).await.unwrap();
                assert!(answer(&mut stream, "here").await.ends_with("here"));
            }
            for letter in ASK.iter().cycle().take(3_000).filter(|letter| **letter != b'\n') {
                if stream.write_all(&[*letter]).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            began.elapsed()
        }));
    }
    let mut served = 0;
    for _ in 0..100 {
        let mut stream = running.connect().await;
        stream.write_all(ASK).await.unwrap();
        served += usize::from(answer(&mut stream, "here").await.starts_with("HTTP/1.1 200"));
    }
    let mut cut = 0;
    for drip in drips {
        cut += usize::from(drip.await.unwrap() < SOON);
    }
    eprintln!("H4 of 50 clients that drip a head {cut} are cut; of 100 others meanwhile {served} are served");
    assert_eq!((cut, served), (50, 100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resting_connection_outlives_the_heads_limit_and_not_its_own() {
    let limits = Limits { idle: Duration::from_secs(5), ..limits() };
    let running = start(limits).await;
    // Before the server can know of it: its clock must not be ahead of ours.
    let began = Instant::now();
    let mut silent = running.connect().await;
    let silent = closes(&mut silent, began).await.expect("whoever says nothing is cut");
    let mut resting = running.connect().await;
    resting.write_all(ASK).await.unwrap();
    answer(&mut resting, "here").await;
    tokio::time::sleep(limits.head * 3).await;
    let began = Instant::now();
    resting.write_all(ASK).await.unwrap();
    assert!(answer(&mut resting, "here").await.ends_with("here"), "after a rest of three times the head's limit");
    let rested = closes(&mut resting, began).await.expect("a rest has an end");
    eprintln!("H4 a silent connection ends after {silent:?}, one at rest after {rested:?}");
    assert!(silent >= limits.head && silent < limits.idle, "{silent:?}");
    assert!(rested >= limits.idle, "{rested:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_nothing_of_an_answer_is_cut() {
    let running = start(Limits { connections: 1, ..limits() }).await;
    let mut greedy = running.connect().await;
    greedy.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    // Reads nothing. There is one place only: the next is served when this one has been cut.
    let mut next = running.connect().await;
    next.write_all(ASK).await.unwrap();
    assert!(answer(&mut next, "here").await.ends_with("here"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_limit_connections_wait() {
    let running = start(Limits { connections: 5, idle: 2 * SOON, ..limits() }).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut stream = running.connect().await;
        stream.write_all(ASK).await.unwrap();
        assert!(answer(&mut stream, "here").await.ends_with("here"));
        held.push(stream);
    }
    let mut sixth = running.connect().await;
    sixth.write_all(ASK).await.unwrap();
    let early = timeout(Duration::from_millis(400), sixth.readable()).await.is_ok();
    held.pop();
    let served = answer(&mut sixth, "here").await.ends_with("here");
    eprintln!("H4 the sixth of five is answered early: {early}; when a place is free: {served}");
    assert!(!early && served);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_lets_requests_finish_and_ends_what_rests() {
    let running = start(Limits { idle: 2 * SOON, ..limits() }).await;
    let mut streams = Vec::new();
    for _ in 0..40 {
        let mut stream = running.connect().await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        streams.push(stream);
    }
    let mut resting = running.connect().await;
    resting.write_all(ASK).await.unwrap();
    answer(&mut resting, "here").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    running.stop.begin(Duration::ZERO, pending()).await;
    let mut finished = 0;
    let rested = closes(&mut resting, began).await.expect("it ends");
    for stream in &mut streams {
        finished += usize::from(answer(stream, "late").await.ends_with("late"));
    }
    timeout(SOON, running.task).await.expect("it ends").unwrap();
    eprintln!("H1 {finished} of 40 under way finish within {:?}; a resting one ends after {rested:?}", began.elapsed());
    assert_eq!(finished, 40);
    assert!(TcpStream::connect(running.address).await.is_err(), "the door is closed");
    assert!(rested < SOON && began.elapsed() < SOON, "{rested:?} {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_see_the_peer_and_a_panic_ends_one_connection() {
    let running = start(limits()).await;
    for _ in 0..10 {
        let mut stream = running.connect().await;
        stream.write_all(b"GET /panic HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        assert!(closes(&mut stream, Instant::now()).await.is_some());
    }
    let mut stream = running.connect().await;
    let own = stream.local_addr().unwrap().to_string();
    stream.write_all(b"GET /peer HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert!(answer(&mut stream, &own).await.ends_with(&own));
}
