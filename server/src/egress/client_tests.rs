//! The client against small servers on this machine's loopback, each listed by host and port as an operator would.

use std::{
    net::SocketAddr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::*;

#[path = "client_strain_tests.rs"]
mod strain;

const LANE: Uuid = Uuid::from_u128(7);
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

/// A server that gives each connection to `serve`, and how many connections there were.
async fn server<F, S>(serve: S) -> (SocketAddr, Arc<AtomicUsize>)
where
    S: Fn(TcpStream, usize) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, counter.fetch_add(1, Ordering::SeqCst)));
        }
    });
    (address, connections)
}

/// A server that answers every request of every connection with the same bytes.
async fn answering(answer: impl Into<Vec<u8>>) -> (SocketAddr, Arc<AtomicUsize>) {
    let answer: Arc<[u8]> = answer.into().into();
    server(move |mut stream, _| {
        let answer = Arc::clone(&answer);
        async move { while head(&mut stream).await.is_some() && stream.write_all(&answer).await.is_ok() {} }
    })
    .await
}

/// Reads one request's head.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

fn egress(address: SocketAddr) -> Egress {
    Egress::new(AddressPolicy::parse_allow(&address.to_string()).unwrap()).unwrap()
}

fn get(address: SocketAddr) -> Outgoing {
    request_of(Method::GET, address)
}

fn request_of(method: Method, address: SocketAddr) -> Outgoing {
    let url = Url::parse(&format!("http://{address}/x")).unwrap();
    Outgoing { method, url, headers: HeaderMap::new(), body: None, deadline: None }
}

/// The error of one GET, and whether it came in time: the whole, and what a busy machine adds; [`LONGEST`] is more.
async fn error_in_time(address: SocketAddr) -> EgressError {
    let egress = egress(address);
    let started = Instant::now();
    let error = egress.send(LANE, get(address)).await.unwrap_err();
    assert!(started.elapsed() < TOTAL + Duration::from_secs(10), "{error}: {:?}", started.elapsed());
    error
}

