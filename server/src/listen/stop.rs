//! The two steps of an orderly end: being asked to, when whoever looks at `/readyz` learns of it and background work ends
//! while the door stays open; then closing the door, behind which requests under way finish.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where the process stands between serving and having ended. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: CancellationToken,
    closed: CancellationToken,
}

impl Stop {
    /// Whether the end was asked for.
    pub fn is_asked(&self) -> bool {
        self.asked.is_cancelled()
    }

    /// Waits until the end is asked for.
    pub async fn asked(&self) {
        self.asked.cancelled().await;
    }

    /// Waits until no further connection is to be taken.
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Asks for the end; the door closes after `delay`, or sooner when `hurry` is done.
    pub async fn begin(&self, delay: Duration, hurry: impl Future<Output = ()>) {
        self.asked.cancel();
        tokio::select! { () = tokio::time::sleep(delay) => {}, () = hurry => {} }
        self.closed.cancel();
    }

    /// Does `work` until the door closes, and then no more of it.
    pub async fn until_closed(self, work: impl Future<Output = ()>) {
        tokio::select! { biased; () = self.closed() => {}, () = work => {} }
    }

    /// Does `work` until the end is asked for, and then no more of it: nothing is begun in the same moment.
    pub async fn until_asked(self, work: impl Future<Output = ()>) {
        tokio::select! { biased; () = self.asked() => {}, () = work => {} }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn the_door_closes_after_the_delay_or_at_the_second_call() {
        const DELAY: Duration = Duration::from_secs(3);
        let stop = Stop::default();
        let (began, seen) = (Instant::now(), stop.clone());
        let asked = tokio::spawn(async move {
            seen.asked().await;
            let asked = began.elapsed();
            seen.closed().await;
            (asked, began.elapsed())
        });
        assert!(!stop.is_asked());
        stop.begin(DELAY, pending()).await;
        let (asked, closed) = asked.await.unwrap();
        assert!(asked < DELAY / 10 && closed >= DELAY && closed < DELAY * 2, "{asked:?} {closed:?}");
        let (hurried, began) = (Stop::default(), Instant::now());
        hurried.begin(DELAY, ready(())).await;
        assert!(hurried.is_asked() && began.elapsed() < DELAY / 10);
        stop.until_asked(pending()).await;
    }
}
