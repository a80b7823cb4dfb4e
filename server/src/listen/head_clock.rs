//! hyper has one limit for both the wait for a request and the arrival of its head. This clock tells them apart: an idle
//! connection may rest for long, but once the first byte of a head is there, the rest of it must follow soon.

use super::Limits;
use hyper::rt::{Sleep, Timer};
use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// One connection's clock, given to hyper as its timer. Which instant hyper asks for does not matter.
#[derive(Clone)]
pub(super) struct HeadClock {
    limits: Limits,
    /// Whether a byte came since hyper began to wait for the head at hand.
    begun: Arc<AtomicBool>,
    /// Whether a head was waited for before.
    before: Arc<AtomicBool>,
}

impl HeadClock {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, begun: Arc::default(), before: Arc::default() }
    }

    /// The connection, seen by this clock.
    pub(super) fn see<T>(&self, inner: T) -> Seen<T> {
        Seen { inner, begun: Arc::clone(&self.begun) }
    }
}

impl Timer for HeadClock {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Sleep>> {
        self.begun.store(false, Ordering::Relaxed);
        // Whoever has just connected has something to say.
        let wait = if self.before.swap(true, Ordering::Relaxed) { self.limits.idle } else { self.limits.head };
        let alarm = Box::pin(tokio::time::sleep(wait));
        Box::pin(UntilLate { alarm, head: self.limits.head, begun: Arc::clone(&self.begun), short: false })
    }

    fn sleep_until(&self, _: Instant) -> Pin<Box<dyn Sleep>> {
        self.sleep(Duration::ZERO)
    }
}

/// Done when a head is late.
struct UntilLate {
    alarm: Pin<Box<tokio::time::Sleep>>,
    head: Duration,
    begun: Arc<AtomicBool>,
    short: bool,
}

impl Sleep for UntilLate {}

impl Future for UntilLate {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // hyper looks here after each read that left the head unfinished.
        if !self.short && self.begun.load(Ordering::Relaxed) {
            self.short = true;
            let late = (tokio::time::Instant::now() + self.head).min(self.alarm.deadline());
            self.alarm.as_mut().reset(late);
        }
        self.alarm.as_mut().poll(context)
    }
}

/// A connection whose arriving bytes are noted.
pub(super) struct Seen<T> {
    inner: T,
    begun: Arc<AtomicBool>,
}

impl<T: AsyncRead + Unpin> AsyncRead for Seen<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, into))?;
        if into.filled().len() > before {
            self.begun.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Seen<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
