//! A draft as its page shows it: what is wrong with it, or else the tenant's own rows read by it.

use super::{author_label, faults::field_errors, read_fields, revision, untold::untold};
use crate::{
    backend::{RequestBackend, contact, instant},
    mapping::{self, Appointment, Conversation, Mapping, Message, Part},
    project::{Direction, Page, Passage, Project, ProjectError},
    store::{StoredMapping, Visitor},
    words::{self, Calendar},
};
use app::{
    error::AppError,
    mapping::{Draft, Preview, PreviewPart, PreviewRows, Section},
    ui::Status,
};
use jiff::SignedDuration;
use std::sync::Arc;

/// Rows of a part.
const ROWS: u32 = 8;
/// Characters of a cell.
const CELL: usize = 80;
/// Days around now whose appointments are shown.
const AROUND: SignedDuration = SignedDuration::from_hours(24 * 45);

impl RequestBackend {
    /// A draft with its errors or its rows.
    ///
    /// # Errors
    /// `Unavailable`, `Internal`.
    pub(super) async fn draft(
        &self,
        visitor: &Visitor,
        calendar: &Calendar,
        stored: StoredMapping,
    ) -> Result<Draft, AppError> {
        let (fields, revision) = (read_fields(&stored.mapping), revision(&stored.mapping));
        let (errors, preview) = match Mapping::from_fields(&fields) {
            Err(faults) => (field_errors(faults), None),
            Ok(mapping) => (Vec::new(), Some(self.preview(visitor, calendar, mapping).await?)),
        };
        Ok(Draft {
            fields: mapping::reworded(fields),
            errors,
            kept: calendar.recently(instant(stored.created_at)),
            by: stored.created_by_name.unwrap_or_default(),
            revision,
            preview,
        })
    }

    /// The tenant's own rows by a mapping that is in use nowhere.
    async fn preview(&self, visitor: &Visitor, calendar: &Calendar, mapping: Mapping) -> Result<Preview, AppError> {
        let untold = untold(&mapping);
        let in_use = self.mapping_in_use(&visitor.scope).await?;
        let project = match self.project_now(&visitor.scope).await {
            Ok((project, _)) => project.reading(Arc::new(mapping), in_use.zone),
            Err(error) => {
                let part = |section| PreviewPart { section, rows: Err(error.clone()) };
                return Ok(Preview { parts: Section::ALL.map(part).into(), untold });
            }
        };
        let now = calendar.now();
        let talks = async {
            let page = project.conversations_page(&Direction::Newest, ROWS).await;
            let first = page.as_ref().ok().and_then(|page| page.rows.first()).map(|row| row.id.clone());
            let said = match first {
                Some(id) => project.messages(&id, &Passage::Latest, ROWS).await,
                None => Ok(Page { rows: Vec::new(), more: false, skipped: 0, ends: None }),
            };
            (page, said)
        };
        let booked = project.appointments_between(
            now.checked_sub(AROUND).unwrap_or(now),
            now.checked_add(AROUND).unwrap_or(now),
            ROWS,
        );
        let ((conversations, messages), appointments) = tokio::join!(talks, booked);
        let parts = vec![
            self.part(visitor, &project, Part::Conversations, conversations, |row| conversation_cells(calendar, row)),
            self.part(visitor, &project, Part::Messages, messages, |row| message_cells(calendar, row)),
            self.part(visitor, &project, Part::Appointments, appointments, |row| appointment_cells(calendar, row)),
        ];
        Ok(Preview { parts, untold })
    }

    fn part<T>(
        &self,
        visitor: &Visitor,
        project: &Project,
        part: Part,
        page: Result<Page<T>, ProjectError>,
        cells: impl Fn(T) -> Vec<String>,
    ) -> PreviewPart {
        let lost = project.lost().into_iter().filter(|lost| lost.part == part).map(|lost| lost.column).collect();
        let rows = match page {
            Ok(page) => {
                Ok(PreviewRows { rows: page.rows.into_iter().map(cells).collect(), skipped: page.skipped, lost })
            }
            // A part that the draft leaves out is told by what the tables do not tell.
            Err(ProjectError::NotMapped(_)) => Ok(PreviewRows::default()),
            Err(error) => Err(self.project_failed(visitor, project, error)),
        };
        PreviewPart { section: section(part), rows }
    }
}

fn section(part: Part) -> Section {
    match part {
        Part::Conversations => Section::Conversations,
        Part::Messages => Section::Messages,
        Part::Appointments => Section::Appointments,
    }
}

fn cell(text: &str) -> String {
    words::one_line(text, CELL)
}

fn status_word(status: Option<Status>) -> String {
    status.map(|status| status.label).unwrap_or_default()
}

fn conversation_cells(calendar: &Calendar, row: Conversation) -> Vec<String> {
    let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
    vec![
        cell(&who),
        cell(&phone),
        cell(row.last_message.as_deref().unwrap_or_default()),
        status_word(words::conversation_status(row.status.as_deref())),
        row.changed.map(|at| calendar.exact(at)).unwrap_or_default(),
    ]
}

fn message_cells(calendar: &Calendar, row: Message) -> Vec<String> {
    let text = match row.media {
        Some(media) if row.text.is_empty() => format!("({})", words::media(media)),
        Some(media) => format!("({}) {}", words::media(media), row.text),
        None => row.text,
    };
    let at = row.at.map(|at| calendar.exact(at)).unwrap_or_default();
    vec![author_label(row.author).to_owned(), cell(&text), at]
}

fn appointment_cells(calendar: &Calendar, row: Appointment) -> Vec<String> {
    let (who, _) = contact(row.name.as_deref(), row.person.as_ref());
    vec![
        calendar.exact(row.starts),
        row.ends.map(|ends| calendar.time(ends).text).unwrap_or_default(),
        cell(&who),
        cell(row.service.as_deref().unwrap_or_default()),
        cell(row.professional.as_deref().unwrap_or_default()),
        status_word(words::appointment_status(row.outcome, row.status.as_deref())),
        row.price.map(words::reais).unwrap_or_default(),
    ]
}
