//! The HTTP client around which everything else here is a fence.
//!
//! Two connection pools, one a door: public hosts through a resolver that refuses what is not public, listed ones through
//! one that does not. A resolver sees names without ports, so with a single pool a listed `host:8000` would also open
//! `host:443`. Sockets (`socket`) are opened by a pair of their own, which speaks HTTP/1.1 alone.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Client, ClientBuilder, Request, Response, redirect};
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;

use super::{
    breaker::{Breakers, Key, Leave, Sign},
    count,
    error::{EgressError, SetUpError},
    failure::{Phase, sort},
    lanes::Lanes,
    policy::{AddressPolicy, Route},
    resolver::{Anything, Names, PublicOnly},
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
/// A call that was given less time than this and failed tells nothing of its host.
const TELLING: Duration = Duration::from_secs(1);
/// The longest that a call may ask for.
pub const LONGEST: Duration = Duration::from_secs(20);
/// Largest body, in bytes, counted after decompression.
pub const BODY_CAP: usize = 2 * 1024 * 1024;

/// The way out. Cheap to clone; all clones share connections and lanes.
#[derive(Clone)]
pub struct Egress {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    policy: AddressPolicy,
    calls: Doors,
    pub(super) sockets: Doors,
    pub(super) lanes: Lanes,
    pub(super) breakers: Breakers,
}

/// A client for each door.
pub(super) struct Doors {
    public: Client,
    allowed: Client,
}

/// A request to send. Has no `Debug`: URL, headers and body may all hold secrets.
pub struct Outgoing {
    /// GET and HEAD are repeated once when no answer began, or when only a gateway answered; nothing else ever is.
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
        Self::with(policy, Names::of_the_system()?)
    }

    /// The client with these name servers.
    pub(super) fn with(policy: AddressPolicy, names: Names) -> Result<Self, SetUpError> {
        let calls = Doors::new(&names, hardened)?;
        let sockets = Doors::new(&names, || hardened().http1_only().no_gzip().no_brotli())?;
        let (lanes, breakers) = (Lanes::new(), Breakers::default());
        Ok(Self { inner: Arc::new(Inner { policy, calls, sockets, lanes, breakers }) })
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
        let outcome = self.send_uncounted(lane, outgoing).await;
        count::outcome(told(&outcome), outcome.as_ref().map_or(0, |incoming| incoming.body.len()));
        outcome
    }

    /// Calls under way, of all lanes.
    pub fn under_way(&self) -> usize {
        self.inner.lanes.under_way()
    }

    async fn send_uncounted(&self, lane: Uuid, outgoing: Outgoing) -> Result<Incoming, EgressError> {
        let client = self.inner.calls.by(self.route(&outgoing.url)?);
        let key: Key = (lane, outgoing.url.origin().ascii_serialization());
        self.inner.breakers.check(&key)?;
        let _place = self.inner.lanes.enter(lane).await?;
        let total = outgoing.deadline.unwrap_or(TOTAL).min(LONGEST);
        let mut leave = None;
        let began = Instant::now();
        let exchange = self.exchange(client, outgoing, &key, &mut leave);
        let outcome = timeout(total, exchange).await.unwrap_or(Err(EgressError::Timeout));
        count::duration(began.elapsed());
        if let Some(leave) = leave {
            leave.settle(if total < TELLING && outcome.is_err() { Sign::None } else { sign(told(&outcome)) });
        }
        outcome
    }

    /// Asks, and once more when that may be done and may help. What leave is still open when it ends, or is ended, is in
    /// `leave`.
    async fn exchange<'a>(
        &'a self,
        client: &Client,
        mut outgoing: Outgoing,
        key: &Key,
        leave: &mut Option<Leave<'a>>,
    ) -> Result<Incoming, EgressError> {
        for name in [header::AUTHORIZATION, header::COOKIE, header::HeaderName::from_static("apikey")] {
            if let header::Entry::Occupied(mut entry) = outgoing.headers.entry(name) {
                entry.iter_mut().for_each(|value| value.set_sensitive(true));
            }
        }
        *leave = Some(self.inner.breakers.leave(key)?);
        let first = ask(client, &outgoing).await;
        let safe = matches!(outgoing.method, Method::GET | Method::HEAD);
        let again = safe && may_help(&first);
        let first = first.map_err(|failure| failure.error);
        if !again {
            return first;
        }
        if let Some(taken) = leave.take() {
            taken.settle(sign(told(&first)));
        }
        tokio::time::sleep(jitter()).await;
        match self.inner.breakers.leave(key) {
            Ok(next) => *leave = Some(next),
            // It has opened by this very failure, or by another's: what we have is the answer.
            Err(_) => return first,
        }
        ask(client, &outgoing).await.map_err(|failure| failure.error)
    }

    pub(super) fn route(&self, url: &Url) -> Result<Route, EgressError> {
        self.inner.policy.check(url).map_err(|reason| {
            tracing::debug!(host = url.host_str(), %reason, "an address is refused");
            EgressError::AddressRefused
        })
    }
}

impl Doors {
    fn new(names: &Names, builder: impl Fn() -> ClientBuilder) -> Result<Self, SetUpError> {
        let public = builder().https_only(true).dns_resolver(PublicOnly(names.clone())).build()?;
        let allowed = builder().dns_resolver(Anything(names.clone())).build()?;
        Ok(Self { public, allowed })
    }

    /// The client for a door.
    pub(super) fn by(&self, route: Route) -> &Client {
        match route {
            Route::Public => &self.public,
            Route::Allowed => &self.allowed,
        }
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

/// A call that failed, and how far it had come.
struct Failure {
    error: EgressError,
    phase: Phase,
}

/// Sends once and reads the answer whole.
async fn ask(client: &Client, outgoing: &Outgoing) -> Result<Incoming, Failure> {
    let failed = |phase| move |error| Failure { error, phase };
    let response = client.execute(request(outgoing)).await;
    let response = response.map_err(|error| sort(error, Phase::NoAnswer)).map_err(failed(Phase::NoAnswer))?;
    read(response).await.map_err(failed(Phase::Answering))
}

/// Whether asking again may help: no connection came about, or it died before an answer began (most often a kept one that
/// the other side had closed), or a gateway found nobody behind it. A time-out is not repeated: the time is spent.
fn may_help(outcome: &Result<Incoming, Failure>) -> bool {
    match outcome {
        Ok(incoming) => by_gateway(incoming.status),
        Err(Failure { error, phase: Phase::NoAnswer }) => {
            matches!(error, EgressError::Name | EgressError::Connect | EgressError::Tls | EgressError::Broken)
        }
        Err(_) => false,
    }
}

/// The status of an answer, or why there is none.
fn told(outcome: &Result<Incoming, EgressError>) -> Result<StatusCode, EgressError> {
    outcome.as_ref().map(|incoming| incoming.status).map_err(|error| *error)
}

/// What an outcome tells of its host.
pub(super) fn sign(outcome: Result<StatusCode, EgressError>) -> Sign {
    match outcome {
        Ok(status) if by_gateway(status) => Sign::Dead,
        Ok(_) | Err(EgressError::TooLarge) => Sign::Alive,
        Err(EgressError::AddressRefused | EgressError::Busy | EgressError::Resting { .. }) => Sign::None,
        Err(_) => Sign::Dead,
    }
}

/// The statuses by which what stands in front says that nobody is behind it.
fn by_gateway(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
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

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
