//! A tenant's own content as CSV for a spreadsheet: streamed page by page as the project gives it, in the tenant's zone, so
//! that a large file costs no more memory than a small one. A file that cannot be finished is broken off, never closed as
//! if it were whole.

use super::{
    RequestBackend, appointments::Only, calendar, contact, conversations::read_filter, export::Lines, failure,
    mapping::author_label, still::Leave, thread::checked_id,
};
use crate::{
    egress::EgressError,
    mapping::{Appointment, Conversation, Message, Part},
    project::{Cursor, Direction, Page, Passage, Project, ProjectError, Search},
    store::{Event, EventKind, Visitor},
    words::{self, Calendar},
};
use app::{
    conversations::ConversationFilter,
    error::AppError,
    lang::{Lang, lang, speaking},
    session::Permission,
    tr,
};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use std::{future::Future, pin::Pin, sync::Arc};
use time::OffsetDateTime;

/// Rows asked for at a time, and fewer where those are too large for one answer.
const STEPS: [u32; 3] = [999, 200, 50];
/// Questions for one file at most.
const MOST_STEPS: usize = 2_000;
/// Rows of one file at most.
pub(super) const MOST: usize = 200_000;

/// The columns of [`message_cells`].
fn message_columns() -> &'static [&'static str] {
    tr!(
        &["conversa", "quando", "quem escreveu", "texto", "anexo"],
        &["conversation", "when", "who wrote", "text", "attachment"],
    )
}

/// Which rows, and how they are parted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CsvRequest {
    /// What is looked for: as the list of conversations has it, or `from` and `to` alone.
    #[serde(flatten)]
    pub filter: ConversationFilter,
    /// Of which conversation, where it is one's.
    pub id: String,
    /// Only appointments with this one.
    pub professional: String,
    /// Only appointments for this.
    pub service: String,
    /// What parts the columns: a comma, a semicolon, or else what goes with the reader's language (`separator`).
    pub sep: String,
}

/// A file under way.
pub struct CsvFile {
    /// Its name.
    pub name: &'static str,
    /// About how many rows it will have, where the project tells: for a bar that grows.
    pub about: Option<u64>,
    /// Its lines, several at a time.
    pub lines: Lines,
}

/// One step of a file: the rows after a place.
type Step<T> = Pin<Box<dyn Future<Output = Result<Page<T>, ProjectError>> + Send>>;

/// The rows after a place, so many at most.
type Read<T> = Box<dyn Fn(Arc<Project>, Option<Cursor>, u32) -> Step<T> + Send + Sync>;

/// How a file is read and written.
struct Plan<T> {
    name: &'static str,
    columns: &'static [&'static str],
    read: Read<T>,
    cells: fn(&Calendar, T) -> Vec<String>,
    separator: char,
    /// What the last line says.
    note: Option<&'static str>,
    /// What is counted for a bar that grows.
    counted: Option<Counted>,
}

