//! Conversations: one request for a page of the list, two at once for a thread.

use super::{RequestBackend, calendar, contact};
use crate::{
    project::{Conversation, Cursor, Direction, Message as MessageRow},
    words::{self, Calendar},
};
use app::{
    conversations::{ConversationPage, ConversationRow, ConversationsBackend, Message, PageRequest, Thread, ThreadDay},
    error::AppError,
    session::Permission,
};

const PAGE: u32 = 50;
const MESSAGES: u32 = 100;
const LINE: usize = 140;
/// What stands for a message without text: a picture, a voice message.
const NO_TEXT: &str = "(sem texto)";

#[async_trait::async_trait]
impl ConversationsBackend for RequestBackend {
    async fn page(&self, request: PageRequest) -> Result<ConversationPage, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let direction = direction(&request)?;
        let project = self.project(&visitor.scope).await?;
        let failed = |error| self.project_failed(&visitor.scope, error);
        let page = project.conversations_page(direction, PAGE).await.map_err(failed)?;
        let cursor = |row: Option<&Conversation>| row.map(|row| Cursor::of(row).to_string());
        // Beside the page's own "more" there is always the page one came from.
        let (newer, older) = match direction {
            Direction::Newest => (false, page.more),
            Direction::OlderThan(_) => (true, page.more),
            Direction::NewerThan(_) => (page.more, true),
        };
        Ok(ConversationPage {
            newer: newer.then(|| cursor(page.rows.first())).flatten(),
            older: older.then(|| cursor(page.rows.last())).flatten(),
            rows: page.rows.into_iter().map(|row| list_row(&calendar, row)).collect(),
            stale: self.stale(&calendar, &project),
        })
    }

    async fn thread(&self, id: &str, before: &str) -> Result<Thread, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let calendar = calendar(visitor);
        let id = number(id)?;
        let before = if before.is_empty() { None } else { Some(number(before)?) };
        let project = self.project(&visitor.scope).await?;
        let failed = |error| self.project_failed(&visitor.scope, error);
        let (conversation, messages) =
            tokio::join!(project.find_conversation(id), project.messages(id, before, MESSAGES));
        let conversation = conversation.map_err(failed)?.ok_or(AppError::NotFound)?;
        let (who, phone) = contact(conversation.name.as_deref(), &conversation.phone);
        let (days, older, trouble) = match messages {
            Ok(page) => {
                let older = page.more.then(|| page.rows.last().map(|row| row.id)).flatten();
                (by_day(&calendar, page.rows), older, None)
            }
            Err(error) => (Vec::new(), None, Some(failed(error))),
        };
        Ok(Thread {
            initial: words::initial(conversation.name.as_deref().unwrap_or_default()),
            who,
            phone,
            status: words::conversation_status(&conversation.status),
            days,
            older,
            partial: before.is_some(),
            stale: self.stale(&calendar, &project),
            trouble,
        })
    }
}

fn direction(request: &PageRequest) -> Result<Direction, AppError> {
    let parse = |text: &str| text.parse::<Cursor>().map_err(|_| AppError::NotFound);
    match (request.before.as_str(), request.after.as_str()) {
        ("", "") => Ok(Direction::Newest),
        (before, "") => parse(before).map(Direction::OlderThan),
        ("", after) => parse(after).map(Direction::NewerThan),
        _ => Err(AppError::NotFound),
    }
}

/// An id as it stands in an address: digits only, so that one thing has one address.
fn number(text: &str) -> Result<i64, AppError> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| AppError::NotFound) } else { Err(AppError::NotFound) }
}

fn list_row(calendar: &Calendar, row: Conversation) -> ConversationRow {
    let (who, phone) = contact(row.name.as_deref(), &row.phone);
    let last_message = words::one_line(&row.last_message, LINE);
    ConversationRow {
        id: row.id,
        who,
        initial: words::initial(row.name.as_deref().unwrap_or_default()),
        phone,
        last_message: if last_message.is_empty() { NO_TEXT.to_owned() } else { last_message },
        status: words::conversation_status(&row.status),
        updated: calendar.recently(row.updated_at),
    }
}

/// Messages come newest first; a thread reads the other way, day by day.
fn by_day(calendar: &Calendar, rows: Vec<MessageRow>) -> Vec<ThreadDay> {
    let mut days: Vec<(jiff::civil::Date, ThreadDay)> = Vec::new();
    for row in rows.into_iter().rev() {
        let date = calendar.date_of(row.created_at);
        let text = if row.content.trim().is_empty() { NO_TEXT.to_owned() } else { row.content };
        let message = Message { id: row.id, outgoing: row.outgoing, text, at: calendar.time(row.created_at) };
        match days.last_mut() {
            Some((last, day)) if *last == date => day.messages.push(message),
            _ => days.push((date, ThreadDay { label: calendar.day_name(date), messages: vec![message] })),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_digits_are_an_id() {
        assert_eq!(number("42"), Ok(42));
        for text in ["", "+42", "-1", "4 2", "42a", "0x2a", "99999999999999999999", "١٢", "1;drop"] {
            assert_eq!(number(text), Err(AppError::NotFound), "for {text:?}");
        }
    }
}
