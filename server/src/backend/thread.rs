//! One conversation: a passage of its messages beside what the contact booked, and all of it for paper.

use super::{
    RequestBackend, calendar, contact,
    conversations::{address, choose_a_date, cursor, no_text},
    failure,
};
use crate::{
    mapping::{Appointment, Author as Writer, Mapping, Message as MessageRow, Person, Said, When},
    project::{Page, Passage, Project, ProjectError, Whole},
    store::{Event, EventKind},
    words::{self, Calendar, plain_day},
};
use app::{
    conversations::{Author, Booked, Jump, Message, PrintedThread, Thread, ThreadDay, ThreadRequest},
    error::AppError,
    session::Permission,
    tr,
};
use jiff::civil::Date;
use time::OffsetDateTime;

/// Messages of one page of a thread: with the one more that is asked for, what a project gives that gives but a hundred
/// rows.
const MESSAGES: u32 = 99;
/// Appointments of a contact beside a thread.
const BOOKED: u32 = 6;
/// Bytes of an id in an address at most.
const LONGEST_ID: usize = 300;
/// Characters of a service or a professional beside a thread.
const LONGEST_LINE: usize = 80;
/// What the trail calls a conversation on paper, for all who read it: its id may be somebody's number.
const PRINTED: &str = "conversa para imprimir";

impl RequestBackend {
    /// A passage of a conversation: what it is, its messages and the contact's appointments.
    pub(super) async fn read_thread(&self, request: &ThreadRequest) -> Result<Thread, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let id = checked_id(&request.id)?;
        let project = self.project(visitor).await?;
        let can_jump = tells_days(&project.mapping());
        let day = plain_day(&request.day).filter(|_| can_jump);
        let passage = passage(request, day, &calendar)?;
        let failed = |error| self.project_failed(visitor, &project, error);
        // Should the guess be wrong, what was asked for it is dropped; the worst of it is a page that is marked as old
        // because those appointments were.
        let guess = project.whose(id);
        let talk = async {
            let (conversation, booked) =
                tokio::join!(project.find_conversation(id), booked_of(&project, guess.as_ref()));
            let conversation = conversation?;
            project.note_whose(&conversation);
            let person = conversation.as_ref().and_then(|one| one.person.as_ref());
            let booked = if person == guess.as_ref() { booked } else { booked_of(&project, person).await };
            Ok((conversation, booked))
        };
        let (talk, messages) = tokio::join!(talk, project.messages(id, &passage, MESSAGES));
        let (conversation, booked) = talk.map_err(failed)?;
        let conversation = conversation.ok_or(AppError::NotFound)?;
        let booked = match booked {
            // Tables without appointments, or that do not tell whose they are.
            None | Some(Err(ProjectError::NotMapped(_) | ProjectError::NotTold(_))) => None,
            Some(Err(error)) => Some(Err(failed(error))),
            Some(Ok(rows)) => Some(Ok(rows.into_iter().map(|row| booked_row(&calendar, row)).collect())),
        };
        let (who, phone) = contact(conversation.name.as_deref(), conversation.person.as_ref());
        let (page, trouble) = match messages {
            Ok(page) => (Some(page), None),
            Err(error) => (None, Some(failed(error))),
        };
        let first = page.as_ref().and_then(|page| page.rows.iter().rev().find_map(|message| message.at));
        let asked_day = day.filter(|_| matches!(passage, Passage::Since(_)));
        let note = asked_day.filter(|_| trouble.is_none()).and_then(|day| day_note(&calendar, day, first));
        let Ends { older, newer, partial } = page.as_ref().map_or_else(Ends::default, |page| ends(&passage, page));
        Ok(Thread {
            id: id.to_owned(),
            href: address(id),
            initial: words::initial(conversation.name.as_deref().unwrap_or_default()),
            who,
            phone,
            status: words::conversation_status(conversation.status.as_deref()),
            days: page.map(|page| by_day(&calendar, page.rows, |day| calendar.day_name(day))).unwrap_or_default(),
            booked,
            jump: can_jump.then(|| Jump {
                day: day.map(|day| day.to_string()).unwrap_or_default(),
                error: (day.is_none() && !request.day.trim().is_empty()).then(choose_a_date),
                note,
            }),
            older,
            newer,
            partial,
            reading: self.reading(visitor, &calendar, &project),
            trouble,
        })
    }

    /// A whole conversation for paper. It is taken away, so the trail hears of it, and nothing of it is from memory.
    pub(super) async fn printed_thread(&self, id: &str) -> Result<PrintedThread, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let by = self.caller()?.name.clone();
        let calendar = calendar(visitor);
        let id = checked_id(id)?;
        let (project, _) = self.project_now(&visitor.scope).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let (conversation, whole) = tokio::join!(project.find_conversation(id), project.whole_conversation(id));
        let conversation = conversation.map_err(failed)?.ok_or(AppError::NotFound)?;
        let Whole { messages, left_out } = whole.map_err(failed)?;
        let event = Event::new(EventKind::ContentExported, PRINTED);
        let recorded = self.state.store.record(&visitor.scope, &self.act(), OffsetDateTime::now_utc(), event).await;
        recorded.map_err(failure::store)?;
        let (who, phone) = contact(conversation.name.as_deref(), conversation.person.as_ref());
        Ok(PrintedThread {
            href: address(id),
            who,
            phone,
            status: words::conversation_status(conversation.status.as_deref()),
            tenant: visitor.tenant_name.clone(),
            by,
            at: calendar.exact(calendar.now()),
            zone: calendar.zone_words(),
            left_out: left_out_words(left_out, one_each(&project.mapping())),
            days: by_day(&calendar, messages, |day| calendar.full_day(day)),
        })
    }
}

