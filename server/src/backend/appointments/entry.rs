//! One appointment in the words of the agenda: its address, when, who, what.

use crate::{
    backend::{appointments::asked::LONGEST_CHOICE, contact, conversations::segment},
    mapping::{Appointment, Outcome},
    words::{self, Calendar, day_and_month},
};
use app::{
    appointments::{AgendaQuery, AppointmentRow, Entry},
    tr,
};

/// Characters of a name or a service on a card.
const LINE: usize = 80;

/// The path of an appointment's page.
pub(super) fn path(id: &str) -> String {
    format!("/appointments/{}", segment(id))
}

/// A video call's address: a link from a tenant's table is shown only when it leads to a web page.
pub(super) fn web_link(row: &Appointment) -> Option<&str> {
    row.link.as_deref().filter(|link| link.starts_with("https://"))
}

/// The service, and with whom.
pub(super) fn what(row: &Appointment) -> String {
    let both = [row.service.as_deref(), row.professional.as_deref()];
    both.into_iter().flatten().map(|text| words::one_line(text, LINE)).collect::<Vec<_>>().join(" · ")
}

/// A card. `before`: it is the part of one that began on an earlier day; `long`: it takes a day or more.
pub(super) fn entry(calendar: &Calendar, asked: &AgendaQuery, row: &Appointment, before: bool, long: bool) -> Entry {
    let (who, _) = contact(row.name.as_deref(), row.person.as_ref());
    let who = words::one_line(&who, LINE);
    let starts = calendar.time(row.starts);
    let ends = row.ends.filter(|ends| *ends > row.starts).map(|ends| calendar.time(ends).text);
    let dated = |at| format!("{} {}", day_and_month(calendar.date_of(at)), calendar.time(at).text);
    let when = match (ends, row.ends) {
        (Some(_), Some(ends)) if long => format!("{} – {}", dated(row.starts), dated(ends)),
        (Some(ends), _) if before => {
            let since = dated(row.starts);
            tr!(format!("até {ends}, desde {since}"), format!("until {ends}, since {since}"))
        }
        (Some(ends), _) => format!("{}–{ends}", starts.text),
        (None, _) if before => {
            tr!(format!("desde {}", dated(row.starts)), format!("since {}", dated(row.starts)))
        }
        (None, _) => starts.text,
    };
    let status = words::appointment_status(row.outcome, row.status.as_deref());
    let what = what(row);
    let word = status.as_ref().map(|status| status.label.as_str()).unwrap_or_default();
    let full = [when.as_str(), &who, &what, word].into_iter().filter(|text| !text.is_empty());
    Entry {
        full: full.collect::<Vec<_>>().join(" · "),
        href: asked.href(&path(&row.id)),
        when,
        who,
        what,
        off: row.outcome == Some(Outcome::Cancelled),
        status,
    }
}

/// A line of the list.
pub(super) fn row(calendar: &Calendar, asked: &AgendaQuery, row: Appointment) -> AppointmentRow {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let ends = row.ends.filter(|ends| *ends > row.starts).map(|ends| {
        let (day, time) = (calendar.date_of(ends), calendar.time(ends).text);
        if day == calendar.date_of(row.starts) { time } else { format!("{} {time}", day_and_month(day)) }
    });
    let line = |text: Option<String>| text.map(|text| words::one_line(&text, LONGEST_CHOICE)).unwrap_or_default();
    AppointmentRow {
        href: asked.href(&path(&row.id)),
        starts: calendar.time(row.starts),
        ends: ends.unwrap_or_default(),
        who: words::one_line(&who, LONGEST_CHOICE),
        phone: words::one_line(&phone, LONGEST_CHOICE),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
        meet_link: web_link(&row).map(str::to_owned),
        service: line(row.service),
        professional: line(row.professional),
        price: row.price.map(words::reais).unwrap_or_default(),
    }
}
