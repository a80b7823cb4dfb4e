//! The HTTP client around which everything else here is a fence.
//!
//! Two connection pools, one a door: public hosts through a resolver that refuses what is not public, listed ones through
//! one that does not. A resolver sees names without ports, so with a single pool a listed `host:8000` would also open
//! `host:443`.

use std::{error::Error, sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Client, ClientBuilder, Request, Response, redirect};
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;

use super::{
    error::{EgressError, SetUpError},
    lanes::Lanes,
    policy::{AddressPolicy, Refused, Route},
    resolver::{Anything, PublicOnly},
};

/// Name, TCP and TLS together.
const CONNECT: Duration = Duration::from_secs(2);
/// Between two pieces of a body. The wait for the head is bounded by the whole only: a project's own statement time-out
/// of 3 s must be able to arrive as the answer that it is.
const READ_IDLE: Duration = Duration::from_secs(3);
/// How long a kept connection may lie unused. Short, so that names are asked again and rechecked.
const KEEP: Duration = Duration::from_secs(20);
/// Kept connections a host: as many as one lane can use.
const KEEP_EACH: usize = 4;
/// From leaving the queue to the last byte, retry included, unless the call says otherwise.
pub const TOTAL: Duration = Duration::from_secs(5);
/// The longest that a call may ask for.
pub const LONGEST: Duration = Duration::from_secs(20);
/// Largest body, in bytes, counted after decompression.
pub const BODY_CAP: usize = 2 * 1024 * 1024;

/// The way out. Cheap to clone; all clones share connections and lanes.
#[derive(Clone)]
pub struct Egress {
    inner: Arc<Inner>,
}

struct Inner {
    policy: AddressPolicy,
    public: Client,
    allowed: Client,
    lanes: Lanes,
}

/// A request to send. Has no `Debug`: URL, headers and body may all hold secrets.
pub struct Outgoing {
    /// GET and HEAD are repeated once when no answer began; nothing else ever is.
    pub method: Method,
    /// Checked against the policy before anything is sent.
    pub url: Url,
    /// Sent as they are, besides `User-Agent` and `Accept-Encoding`; those that authenticate are marked sensitive here.
    pub headers: HeaderMap,
    /// Sent as it is.
    pub body: Option<Vec<u8>>,
    /// In place of [`TOTAL`]; at most [`LONGEST`].
    pub deadline: Option<Duration>,
}

/// An answer, read whole. Any status is an answer, redirects too.
#[derive(Debug)]
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// The headers, without those that described the compression.
    pub headers: HeaderMap,
    /// The body, decompressed, at most [`BODY_CAP`] bytes.
    pub body: Vec<u8>,
}

impl Egress {
    /// Makes the client. Connects to nothing.
    ///
    /// # Errors
    /// TLS could not be set up.
    pub fn new(policy: AddressPolicy) -> Result<Self, SetUpError> {
        let public = hardened().https_only(true).dns_resolver(PublicOnly).build()?;
        let allowed = hardened().dns_resolver(Anything).build()?;
        Ok(Self { inner: Arc::new(Inner { policy, public, allowed, lanes: Lanes::new() }) })
    }

    /// Judges an address without touching the network: for the moment it is saved. It is judged again when used.
    ///
    /// # Errors
    /// [`EgressError::AddressRefused`]; the reason is in the debug log.
    pub fn check(&self, url: &Url) -> Result<(), EgressError> {
        self.route(url).map(drop)
    }

    /// Sends a request in a tenant's lane and reads the answer whole.
    ///
    /// # Errors
    /// See [`EgressError`]. No status is an error.
    pub async fn send(&self, lane: Uuid, outgoing: Outgoing) -> Result<Incoming, EgressError> {
        let client = match self.route(&outgoing.url)? {
            Route::Public => &self.inner.public,
            Route::Allowed => &self.inner.allowed,
        };
        let _place = self.inner.lanes.enter(lane).await?;
        let total = outgoing.deadline.unwrap_or(TOTAL).min(LONGEST);
        let exchange = async { read(ask(client, outgoing).await?).await };
        timeout(total, exchange).await.unwrap_or(Err(EgressError::Timeout))
    }

