//! The loop that takes connections and serves HTTP/1.1 on each.

use super::{Limits, Stop, head_clock::HeadClock};
use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tower::Service;

/// Of a request that is not read or an answer that is not taken, in bytes, on each connection.
const BUFFER: usize = 64 * 1024;
/// The pause when the system has no connection to give: mostly for want of files.
const PAUSE: Duration = Duration::from_millis(200);
/// How often the log says that connections wait, for want of places or of files.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// Serves `app` until the door is closed and the requests under way have finished. Connections that rest then end at once.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: Stop) {
    let door = Door {
        places: Arc::new(Semaphore::new(limits.connections)),
        limits,
        full: Said::default(),
        none: Said::default(),
    };
    let under_way = GracefulShutdown::new();
    stop.clone().until_closed(door.take_all(&listener, app.with_state(()), &under_way)).await;
    // Whoever waits in the system's queue is refused now, not left waiting.
    drop(listener);
    under_way.shutdown().await;
}

struct Door {
    places: Arc<Semaphore>,
    limits: Limits,
    full: Said,
    none: Said,
}

/// When the log said something last.
#[derive(Default)]
struct Said(Option<Instant>);

impl Said {
    /// Whether it is time to say it again; then it is said.
    fn again(&mut self) -> bool {
        let again = self.0.is_none_or(|said| said.elapsed() > SAY_EVERY);
        if again {
            self.0 = Some(Instant::now());
        }
        again
    }
}

impl Door {
    async fn take_all(mut self, listener: &TcpListener, app: Router, under_way: &GracefulShutdown) {
        loop {
            let place = self.place().await;
            match listener.accept().await {
                Ok((stream, peer)) => self.serve_one(stream, peer, app.clone(), place, under_way),
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    if self.none.again() {
                        tracing::error!(%error, "no connection can be taken");
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits for a place for one more connection.
    async fn place(&mut self) -> OwnedSemaphorePermit {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return place;
        }
        metrics::counter!("painel_connections_full_total").increment(1);
        if self.full.again() {
            tracing::warn!(connections = self.limits.connections, "all connections are taken: new ones wait");
        }
        Arc::clone(&self.places).acquire_owned().await.expect("the places are never closed")
    }

    fn serve_one(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        app: Router,
        place: OwnedSemaphorePermit,
        under_way: &GracefulShutdown,
    ) {
        // Without it the end of each streamed page waits 40 ms for the other side's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.stall));
        let clock = HeadClock::new(self.limits);
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().call(request)
        });
        let connection = http1::Builder::new()
            .timer(clock.clone())
            // How long is the clock's affair.
            .header_read_timeout(self.limits.head)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(clock.see(Box::pin(stream))), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            let _counted = Counted::new(place);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}

/// A connection's place, counted as long as it is held.
struct Counted(#[expect(dead_code, reason = "held, and given back when dropped")] OwnedSemaphorePermit);

impl Counted {
    fn new(place: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("painel_connections_open").increment(1.0);
        Self(place)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("painel_connections_open").decrement(1.0);
    }
}

/// Whether only the one who connects is concerned: they have gone already.
fn is_the_clients(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
