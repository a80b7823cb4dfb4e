//! Conversations: one request for a page of the list, two at once for a thread.

use super::{RequestBackend, appointments::parse_day, calendar, contact, typed_line};
use crate::{
    mapping::{
        Appointment, Author as Writer, Conversation, Conversations, Mapping, Message as MessageRow, Person, When,
    },
    project::{Cursor, Direction, Found, ProjectError, Search},
    words::{self, Calendar, plus_days},
};
use app::{
    conversations::{
        Author, Booked, ConversationFilter, ConversationPage, ConversationRow, ConversationsBackend, Message,
        PageRequest, Thread, ThreadDay,
    },
    error::{AppError, FieldError},
    session::Permission,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const PAGE: u32 = 50;
const MESSAGES: u32 = 100;
/// Appointments of a contact beside a thread.
const BOOKED: u32 = 6;
const LINE: usize = 140;
/// Characters of what is looked for at most.
const LONGEST_SEARCH: usize = 100;
/// Bytes of an id in an address at most.
const LONGEST_ID: usize = 300;
/// What stands for a message without text: a picture, a voice message.
const NO_TEXT: &str = "(sem texto)";
/// What stands for the day of messages whose table does not tell when.
const NO_DATE: &str = "sem data";
/// All that may stand as it is in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

/// The address of a conversation's page.
pub(super) fn address(id: &str) -> String {
    format!("/conversations/{}", utf8_percent_encode(id, SEGMENT))
}

#[async_trait::async_trait]
impl ConversationsBackend for RequestBackend {
    async fn page(&self, request: PageRequest) -> Result<ConversationPage, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let direction = direction(&request)?;
        let search = read_filter(&request.filter, &calendar)?;
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let (page, notes) = if search.is_empty() {
            (project.conversations_page(&direction, PAGE).await.map_err(failed)?, Vec::new())
        } else {
            let found = project.search_page(&search, &direction, PAGE).await.map_err(failed)?;
            let notes = notes(&found, &search, &project.mapping());
            (found.page, notes)
        };
        // Beside the page's own "more" there is always the page one came from.
        let (newer, older) = match direction {
            Direction::Newest => (false, page.more),
            Direction::OlderThan(_) => (true, page.more),
            Direction::NewerThan(_) => (page.more, true),
        };
        let (first, last) = page.ends.map(|(first, last)| (first.to_string(), last.to_string())).unzip();
        let (statuses, authors) = choices(&project.mapping());
        Ok(ConversationPage {
            statuses,
            authors,
            notes,
            newer: first.filter(|_| newer),
            older: last.filter(|_| older),
            rows: page.rows.into_iter().map(|row| list_row(&calendar, row)).collect(),
            reading: self.reading(visitor, &calendar, &project),
        })
    }

    async fn thread(&self, id: &str, before: &str) -> Result<Thread, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') {
            return Err(AppError::NotFound);
        }
        let before = if before.is_empty() { None } else { Some(cursor(before)?) };
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let talk = async {
            let conversation = project.find_conversation(id).await?;
            let person = conversation.as_ref().and_then(|one| one.person.as_ref());
            let booked = match person.filter(|person| !matches!(person, Person::Other(_))) {
                Some(person) => Some(project.appointments_of(person, BOOKED).await),
                None => None,
            };
            Ok((conversation, booked))
        };
        let (talk, messages) = tokio::join!(talk, project.messages(id, before.as_ref(), MESSAGES));
        let (conversation, booked) = talk.map_err(failed)?;
        let conversation = conversation.ok_or(AppError::NotFound)?;
        let booked = match booked {
            // Tables without appointments, or that do not tell whose they are.
            None | Some(Err(ProjectError::NotMapped(_) | ProjectError::NotTold(_))) => None,
            Some(Err(error)) => Some(Err(failed(error))),
            Some(Ok(rows)) => Some(Ok(rows.into_iter().map(|row| booked_row(&calendar, row)).collect())),
        };
        let (who, phone) = contact(conversation.name.as_deref(), conversation.person.as_ref());
        let (days, older, trouble) = match messages {
            Ok(page) => {
                let older = page.ends.filter(|_| page.more).map(|(_, last)| last.to_string());
                (by_day(&calendar, page.rows), older, None)
            }
            Err(error) => (Vec::new(), None, Some(failed(error))),
        };
        Ok(Thread {
            href: address(id),
            initial: words::initial(conversation.name.as_deref().unwrap_or_default()),
            who,
            phone,
            status: words::conversation_status(conversation.status.as_deref()),
            days,
            booked,
            older,
            partial: before.is_some(),
            reading: self.reading(visitor, &calendar, &project),
            trouble,
        })
    }
}

