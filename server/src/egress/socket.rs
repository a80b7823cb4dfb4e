//! A connection on which a host says by itself what happens there: a WebSocket, opened through the same fence as a call.
//!
//! Opening one is a call like any other: by the policy, in its lane, past its breaker, with the same deadline. What is
//! open takes no place of a lane, so whoever opens them bounds how many there are. What comes in is capped in the size of
//! a message and in bytes a second.

use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use http::{HeaderValue, Method, StatusCode, header};
use reqwest::{Client, Request, Upgraded};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};
use url::Url;
use uuid::Uuid;

use super::{
    breaker::Key,
    client::{Egress, TOTAL, sign},
    count,
    error::EgressError,
    failure::{Phase, sort},
    meter::Metered,
};

/// Largest message that is taken, in bytes.
pub const MESSAGE_CAP: usize = 256 * 1024;
/// What a message costs of the allowance besides its bytes: so the smallest come no faster than a thousand a second.
const MESSAGE_COST: usize = 1024;
/// Read at a time; also what an open socket costs in memory while nothing comes.
const READ: usize = 8 * 1024;
/// The most that waits to be sent. What is said is small.
const UNSENT: usize = 32 * 1024;
/// How long the host may take nothing of what is said.
const SAY: Duration = Duration::from_secs(5);

/// An open socket. Closed when dropped.
pub struct Socket(WebSocketStream<Metered<Upgraded>>);

/// What became of opening one.
pub enum Opened {
    /// The host speaks.
    Open(Box<Socket>),
    /// It answers with this status instead.
    Refused(StatusCode),
}

impl Egress {
    /// Asks a host for a socket in a tenant's lane. The address is one of http, and may hold a secret: it is in no error.
    ///
    /// # Errors
    /// See [`EgressError`]. No status is an error.
    pub async fn open(&self, lane: Uuid, url: Url) -> Result<Opened, EgressError> {
        let opened = self.open_uncounted(lane, url).await;
        count::outcome(told(&opened), 0);
        opened
    }

    async fn open_uncounted(&self, lane: Uuid, url: Url) -> Result<Opened, EgressError> {
        let client = self.inner.sockets.by(self.route(&url)?);
        let key: Key = (lane, url.origin().ascii_serialization());
        self.inner.breakers.check(&key)?;
        let _place = self.inner.lanes.enter(lane).await?;
        let leave = self.inner.breakers.leave(&key)?;
        let began = Instant::now();
        let opened = timeout(TOTAL, shake(client, url)).await.unwrap_or(Err(EgressError::Timeout));
        count::duration(began.elapsed());
        leave.settle(sign(told(&opened)));
        opened
    }
}

/// The status by which a host answered, or why it did not.
fn told(opened: &Result<Opened, EgressError>) -> Result<StatusCode, EgressError> {
    match opened {
        Ok(Opened::Open(_)) => Ok(StatusCode::SWITCHING_PROTOCOLS),
        Ok(Opened::Refused(status)) => Ok(*status),
        Err(error) => Err(*error),
    }
}

/// The handshake: HTTP/1.1 up to the answer, WebSocket from there.
async fn shake(client: &Client, url: Url) -> Result<Opened, EgressError> {
    let key = generate_key();
    let mut request = Request::new(Method::GET, url);
    let headers = request.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_str(&key).expect("base64 fits into a header"));
    let answer = client.execute(request).await.map_err(|error| sort(error, Phase::NoAnswer))?;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Ok(Opened::Refused(answer.status()));
    }
    let accepted = answer.headers().get(header::SEC_WEBSOCKET_ACCEPT);
    if accepted.is_none_or(|accepted| accepted.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err(EgressError::Broken);
    }
    let raw = answer.upgrade().await.map_err(|error| sort(error, Phase::Answering))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ)
        .write_buffer_size(0)
        .max_write_buffer_size(UNSENT)
        .max_message_size(Some(MESSAGE_CAP))
        .max_frame_size(Some(MESSAGE_CAP));
    let socket = WebSocketStream::from_raw_socket(Metered::new(raw), Role::Client, Some(config)).await;
    Ok(Opened::Open(Box::new(Socket(socket))))
}

impl Socket {
    /// Waits for the next text. May be given up and waited for again: nothing is lost by it.
    ///
    /// # Errors
    /// [`EgressError::TooLarge`] for a message above the cap, else [`EgressError::Broken`], also when the host ends it in
    /// good order. Either way it is over.
    pub async fn next(&mut self) -> Result<Utf8Bytes, EgressError> {
        loop {
            let message = self.0.next().await.ok_or(EgressError::Broken)?.map_err(sorted)?;
            self.0.get_mut().charge(MESSAGE_COST);
            match message {
                Message::Text(text) => return Ok(text),
                Message::Close(_) => return Err(EgressError::Broken),
                // Pings are answered on the way.
                _ => {}
            }
        }
    }

    /// Says something.
    ///
    /// # Errors
    /// [`EgressError::Timeout`] when the host takes nothing, else [`EgressError::Broken`].
    pub async fn say(&mut self, text: String) -> Result<(), EgressError> {
        match timeout(SAY, self.0.send(Message::text(text))).await {
            Ok(said) => said.map_err(sorted),
            Err(_) => Err(EgressError::Timeout),
        }
    }
}

/// Which of our errors it is. Its text may quote what came, so it goes into no log.
fn sorted(error: Error) -> EgressError {
    match error {
        Error::Capacity(_) => EgressError::TooLarge,
        _ => EgressError::Broken,
    }
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