#[tokio::test]
async fn asks_plainly_and_keeps_its_connection() {
    let (heads, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let (address, connections) = server(move |mut stream, _| {
        let heads = heads.clone();
        async move {
            while let Some(head) = head(&mut stream).await {
                heads.send(head).unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let egress = egress(address);
    for _ in 0..10 {
        let incoming = egress.send(LANE, get(address)).await.unwrap();
        assert_eq!((incoming.status, incoming.body.as_slice()), (StatusCode::OK, b"[]".as_slice()));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    let head = seen.recv().await.unwrap().to_lowercase();
    assert!(head.contains(concat!("user-agent: painel/", env!("CARGO_PKG_VERSION"))), "{head}");
    assert!(head.starts_with("get /x http/1.1") && head.contains("accept-encoding: gzip,br"), "{head}");
    assert!(!head.contains("referer") && !head.contains("content-length"), "{head}");
}

#[tokio::test]
async fn redirects_are_answers() {
    // One is another host that is listed; the other is inside and is not.
    let ((elsewhere, visits), (inside, intrusions)) = (answering(OK).await, answering(OK).await);
    let mut held = 0;
    for status in [301, 302, 303, 307, 308] {
        for target in [elsewhere, inside] {
            let answer = format!("HTTP/1.1 {status} Go\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n");
            let (address, _) = answering(answer).await;
            let egress = Egress::new(AddressPolicy::parse_allow(&format!("{address},{elsewhere}")).unwrap()).unwrap();
            let mut outgoing = get(address);
            outgoing.headers.insert("apikey", "canary".parse().unwrap());
            outgoing.headers.insert("authorization", "Bearer canary".parse().unwrap());
            let incoming = egress.send(LANE, outgoing).await.unwrap();
            assert_eq!(incoming.status.as_u16(), status);
            held += 1;
        }
    }
    let visits = visits.load(Ordering::SeqCst) + intrusions.load(Ordering::SeqCst);
    eprintln!("redirects: {held} of 10 not followed, keys seen elsewhere {visits}");
    assert_eq!((held, visits), (10, 0));
}

#[tokio::test]
async fn nothing_is_sent_to_a_refused_address() {
    let (address, connections) = answering(OK).await;
    let egress = Egress::new(AddressPolicy::public_only()).unwrap();
    assert_eq!(egress.send(LANE, get(address)).await.unwrap_err(), EgressError::AddressRefused);
    let port = address.port();
    for text in
        [format!("https://127.0.0.1:{port}/"), format!("https://localhost:{port}/"), "https://localhost/".into()]
    {
        assert_eq!(egress.check(&Url::parse(&text).unwrap()), Err(EgressError::AddressRefused), "{text}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn ten_megabytes_are_cut_off() {
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 10 << 20);
    let (address, _) = answering([announced.into_bytes(), vec![b' '; 10 << 20]].concat()).await;
    assert_eq!(error_in_time(address).await, EgressError::TooLarge);
    let endless = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let (address, _) = answering([endless.as_bytes(), &vec![b' '; 10 << 20]].concat()).await;
    assert_eq!(error_in_time(address).await, EgressError::TooLarge);
}

#[tokio::test]
async fn the_cap_itself_passes() {
    for (size, passes) in [(BODY_CAP, true), (BODY_CAP + 1, false)] {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n");
        let (address, _) = answering([head.into_bytes(), vec![b' '; size]].concat()).await;
        let sizes = egress(address).send(LANE, get(address)).await.map(|incoming| incoming.body.len());
        assert_eq!(sizes, if passes { Ok(size) } else { Err(EgressError::TooLarge) });
    }
}

/// A gzip stream of zeros, written by hand: one literal, then copies of 258 bytes, 13 bits each.
fn gzip_of_zeros(size: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false]; // the last block, fixed codes
    let mut code = |value: u32, length: u32| bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    code(0x30, 8); // literal 0
    for _ in 0..size / 258 {
        code(0xc5, 8); // length 258
        code(0, 5); // distance 1
    }
    code(0, 7); // the end
    let packed = bits.chunks(8).map(|byte| byte.iter().enumerate().map(|(at, bit)| u8::from(*bit) << at).sum());
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255].into_iter().chain(packed).collect()
}

#[tokio::test]
async fn a_gzip_bomb_is_cut_off_by_what_it_unpacks_to() {
    let bomb = gzip_of_zeros(200 << 20);
    assert!(bomb.len() < BODY_CAP, "the cap on what is sent would not catch it: {}", bomb.len());
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len());
    let (address, _) = answering([head.into_bytes(), bomb].concat()).await;
    assert_eq!(error_in_time(address).await, EgressError::TooLarge);
}

#[tokio::test]
async fn a_hanging_host_ends_with_the_whole() {
    let (address, connections) = server(|stream, _| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    assert_eq!(error_in_time(address).await, EgressError::Timeout);
    assert_eq!(connections.load(Ordering::SeqCst), 1, "a time-out is not repeated");
    let egress = egress(address);
    let started = Instant::now();
    let hurried = Outgoing { deadline: Some(Duration::from_millis(300)), ..get(address) };
    assert_eq!(egress.send(LANE, hurried).await.unwrap_err(), EgressError::Timeout);
    assert!(started.elapsed() < TOTAL - Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn who_gave_a_host_no_time_has_learned_nothing_of_it() {
    let (address, _) = server(|stream, _| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let egress = egress(address);
    let within = |milliseconds| Outgoing { deadline: Some(Duration::from_millis(milliseconds)), ..get(address) };
    for _ in 0..10 {
        assert_eq!(egress.send(LANE, within(50)).await.unwrap_err(), EgressError::Timeout);
    }
    for _ in 0..5 {
        assert_eq!(egress.send(LANE, within(1_000)).await.unwrap_err(), EgressError::Timeout);
    }
    assert!(matches!(egress.send(LANE, within(50)).await.unwrap_err(), EgressError::Resting { .. }));
}

#[test]
fn what_a_host_is_told_by() {
    for (status, told) in [
        (200, Sign::Alive),
        (404, Sign::Alive),
        (500, Sign::Alive),
        (502, Sign::Dead),
        (503, Sign::Dead),
        (504, Sign::Dead),
    ] {
        assert_eq!(sign(Ok(StatusCode::from_u16(status).unwrap())), told, "{status}");
    }
    for (error, told) in [
        (EgressError::TooLarge, Sign::Alive),
        (EgressError::Timeout, Sign::Dead),
        (EgressError::Connect, Sign::Dead),
        (EgressError::AddressRefused, Sign::None),
        (EgressError::Busy, Sign::None),
        (EgressError::Resting { seconds: 1 }, Sign::None),
    ] {
        assert_eq!(sign(Err(error)), told, "{error:?}");
    }
}

#[test]
fn nobody_asks_once_more_at_once_nor_all_at_the_same_moment() {
    let pauses: Vec<Duration> = (0..10_000).map(|_| jitter()).collect();
    let ends = (*pauses.iter().min().unwrap(), *pauses.iter().max().unwrap());
    assert_eq!(ends, (Duration::from_millis(100), Duration::from_millis(299)));
}

#[tokio::test]
async fn dripping_hosts_end_with_the_whole() {
    for start in ["HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", "HTTP/1.1 200 OK\r\nx-endless: ", "H"] {
        let (address, _) = server(move |mut stream, _| async move {
            let _ = stream.write_all(start.as_bytes()).await;
            while stream.write_all(b"1").await.is_ok() {
                sleep(Duration::from_millis(400)).await;
            }
        })
        .await;
        assert!(matches!(error_in_time(address).await, EgressError::Timeout | EgressError::Broken), "{start}");
    }
}

#[tokio::test]
async fn a_body_that_stops_ends_before_the_whole() {
    let (address, _) = server(|mut stream, _| async move {
        head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[").await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    let started = Instant::now();
    let patient = Outgoing { deadline: Some(LONGEST), ..get(address) };
    assert_eq!(egress(address).send(LANE, patient).await.unwrap_err(), EgressError::Timeout);
    assert!(started.elapsed() < LONGEST - Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn reading_is_repeated_once_when_no_answer_began_and_writing_never() {
    for (method, repeats) in [(Method::GET, true), (Method::HEAD, true), (Method::POST, false), (Method::DELETE, false)]
    {
        let (address, connections) = server(|mut stream, nth| async move {
            head(&mut stream).await;
            if nth > 0 {
                let _ = stream.write_all(OK.as_bytes()).await;
            }
        })
        .await;
        let answer = egress(address).send(LANE, request_of(method.clone(), address)).await;
        assert_eq!(answer.is_ok(), repeats, "{method}");
        assert_eq!(connections.load(Ordering::SeqCst), 1 + usize::from(repeats), "{method}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_died_is_no_error() {
    let (address, connections) = server(|mut stream, _| async move {
        head(&mut stream).await;
        let _ = stream.write_all(OK.as_bytes()).await;
        head(&mut stream).await;
    })
    .await;
    let egress = egress(address);
    for _ in 0..3 {
        assert!(egress.send(LANE, get(address)).await.is_ok());
    }
    assert!(connections.load(Ordering::SeqCst) >= 2);
}

#[tokio::test]
async fn broken_answers_are_told_apart_from_no_connection() {
    for answer in ["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n["] {
        let (address, _) = server(move |mut stream, _| async move {
            head(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        assert_eq!(error_in_time(address).await, EgressError::Broken, "{answer:?}");
    }
    let (torn, _) = server(|mut stream, _| async move {
        head(&mut stream).await;
        // With a reset in place of an end.
        stream.set_zero_linger().unwrap();
    })
    .await;
    assert_eq!(error_in_time(torn).await, EgressError::Connect, "torn down before a word");
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(error_in_time(free).await, EgressError::Connect);
}

#[tokio::test]
async fn name_connection_and_tls_are_told_apart() {
    let over_tls = |address: SocketAddr| async move {
        let url = Url::parse(&format!("https://{address}/")).unwrap();
        egress(address).send(LANE, Outgoing { url, ..get(address) }).await.unwrap_err()
    };
    let speaks_none = server(|mut stream, _| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        head(&mut stream).await;
    });
    assert_eq!(over_tls(speaks_none.await.0).await, EgressError::Tls, "speaks no TLS");
    let hangs_up = server(|mut stream, _| async move {
        let _ = stream.read(&mut [0; 4096]).await;
    });
    assert_eq!(over_tls(hangs_up.await.0).await, EgressError::Tls, "hangs up in the handshake");
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(over_tls(free).await, EgressError::Connect, "nobody listens");
    let url = Url::parse("https://nobody.invalid/").unwrap();
    let nowhere = Outgoing { url, ..get(free) };
    assert_eq!(egress(free).send(LANE, nowhere).await.unwrap_err(), EgressError::Name, "no such name");
}

#[tokio::test]
async fn a_busy_lane_says_so_and_holds_up_nobody_else() {
    let (address, _) = server(|mut stream, nth| async move {
        while nth >= 4 && head(&mut stream).await.is_some() {
            let _ = stream.write_all(OK.as_bytes()).await;
        }
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    let egress = egress(address);
    let stuck: Vec<_> = (0..4)
        .map(|_| {
            let egress = egress.clone();
            tokio::spawn(async move { egress.send(LANE, get(address)).await })
        })
        .collect();
    sleep(Duration::from_millis(200)).await;
    assert_eq!(egress.under_way(), 4);
    let started = Instant::now();
    assert_eq!(egress.send(LANE, get(address)).await.unwrap_err(), EgressError::Busy);
    assert!(started.elapsed() < Duration::from_secs(20));
    assert!(egress.send(Uuid::from_u128(8), get(address)).await.is_ok());
    // A caller that goes away gives its place back.
    stuck.iter().for_each(tokio::task::JoinHandle::abort);
    assert!(egress.send(LANE, get(address)).await.is_ok());
}

#[tokio::test]
async fn errors_name_neither_address_nor_secret() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut outgoing = get(free);
    outgoing.url.set_query(Some("token=canary"));
    let error = egress(free).send(LANE, outgoing).await.unwrap_err();
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains("127.0.0.1") && !texts.contains("canary"), "{texts}");
}

/// The environment of this process cannot be changed safely, so the test runs itself again in one with proxies.
#[tokio::test]
async fn proxies_of_the_environment_are_ignored() {
    if let Ok(target) = std::env::var("PAINEL_TEST_TARGET") {
        let address = target.parse().unwrap();
        assert!(egress(address).send(LANE, get(address)).await.is_ok());
        return;
    }
    let (proxy, visits) = answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy").await;
    let (target, direct) = answering(OK).await;
    let name = format!("{}::proxies_of_the_environment_are_ignored", module_path!());
    let (_, name) = name.split_once("::").unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args(["--exact", name])
        .env("PAINEL_TEST_TARGET", target.to_string())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(variable, format!("http://{proxy}"));
    }
    let output = tokio::task::spawn_blocking(move || again.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((visits.load(Ordering::SeqCst), direct.load(Ordering::SeqCst)), (0, 1));
}
