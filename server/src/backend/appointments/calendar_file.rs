//! Appointments as an iCalendar file (RFC 5545), for the calendars of phones and desks. Every instant is universal time,
//! which needs no table of zones; every text is somebody's, and stays one line of the file.

use super::{
    asked::Asked,
    entry::{web_link, what},
};
use crate::{
    backend::{RequestBackend, calendar, contact, conversations::segment, failure},
    mapping::{Appointment, Outcome},
    store::{Event as Noted, EventKind, TenantId, Visitor},
    words::{self, Calendar},
};
use app::{appointments::AgendaQuery, error::AppError, session::Permission, tr};
use icalendar::{Calendar as File, Component, Event, EventLike, EventStatus, Property};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use time::OffsetDateTime;

/// Octets of a line at most, without its end.
const WIDTH: usize = 75;
/// Characters of a text at most.
const LONGEST: usize = 500;

impl RequestBackend {
    /// The appointments of a view of the agenda.
    ///
    /// # Errors
    /// `NotAllowed`, and what reading a project may give.
    pub async fn appointments_ics(self, query: &AgendaQuery) -> Result<String, AppError> {
        let visitor = self.member(Permission::Export)?;
        let calendar = calendar(visitor);
        let asked = Asked::read(query, &calendar);
        let (first, after) = asked.span();
        // Never from what is kept: a file that somebody takes away says what the project says now.
        let (project, _) = self.project_now(&visitor.scope).await?;
        let page = project
            .appointments_between(calendar.start_of(first), calendar.start_of(after), super::MOST)
            .await
            .map_err(|error| self.project_failed(visitor, &project, error))?;
        let rows: Vec<Appointment> = page.rows.into_iter().filter(|row| asked.only.admits(row)).collect();
        let note = page.more.then_some(tr!(
            "Há mais agendamentos neste período do que cabem neste arquivo.",
            "There are more appointments in this period than fit into this file.",
        ));
        let text = file(&calendar, visitor.scope.tenant(), &rows, note);
        self.note_file(visitor, "agenda.ics").await?;
        Ok(text)
    }

    /// One appointment, by the name of its file: its id and `.ics`.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, and what reading a project may give.
    pub async fn appointment_ics(self, name: &str) -> Result<String, AppError> {
        let visitor = self.member(Permission::Export)?;
        let id = name.strip_suffix(".ics").ok_or(AppError::NotFound)?;
        super::check_id(id)?;
        let (project, _) = self.project_now(&visitor.scope).await?;
        let found =
            project.find_appointment(id).await.map_err(|error| self.project_failed(visitor, &project, error))?;
        let (row, _) = found.ok_or(AppError::NotFound)?;
        let text = file(&calendar(visitor), visitor.scope.tenant(), &[row], None);
        self.note_file(visitor, "agendamento.ics").await?;
        Ok(text)
    }

    async fn note_file(&self, visitor: &Visitor, name: &str) -> Result<(), AppError> {
        let event = Noted::new(EventKind::ContentExported, name);
        let recorded = self.state.store.record(&visitor.scope, &self.act(), OffsetDateTime::now_utc(), event).await;
        recorded.map(|_| ()).map_err(failure::store)
    }
}

pub(super) fn file(calendar: &Calendar, tenant: TenantId, rows: &[Appointment], note: Option<&str>) -> String {
    let mut file = File::empty();
    let product = tr!("-//Painel//Agenda//PT-BR", "-//Painel//Appointments//EN");
    for (key, value) in [("VERSION", "2.0"), ("PRODID", product), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
        file.append_property(Property::new(key, value));
    }
    file.name(tr!("Agenda", "Appointments"));
    if let Some(note) = note {
        file.description(note);
    }
    let house = house(tenant);
    for row in rows {
        file.push(event(calendar, &house, row));
    }
    fold(&file.to_string())
}

fn event(calendar: &Calendar, house: &str, row: &Appointment) -> Event {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let service = row.service.as_deref().map(text).filter(|service| !service.is_empty());
    let who = text(&who);
    let status = words::appointment_status(row.outcome, row.status.as_deref()).map(|status| status.label);
    let price = row.price.map(words::reais);
    let facts = [
        (tr!("Cliente", "Customer"), Some(who.clone())),
        (tr!("Telefone", "Phone"), Some(text(&phone)).filter(|phone| !phone.is_empty())),
        (tr!("O quê", "What"), Some(text(&what(row))).filter(|what| !what.is_empty())),
        (tr!("Estado", "Status"), status),
        (tr!("Valor", "Price"), price),
    ];
    let mut description = String::new();
    for (name, value) in facts {
        if let Some(value) = value {
            let gap = if description.is_empty() { "" } else { "\n" };
            // Writing into a string does not fail.
            let _ = write!(description, "{gap}{name}: {value}");
        }
    }
    let mut event = Event::new();
    event
        .uid(&format!("{}.{house}@painel", segment(&row.id)))
        .summary(&service.map_or_else(|| who.clone(), |service| format!("{service} — {who}")))
        .description(&description)
        .add_property("DTSTAMP", stamp(calendar.now()))
        .add_property("DTSTART", stamp(row.starts))
        .status(match row.outcome {
            Some(Outcome::Cancelled) => EventStatus::Cancelled,
            Some(Outcome::Confirmed | Outcome::InProgress | Outcome::Completed | Outcome::NoShow) => {
                EventStatus::Confirmed
            }
            Some(Outcome::Scheduled | Outcome::Rescheduled) | None => EventStatus::Tentative,
        });
    // An end must be later than its start; without one it takes no time.
    if let Some(ends) = row.ends.filter(|ends| ends.as_second() > row.starts.as_second()) {
        event.add_property("DTEND", stamp(ends));
    }
    if let Some(link) = web_link(row).and_then(|link| url::Url::parse(link).ok()) {
        event.location(link.as_str()).url(link.as_str());
    }
    event.done()
}