    fn route(&self, url: &Url) -> Result<Route, EgressError> {
        self.inner.policy.check(url).map_err(|reason| {
            tracing::debug!(host = url.host_str(), %reason, "an address is refused");
            EgressError::AddressRefused
        })
    }
}

fn hardened() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(concat!("Painel/", env!("CARGO_PKG_VERSION")))
        .tcp_nodelay(true)
        .connect_timeout(CONNECT)
        .pool_idle_timeout(KEEP)
        .pool_max_idle_per_host(KEEP_EACH)
}

/// Sends, and once more when that may be done and may help.
async fn ask(client: &Client, mut outgoing: Outgoing) -> Result<Response, EgressError> {
    for name in [header::AUTHORIZATION, header::COOKIE, header::HeaderName::from_static("apikey")] {
        if let header::Entry::Occupied(mut entry) = outgoing.headers.entry(name) {
            entry.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    let error = match client.execute(request(&outgoing)).await {
        Ok(response) => return Ok(response),
        Err(error) => sort(error, Phase::NoAnswer),
    };
    // An error here means that no answer began: no connection, or one that died first (most often a kept one that the
    // other side had closed). A time-out is not repeated: the time is spent.
    let safe = matches!(outgoing.method, Method::GET | Method::HEAD);
    if !safe || !matches!(error, EgressError::Connect | EgressError::Broken) {
        return Err(error);
    }
    tokio::time::sleep(jitter()).await;
    client.execute(request(&outgoing)).await.map_err(|error| sort(error, Phase::NoAnswer))
}

fn request(outgoing: &Outgoing) -> Request {
    let mut request = Request::new(outgoing.method.clone(), outgoing.url.clone());
    *request.headers_mut() = outgoing.headers.clone();
    *request.body_mut() = outgoing.body.clone().map(Into::into);
    request
}

/// 100 to 300 ms.
fn jitter() -> Duration {
    Duration::from_millis(100 + u64::from(getrandom::u32().unwrap_or(0) % 200))
}

async fn read(mut response: Response) -> Result<Incoming, EgressError> {
    let cap = u64::try_from(BODY_CAP).unwrap_or(u64::MAX);
    if response.content_length().is_some_and(|length| length > cap) {
        return Err(EgressError::TooLarge);
    }
    let mut body = Vec::new();
    loop {
        match timeout(READ_IDLE, response.chunk()).await {
            Err(_) => return Err(EgressError::Timeout),
            Ok(Err(error)) => return Err(sort(error, Phase::Answering)),
            Ok(Ok(None)) => break,
            Ok(Ok(Some(piece))) if body.len() + piece.len() > BODY_CAP => return Err(EgressError::TooLarge),
            Ok(Ok(Some(piece))) => body.extend_from_slice(&piece),
        }
    }
    Ok(Incoming { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
}

/// How far a call had come when it failed.
#[derive(PartialEq)]
enum Phase {
    NoAnswer,
    Answering,
}

fn sort(error: reqwest::Error, phase: Phase) -> EgressError {
    let sorted = if cause::<Refused>(&error).is_some() {
        EgressError::AddressRefused
    } else if error.is_timeout() {
        EgressError::Timeout
    } else if error.is_connect() || (phase == Phase::NoAnswer && cause::<std::io::Error>(&error).is_some()) {
        // A connection that is torn down before a word was said is as good as none.
        EgressError::Connect
    } else {
        EgressError::Broken
    };
    // Without the URL: a webhook's path is a secret.
    let host = error.url().and_then(|url| url.host_str().map(str::to_owned));
    tracing::debug!(host, cause = ?error.without_url(), "a call failed");
    sorted
}

/// The error of this kind behind another one.
fn cause<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(found) = inner.downcast_ref() {
            return Some(found);
        }
        cause = inner.source();
    }
    None
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
