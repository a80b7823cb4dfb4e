//! `Server-Timing`: where the time of a page went, for whoever may mend it. A browser's developer tools draw it.
//!
//! Pages go out as they are made, so what their head says is as of the first byte; the whole follows the last byte, as a
//! trailer, to clients that take trailers (`TE: trailers`). Source: W3C Server Timing; RFC 9110, 6.5.

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use http_body::{Frame, SizeHint};
use std::{
    fmt::Write,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What a page waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Who asks: the session, the user and their place, read from the database.
    Session,
    /// The tenant's sealed credential and its mapping, read and opened.
    Open,
    /// The tenant's project: while any question to it is under way.
    Upstream,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Session, Self::Open, Self::Upstream];

    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Open => "open",
            Self::Upstream => "upstream",
        }
    }
}

/// The times of one request. Cheap to clone; all clones are the same request's.
#[derive(Debug, Clone, Default)]
pub struct Timing(Arc<Mutex<Times>>);

#[derive(Debug, Default)]
struct Times {
    phases: [Span; Phase::ALL.len()],
    /// While this request was worked on, waiting left out.
    render: Duration,
}

/// How long at least one of several was under way.
#[derive(Debug, Default)]
struct Span {
    under_way: u32,
    since: Option<Instant>,
    took: Duration,
}

impl Span {
    fn so_far(&self, now: Instant) -> Duration {
        self.took + self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

impl Timing {
    /// Counts the time of `work` to a phase, once where several are under way together.
    pub async fn during<Work: Future>(&self, phase: Phase, work: Work) -> Work::Output {
        let _under_way = UnderWay::begin(self, phase);
        work.await
    }

    /// Makes a response and says in it how long that took. `render` is the time in which it was worked on.
    pub async fn told(self, response: impl Future<Output = Response>) -> Response {
        let mut making = pin!(response);
        let response = poll_fn(|context| self.working(|| making.as_mut().poll(context))).await;
        let (mut parts, body) = response.into_parts();
        parts.headers.append(SERVER_TIMING, self.value());
        if body.size_hint().exact().is_some() {
            return Response::from_parts(parts, body);
        }
        parts.headers.append(header::TRAILER, HeaderValue::from_static("Server-Timing"));
        Response::from_parts(parts, Body::new(Timed { body, timing: self, over: false }))
    }

    fn working<Made>(&self, work: impl FnOnce() -> Made) -> Made {
        let began = Instant::now();
        let made = work();
        self.times(|times| times.render += began.elapsed());
        made
    }

    fn times<Made>(&self, work: impl FnOnce(&mut Times) -> Made) -> Made {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As the header has it: milliseconds, what is under way counted until now.
    fn value(&self) -> HeaderValue {
        let now = Instant::now();
        let mut text = String::new();
        self.times(|times| {
            let phases = Phase::ALL.map(|phase| (phase.name(), times.phases[phase as usize].so_far(now)));
            for (name, took) in phases.into_iter().chain([("render", times.render)]) {
                let gap = if text.is_empty() { "" } else { ", " };
                write!(text, "{gap}{name};dur={:.2}", took.as_secs_f64() * 1e3).expect("a String takes all");
            }
        });
        HeaderValue::try_from(text).expect("words and numbers")
    }
}

/// Something of a phase that goes on until this is dropped, finished or given up.
struct UnderWay<'a> {
    timing: &'a Timing,
    phase: Phase,
}

impl<'a> UnderWay<'a> {
    fn begin(timing: &'a Timing, phase: Phase) -> Self {
        timing.times(|times| {
            let span = &mut times.phases[phase as usize];
            span.under_way += 1;
            span.since.get_or_insert_with(Instant::now);
        });
        Self { timing, phase }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.timing.times(|times| {
            let span = &mut times.phases[self.phase as usize];
            span.under_way -= 1;
            if span.under_way == 0 {
                span.took += span.since.take().map_or(Duration::ZERO, |since| since.elapsed());
            }
        });
    }
}

/// A response's body, with its times behind it.
struct Timed {
    body: Body,
    timing: Timing,
    over: bool,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(None);
        }
        let (timing, body) = (&this.timing, &mut this.body);
        let frame = timing.working(|| Pin::new(body).poll_frame(context));
        if !matches!(frame, Poll::Ready(None)) {
            return frame;
        }
        this.over = true;
        let trailers = HeaderMap::from_iter([(SERVER_TIMING, this.timing.value())]);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.over
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, stream};
    use http_body_util::BodyExt;
    use std::{collections::BTreeMap, convert::Infallible};
    use tokio::time::sleep;

    const SHORT: Duration = Duration::from_millis(30);

    /// Milliseconds by name.
    fn read(value: &HeaderValue) -> BTreeMap<String, f64> {
        let metric = |metric: &str| {
            let (name, took) = metric.trim().split_once(";dur=").unwrap();
            (name.to_owned(), took.parse().unwrap())
        };
        value.to_str().unwrap().split(',').map(metric).collect()
    }

    #[tokio::test]
    async fn what_goes_on_together_is_counted_once_and_what_is_given_up_until_then() {
        let timing = Timing::default();
        let began = Instant::now();
        let one = || timing.during(Phase::Upstream, sleep(SHORT));
        tokio::join!(one(), one(), one());
        let given_up = tokio::time::timeout(SHORT, timing.during(Phase::Upstream, sleep(SHORT * 100))).await;
        let took = began.elapsed().as_secs_f64() * 1e3;
        assert!(given_up.is_err());
        sleep(SHORT).await;
        let read = read(&timing.value());
        assert!(read["upstream"] >= 60.0 && read["upstream"] <= took + 0.01, "{read:?} of {took}");
        assert_eq!((read["session"], read["open"], read["render"]), (0.0, 0.0, 0.0));
    }

    #[tokio::test]
    async fn a_whole_answer_has_its_times_in_its_head_and_no_trailer() {
        let timing = Timing::default();
        let inner = timing.clone();
        let making = async move {
            inner.during(Phase::Session, sleep(SHORT)).await;
            Response::new(Body::from("whole"))
        };
        let response = timing.told(making).await;
        assert!(!response.headers().contains_key(header::TRAILER));
        let read = read(&response.headers()[SERVER_TIMING]);
        assert!(read["session"] >= 30.0, "{read:?}");
        assert!(read["render"] < read["session"], "waiting is no work: {read:?}");
    }

    #[tokio::test]
    async fn a_page_that_goes_out_as_it_is_made_has_the_whole_behind_it() {
        let timing = Timing::default();
        let inner = timing.clone();
        let parts = stream::iter(["begin ", "end"]).then(move |part| {
            let inner = inner.clone();
            async move {
                inner.during(Phase::Open, sleep(SHORT)).await;
                std::thread::sleep(SHORT);
                Ok::<_, Infallible>(part)
            }
        });
        let response = timing.told(async { Response::new(Body::from_stream(parts)) }).await;
        assert_eq!(read(&response.headers()[SERVER_TIMING])["open"], 0.0, "not begun when the head went out");
        assert_eq!(response.headers()[header::TRAILER], "Server-Timing");
        let whole = response.into_body().collect().await.unwrap();
        let read = read(&whole.trailers().unwrap()[SERVER_TIMING]);
        assert!(read["open"] >= 60.0 && read["render"] >= 60.0, "{read:?}");
        assert_eq!(whole.to_bytes(), "begin end");
    }
}
