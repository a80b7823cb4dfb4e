//! That nothing is taken from under somebody's hands while a page's rows move: rows are drawn into the places of those
//! before them, so that a link that somebody was about to follow would lead elsewhere, and a field that is drawn anew has
//! the browser scroll to it.

use futures::channel::oneshot;
use leptos::{leptos_dom::helpers::WindowListenerHandle, prelude::*};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// Holds back what was read again until nobody is in a field of the page, for as long as the page is there and asked for the
/// same. The link that is in focus by then is in focus again when it has been drawn, wherever it stands then.
pub(super) async fn hold_back<S: PartialEq + Send + Sync + 'static>(asked: Memo<S>, now: S) {
    if in_a_field() {
        let (sender, over) = oneshot::channel();
        // The page's own: with the page the wait is over too.
        let sender = StoredValue::new(Some(sender));
        let end = move || {
            if let Some(sender) = sender.try_update_value(Option::take).flatten() {
                let _ = sender.send(());
            }
        };
        // Who asks for something else from within the field waits for nothing.
        Effect::new(move |_| {
            if asked.try_with(|asked| *asked != now).unwrap_or(true) {
                end();
            }
        });
        when_no_field_has_the_focus(end);
        let _ = over.await;
    }
    keep_focus();
}

thread_local! {
    /// The link in focus before the drawing that is under way.
    static KEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn keep_focus() {
    // Where two readings are drawn one after the other, what is in focus between them was moved by the first.
    let Some(href) = KEPT.with_borrow(Option::clone).or_else(focused) else { return };
    KEPT.set(Some(href.clone()));
    after_drawing(move || {
        KEPT.set(None);
        restore(&href);
    });
}

/// Does something at once, or when somebody leaves the field they are in.
pub(super) fn when_no_field_has_the_focus(act: impl FnOnce() + 'static) {
    if !in_a_field() {
        return act();
    }
    let waits = Rc::new(RefCell::new(Some(act)));
    let listener = Rc::new(RefCell::new(None::<WindowListenerHandle>));
    let own = listener.clone();
    let left = move |_| {
        let (waits, own) = (waits.clone(), own.clone());
        // The next field has the focus by then, if it goes to one.
        request_animation_frame(move || {
            if !in_a_field() {
                own.take().into_iter().for_each(WindowListenerHandle::remove);
                waits.take().into_iter().for_each(|act| act());
            }
        });
    };
    *listener.borrow_mut() = Some(window_event_listener_untyped("focusout", left));
}

/// Whether somebody is in a field of the page, but for those that stay as they are (`data-still`).
fn in_a_field() -> bool {
    let is_one = |active: Element| {
        active.matches("main :is(input, select, textarea)").unwrap_or_default()
            && active.closest("[data-still]").ok().flatten().is_none()
    };
    document().active_element().is_some_and(is_one)
}

/// Does something when what was just read has been drawn.
pub(super) fn after_drawing(act: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(act));
}

fn focused() -> Option<String> {
    document().active_element()?.get_attribute("href")
}

fn restore(href: &str) {
    // Only where the place has changed hands; elsewhere the focus is somebody's own doing.
    if focused().is_none_or(|now| now == href) || href.contains(['"', '\\']) {
        return;
    }
    let found = document().query_selector(&format!("main a[href=\"{href}\"]")).ok().flatten();
    if let Some(link) = found.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = link.focus_with_options(&options);
    }
}
