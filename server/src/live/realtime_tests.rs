//! Connections to a Realtime of the test's own on this machine's loopback, which speaks as Supabase's does, or worse.

use super::*;
use crate::{
    egress::{AddressPolicy, Egress, MESSAGE_CAP},
    project::{ApiKey, Project},
};
use futures::SinkExt;
use serde_json::{Value, json};
use std::{
    future::pending,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::broadcast,
    time::timeout,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};
use url::Url;
use uuid::Uuid;

#[path = "realtime_watch_tests.rs"]
mod watched;

/// What a project's Realtime does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// It tells of all tables.
    Well,
    /// It tells of all but appointments.
    Partly,
    /// It is off.
    Refuses,
    /// It takes no table.
    RefusesToJoin,
    /// None of the tables is published.
    Unpublished,
    /// It takes the connection and says nothing.
    Mute,
}

/// What it does by itself.
#[derive(Debug, Clone)]
enum Act {
    Say(String),
    Flood(usize),
    FallSilent,
    HangUp,
}

/// The Realtime.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    mood: Mood,
    acts: broadcast::Sender<Act>,
    heard: Arc<Mutex<Vec<String>>>,
    beats: Arc<AtomicUsize>,
}

impl Server {
    async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server =
            Self { address, mood, acts: broadcast::Sender::new(16), heard: Arc::default(), beats: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        server
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut head = [0; 2048];
        let read = stream.peek(&mut head).await.unwrap_or_default();
        self.heard.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
        if self.mood == Mood::Refuses {
            let _ = stream.read(&mut head).await;
            let body = r#"{"error":"Realtime was disabled for this tenant"}"#;
            let answer = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
            return;
        }
        let Ok(mut socket) = accept_async(stream).await else { return };
        let mut acts = self.acts.subscribe();
        loop {
            let says = tokio::select! {
                heard = socket.next() => match heard {
                    Some(Ok(Message::Text(text))) => self.answers(&text),
                    Some(Ok(_)) => Vec::new(),
                    Some(Err(_)) | None => return,
                },
                act = acts.recv() => match act {
                    Ok(Act::Say(text)) => vec![text],
                    Ok(Act::Flood(many)) => vec![changed("messages"); many],
                    Ok(Act::FallSilent) => pending().await,
                    Ok(Act::HangUp) | Err(_) => return,
                },
            };
            for text in says {
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
        }
    }

    fn answers(&self, text: &str) -> Vec<String> {
        let frame: Value = serde_json::from_str(text).unwrap();
        let topic = frame["topic"].as_str().unwrap();
        let reply = |status: &str| {
            let payload = json!({"status": status, "response": {}});
            json!({"event": "phx_reply", "topic": topic, "ref": frame["ref"], "payload": payload}).to_string()
        };
        let system = |status: &str| {
            let payload = json!({"status": status, "extension": "postgres_changes", "message": "…", "channel": "…"});
            json!({"event": "system", "topic": topic, "ref": null, "payload": payload}).to_string()
        };
        let published = match self.mood {
            Mood::Mute => return Vec::new(),
            Mood::Unpublished => false,
            Mood::Partly => !topic.ends_with("appointments"),
            Mood::Well | Mood::Refuses | Mood::RefusesToJoin => true,
        };
        match frame["event"].as_str() {
            Some("heartbeat") => {
                self.beats.fetch_add(1, Ordering::SeqCst);
                vec![reply("ok")]
            }
            Some("phx_join") if self.mood == Mood::RefusesToJoin => vec![reply("error")],
            Some("phx_join") => vec![reply("ok"), system(if published { "ok" } else { "error" })],
            _ => Vec::new(),
        }
    }

    fn acts(&self, act: Act) {
        self.acts.send(act).expect("somebody is connected");
    }

    fn says(&self, text: impl Into<String>) {
        self.acts(Act::Say(text.into()));
    }

    fn connections(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    fn realtime(&self) -> Realtime {
        let egress = Egress::new(AddressPolicy::parse_allow(&self.address.to_string()).unwrap()).unwrap();
        let url = Url::parse(&format!("http://{}", self.address)).unwrap();
        let key = ApiKey::new("sb_publishable_canary".into()).unwrap();
        Project::new(egress, Uuid::from_u128(7), url, key).realtime().expect("the default tables")
    }

    fn hear(&self) -> BoxStream<'static, Said> {
        hear(self.realtime(), QUICK)
    }
}

fn changed(table: &str) -> String {
    let record = json!({"id": 46, "content": "segredo"});
    let data = json!({"schema": "public", "table": table, "type": "INSERT", "record": record, "errors": null});
    let payload = json!({"ids": [106_243_155], "data": data});
    let topic = format!("realtime:painel-{table}");
    json!({"event": "postgres_changes", "topic": topic, "ref": null, "payload": payload}).to_string()
}

/// As in the product, for somebody in a hurry.
const QUICK: Patience = Patience {
    joined: Duration::from_millis(1_500),
    listening: Duration::from_secs(3),
    beat: Duration::from_millis(300),
    // Longer than a busy machine stands still.
    answer: Duration::from_secs(4),
};

async fn next(said: &mut BoxStream<'static, Said>) -> Option<Said> {
    timeout(Duration::from_secs(20), said.next()).await.expect("something is said")
}

/// A connection by which all tables are told of.
async fn listening(server: &Server) -> BoxStream<'static, Said> {
    let mut said = server.hear();
    for whole in [false, false, true] {
        assert_eq!(next(&mut said).await, Some(Said::Listening { whole }));
    }
    said
}

