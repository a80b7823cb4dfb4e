//! Sockets against small servers on this machine's loopback, each listed by host and port as an operator would.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::HeaderMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::accept_async;

use super::*;
use crate::egress::{AddressPolicy, Outgoing};

const LANE: Uuid = Uuid::from_u128(7);

/// A server that gives each connection to `serve`, and how many connections there were.
async fn server<F, S>(serve: S) -> (SocketAddr, Arc<AtomicUsize>)
where
    S: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream));
        }
    });
    (address, connections)
}

/// A server that says these texts one after the other, and then what it hears.
async fn saying(texts: Vec<String>) -> SocketAddr {
    let texts = Arc::new(texts);
    let (address, _) = server(move |stream| {
        let texts = Arc::clone(&texts);
        async move {
            let Ok(mut socket) = accept_async(stream).await else { return };
            for text in texts.iter() {
                if socket.send(Message::text(text.clone())).await.is_err() {
                    return;
                }
            }
            while let Some(Ok(message)) = socket.next().await {
                if message.is_text() && socket.send(message).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    address
}

/// A server that answers each request with these bytes.
async fn answering(answer: &str) -> SocketAddr {
    let answer: Arc<str> = answer.into();
    let (address, _) = server(move |mut stream| {
        let answer = Arc::clone(&answer);
        async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.read(&mut request).await;
        }
    })
    .await;
    address
}

fn egress(address: SocketAddr) -> Egress {
    Egress::new(AddressPolicy::parse_allow(&address.to_string()).unwrap()).unwrap()
}

fn url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/realtime/v1/websocket?apikey=canary&vsn=1.0.0")).unwrap()
}

async fn open(address: SocketAddr) -> Box<Socket> {
    match egress(address).open(LANE, url(address)).await {
        Ok(Opened::Open(socket)) => socket,
        Ok(Opened::Refused(status)) => panic!("{status}"),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn hears_and_is_heard() {
    let mut socket = open(saying(vec!["um".to_owned(), "dois".to_owned()]).await).await;
    assert_eq!(socket.next().await.unwrap().as_str(), "um");
    assert_eq!(socket.next().await.unwrap().as_str(), "dois");
    for text in ["três", "", "x".repeat(16 * 1024).as_str()] {
        socket.say(text.to_owned()).await.unwrap();
        assert_eq!(socket.next().await.unwrap().as_str(), text);
    }
}

#[tokio::test]
async fn an_end_is_an_end_although_the_line_stays_open() {
    let (address, _) = server(|stream| async move {
        if let Ok(mut socket) = accept_async(stream).await {
            let _ = socket.close(None).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    })
    .await;
    let mut socket = open(address).await;
    let ended = timeout(Duration::from_secs(20), socket.next()).await.expect("nobody waits for the line");
    assert_eq!(ended.err(), Some(EgressError::Broken));
}

#[tokio::test]
async fn waiting_may_be_given_up() {
    let mut socket = open(saying(vec![]).await).await;
    for number in 0..20 {
        assert!(timeout(Duration::from_millis(1), socket.next()).await.is_err());
        socket.say(number.to_string()).await.unwrap();
        assert_eq!(socket.next().await.unwrap().as_str(), number.to_string());
    }
}

#[tokio::test]
async fn the_handshake_goes_to_the_address_by_http_1_and_asks_plainly() {
    let (heads, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let (address, _) = server(move |mut stream| {
        let heads = heads.clone();
        async move {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).await.unwrap_or_default();
            let _ = heads.send(String::from_utf8_lossy(&request[..read]).to_lowercase());
        }
    })
    .await;
    assert!(egress(address).open(LANE, url(address)).await.is_err());
    let head = seen.recv().await.unwrap();
    assert!(head.starts_with("get /realtime/v1/websocket?apikey=canary&vsn=1.0.0 http/1.1\r\n"), "{head}");
    for line in ["connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13", "user-agent: painel/"] {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.contains("origin") && !head.contains("accept-encoding"), "{head}");
}

#[tokio::test]
async fn a_status_is_an_answer_and_what_is_no_handshake_is_not() {
    for status in [200, 401, 403, 404, 429, 503] {
        let address = answering(&format!("HTTP/1.1 {status} No\r\ncontent-length: 2\r\n\r\n{{}}")).await;
        match egress(address).open(LANE, url(address)).await {
            Ok(Opened::Refused(refused)) => assert_eq!(refused.as_u16(), status),
            _ => panic!("{status}"),
        }
    }
    let switching = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
    for accepted in ["", "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"] {
        let address = answering(&format!("{switching}{accepted}\r\n")).await;
        assert_eq!(egress(address).open(LANE, url(address)).await.err(), Some(EgressError::Broken), "{accepted}");
    }
}

#[tokio::test]
async fn the_cap_passes_and_a_byte_more_ends_it() {
    assert_eq!(MESSAGE_CAP, 262_144);
    for (size, passes) in [(MESSAGE_CAP, true), (MESSAGE_CAP + 1, false), (10 << 20, false)] {
        let mut socket = open(saying(vec!["x".repeat(size)]).await).await;
        let heard = socket.next().await.map(|text| text.len());
        assert_eq!(heard, if passes { Ok(size) } else { Err(EgressError::TooLarge) });
    }
}

#[tokio::test]
async fn an_end_in_good_order_is_an_end_too() {
    let (address, _) = server(|stream| async move {
        if let Ok(mut socket) = accept_async(stream).await {
            let _ = socket.close(None).await;
            while let Some(Ok(_)) = socket.next().await {}
        }
    })
    .await;
    let mut socket = open(address).await;
    assert_eq!(socket.next().await.err(), Some(EgressError::Broken));
}

#[tokio::test]
async fn nothing_is_opened_at_a_refused_address_and_no_error_holds_the_key() {
    let (address, connections) = server(|stream| async move { drop(stream) }).await;
    let inside = Egress::new(AddressPolicy::public_only()).unwrap();
    assert_eq!(inside.open(LANE, url(address)).await.err(), Some(EgressError::AddressRefused));
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = egress(free).open(LANE, url(free)).await.err().unwrap();
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains("127.0.0.1") && !texts.contains("canary"), "{texts}");
    assert_eq!(error, EgressError::Connect);
}

#[tokio::test]
async fn a_host_that_opens_no_socket_is_left_alone() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let egress = egress(free);
    for _ in 0..5 {
        assert_eq!(egress.open(LANE, url(free)).await.err(), Some(EgressError::Connect));
    }
    assert!(matches!(egress.open(LANE, url(free)).await.err(), Some(EgressError::Resting { .. })));
}

#[tokio::test]
async fn what_is_open_takes_no_place_of_the_lane() {
    let sockets = saying(vec![]).await;
    let calls = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]").await;
    let egress = Egress::new(AddressPolicy::parse_allow(&format!("{sockets},{calls}")).unwrap()).unwrap();
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(egress.open(LANE, url(sockets)).await);
    }
    assert!(open.iter().all(|opened| matches!(opened, Ok(Opened::Open(_)))) && egress.under_way() == 0);
    let url = Url::parse(&format!("http://{calls}/")).unwrap();
    let outgoing = Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: None, deadline: None };
    assert!(egress.send(LANE, outgoing).await.is_ok());
}
