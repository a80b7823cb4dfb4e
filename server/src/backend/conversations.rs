//! Conversations: a page of the list. One of them is in `thread`, filters that somebody keeps are in `saved_filters`.

use super::{RequestBackend, calendar, contact, typed_line};
use crate::{
    mapping::{Author as Writer, Conversation, Conversations, Mapping, When},
    project::{Cursor, Direction, Found, Search},
    words::{self, Calendar, plus_days},
};
use app::{
    conversations::{
        ConversationFilter, ConversationPage, ConversationRow, ConversationsBackend, PageRequest, PrintedThread,
        SavedFilters, Thread, ThreadRequest,
    },
    error::{AppError, FieldError},
    session::Permission,
    tr,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const PAGE: u32 = 50;
const LINE: usize = 140;
/// Characters of what is looked for at most.
pub(super) const LONGEST_SEARCH: usize = 100;
/// All that may stand as it is in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

/// What stands for a message without text: a picture, a voice message.
pub(super) fn no_text() -> String {
    tr!("(sem texto)", "(no text)").to_owned()
}

/// The address of a conversation's page.
pub(super) fn address(id: &str) -> String {
    format!("/conversations/{}", segment(id))
}

/// An id as one segment of a path.
pub(super) fn segment(id: &str) -> impl std::fmt::Display {
    utf8_percent_encode(id, SEGMENT)
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
        project.note_whose(&page.rows);
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

    async fn thread(&self, request: ThreadRequest) -> Result<Thread, AppError> {
        self.read_thread(&request).await
    }

    async fn print(&self, id: &str) -> Result<PrintedThread, AppError> {
        self.printed_thread(id).await
    }

    async fn saved_filters(&self) -> Result<SavedFilters, AppError> {
        self.list_filters().await
    }

    async fn save_filter(&self, name: &str, filter: ConversationFilter) -> Result<(), AppError> {
        self.keep_filter(name, &filter).await
    }

    async fn remove_filter(&self, id: &str) -> Result<(), AppError> {
        self.forget_filter(id).await
    }
}

/// # Errors
/// `Invalid` at `from` and `to`.
pub(super) fn read_filter(filter: &ConversationFilter, calendar: &Calendar) -> Result<Search, AppError> {
    let day = |text: &str, field: &str| match text.trim() {
        "" => Ok(None),
        text => words::plain_day(text)
            .map(Some)
            .ok_or_else(|| AppError::Invalid(vec![FieldError::new(field, choose_a_date())])),
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

pub(super) fn choose_a_date() -> String {
    tr!("Escolha uma data do calendário.", "Choose a date from the calendar.").to_owned()
}

fn notes(found: &Found, search: &Search, mapping: &Mapping) -> Vec<String> {
    let compared = |when: Option<&When>| when.and_then(When::ordered).is_some();
    let said = mapping.messages.as_ref().map(|messages| compared(messages.at.as_ref()));
    let moved = match &mapping.conversations {
        Conversations::Table { changed, .. } => compared(changed.as_ref()),
        _ => said == Some(true),
    };
    let by_days = search.from.is_some() || search.until.is_some();
    let by_messages = !(search.text.is_empty() && search.authors.is_empty()) && said.is_some();
    let told = [
        (
            by_days && !moved && by_messages && said == Some(true),
            tr!(
                "As conversas deste projeto não dizem quando mudaram: o período vale só para as mensagens.",
                "The conversations of this project do not say when they changed: the period only applies to messages.",
            ),
        ),
        (
            by_days && moved && by_messages && said == Some(false),
            tr!(
                "As mensagens deste projeto não deixam escolher por data: palavras e quem escreveu são de qualquer época.",
                "The messages of this project cannot be searched by date: words and who wrote are of any time.",
            ),
        ),
        (
            by_days && !moved && !(by_messages && said == Some(true)),
            tr!(
                "As tabelas deste projeto não deixam escolher por data: o período não conta aqui.",
                "The tables of this project cannot be searched by date: the period has no effect here.",
            ),
        ),
        (
            found.newest_only,
            tr!(
                "Procuramos nas mensagens mais recentes com essas palavras; pode haver mais antigas.",
                "We looked for these words in the newest messages; there may be older ones.",
            ),
        ),
        (
            found.not_in_messages,
            tr!(
                "Nas mensagens deste projeto não dá para procurar palavras: só em nomes e telefones.",
                "The messages of this project cannot be searched for words: only names and phone numbers can.",
            ),
        ),
        (
            found.latest_statuses,
            tr!(
                "O estado foi procurado como está escrito nas conversas mais recentes deste projeto.",
                "The status was searched for as it is written in the newest conversations of this project.",
            ),
        ),
    ];
    told.into_iter().filter(|(so, _)| *so).map(|(_, note)| note.to_owned()).collect()
}

/// Statuses and authors.
type Choices = (Vec<(String, String)>, Vec<(String, String)>);

/// What can be asked for of these tables.
fn choices(mapping: &Mapping) -> Choices {
    let keeps_status = matches!(&mapping.conversations, Conversations::Table { status: Some(_), .. });
    let statuses = if keeps_status { words::conversation_statuses() } else { Vec::new() };
    let authors = match &mapping.messages {
        None => Vec::new(),
        Some(_) => vec![
            ("contact", tr!("o contato", "the contact")),
            ("bot", tr!("o robô", "the bot")),
            ("team", tr!("a equipe", "the team")),
            ("business", tr!("o negócio", "the business")),
        ],
    };
    (statuses, authors.into_iter().map(|(name, label)| (name.to_owned(), label.to_owned())).collect())
}

pub(super) fn cursor(text: &str) -> Result<Cursor, AppError> {
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

pub(super) fn list_row(calendar: &Calendar, row: Conversation) -> ConversationRow {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let last_message = words::one_line(row.last_message.as_deref().unwrap_or_default(), LINE);
    ConversationRow {
        href: address(&row.id),
        who,
        initial: words::initial(row.name.as_deref().unwrap_or_default()),
        phone,
        last_message: if last_message.is_empty() { no_text() } else { last_message },
        status: words::conversation_status(row.status.as_deref()),
        updated: row.changed.map(|changed| calendar.recently(changed)),
    }
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