/// What makes the ids of one tenant's appointments its own, and says nothing of whose they are.
fn house(tenant: TenantId) -> String {
    let mut hash = Sha256::new();
    hash.update(b"painel calendar file\0");
    hash.update(tenant.as_uuid().as_bytes());
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `20261124T170500Z`.
fn stamp(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Somebody's text as one line: an end of a line within would begin a line of the file.
fn text(of: &str) -> String {
    words::one_line(of, LONGEST)
}

/// Lines of at most 75 octets. Not left to the crate, whose last piece of a long line can have one more.
fn fold(file: &str) -> String {
    let mut out = String::with_capacity(file.len() + file.len() / WIDTH * 3);
    for line in file.replace("\r\n ", "").split_terminator("\r\n") {
        let mut room = WIDTH;
        for sign in line.chars() {
            if sign.len_utf8() > room {
                out.push_str("\r\n ");
                room = WIDTH - 1;
            }
            out.push(sign);
            room -= sign.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use icalendar::CalendarComponent;
    use proptest::prelude::*;

    fn row(name: &str, service: &str) -> Appointment {
        Appointment {
            id: "a/1".into(),
            conversation: None,
            person: crate::mapping::Person::read("5511987654321"),
            name: Some(name.into()),
            service: Some(service.into()),
            professional: Some("Dra. Inês".into()),
            starts: "2018-11-04T03:30:00Z".parse().unwrap(),
            ends: Some("2018-11-04T04:00:00Z".parse().unwrap()),
            outcome: Some(Outcome::Cancelled),
            status: Some("cancelado".into()),
            price: Some(18_000),
            link: Some("https://meet.google.com/abc-defg-hij".into()),
        }
    }

    fn written(rows: &[Appointment], tenant: TenantId) -> String {
        let calendar = Calendar::new("America/Sao_Paulo", "2026-11-24T15:20:00Z".parse().unwrap());
        file(&calendar, tenant, rows, None)
    }

    fn events(text: &str) -> Vec<Event> {
        let file: File = text.parse().expect("it is a calendar");
        let event = |one: CalendarComponent| match one {
            CalendarComponent::Event(event) => Some(event),
            _ => None,
        };
        file.components.into_iter().filter_map(event).collect()
    }

    #[test]
    fn an_event_says_all_there_is() {
        let tenant = TenantId::new();
        let text = written(&[row("Ana; Prado, \\ neta", "Limpeza")], tenant);
        for line in [
            "DTSTAMP:20261124T152000Z",
            "DTSTART:20181104T033000Z",
            "DTEND:20181104T040000Z",
            "STATUS:CANCELLED",
            "LOCATION:https://meet.google.com/abc-defg-hij",
            "URL:https://meet.google.com/abc-defg-hij",
            "SUMMARY:Limpeza — Ana\\; Prado\\, \\\\ neta",
            "PRODID:-//Painel//Agenda//PT-BR",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} in {text}");
        }
        let event = &events(&text)[0];
        assert_eq!(event.get_summary(), Some("Limpeza — Ana; Prado, \\ neta"));
        assert!(event.get_description().unwrap().contains("\nTelefone: (11) 98765-4321\n"), "{event:?}");
        assert_eq!(written(&[row("Ana; Prado, \\ neta", "Limpeza")], tenant), text, "the same row, the same file");
        let uid = event.get_uid().unwrap();
        assert!(uid.starts_with("a%2F1.") && uid.ends_with("@painel"), "{uid}");
        assert!(
            !text.contains(&tenant.as_uuid().to_string()) && !text.contains(&tenant.as_uuid().simple().to_string())
        );
        assert!(!written(&[row("Ana", "Limpeza")], TenantId::new()).contains(uid), "another tenant's is another's");
    }

    #[test]
    fn an_end_that_is_none_is_left_out_and_a_link_of_another_kind_too() {
        let mut bare = row("Ana", "Limpeza");
        (bare.ends, bare.link, bare.outcome) = (Some(bare.starts), Some("javascript:alert(1)".into()), None);
        let text = written(&[bare], TenantId::new());
        assert!(!text.contains("DTEND") && !text.contains("URL") && text.contains("STATUS:TENTATIVE"), "{text}");
    }

    proptest! {
        #[test]
        fn whatever_stands_in_texts_it_is_one_event_of_short_lines(
            name in "[\\PC\\n\\r\\t\u{b}\u{c}\u{85}\u{2028}]{0,90}",
            service in "(BEGIN:VEVENT|END:VCALENDAR|[\r\n:;,\\\\ áé👩]){0,40}",
        ) {
            let text = written(&[row(&name, &service), row("Rui", "Corte")], TenantId::new());
            prop_assert!(text.split("\r\n").all(|line| line.len() <= WIDTH), "{}", text);
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            let begun = text.split("\r\n").filter(|line| *line == "BEGIN:VEVENT").count();
            let known = ["BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "DESCRIPTION",
                "DTEND", "DTSTAMP", "DTSTART", "LOCATION", "STATUS", "SUMMARY", "UID", "URL"];
            let whole = text.replace("\r\n ", "");
            for line in whole.split_terminator("\r\n") {
                prop_assert!(known.iter().any(|key| line.starts_with(&format!("{key}:"))), "{}", line);
            }
            let found = events(&text);
            prop_assert_eq!((begun, found.len()), (2, 2));
        }
    }
}