/// A person's appointments, where it is one whom appointments can be of.
async fn booked_of(project: &Project, person: Option<&Person>) -> Option<Result<Vec<Appointment>, ProjectError>> {
    let person = person.filter(|person| !matches!(person, Person::Other(_)))?;
    // On the heap: it is waited for in two places.
    Some(Box::pin(project.appointments_of(person, BOOKED)).await)
}

/// What may be an id at all.
pub(super) fn checked_id(id: &str) -> Result<&str, AppError> {
    if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') { Err(AppError::NotFound) } else { Ok(id) }
}

/// Whether messages of a day can be asked for.
fn tells_days(mapping: &Mapping) -> bool {
    mapping.messages.as_ref().and_then(|messages| messages.at.as_ref()).and_then(When::ordered).is_some()
}

/// Whether each row of messages is one message.
fn one_each(mapping: &Mapping) -> bool {
    let turns = |said: &Said| matches!(said, Said::Turn { .. });
    mapping.messages.as_ref().is_some_and(|messages| !messages.split && !turns(&messages.said))
}

/// # Errors
/// `NotFound` for a cursor that is none of ours, or for two.
fn passage(request: &ThreadRequest, day: Option<Date>, calendar: &Calendar) -> Result<Passage, AppError> {
    match (request.older.as_str(), request.newer.as_str()) {
        ("", "") => Ok(day.map_or(Passage::Latest, |day| Passage::Since(calendar.start_of(day)))),
        (older, "") => cursor(older).map(Passage::Before),
        ("", newer) => cursor(newer).map(Passage::After),
        _ => Err(AppError::NotFound),
    }
}

/// Where a passage leads on to.
#[derive(Debug, Default)]
struct Ends {
    older: Option<String>,
    newer: Option<String>,
    partial: bool,
}

fn ends(passage: &Passage, page: &Page<MessageRow>) -> Ends {
    // Beside the page's own "more" there is what it was reached from; before a day there may be something.
    let (older, newer) = match passage {
        Passage::Latest => (page.more, false),
        Passage::Before(_) => (page.more, true),
        Passage::After(_) | Passage::Since(_) => (true, page.more),
    };
    let (first, last) = page.ends.as_ref().map(|(first, last)| (first.to_string(), last.to_string())).unzip();
    let partial = newer || (page.ends.is_none() && *passage != Passage::Latest);
    Ends { older: last.filter(|_| older), newer: first.filter(|_| newer), partial }
}

/// That a day has no messages, and which comes next.
fn day_note(calendar: &Calendar, day: Date, first: Option<jiff::Timestamp>) -> Option<String> {
    let asked = calendar.full_day(day);
    match first.map(|at| calendar.date_of(at)) {
        None => Some(tr!(
            format!("Não há mensagens em {asked} nem depois."),
            format!("There are no messages on {asked} or later.")
        )),
        Some(found) if found > day => {
            let found = calendar.full_day(found);
            Some(tr!(
                format!("Não há mensagens em {asked}. As seguintes são de {found}."),
                format!("There are no messages on {asked}. The next ones are from {found}.")
            ))
        }
        Some(_) => None,
    }
}

