//! The client under strain: hosts that are slow, dead or behind a gateway, and tenants that ask too much.

use std::sync::atomic::AtomicBool;

use tokio::net::{TcpSocket, UdpSocket};

use super::*;
use crate::egress::fence_tests::world;

/// The head of a request is read, then these pieces are sent, one a second, and then nothing more.
async fn slow(pieces: Vec<&'static str>) -> SocketAddr {
    let pieces = Arc::new(pieces);
    let (address, _) = server(move |mut stream, _| {
        let pieces = Arc::clone(&pieces);
        async move {
            head(&mut stream).await;
            for piece in pieces.iter() {
                let _ = stream.write_all(piece.as_bytes()).await;
                sleep(Duration::from_secs(1)).await;
            }
            sleep(Duration::from_secs(60)).await;
        }
    })
    .await;
    address
}

#[tokio::test]
async fn eight_slow_forms_end_with_the_whole() {
    // Five seconds, and what a busy machine adds; the most that a caller may ask for is twenty.
    const BUSY: Duration = Duration::from_secs(15);
    // Takes no connection: the queue of those that wait to be taken is full.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let full_at = full.local_addr().unwrap();
    let crowd =
        futures::future::join_all((0..8).map(|_| timeout(Duration::from_millis(200), TcpStream::connect(full_at))));
    let _crowd = crowd.await;
    let silent_names = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let name_server = silent_names.local_addr().unwrap();
    let silent = slow(vec![]).await;
    let (handshake, _) = server(|stream, _| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let endless = slow([vec!["HTTP/1.1 200 OK\r\nx-endless: "], vec!["1"; 60]].concat()).await;
    let drip = slow([vec!["HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"], vec!["1"; 60]].concat()).await;
    let half = slow(vec!["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n["]).await;
    let gateway = slow(vec!["HTTP/1.1 503 Down\r\ncontent-length: 0\r\n\r\n"]).await;
    let names = world::at(name_server.port());
    let nameless = Egress::with(AddressPolicy::public_only(), names).unwrap();
    let forms: [(&'static str, Egress, String); 8] = [
        ("takes no connection", egress(full_at), format!("http://{full_at}/")),
        ("name servers say nothing", nameless, "https://a.exemplo.com/".to_owned()),
        ("no TLS handshake", egress(handshake), format!("https://{handshake}/")),
        ("says nothing", egress(silent), format!("http://{silent}/")),
        ("never-ending header", egress(endless), format!("http://{endless}/")),
        ("one byte a second", egress(drip), format!("http://{drip}/")),
        ("half an answer", egress(half), format!("http://{half}/")),
        ("a gateway's no, then nothing", egress(gateway), format!("http://{gateway}/")),
    ];
    let all = forms.len();
    let ended = futures::future::join_all(forms.map(|(what, egress, url)| async move {
        let started = Instant::now();
        let outgoing = Outgoing { url: Url::parse(&url).unwrap(), ..get(([127, 0, 0, 1], 1).into()) };
        let outcome = egress.send(LANE, outgoing).await;
        let (took, error) = (started.elapsed(), outcome.unwrap_err());
        assert!(matches!(error, EgressError::Timeout | EgressError::Name), "{what}: {error}");
        if took > BUSY {
            eprintln!("{what}: {took:?}")
        }
        usize::from(took <= BUSY)
    }));
    let ended: usize = ended.await.into_iter().sum();
    eprintln!("slow forms: {ended} of {all} end within {BUSY:?}");
    assert_eq!(ended, all);
}

#[tokio::test]
async fn a_gateways_no_is_asked_once_more_when_only_reading() {
    for status in [502, 503, 504, 500, 404] {
        let (address, _) = server(move |mut stream, _| async move {
            let mut asked = 0;
            while head(&mut stream).await.is_some() {
                let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n");
                let answer = if asked == 0 { answer } else { OK.to_owned() };
                let _ = stream.write_all(answer.as_bytes()).await;
                asked += 1;
            }
        })
        .await;
        let again = (502..=504).contains(&status);
        let read = egress(address).send(LANE, get(address)).await.unwrap();
        assert_eq!(read.status.as_u16(), if again { 200 } else { status });
        let written = egress(address).send(LANE, request_of(Method::POST, address)).await.unwrap();
        assert_eq!(written.status.as_u16(), status, "writing is never repeated");
    }
}

#[tokio::test]
async fn a_dead_host_is_left_alone_and_found_again_and_others_notice_nothing() {
    let alive = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&alive);
    let (dead, connections) =
        server(move |mut stream, _| {
            let alive = seen.load(Ordering::SeqCst);
            async move {
                while alive && head(&mut stream).await.is_some() && stream.write_all(OK.as_bytes()).await.is_ok() {}
            }
        })
        .await;
    let (well, _) = answering(OK).await;
    let egress = Egress::new(AddressPolicy::parse_allow(&format!("{dead},{well}")).unwrap()).unwrap();
    let (mut resting, mut unaffected) = (0, 0);
    for _ in 0..1_000 {
        let error = egress.send(LANE, get(dead)).await.unwrap_err();
        resting += u32::from(matches!(error, EgressError::Resting { .. }));
        // The same tenant's other host, and another tenant's.
        unaffected += u32::from(egress.send(LANE, get(well)).await.is_ok());
        unaffected += u32::from(egress.send(Uuid::from_u128(8), get(well)).await.is_ok());
    }
    let reached = connections.load(Ordering::SeqCst);
    eprintln!("breaker: {reached} of 1000 calls reached a dead host (at most 6), {resting} were told to wait");
    eprintln!("breaker: {unaffected} of 2000 calls to a living one unaffected");
    assert!((5..=6).contains(&reached) && unaffected == 2_000);
    alive.store(true, Ordering::SeqCst);
    // The time of the rest is turned by hand; the connection is a real one. On a slow machine the rest may be over.
    if let Err(error) = egress.send(LANE, get(dead)).await {
        let EgressError::Resting { seconds } = error else { panic!("{error}") };
        assert!(seconds <= 20, "found again within 20 s, not {seconds}");
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds.into())).await;
        tokio::time::resume();
        assert!(egress.send(LANE, get(dead)).await.is_ok(), "after {seconds} s");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_at_a_hundredfold_does_not_slow_a_quiet_one() {
    const CALLS: usize = 20;
    let (address, _) = server(|mut stream, _| async move {
        while head(&mut stream).await.is_some() {
            sleep(Duration::from_millis(150)).await;
            if stream.write_all(OK.as_bytes()).await.is_err() {
                return;
            }
        }
    })
    .await;
    let egress = egress(address);
    let quiet = |egress: Egress| async move {
        let mut took = Vec::new();
        for _ in 0..CALLS {
            let started = Instant::now();
            egress.send(LANE, get(address)).await.unwrap();
            took.push(started.elapsed());
        }
        took.sort();
        took[CALLS / 2]
    };
    let alone = quiet(egress.clone()).await;
    let noise: Vec<_> = (0..CALLS * 100)
        .map(|_| {
            let egress = egress.clone();
            tokio::spawn(async move { egress.send(Uuid::from_u128(8), get(address)).await })
        })
        .collect();
    let beside = quiet(egress).await;
    let mut busy = 0;
    for call in noise {
        busy += usize::from(call.await.unwrap().err() == Some(EgressError::Busy));
    }
    eprintln!(
        "fairness: p50 of a quiet tenant {alone:?} alone, {beside:?} beside a hundredfold ({busy} of those busy)"
    );
    assert!(busy > 1_900, "the other was at its limit");
    // Whoever stood in line behind the other would wait a whole answer more.
    assert!(beside < alone * 2, "{beside:?} {alone:?}");
}