#[tokio::test]
async fn changes_are_heard_for_as_long_as_it_lasts() {
    let server = Server::start(Mood::Well).await;
    let mut said = listening(&server).await;
    for (table, part) in [
        ("messages", Part::Messages),
        ("appointments", Part::Appointments),
        ("conversations", Part::Conversations),
        ("messages", Part::Messages),
    ] {
        server.says(changed(table));
        assert_eq!(next(&mut said).await, Some(Said::Changed(part)));
    }
    // Longer than silence would be borne: the answers to our signs keep it alive.
    assert!(timeout(2 * QUICK.answer, said.next()).await.is_err());
    assert!(server.beats.load(Ordering::SeqCst) >= 5);
    let head = server.heard.lock().unwrap().concat();
    assert!(head.starts_with("GET /realtime/v1/websocket?apikey=sb_publishable_canary&vsn=1.0.0 HTTP/1.1"), "{head}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn where_there_is_nothing_to_hear_that_is_all_it_says() {
    for mood in [Mood::Refuses, Mood::RefusesToJoin, Mood::Unpublished, Mood::Mute] {
        let server = Server::start(mood).await;
        let mut said = server.hear();
        assert_eq!(next(&mut said).await, Some(Said::Over(Over::Off)), "{mood:?}");
        assert_eq!((next(&mut said).await, server.connections()), (None, 1), "{mood:?}");
    }
    let mut server = Server::start(Mood::Well).await;
    server.address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(next(&mut server.hear()).await, Some(Said::Over(Over::Off)), "nobody is there");
}

#[tokio::test]
async fn a_table_that_is_not_published_leaves_the_others() {
    let server = Server::start(Mood::Partly).await;
    let mut said = server.hear();
    for _ in 0..2 {
        assert_eq!(next(&mut said).await, Some(Said::Listening { whole: false }));
    }
    server.says(changed("messages"));
    assert_eq!(next(&mut said).await, Some(Said::Changed(Part::Messages)));
    assert!(timeout(2 * QUICK.answer, said.next()).await.is_err());
}

#[tokio::test]
async fn what_ends_it_tells_whether_it_comes_back() {
    let close = r#"{"event":"phx_close","topic":"realtime:painel-messages","ref":null,"payload":{}}"#;
    for (act, over) in [
        (Act::HangUp, Over::Broken),
        (Act::Say(close.to_owned()), Over::Broken),
        (Act::FallSilent, Over::Broken),
        (Act::Say("x".repeat(MESSAGE_CAP + 1)), Over::Off),
        (Act::Say("segredo".to_owned()), Over::Off),
    ] {
        let server = Server::start(Mood::Well).await;
        let mut said = listening(&server).await;
        let began = Instant::now();
        server.acts(act);
        assert_eq!(next(&mut said).await, Some(Said::Over(over)));
        assert!(began.elapsed() < QUICK.beat + QUICK.answer + Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(next(&mut said).await, None);
    }
}
