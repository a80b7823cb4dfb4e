//! What comes in on a socket, at most so much of it a second. A host that sends more is left waiting: it can neither fill
//! the way in nor keep a core busy with what it says.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// Bytes within [`PERIOD`].
const ALLOWANCE: usize = 1024 * 1024;
const PERIOD: Duration = Duration::from_secs(1);

/// A connection that is read within an allowance; written to as it is.
pub(super) struct Metered<S> {
    inner: S,
    left: usize,
    /// When a spent allowance is given anew.
    anew: Pin<Box<Sleep>>,
}

impl<S> Metered<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, left: ALLOWANCE, anew: Box::pin(sleep(PERIOD)) }
    }

    /// Takes so much of the allowance besides what was read.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let metered = self.get_mut();
        if metered.left == 0 {
            ready!(metered.anew.as_mut().poll(context));
            metered.anew.as_mut().reset(Instant::now() + PERIOD);
            metered.left = ALLOWANCE;
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut metered.inner).poll_read(context, buffer))?;
        metered.charge(buffer.filled().len().saturating_sub(before));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, BufWriter, duplex},
        time::timeout,
    };

    #[tokio::test(start_paused = true)]
    async fn what_is_written_goes_out_as_it_is_and_so_does_the_end() {
        let (near, mut far) = duplex(64);
        // As TLS may, it keeps what is written until it is told to let it go.
        let mut line = Metered::new(BufWriter::new(near));
        line.write_all(b"dito").await.unwrap();
        line.flush().await.unwrap();
        let mut heard = [0; 4];
        timeout(PERIOD, far.read_exact(&mut heard)).await.expect("it is let go").unwrap();
        assert_eq!(&heard, b"dito");
        line.shutdown().await.unwrap();
        assert_eq!(timeout(PERIOD, far.read(&mut heard)).await.expect("it ends").unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_is_read_at_a_mebibyte_a_second() {
        let began = Instant::now();
        let mut flood = Metered::new(tokio::io::repeat(7));
        let mut piece = vec![0; 16 * 1024];
        for _ in 0..10 * ALLOWANCE / piece.len() {
            flood.read_exact(&mut piece).await.unwrap();
        }
        let took = began.elapsed();
        // The first is there at once.
        assert!((9 * PERIOD..10 * PERIOD).contains(&took), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_charged_counts_too_and_silence_costs_nothing() {
        let mut line = Metered::new(tokio::io::repeat(7));
        let mut byte = [0];
        line.charge(2 * ALLOWANCE);
        let began = Instant::now();
        line.read_exact(&mut byte).await.unwrap();
        assert!(began.elapsed() >= PERIOD / 2, "{:?}", began.elapsed());
        sleep(10 * PERIOD).await;
        line.charge(ALLOWANCE);
        let began = Instant::now();
        line.read_exact(&mut byte).await.unwrap();
        assert!(began.elapsed() < PERIOD / 2, "{:?}", began.elapsed());
    }
}