/// How much older there is than what is on paper.
fn left_out_words(rows: Option<u64>, one_each: bool) -> Option<String> {
    Some(match rows {
        Some(0) => return None,
        Some(1) if one_each => {
            tr!("Uma mensagem mais antiga ficou de fora.", "One older message was left out.").to_owned()
        }
        Some(rows) if one_each => tr!(
            format!("{rows} mensagens mais antigas ficaram de fora."),
            format!("{rows} older messages were left out.")
        ),
        Some(1) => tr!(
            "Um registro mais antigo ficou de fora, com uma ou mais mensagens.",
            "One older record was left out, with one or more messages.",
        )
        .to_owned(),
        Some(rows) => tr!(
            format!("Ficaram de fora {rows} registros mais antigos, cada um com uma ou mais mensagens."),
            format!("{rows} older records were left out, each with one or more messages.")
        ),
        None => tr!(
            "Pode haver mensagens mais antigas, que ficaram de fora.",
            "There may be older messages, which were left out.",
        )
        .to_owned(),
    })
}

fn booked_row(calendar: &Calendar, row: Appointment) -> Booked {
    let what = [row.service, row.professional].into_iter().flatten().map(|text| words::one_line(&text, LONGEST_LINE));
    Booked {
        starts: calendar.soon(row.starts),
        what: what.collect::<Vec<_>>().join(" · "),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
        ahead: row.starts >= calendar.now(),
    }
}

/// Messages come newest first; a thread reads the other way, day by day.
pub(super) fn by_day(calendar: &Calendar, rows: Vec<MessageRow>, name: impl Fn(Date) -> String) -> Vec<ThreadDay> {
    let mut days: Vec<(Option<Date>, ThreadDay)> = Vec::new();
    for row in rows.into_iter().rev() {
        let date = row.at.map(|at| calendar.date_of(at));
        let Some(message) = shown(calendar, row) else { continue };
        match days.last_mut() {
            Some((last, day)) if *last == date => day.messages.push(message),
            _ => {
                // Their table does not tell when.
                let label = date.map_or_else(|| tr!("sem data", "no date").to_owned(), &name);
                days.push((date, ThreadDay { label, messages: vec![message] }));
            }
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn shown(calendar: &Calendar, row: MessageRow) -> Option<Message> {
    let author = match row.author {
        Writer::Contact => Author::Contact,
        Writer::Bot => Author::Bot,
        Writer::Team => Author::Team,
        Writer::Business => Author::Business,
        Writer::Hidden => return None,
    };
    let media = row.media.map(words::media);
    let empty = row.text.trim().is_empty();
    let text = if empty && media.is_none() { no_text() } else { row.text };
    Some(Message { author, text, media, at: row.at.map(|at| calendar.time(at)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new("America/Sao_Paulo", "2026-11-24T15:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_day_without_messages_is_said_with_the_next_that_has_some() {
        let day = "2026-11-20".parse().unwrap();
        let note = |at: Option<&str>| day_note(&calendar(), day, at.map(|at| at.parse().unwrap()));
        // 02:30 UTC of the 21st is still the 20th in São Paulo.
        assert_eq!(note(Some("2026-11-21T02:30:00Z")), None);
        assert_eq!(
            note(Some("2026-11-21T03:30:00Z")).as_deref(),
            Some("Não há mensagens em sexta, 20 de novembro. As seguintes são de sábado, 21 de novembro.")
        );
        assert_eq!(note(None).as_deref(), Some("Não há mensagens em sexta, 20 de novembro nem depois."));
    }

    #[test]
    fn a_passage_is_one_of_its_kinds() {
        let request = |older: &str, newer: &str| ThreadRequest {
            older: older.to_owned(),
            newer: newer.to_owned(),
            ..ThreadRequest::default()
        };
        let day = "2026-11-20".parse().ok();
        let place: crate::project::Cursor = "W251bGwsIjciXQ".parse().unwrap();
        let text = place.to_string();
        for (asked, day, expected) in [
            (request("", ""), None, Some(Passage::Latest)),
            (request("", ""), day, Some(Passage::Since("2026-11-20T03:00:00Z".parse().unwrap()))),
            (request(&text, ""), day, Some(Passage::Before(place.clone()))),
            (request("", &text), None, Some(Passage::After(place))),
            (request(&text, &text), None, None),
            (request("abacaxi", ""), None, None),
        ] {
            assert_eq!(passage(&asked, day, &calendar()).ok(), expected);
        }
    }

    #[test]
    fn what_is_left_out_is_counted_in_words() {
        assert_eq!(left_out_words(Some(0), true), None);
        assert_eq!(left_out_words(Some(1), true).as_deref(), Some("Uma mensagem mais antiga ficou de fora."));
        assert_eq!(left_out_words(Some(250), true).as_deref(), Some("250 mensagens mais antigas ficaram de fora."));
        assert!(left_out_words(Some(3), false).is_some_and(|words| words.contains("3 registros")));
        assert!(left_out_words(None, true).is_some());
    }
}
