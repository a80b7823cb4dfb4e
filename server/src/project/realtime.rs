//! What a project says by itself: that rows of a table changed. Supabase Realtime, as much of its protocol as that takes.
//!
//! A change comes with its row; the row is passed over unread. So nothing that a project sends here is shown to anybody:
//! whoever hears of a change asks the project, as ever.

use std::{borrow::Cow, hash::Hash};

use http::StatusCode;
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use url::Url;
use uuid::Uuid;

use super::key::ApiKey;
use crate::{
    egress::{Egress, EgressError, Opened, Socket},
    mapping::{Mapping, Part},
};

/// Where Supabase has the tables of a mapping that names no schema.
const SCHEMA: &str = "public";

/// The way there, as the project was opened.
pub struct Realtime {
    egress: Egress,
    lane: Uuid,
    url: Url,
    key: ApiKey,
    tables: Vec<Listened>,
}

/// A table that is listened to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Listened {
    part: Part,
    schema: String,
    name: String,
}

/// Why there is nothing to hear, or no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RealtimeError {
    /// No answer, or no connection any more.
    #[error(transparent)]
    NoAnswer(#[from] EgressError),
    /// Whoever answered does not speak it, or not with this key.
    #[error("the answer to the handshake is {0}")]
    Refused(StatusCode),
    /// None of the tables is told of.
    #[error("none of the tables is told of")]
    NoTables,
    /// The project does not tell of a table any more.
    #[error("the project ended it")]
    Ended,
    /// What came is none of its frames.
    #[error("a frame cannot be read")]
    Rubbish,
}

impl RealtimeError {
    /// Whether the next try would hardly end otherwise.
    pub fn lasts(self) -> bool {
        match self {
            Self::Refused(_) | Self::NoTables | Self::Rubbish => true,
            Self::NoAnswer(error) => matches!(error, EgressError::AddressRefused | EgressError::TooLarge),
            Self::Ended => false,
        }
    }

    /// Whether it is we who did not ask.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::NoAnswer(EgressError::Busy | EgressError::Resting { .. }))
    }
}

/// What is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// A table was asked for in the right way.
    Joined,
    /// From now on one more table is told of, or it is again.
    Listening {
        /// Whether all are.
        whole: bool,
    },
    /// Rows of this part changed.
    Changed(Part),
    /// Anything else: somebody is there.
    Alive,
}

/// An open connection.
pub struct Line {
    socket: Box<Socket>,
    topics: Vec<Topic>,
    /// The number of what was asked last.
    asked: usize,
}

/// One for each table: where several share a topic, one that is not published silences all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Topic {
    name: String,
    part: Part,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asked,
    Listening,
    Refused,
}

impl Realtime {
    pub(super) fn new(egress: Egress, lane: Uuid, url: Url, key: ApiKey, mapping: &Mapping) -> Option<Self> {
        let listened = |part| {
            let table = mapping.table(part)?;
            let schema = table.schema.clone().unwrap_or_else(|| SCHEMA.to_owned());
            Some(Listened { part, schema, name: table.name.clone() })
        };
        let tables: Vec<Listened> = Part::ALL.into_iter().filter_map(listened).collect();
        (!tables.is_empty()).then_some(Self { egress, lane, url, key, tables })
    }

    /// By what two of one credential listen to the same.
    pub fn tables(&self) -> impl Hash {
        &self.tables
    }

    /// Opens a connection and asks for each table. The key is gone when it is open.
    ///
    /// # Errors
    /// See [`RealtimeError`].
    pub async fn open(self) -> Result<Line, RealtimeError> {
        let address = address(&self.url, &self.key);
        let Self { egress, lane, tables, .. } = self;
        let mut socket = match egress.open(lane, address).await? {
            Opened::Open(socket) => socket,
            Opened::Refused(status) => return Err(RealtimeError::Refused(status)),
        };
        for (number, table) in tables.iter().enumerate() {
            socket.say(table.join(number)).await?;
        }
        Ok(Line { socket, asked: tables.len(), topics: tables.iter().map(Listened::topic).collect() })
    }
}

impl Listened {
    fn topic(&self) -> Topic {
        Topic { name: format!("realtime:painel-{}", self.part), part: self.part, stage: Stage::Asked }
    }

    fn join(&self, number: usize) -> String {
        let reference = number.to_string();
        json!({
            "topic": self.topic().name,
            "event": "phx_join",
            "ref": reference,
            "join_ref": reference,
            "payload": {"config": {
                "broadcast": {"ack": false, "self": false},
                "presence": {"enabled": false},
                "private": false,
                "postgres_changes": [{"event": "*", "schema": self.schema, "table": self.name}],
            }},
        })
        .to_string()
    }
}

impl Line {
    /// Waits for what is said next. May be given up and waited for again: nothing is lost by it.
    ///
    /// # Errors
    /// See [`RealtimeError`]; then it is over.
    pub async fn next(&mut self) -> Result<Heard, RealtimeError> {
        let text = self.socket.next().await?;
        take(&mut self.topics, &text)
    }

    /// Says that we are there, which wants an answer.
    ///
    /// # Errors
    /// See [`RealtimeError`]; then it is over.
    pub async fn beat(&mut self) -> Result<(), RealtimeError> {
        self.asked += 1;
        let reference = self.asked.to_string();
        let beat = json!({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": reference});
        Ok(self.socket.say(beat.to_string()).await?)
    }
}

/// Where a project has it. Holds the key.
fn address(base: &Url, key: &ApiKey) -> Url {
    let mut url = base.clone();
    url.set_fragment(None);
    url.set_query(None);
    // An address without a path (`mailto:`) is refused when it is opened.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["realtime", "v1", "websocket"]);
    }
    key.put_into_query(&mut url);
    url.query_pairs_mut().append_pair("vsn", "1.0.0");
    url
}

/// A frame, whose payload is looked into only when it is a short one of the protocol itself.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Status {
    status: String,
    #[serde(default)]
    extension: Option<String>,
}

/// Takes a frame for what it means to the topics.
fn take(topics: &mut [Topic], text: &str) -> Result<Heard, RealtimeError> {
    let frame: Frame<'_> = serde_json::from_str(text).map_err(|_| RealtimeError::Rubbish)?;
    let Some(topic) = topics.iter_mut().find(|topic| topic.name == frame.topic) else { return Ok(Heard::Alive) };
    let event = &*frame.event;
    match event {
        "postgres_changes" => return Ok(Heard::Changed(topic.part)),
        "phx_error" | "phx_close" => return Err(RealtimeError::Ended),
        "phx_reply" | "system" => {}
        _ => return Ok(Heard::Alive),
    }
    let status = frame.payload.and_then(|payload| serde_json::from_str::<Status>(payload.get()).ok());
    let Some(Status { status, extension }) = status else { return Ok(Heard::Alive) };
    match (event, status.as_str()) {
        ("phx_reply", "ok") => Ok(Heard::Joined),
        ("system", "ok") if extension.as_deref() == Some("postgres_changes") => {
            topic.stage = Stage::Listening;
            Ok(Heard::Listening { whole: topics.iter().all(|topic| topic.stage == Stage::Listening) })
        }
        (_, "error") if topic.stage == Stage::Listening => Err(RealtimeError::Ended),
        (_, "error") => {
            topic.stage = Stage::Refused;
            let none = topics.iter().all(|topic| topic.stage == Stage::Refused);
            if none { Err(RealtimeError::NoTables) } else { Ok(Heard::Alive) }
        }
        _ => Ok(Heard::Alive),
    }
}

#[cfg(test)]
#[path = "realtime_tests.rs"]
mod tests;
