//! The one connection of a tab: open while a page takes part, the tab is in view and somebody was there lately. A hidden
//! tab does not listen, and one that nobody touches for long does not either: reading again counts as using the session,
//! and a page that is left open must not keep it alive.

use super::state::{Kind, Live, Standing};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

/// Without a touch for so many minutes nobody is there.
const REST_AFTER: u32 = 30;
const MINUTE: Duration = Duration::from_secs(60);
/// Refusals in a row after which the mark says so, instead of that the connection comes back.
const PATIENCE: u32 = 3;
/// The first wait after a refusal; longer after each.
const AGAIN: u32 = 3;
const LONGEST_WAIT: u32 = 300;
/// From the server's word that it is over to one more try.
const AFTER_THE_END: Duration = Duration::from_secs(5);
/// By what it is seen that somebody is there.
const TOUCHES: [&str; 5] = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"];
/// What the server tells by name.
const WORDS: [&str; 6] = ["conversations", "appointments", "live", "stale", "refresh", "end"];

/// A connection and what hears it.
struct Connection {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(Event)>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// What one tab remembers between its connections.
#[derive(Clone, Copy)]
struct Tab {
    live: Live,
    /// The place that was got to.
    last: RwSignal<String>,
    /// Refusals in a row.
    refused: RwSignal<u32>,
    /// The server said that it is over.
    over: RwSignal<bool>,
    /// Bumped when it is time to try again.
    again: RwSignal<u32>,
    /// What the mark says last is that something changed.
    changed: RwSignal<bool>,
}

/// Listens whenever there is somebody to listen for.
pub(super) fn keep(live: Live) {
    let tab = Tab {
        live,
        last: RwSignal::default(),
        refused: RwSignal::new(0),
        over: RwSignal::new(false),
        again: RwSignal::new(0),
        changed: RwSignal::new(false),
    };
    let in_view = RwSignal::new(!document().hidden());
    window_event_listener_untyped("visibilitychange", move |_| in_view.set(!document().hidden()));
    let idle = RwSignal::new(0_u32);
    for touch in TOUCHES {
        window_event_listener_untyped(touch, move |_| {
            if idle.get_untracked() > 0 {
                idle.set(0);
            }
        });
    }
    set_interval(move || idle.update(|minutes| *minutes += 1), MINUTE);
    let there = Memo::new(move |_| idle.get() < REST_AFTER);

    let connection: Rc<RefCell<Option<Connection>>> = Rc::default();
    Effect::new(move |_| {
        tab.again.track();
        let read = live.readers.get() > 0;
        let standing = match (read, tab.over.get(), there.get(), in_view.get()) {
            (false, ..) => Some(Standing::Silent),
            (true, true, ..) => Some(Standing::Off),
            (true, false, false, _) => Some(Standing::Resting),
            (true, false, true, false) => Some(Standing::Waiting),
            (true, false, true, true) => None,
        };
        let mut connection = connection.borrow_mut();
        match standing {
            Some(standing) => {
                connection.take();
                live.standing.set(standing);
            }
            None if connection.as_ref().is_some_and(|open| open.source.ready_state() != EventSource::CLOSED) => {}
            None => {
                connection.take();
                if tab.refused.get_untracked() == 0 {
                    live.standing.set(Standing::Waiting);
                }
                *connection = tab.open();
            }
        }
    });
}

impl Tab {
    fn open(self) -> Option<Connection> {
        // A place is hexadecimal digits and a hyphen: as it is, it may stand in an address.
        let source = EventSource::new(&format!("/live?last={}", self.last.get_untracked())).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if !event.last_event_id().is_empty() {
                self.last.set(event.last_event_id());
            }
            self.hear(&event.type_(), event.data().as_string().unwrap_or_default());
        });
        for word in WORDS {
            let _ = source.add_event_listener_with_callback(word, heard.as_ref().unchecked_ref());
        }
        let seen = source.clone();
        let failed = Closure::<dyn FnMut(Event)>::new(move |_| self.fail(seen.ready_state() == EventSource::CLOSED));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Connection { source, _heard: heard, _failed: failed })
    }

    fn hear(self, word: &str, text: String) {
        self.refused.set(0);
        match word {
            "live" => {
                self.live.standing.set(Standing::Live);
                if !self.changed.get_untracked() {
                    self.live.detail.set(text);
                }
            }
            "stale" => self.live.standing.set(Standing::Stale(text)),
            "end" => self.end(),
            _ => {
                self.live.detail.set(text);
                // What is read again only because something was missed says no more than that.
                self.changed.set(word != "refresh");
                if word != "appointments" {
                    self.live.tell(Kind::Conversations);
                }
                if word != "conversations" {
                    self.live.tell(Kind::Appointments);
                }
            }
        }
    }

    /// The session is no more what it was. It may have been renewed from another tab, by a password typed or a dashboard
    /// chosen: the browser has the new one by now, and it is asked for once, quietly.
    fn end(self) {
        self.over.set(true);
        self.refused.set(PATIENCE);
        set_timeout(move || self.over.set(false), AFTER_THE_END);
    }

    /// A connection that broke comes back by itself; one that was refused does not.
    fn fail(self, refused: bool) {
        if !refused {
            self.live.standing.set(Standing::Reconnecting);
            return;
        }
        self.refused.update(|times| *times += 1);
        let times = self.refused.get_untracked();
        self.live.standing.set(if times < PATIENCE { Standing::Reconnecting } else { Standing::Off });
        let wait = (AGAIN * 2_u32.pow(times.min(8))).min(LONGEST_WAIT);
        set_timeout(
            move || self.again.update(|again| *again = again.wrapping_add(1)),
            Duration::from_secs(wait.into()),
        );
    }
}
