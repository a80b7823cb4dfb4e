//! Whatever a project answers becomes a page that can be drawn, of a size that its answer bounds.

use crate::{
    backend::fuzzing::shown,
    project::fuzzing::{Read, read},
    words::Calendar,
};
use std::sync::LazyLock;

/// Bytes of an empty day, week, month and list together, and what is left of that.
const EMPTY: usize = 64 * 1024;
/// By how much a page may be larger than its answer: an id of a few bytes becomes an address in every view.
const GROWTH: usize = 200;

/// All words seen from one instant, so that the same bytes are the same page.
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let now = "2026-11-24T15:00:00Z".parse().expect("an instant");
    Calendar::new("America/Sao_Paulo", now)
});

/// A byte for the tenant's mapping, one for the status (`0` is the first of either), and the answer's body. Its rows are read
/// as conversations, as messages and as appointments.
pub fn project_json(bytes: &[u8]) -> bool {
    let Some(Read { conversations, messages, appointments }) = read(bytes) else { return false };
    let something = !conversations.is_empty() || !messages.is_empty() || !appointments.is_empty();
    let page = shown(&CALENDAR, conversations, messages, &appointments);
    assert!(page.len() <= EMPTY + GROWTH * bytes.len(), "{} bytes of page for {} of answer", page.len(), bytes.len());
    something
}
