//! A project that says by itself that something changed has its pages told long before it is looked at the next time; what
//! it sends with that reaches nobody.

use super::{SOON, project, say, server, stream::Stream, tenant};
use crate::own_project::KEY;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::broadcast,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

/// From one look to the next: nothing that is told within [`SOON`] is told because of it.
const RARE: Duration = Duration::from_secs(120);

/// A door in front of a project, behind which Realtime is on. Everything else is passed on.
struct Realtime {
    /// `127.0.0.1:PORT`
    origin: String,
    says: broadcast::Sender<String>,
    joined: Arc<AtomicUsize>,
}

impl Realtime {
    async fn before(behind: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = listener.local_addr().expect("a bound port").to_string();
        let (says, joined) = (broadcast::Sender::new(16), Arc::new(AtomicUsize::new(0)));
        let (all, counted) = (says.clone(), Arc::clone(&joined));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, behind.clone(), all.subscribe(), Arc::clone(&counted)));
            }
        });
        Self { origin, says, joined }
    }

    /// Says that a row of a table changed, and what stands in it.
    fn change(&self, table: &str, content: &str) {
        let data = json!({"schema": "public", "table": table, "type": "INSERT", "record": {"content": content}});
        let frame = frame(&format!("realtime:painel-{table}"), "postgres_changes", json!({"ids": [1], "data": data}));
        self.says.send(frame).expect("somebody listens");
    }

    /// How many tables are listened to.
    fn joined(&self) -> usize {
        self.joined.load(Ordering::SeqCst)
    }
}

fn frame(topic: &str, event: &str, payload: Value) -> String {
    json!({"topic": topic, "event": event, "ref": "1", "payload": payload}).to_string()
}

async fn serve(mut stream: TcpStream, behind: String, mut says: broadcast::Receiver<String>, joined: Arc<AtomicUsize>) {
    let mut head = [0; 512];
    let read = stream.peek(&mut head).await.unwrap_or_default();
    let head = String::from_utf8_lossy(&head[..read]);
    if !head.starts_with("GET /realtime/") {
        let mut project = TcpStream::connect(behind).await.expect("the project listens");
        let _ = copy_bidirectional(&mut stream, &mut project).await;
        return;
    }
    assert!(head.starts_with(&format!("GET /realtime/v1/websocket?apikey={KEY}&vsn=1.0.0 ")), "{head}");
    let mut socket = accept_async(stream).await.expect("a handshake");
    loop {
        let said = tokio::select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => answers(&text, &joined),
                Some(Ok(_)) => Vec::new(),
                Some(Err(_)) | None => return,
            },
            text = says.recv() => match text {
                Ok(text) => vec![text],
                Err(_) => return,
            },
        };
        for text in said {
            socket.send(Message::text(text)).await.expect("it is still there");
        }
    }
}

fn answers(text: &str, joined: &AtomicUsize) -> Vec<String> {
    let heard: Value = serde_json::from_str(text).expect("a frame");
    let topic = heard["topic"].as_str().expect("a topic");
    let mut said = vec![frame(topic, "phx_reply", json!({"status": "ok", "response": {}}))];
    if heard["event"] == "phx_join" {
        let wanted = &heard["payload"]["config"]["postgres_changes"][0];
        assert_eq!(topic, format!("realtime:painel-{}", wanted["table"].as_str().expect("a table")));
        joined.fetch_add(1, Ordering::SeqCst);
        let message = "Subscribed to PostgreSQL";
        said.push(frame(
            topic,
            "system",
            json!({"status": "ok", "extension": "postgres_changes", "channel": topic, "message": message}),
        ));
    }
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_project_says_by_itself_is_told_long_before_the_next_look() {
    let project = project().await;
    let realtime = Realtime::before(project.origin.clone()).await;
    let server = server(&[&realtime.origin], |config| {
        config.live.every = RARE;
        config.live.apart = Duration::from_millis(500);
    })
    .await;
    let tenant = tenant(&server, "falante", &realtime.origin).await;
    let began = Instant::now();
    let stream = Stream::open(&server.signed_in(&tenant.email).await).await;
    stream.wait("live", began, SOON).await.expect("it is watched");
    while realtime.joined() < 3 {
        assert!(began.elapsed() < 2 * SOON, "{} tables are listened to", realtime.joined());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // What is looked at because listening began is over by then.
    let mut looked = 0;
    for _ in 0..10 {
        if project.asked().len() == looked {
            break;
        }
        looked = project.asked().len();
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    let (before, told) = (project.asked().len(), stream.told().len());
    say(&project, "sem aviso").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((project.asked().len(), stream.told().len()), (before, told), "nobody looks without a hint");
    let mut slowest = Duration::ZERO;
    for number in 0..3 {
        let since = Instant::now();
        say(&project, &format!("segredo {number}")).await;
        realtime.change("messages", &format!("segredo {number}"));
        let (told, took) = stream.wait("conversations", since, SOON).await.expect("a hinted message is told");
        assert!(told.text.starts_with("mudou às "), "{told:?}");
        slowest = slowest.max(took);
    }
    let since = Instant::now();
    project
        .sql(
            "insert into appointments (customer_name, customer_phone, service, professional, starts_at, ends_at, status) \
             values ('Ana', '5511987654321', 'Limpeza', 'Inês', now() + interval '2 days', \
             now() + interval '50 hours', 'scheduled')",
        )
        .await;
    realtime.change("appointments", "segredo da agenda");
    let (_, booked) = stream.wait("appointments", since, SOON).await.expect("a hinted appointment is told");
    println!(
        "live: with looks {RARE:?} apart hinted messages are told within {slowest:?}, an appointment in {booked:?}"
    );
    let settled = stream.told().len();
    realtime.change("messages", "nada mudou");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(stream.told().len(), settled, "a hint alone is no news");
    let everything = format!("{:?}", stream.told());
    for secret in ["segredo", "nada mudou", "Ana", "5511", "falante"] {
        assert!(!everything.contains(secret), "{secret}: {everything}");
    }
}