/// Rows of a part within a span.
struct Counted {
    part: Part,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl<T> Plan<T> {
    /// The rows after a place; fewer where those are too large for one answer.
    async fn read_some(&self, project: &Arc<Project>, after: Option<Cursor>) -> Result<Page<T>, ProjectError> {
        let mut page = Err(ProjectError::NoAnswer(EgressError::TooLarge));
        for step in STEPS {
            page = (self.read)(Arc::clone(project), after.clone(), step).await;
            if !matches!(page, Err(ProjectError::NoAnswer(EgressError::TooLarge))) {
                break;
            }
        }
        page
    }
}

impl RequestBackend {
    /// The conversations that a filter leaves, newest first.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid`, and what reading a project may give.
    pub async fn conversations_csv(self, request: &CsvRequest) -> Result<CsvFile, AppError> {
        let visitor = Arc::clone(self.member(Permission::Export)?);
        let search = Arc::new(read_filter(&request.filter, &calendar(&visitor))?);
        let looks = !search.text.is_empty();
        let Search { from, until, .. } = *search;
        // Of what is looked for nobody knows how much there is.
        let counted = search.spans_only().then_some(Counted { part: Part::Conversations, from, until });
        let read = move |project: Arc<Project>, after: Option<Cursor>, step: u32| -> Step<Conversation> {
            let search = Arc::clone(&search);
            Box::pin(async move {
                let direction = after.map_or(Direction::Newest, Direction::OlderThan);
                match search.is_empty() {
                    true => project.conversations_page(&direction, step).await,
                    false => project.search_page(&search, &direction, step).await.map(|found| found.page),
                }
            })
        };
        let plan = Plan {
            name: "conversas.csv",
            columns: tr!(
                &["contato", "telefone", "estado", "última mensagem", "começou", "mudou"],
                &["contact", "phone", "status", "last message", "began", "changed"],
            ),
            read: Box::new(read),
            cells: conversation_cells,
            separator: separator(&request.sep),
            note: looks.then_some(tr!(
                "As palavras foram procuradas nas mensagens mais recentes.",
                "The words were searched for in the newest messages.",
            )),
            counted,
        };
        self.csv(&visitor, plan).await
    }

    /// The messages of a span of days, newest first.
    ///
    /// # Errors
    /// As [`RequestBackend::conversations_csv`].
    pub async fn messages_csv(self, request: &CsvRequest) -> Result<CsvFile, AppError> {
        let visitor = Arc::clone(self.member(Permission::Export)?);
        let Search { from, until, .. } = read_filter(&request.filter, &calendar(&visitor))?;
        let read = move |project: Arc<Project>, after: Option<Cursor>, step: u32| -> Step<Message> {
            Box::pin(async move { project.messages_between(from, until, after.as_ref(), step).await })
        };
        let plan = Plan {
            name: "mensagens.csv",
            columns: message_columns(),
            read: Box::new(read),
            cells: message_cells,
            separator: separator(&request.sep),
            note: None,
            counted: Some(Counted { part: Part::Messages, from, until }),
        };
        self.csv(&visitor, plan).await
    }

    /// The messages of one conversation, newest first.
    ///
    /// # Errors
    /// As [`RequestBackend::conversations_csv`], and `NotFound` when this tenant's project has no such conversation.
    pub async fn conversation_csv(self, request: &CsvRequest) -> Result<CsvFile, AppError> {
        let visitor = Arc::clone(self.member(Permission::Export)?);
        let id: Arc<str> = checked_id(&request.id)?.into();
        let (project, _) = self.project_now(&visitor.scope).await?;
        let found = project.find_conversation(&id).await;
        found.map_err(|error| self.project_failed(&visitor, &project, error))?.ok_or(AppError::NotFound)?;
        let read = move |project: Arc<Project>, after: Option<Cursor>, step: u32| -> Step<Message> {
            let id = Arc::clone(&id);
            Box::pin(async move {
                let passage = after.map_or(Passage::Latest, Passage::Before);
                project.messages(&id, &passage, step).await
            })
        };
        let plan = Plan {
            name: "conversa.csv",
            columns: message_columns(),
            read: Box::new(read),
            cells: message_cells,
            separator: separator(&request.sep),
            note: None,
            counted: None,
        };
        self.csv(&visitor, plan).await
    }