/// # Errors
/// `Invalid` at `from` and `to`.
pub(super) fn read_filter(filter: &ConversationFilter, calendar: &Calendar) -> Result<Search, AppError> {
    let day = |text: &str, field: &str| match text.trim() {
        "" => Ok(None),
        text => parse_day(text)
            .map(Some)
            .ok_or_else(|| AppError::Invalid(vec![FieldError::new(field, "Escolha uma data do calendário.")])),
    };
    let (from, to) = (day(&filter.from, "from")?, day(&filter.to, "to")?);
    let authors = match filter.author.as_str() {
        "contact" => vec![Writer::Contact],
        "bot" => vec![Writer::Bot],
        "team" => vec![Writer::Team],
        "business" => vec![Writer::Bot, Writer::Team, Writer::Business],
        _ => Vec::new(),
    };
    Ok(Search {
        text: typed_line(&filter.q).chars().take(LONGEST_SEARCH).collect(),
        statuses: words::conversation_status_words(&filter.status).unwrap_or_default(),
        from: from.map(|day| calendar.start_of(day)),
        until: to.map(|day| calendar.start_of(plus_days(day, 1))),
        authors,
    })
}

fn notes(found: &Found, search: &Search, mapping: &Mapping) -> Vec<String> {
    let compared = match (&mapping.conversations, &mapping.messages) {
        (Conversations::Table { changed, .. }, _) => changed.as_ref().and_then(When::ordered).is_some(),
        (_, Some(messages)) => messages.at.as_ref().and_then(When::ordered).is_some(),
        _ => false,
    };
    let by_days = search.from.is_some() || search.until.is_some();
    let told = [
        (by_days && !compared, "As tabelas deste projeto não deixam escolher por data: o período não conta aqui."),
        (found.newest_only, "Procuramos nas mensagens mais recentes com essas palavras; pode haver mais antigas."),
        (found.not_in_messages, "Nas mensagens deste projeto não dá para procurar palavras: só em nomes e telefones."),
    ];
    told.into_iter().filter(|(so, _)| *so).map(|(_, note)| note.to_owned()).collect()
}

/// Statuses and authors.
type Choices = (Vec<(String, String)>, Vec<(String, String)>);

/// What can be asked for of these tables.
fn choices(mapping: &Mapping) -> Choices {
    let keeps_status = matches!(&mapping.conversations, Conversations::Table { status: Some(_), .. });
    let statuses = if keeps_status { words::conversation_statuses() } else { Vec::new() };
    let authors: &[(&str, &str)] = match &mapping.messages {
        None => &[],
        Some(_) => &[("contact", "o contato"), ("bot", "o robô"), ("team", "a equipe"), ("business", "o negócio")],
    };
    (statuses, authors.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect())
}

fn cursor(text: &str) -> Result<Cursor, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn direction(request: &PageRequest) -> Result<Direction, AppError> {
    match (request.before.as_str(), request.after.as_str()) {
        ("", "") => Ok(Direction::Newest),
        (before, "") => cursor(before).map(Direction::OlderThan),
        ("", after) => cursor(after).map(Direction::NewerThan),
        _ => Err(AppError::NotFound),
    }
}

fn booked_row(calendar: &Calendar, row: Appointment) -> Booked {
    let what = [row.service, row.professional];
    Booked {
        starts: calendar.soon(row.starts),
        what: what.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
        ahead: row.starts >= calendar.now(),
    }
}

fn list_row(calendar: &Calendar, row: Conversation) -> ConversationRow {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let last_message = words::one_line(row.last_message.as_deref().unwrap_or_default(), LINE);
    ConversationRow {
        href: address(&row.id),
        who,
        initial: words::initial(row.name.as_deref().unwrap_or_default()),
        phone,
        last_message: if last_message.is_empty() { NO_TEXT.to_owned() } else { last_message },
        status: words::conversation_status(row.status.as_deref()),
        updated: row.changed.map(|changed| calendar.recently(changed)),
    }
}

/// Messages come newest first; a thread reads the other way, day by day.
fn by_day(calendar: &Calendar, rows: Vec<MessageRow>) -> Vec<ThreadDay> {
    let mut days: Vec<(Option<jiff::civil::Date>, ThreadDay)> = Vec::new();
    for row in rows.into_iter().rev() {
        let date = row.at.map(|at| calendar.date_of(at));
        let Some(message) = shown(calendar, row) else { continue };
        match days.last_mut() {
            Some((last, day)) if *last == date => day.messages.push(message),
            _ => {
                let label = date.map_or_else(|| NO_DATE.to_owned(), |date| calendar.day_name(date));
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
    let text = if empty && media.is_none() { NO_TEXT.to_owned() } else { row.text };
    Some(Message { author, text, media, at: row.at.map(|at| calendar.time(at)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_segment_of_an_address() {
        for (id, expected) in [
            ("42", "/conversations/42"),
            ("5511987654321@s.whatsapp.net", "/conversations/5511987654321@s.whatsapp.net"),
            ("(11) 98765-4321", "/conversations/%2811%29%2098765-4321"),
            ("a/b?c#d%e+f", "/conversations/a%2Fb%3Fc%23d%25e%2Bf"),
            ("é", "/conversations/%C3%A9"),
        ] {
            assert_eq!(address(id), expected);
        }
    }
}
