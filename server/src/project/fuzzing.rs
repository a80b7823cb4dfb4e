//! Any answer of a project, read as every kind of page: for `crate::fuzzing`.

use super::{
    answer::{Answer, lost, retry_after},
    cursor::Cursor,
    order::{Order, page, pages},
    reads::Page,
};
use crate::{
    egress::Incoming,
    fuzzing::ZONE,
    mapping::{Appointment, BOOKINGS, Conversation, Mapping, Message, Part, Row, TALKS, preset},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::sync::LazyLock;

/// Rows of one answer at most.
const MOST_ROWS: usize = 1001;
/// Messages of one row: twenty bubbles of a question and twenty of its answer.
const MOST_SAID: usize = 40;
const PAGE: u32 = 50;
const STATUSES: [u16; 10] = [200, 206, 400, 401, 402, 403, 404, 416, 429, 503];

/// Every family of conversations with every family of appointments.
static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    let names = TALKS.iter().flat_map(|(talks, _)| BOOKINGS.iter().map(move |(bookings, _)| (*talks, *bookings)));
    names.filter_map(|(talks, bookings)| preset(talks, bookings)).collect()
});

/// What the rows of one answer become.
pub(crate) struct Read {
    /// As a page of conversations, or gathered from messages.
    pub(crate) conversations: Vec<Conversation>,
    /// As a page of messages, the latest first.
    pub(crate) messages: Vec<Message>,
    /// In the order of their starts.
    pub(crate) appointments: Vec<Appointment>,
}

/// `None` where the answer is an error, in our own words.
pub(crate) fn read(bytes: &[u8]) -> Option<Read> {
    let [way, status, body @ ..] = bytes else { return None };
    let choose = |byte: &u8, of: usize| usize::from(byte.wrapping_sub(b'0')) % of;
    let mapping = &MAPPINGS[choose(way, MAPPINGS.len())];
    let status = StatusCode::from_u16(STATUSES[choose(status, STATUSES.len())]).ok()?;
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (header::CONTENT_RANGE, HeaderValue::from_static("0-49/251")),
        (header::RETRY_AFTER, HeaderValue::from_static("7")),
    ]);
    let incoming = Incoming { status, headers, body: body.to_vec() };
    for part in Part::ALL {
        let _ = lost(&incoming, &mapping.columns(part));
    }
    let _ = retry_after(&incoming);
    let Answer { rows, .. } = Answer::read(&incoming, Part::Messages).ok()?;
    assert!(rows.len() <= MOST_ROWS, "{} rows are kept", rows.len());

    let said = |row: &Row| {
        let said = mapping.messages(row, &ZONE);
        assert!(said.len() <= MOST_SAID, "{} messages of one row", said.len());
        said
    };
    let conversations = match Order::of_conversations(mapping) {
        Ok(order) => checked(page(rows.clone(), PAGE, false, &order, |row| mapping.conversation(row, &ZONE))),
        Err(_) => mapping.gather(&rows, &ZONE),
    };
    let messages = match Order::of_messages(mapping) {
        Ok(order) => checked(pages(rows.clone(), PAGE, true, &order, said)),
        Err(_) => Vec::new(),
    };
    let mut appointments: Vec<_> = rows.iter().filter_map(|row| mapping.appointment(row, &ZONE)).collect();
    appointments.sort_by_key(|one| one.starts);
    Some(Read { conversations, messages, appointments })
}

/// A page's rows. The places at its ends lead back to themselves, unless they are too long for an address or have a NUL.
fn checked<T>(page: Page<T>) -> Vec<T> {
    assert!(page.skipped <= PAGE as usize, "{} rows of a page were skipped", page.skipped);
    for place in page.ends.iter().flat_map(|(first, last)| [first, last]) {
        let read = place.to_string().parse::<Cursor>();
        assert!(read.is_err() || read.as_ref() == Ok(place), "{place:?} leads to {read:?}");
    }
    page.rows
}
