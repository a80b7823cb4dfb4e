//! Everything that pages show of some rows: for `crate::fuzzing`.

use super::{appointments::fuzzing::agenda, conversations::list_row, thread::by_day};
use crate::{
    mapping::{Appointment, Conversation, Message},
    words::Calendar,
};

/// A list, a thread and an agenda as they travel to the browser, and the agenda's file. Messages come the latest first.
pub(crate) fn shown(
    calendar: &Calendar,
    conversations: Vec<Conversation>,
    messages: Vec<Message>,
    appointments: &[Appointment],
) -> String {
    let list: Vec<_> = conversations.into_iter().map(|row| list_row(calendar, row)).collect();
    let thread = by_day(calendar, messages, |day| calendar.day_name(day));
    serde_json::to_string(&(list, thread, agenda(calendar, appointments))).expect("what is shown is plain data")
}
