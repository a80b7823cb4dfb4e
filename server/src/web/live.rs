//! `GET /live`: what is new, as server-sent events, for as long as a page listens and whoever looks at it may. The events say
//! that something changed and never what; `Last-Event-ID`, or `last` in the query, resumes where a page had got to.

use super::{caller::Identity, session::IDLE};
use crate::{
    auth::hash_of,
    live::{Asks, Heard, Listener, look, may_listen},
    state::State,
    store::{Store, StoreError, TenantId, UserId},
    words::live::{over, told},
};
use app::{
    error::AppError,
    lang::{Lang, lang, speak},
};
use axum::{
    Extension, Router,
    extract::{Query, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{Stream, stream};
use leptos::prelude::LeptosOptions;
use std::{convert::Infallible, time::Duration};
use time::OffsetDateTime;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tower_sessions::Session;

/// How long a page waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);
/// Silence is broken this often: below what proxies and our own listener take for the end, and soon enough to notice that
/// somebody has gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Checks of a listener in a row that may fail for want of the database.
const MOST_UNKNOWN: u32 = 3;
/// When a listener is checked again who was to be at once and could not, for want of the database.
const SOON: Duration = Duration::from_secs(1);
/// What a proxy must not do is said to it: nginx goes by this one.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The route.
pub fn routes(state: State) -> Router<LeptosOptions> {
    Router::new().route("/live", get(listen)).with_state(state)
}

#[derive(serde::Deserialize)]
struct Asked {
    /// The place that a page had got to: it makes a new connection whenever it is looked at again.
    last: Option<String>,
}

async fn listen(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    session: Session,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let refuse = |error: AppError| {
        let status = StatusCode::from_u16(error.status()).expect("every error has a valid status");
        (status, format!("{error}\n")).into_response()
    };
    if let Some(refused) = identity.refused {
        return refuse(refused);
    }
    let (Some(caller), Some(id)) = (identity.caller, session.id()) else { return refuse(AppError::NotSignedIn) };
    let Some(visitor) = &caller.visitor else { return refuse(AppError::NotAllowed) };
    let tenant = visitor.scope.tenant();
    if may_listen(Some(&*caller), tenant).is_none() {
        return refuse(AppError::Suspended { reason: visitor.suspended_reason.clone().unwrap_or_default() });
    }
    if state.stop.is_asked() {
        return refuse(AppError::Unavailable);
    }
    let session = hash_of(&id.to_string());
    let resumed = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let last = resumed.or(asked.last).filter(|last| !last.is_empty());
    let watched = state.clone();
    match state.live.listen(tenant, session, last.as_deref(), || look(watched, tenant)) {
        Err(full) => {
            tracing::info!(%full, "a page may not listen");
            refuse(AppError::TooMany { retry_after: 60 })
        }
        Ok(listener) => stream_of(Open::new(state, listener, session, tenant, caller.user)),
    }
}

fn stream_of(open: Open) -> Response {
    let mut response = Sse::new(events(open)).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

fn events(open: Open) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(open, |mut open| async move {
        let event = open.next().await?;
        Some((Ok(event), open))
    })
}

/// One page that listens.
struct Open {
    state: State,
    listener: Listener,
    session: [u8; 32],
    tenant: TenantId,
    /// What its reader speaks: the stream is read when the request's task has long ended.
    lang: Lang,
    recheck: Interval,
    asks: Asks,
    unknown: u32,
    greeted: bool,
    over: bool,
}

impl Open {
    fn new(state: State, listener: Listener, session: [u8; 32], tenant: TenantId, user: UserId) -> Self {
        let every = state.live.pace().recheck;
        let mut recheck = interval_at(Instant::now() + every, every);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let asks = listener.belongs_to(user);
        Self { state, listener, session, tenant, lang: lang(), recheck, asks, unknown: 0, greeted: false, over: false }
    }

    /// The next event; `None` ends the stream, and the page comes back unless it was told that it is over.
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        if !self.greeted {
            self.greeted = true;
            // Something at once: proxies hand an answer on when its first bytes are there.
            return Some(Event::default().retry(RETRY).comment("painel"));
        }
        let stop = self.state.stop.clone();
        loop {
            let may = tokio::select! {
                () = stop.asked() => return None,
                heard = self.listener.next() => return match heard {
                    Heard::News(news) => {
                        let words = speak(self.lang, || told(&news.told));
                        Some(Event::default().id(news.place.to_string()).event(news.what.word()).data(words))
                    }
                    Heard::NotAllowed => Some(self.end()),
                    Heard::Gone => None,
                },
                _ = self.recheck.tick() => self.may_go_on().await,
                () = self.asks.next() => self.may_still().await,
            };
            match may {
                Some(true) => {}
                Some(false) => return Some(self.end()),
                None => return None,
            }
        }
    }

    /// Says that it is over: coming back would be refused.
    fn end(&mut self) -> Event {
        self.over = true;
        Event::default().event("end").data(speak(self.lang, over))
    }

    /// Whether the listener may still listen, because something was withdrawn that may concern them; `None` when the process
    /// ends meanwhile.
    async fn may_still(&mut self) -> Option<bool> {
        let (stop, live) = (self.state.stop.clone(), self.state.live.clone());
        let _place = tokio::select! {
            () = stop.asked() => return None,
            place = live.turn() => place,
        };
        // What fails here is told, and counted, at the next check.
        let may = may(&self.state.store, &self.session, self.tenant).await.ok();
        match may {
            Some(_) => self.recheck.reset(),
            None => self.recheck.reset_after(SOON),
        }
        Some(may.unwrap_or(true))
    }

    /// Whether the listener may still listen; `None` when nobody can tell any more.
    async fn may_go_on(&mut self) -> Option<bool> {
        match may(&self.state.store, &self.session, self.tenant).await {
            Ok(may) => {
                self.unknown = 0;
                Some(may)
            }
            Err(error) => {
                self.unknown += 1;
                tracing::warn!(%error, "a listener's session cannot be read");
                (self.unknown <= MOST_UNKNOWN).then_some(true)
            }
        }
    }
}

/// Whether somebody may listen, by the rows as they are now.
async fn may(store: &Store, session: &[u8; 32], tenant: TenantId) -> Result<bool, StoreError> {
    let caller = store.peek_caller(session, OffsetDateTime::now_utc(), IDLE).await?;
    Ok(may_listen(caller.as_ref(), tenant).is_some())
}