    /// The appointments of a span of days, in order, those that a professional, a service and a status leave.
    ///
    /// # Errors
    /// As [`RequestBackend::conversations_csv`].
    pub async fn appointments_csv(self, request: &CsvRequest) -> Result<CsvFile, AppError> {
        let visitor = Arc::clone(self.member(Permission::Export)?);
        let Search { from, until, .. } = read_filter(&request.filter, &calendar(&visitor))?;
        let only = Arc::new(Only::read(&request.professional, &request.service, &request.filter.status));
        let read = move |project: Arc<Project>, after: Option<Cursor>, step: u32| -> Step<Appointment> {
            let only = Arc::clone(&only);
            Box::pin(async move {
                let mut page = project.appointments_after(from, until, after.as_ref(), step).await?;
                page.rows.retain(|row| only.admits(row));
                Ok(page)
            })
        };
        let plan = Plan {
            name: "agenda.csv",
            columns: tr!(
                &["começa", "termina", "cliente", "telefone", "serviço", "profissional", "estado", "valor", "link"],
                &["begins", "ends", "customer", "phone", "service", "professional", "status", "price", "link"],
            ),
            read: Box::new(read),
            cells: appointment_cells,
            separator: separator(&request.sep),
            note: None,
            counted: Some(Counted { part: Part::Appointments, from, until }),
        };
        self.csv(&visitor, plan).await
    }

    /// Reads the first page, so that what is wrong from the start is an answer of its own, and hands on the rest, for as long
    /// as it may be had.
    async fn csv<T: Send + 'static>(self, visitor: &Visitor, plan: Plan<T>) -> Result<CsvFile, AppError> {
        let still = self.still(Leave::InTenant(visitor.scope.tenant(), Permission::Export))?;
        let calendar = calendar(visitor);
        // Never from what is kept: a file that somebody takes away says what the project says now.
        let (project, _) = self.project_now(&visitor.scope).await?;
        let project = Arc::new(project);
        let about = async {
            let Counted { part, from, until } = plan.counted.as_ref()?;
            project.estimate(*part, *from, *until).await
        };
        let (first, about) = tokio::join!(plan.read_some(&project, None), about);
        let first = first.map_err(|error| self.project_failed(visitor, &project, error))?;
        let event = Event::new(EventKind::ContentExported, plan.name);
        let recorded = self.state.store.record(&visitor.scope, &self.act(), OffsetDateTime::now_utc(), event).await;
        recorded.map_err(failure::store)?;
        let name = plan.name;
        let separator = plan.separator;
        let mut head = String::from("\u{feff}");
        line(&mut head, plan.columns.iter().map(|column| (*column).to_owned()), separator);
        let about = about.map(|rows| rows.min(MOST as u64));
        let state = Under { plan, project, calendar, lang: lang(), next: Next::Page(first), rows: 0, steps: 0 };
        // What is still to come is asked for when the request itself is over, and speaks its language all the same.
        let step = |state: Under<T>| speaking(state.lang, state.step());
        let lines = stream::once(async move { Ok(head) }).chain(stream::unfold(state, step)).boxed();
        Ok(CsvFile { name, about, lines: still.over(lines) })
    }
}

/// A file under way.
struct Under<T> {
    plan: Plan<T>,
    project: Arc<Project>,
    calendar: Calendar,
    lang: Lang,
    next: Next<T>,
    rows: usize,
    steps: usize,
}

/// What comes next in a file.
enum Next<T> {
    /// A page that is there.
    Page(Page<T>),
    /// The page after this place.
    After(Cursor),
    /// Nothing.
    End,
}

impl<T: Send + 'static> Under<T> {
    async fn step(mut self) -> Option<(Result<String, AppError>, Self)> {
        let page = match std::mem::replace(&mut self.next, Next::End) {
            Next::End => return None,
            Next::Page(page) => page,
            Next::After(place) => match self.plan.read_some(&self.project, Some(place)).await {
                Ok(page) => page,
                Err(error) => return Some((Err(failure::project(error)), self)),
            },
        };
        self.steps += 1;
        let mut lines = String::new();
        let separator = self.plan.separator;
        for row in page.rows {
            self.rows += 1;
            line(&mut lines, (self.plan.cells)(&self.calendar, row).into_iter(), separator);
        }
        // Until nothing more comes: a project may give fewer rows than it was asked for.
        match page.ends {
            Some(_) if self.rows >= MOST || self.steps >= MOST_STEPS => {
                line(&mut lines, [cut_off(self.rows)].into_iter(), separator);
            }
            Some((_, last)) => self.next = Next::After(last),
            None => {
                if let Some(note) = self.plan.note {
                    line(&mut lines, [note.to_owned()].into_iter(), separator);
                }
            }
        }
        Some((Ok(lines), self))
    }
}

