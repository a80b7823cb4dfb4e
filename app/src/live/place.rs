//! That nothing is taken from under somebody's hands while a page's rows move: rows are drawn into the places of those
//! before them, so that a link that somebody was about to follow would lead elsewhere, and a field that is drawn anew has
//! the browser scroll to it.

use crate::error::AppError;
use leptos::{leptos_dom::helpers::WindowListenerHandle, prelude::*};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// Has the link that is in focus now be in focus again when the resource was read and drawn, wherever it stands then.
pub(super) fn keep_focus<T: super::state::Read>(resource: Resource<Result<T, AppError>>) {
    let Some(href) = focused() else { return };
    let over = StoredValue::new(false);
    Effect::new(move |before: Option<()>| {
        resource.track();
        if before.is_some() && !over.get_value() {
            over.set_value(true);
            let href = href.clone();
            after_drawing(move || restore(&href));
        }
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