/// What the last line of a file says that has no more rows than it may have.
pub(super) fn cut_off(rows: usize) -> String {
    tr!(
        format!("Cortado depois de {rows} linhas: escolha menos dias."),
        format!("Cut off after {rows} rows: choose fewer days.")
    )
}

/// What parts the columns: what was asked for, or else what goes with the reader's language. Excel goes by neither, but by
/// its computer's list separator: a semicolon where that is set to Brazil, whose comma stands before decimals, a comma
/// where it is set to Britain or the United States. Who reads English on a computer that is set to Brazil asks for `;`.
pub(super) fn separator(asked: &str) -> char {
    match asked {
        "," => ',',
        ";" => ';',
        _ => tr!(';', ','),
    }
}

/// One line of a file.
pub(super) fn line(out: &mut String, cells: impl Iterator<Item = String>, separator: char) {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(if separator == ',' { b',' } else { b';' })
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory does not fail, and what was text stays text.
    let written = writer.write_record(cells.map(|cell| safe_cell(&cell))).ok().and_then(|()| writer.into_inner().ok());
    out.push_str(&String::from_utf8(written.unwrap_or_default()).unwrap_or_default());
}

/// A text that no spreadsheet takes for a formula.
fn safe_cell(text: &str) -> String {
    let text = text.replace('\0', "");
    let begins = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
    let guard = if begins.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%', '＝', '＋', '－', '＠']) {
        "'"
    } else {
        ""
    };
    format!("{guard}{text}")
}

fn conversation_cells(calendar: &Calendar, row: Conversation) -> Vec<String> {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let status = words::conversation_status(row.status.as_deref()).map(|status| status.label);
    let at = |at: Option<Timestamp>| at.map(|at| calendar.exact(at)).unwrap_or_default();
    vec![who, phone, status.unwrap_or_default(), row.last_message.unwrap_or_default(), at(row.began), at(row.changed)]
}

fn message_cells(calendar: &Calendar, row: Message) -> Vec<String> {
    vec![
        row.conversation,
        row.at.map(|at| calendar.exact(at)).unwrap_or_default(),
        author_label(row.author).to_owned(),
        row.text,
        row.media.map(words::media).unwrap_or_default(),
    ]
}

fn appointment_cells(calendar: &Calendar, row: Appointment) -> Vec<String> {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    let status = words::appointment_status(row.outcome, row.status.as_deref()).map(|status| status.label);
    vec![
        calendar.exact(row.starts),
        row.ends.map(|ends| calendar.exact(ends)).unwrap_or_default(),
        who,
        phone,
        row.service.unwrap_or_default(),
        row.professional.unwrap_or_default(),
        status.unwrap_or_default(),
        row.price.map(words::reais).unwrap_or_default(),
        row.link.filter(|link| link.starts_with("https://")).unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut text = String::new();
        line(&mut text, ["Ana \"A\"; B".to_owned(), "=1".to_owned()].into_iter(), ';');
        assert_eq!(text, "\"Ana \"\"A\"\"; B\";\"'=1\"\r\n");
        for text in ["=1+1", "+1", "-1", "@x", "\tx", " =1", "\r=1", "|calc", "\u{a0}=1"] {
            assert!(safe_cell(text).starts_with('\''), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_cells_comes_back(cells in proptest::collection::vec("[^\\x00]{0,20}", 1..6), comma: bool) {
            let separator = if comma { ',' } else { ';' };
            let mut text = String::new();
            line(&mut text, cells.iter().cloned(), separator);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator as u8).from_reader(text.as_bytes());
            let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(records.len(), 1);
            let back: Vec<&str> = records[0].iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell)).collect();
            let sent: Vec<&str> = cells.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell)).collect();
            prop_assert_eq!(back, sent);
        }
    }
}
