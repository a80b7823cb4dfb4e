//! The mapping of a tenant's tables: looked for, edited as a draft, shown on the tenant's own rows, put in use.

use super::{RequestBackend, calendar, contact, failure, instant};
use crate::{
    mapping::{
        self, Appointment, Conversation, Conversations, Ends, Fault, Fields, Mapping, Message, Part, Said,
        tables_to_try,
    },
    project::{Direction, Page, Passage, Project, ProjectError},
    store::{StoredMapping, Visitor},
    words::{self, Calendar},
};
use app::{
    error::{AppError, FieldError},
    mapping::{
        Detection, Draft, FIELDS, InUse, MappingBackend, MappingView, PartInUse, Preview, PreviewPart, PreviewRows,
        Section, VersionView,
    },
    session::Permission,
    tr,
    ui::Status,
};
use jiff::SignedDuration;
use std::{collections::BTreeMap, sync::Arc};
use time::OffsetDateTime;

/// Rows of a part in a preview.
const ROWS: u32 = 8;
/// Characters of a cell in a preview.
const CELL: usize = 80;
/// Tables that a person may name beside the usual ones.
const MOST_TABLES: usize = 20;
/// Days around now whose appointments a preview shows.
const AROUND: SignedDuration = SignedDuration::from_hours(24 * 45);

#[async_trait::async_trait]
impl MappingBackend for RequestBackend {
    async fn mapping(&self) -> Result<MappingView, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let calendar = calendar(visitor);
        let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
        let (versions, drafts): (Vec<_>, Vec<_>) = stored.into_iter().partition(|one| one.version > 0);
        let in_use = match versions.first() {
            None => InUse { version: 0, saved: None, by: String::new(), parts: parts(&Mapping::default()) },
            Some(newest) => InUse {
                version: newest.version,
                saved: Some(calendar.recently(instant(newest.created_at))),
                by: newest.created_by_name.clone().unwrap_or_default(),
                parts: parts(&read(&newest.mapping)?),
            },
        };
        let draft = match drafts.into_iter().next() {
            Some(draft) => Some(self.draft(visitor, &calendar, draft).await?),
            None => None,
        };
        let current = in_use.version;
        let versions = versions.into_iter().map(|one| version(&calendar, one, current)).collect();
        Ok(MappingView { in_use, draft, versions })
    }

    async fn detect(&self, detection: Detection) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let (mut tables, schema) = check(&detection)?;
        // It asks a project as often as several tests do.
        self.count_test(visitor)?;
        for table in tables_to_try(visitor.tenant_slug.as_str()) {
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        let (project, _) = self.project_now(&visitor.scope).await?;
        let samples = project.samples(&tables, schema.as_deref()).await;
        let samples = samples.map_err(|error| self.project_failed(visitor, &project, error))?;
        let Some(mut found) = mapping::propose(&samples) else {
            let message = if samples.is_empty() {
                tr!(
                    "Nenhuma tabela com estes nomes pôde ser lida. Escreva os nomes das suas.",
                    "No table with these names could be read. Write the names of yours.",
                )
            } else {
                tr!(
                    "As tabelas encontradas estão vazias ou não parecem conversas nem agenda. Escreva os nomes das \
                     suas.",
                    "The tables that were found are empty or do not look like conversations or appointments. Write the \
                     names of yours.",
                )
            };
            return Err(AppError::Invalid(vec![FieldError::new("tables", message)]));
        };
        found.set_schema(schema.as_deref());
        self.keep(visitor, &found.to_fields()).await
    }

    async fn start_from_model(&self, talks: &str, bookings: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let mapping = mapping::preset(talks, bookings).ok_or(AppError::NotFound)?;
        self.keep(visitor, &mapping.to_fields()).await
    }

    async fn edit_mapping(&self) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let in_use = self.mapping_in_use(&visitor.scope).await?;
        self.keep(visitor, &in_use.mapping.to_fields()).await
    }

    async fn keep_draft(&self, fields: BTreeMap<String, String>) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        // Whatever else a form sent is none of the draft's; a NUL is stored nowhere.
        let known = |(name, value): (String, String)| {
            let value = value.replace('\0', "").trim().to_owned();
            (FIELDS.iter().any(|field| field.key() == name) && !value.is_empty()).then_some((name, value))
        };
        self.keep(visitor, &fields.into_iter().filter_map(known).collect()).await
    }

    async fn drop_draft(&self) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.state.store.drop_mapping_draft(&visitor.scope).await.map_err(failure::store)?;
        Ok(())
    }

    async fn save_mapping(&self, version: i64) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
        let draft = stored.into_iter().find(|one| one.version == 0).ok_or(AppError::NotFound)?;
        let mapping = Mapping::from_fields(&read_fields(&draft.mapping)).map_err(invalid)?;
        self.put_in_use(visitor, &mapping, version, None).await
    }

    async fn restore_mapping(&self, version: i64, current: i64) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        if version == current {
            return Err(AppError::Conflict);
        }
        let mapping = if version == 0 {
            Mapping::default()
        } else {
            let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
            read(&stored.iter().find(|one| one.version == version).ok_or(AppError::NotFound)?.mapping)?
        };
        self.put_in_use(visitor, &mapping, current, Some(version)).await
    }
}

impl RequestBackend {
    async fn keep(&self, visitor: &Visitor, fields: &Fields) -> Result<(), AppError> {
        let json = serde_json::to_string(fields).map_err(|error| failure::internal("mapping draft", &error))?;
        let now = OffsetDateTime::now_utc();
        self.state.store.keep_mapping_draft(&visitor.scope, &self.act(), &json, now).await.map_err(failure::store)
    }

    async fn put_in_use(
        &self,
        visitor: &Visitor,
        mapping: &Mapping,
        current: i64,
        based_on: Option<i64>,
    ) -> Result<(), AppError> {
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        let saved = store.save_mapping(&visitor.scope, &self.act(), &mapping.to_json(), current, based_on, now).await;
        let version = saved.map_err(failure::store)?;
        tracing::info!(tenant = %visitor.scope.tenant(), version, "another mapping is in use");
        Ok(())
    }

    async fn draft(&self, visitor: &Visitor, calendar: &Calendar, stored: StoredMapping) -> Result<Draft, AppError> {
        let fields = read_fields(&stored.mapping);
        let (errors, preview) = match Mapping::from_fields(&fields) {
            Err(faults) => (field_errors(faults), None),
            Ok(mapping) => (Vec::new(), Some(self.preview(visitor, calendar, mapping).await?)),
        };
        Ok(Draft {
            fields: mapping::reworded(fields),
            errors,
            kept: calendar.recently(instant(stored.created_at)),
            by: stored.created_by_name.unwrap_or_default(),
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

fn read(json: &str) -> Result<Mapping, AppError> {
    Mapping::from_json(json).map_err(|error| failure::internal("mapping", &error))
}

/// The fields of a stored draft; another version's are no fields any more.
fn read_fields(json: &str) -> Fields {
    serde_json::from_str(json).unwrap_or_default()
}

fn check(detection: &Detection) -> Result<(Vec<String>, Option<String>), AppError> {
    let mut errors = Vec::new();
    let named = |name: &str| mapping::Expr::column(name).is_ok();
    let tables: Vec<String> =
        detection.tables.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if tables.len() > MOST_TABLES || !tables.iter().all(|name| named(name)) {
        let message = tr!(
            format!("Até {MOST_TABLES} nomes de tabelas, separados por vírgula."),
            format!("Up to {MOST_TABLES} table names, separated by commas.")
        );
        errors.push(FieldError::new("tables", message));
    }
    let schema = detection.schema.trim();
    if !schema.is_empty() && !named(schema) {
        let message = tr!("O nome de um esquema, como “public”.", "The name of a schema, such as “public”.");
        errors.push(FieldError::new("schema", message));
    }
    let schema = (!schema.is_empty()).then(|| schema.to_owned());
    if errors.is_empty() { Ok((tables, schema)) } else { Err(AppError::Invalid(errors)) }
}

fn invalid(faults: Vec<(String, Fault)>) -> AppError {
    AppError::Invalid(field_errors(faults))
}

fn field_errors(faults: Vec<(String, Fault)>) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    for (field, fault) in faults {
        if !errors.iter().any(|error| error.field == field) {
            errors.push(FieldError::new(field, fault_words(fault)));
        }
    }
    errors
}

fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Needed => tr!("Falta preencher.", "This has to be filled in."),
        Fault::Place => tr!(
            "Isto não é uma coluna, nem um caminho como message->content ou contacts(name).",
            "This is neither a column nor a path such as message->content or contacts(name).",
        ),
        Fault::Choice => tr!("Escolha uma das opções.", "Choose one of the options."),
        Fault::PlainColumn => {
            tr!("Aqui só cabe uma coluna da própria tabela.", "Only a column of the table itself can go here.")
        }
        Fault::TwoColumns => tr!(
            "Escreva as duas colunas com um + no meio: data + hora.",
            "Write the two columns with a + between them: date + time.",
        ),
        Fault::Minutes => tr!("Um número de minutos, de 5 a 1440.", "A number of minutes, from 5 to 1440."),
        Fault::Line => tr!(
            "Cada linha é “palavra = significado”, com um dos significados da lista.",
            "Each line is “word = meaning”, with one of the meanings in the list.",
        ),
        Fault::Name => tr!("Isto não pode ser um nome no Postgres.", "This cannot be a name in Postgres."),
        Fault::NothingToGather => tr!(
            "Para reunir as conversas das mensagens, é preciso dizer onde estão as mensagens.",
            "To gather the conversations from the messages, say where the messages are.",
        ),
        Fault::TooMuch => tr!("Linhas demais, ou uma longa demais.", "Too many lines, or one that is too long."),
    }
}

/// What is in use, in the form's own words.
fn parts(mapping: &Mapping) -> Vec<PartInUse> {
    let fields = mapping.to_fields();
    let part = |section: Section| {
        let value = |name: &str| fields.get(&format!("{}.{name}", section.word())).cloned().unwrap_or_default();
        let source = match (section, value("kind").as_str()) {
            (Section::Conversations, "gathered") => {
                tr!("reunidas das mensagens, por pessoa", "gathered from the messages, by person").to_owned()
            }
            (_, "absent") => tr!("o projeto não guarda", "the project keeps none").to_owned(),
            _ => match (value("table"), value("schema").as_str()) {
                (table, "") => tr!(format!("tabela “{table}”"), format!("table “{table}”")),
                (table, schema) => tr!(
                    format!("tabela “{table}” do esquema “{schema}”"),
                    format!("table “{table}” of the schema “{schema}”")
                ),
            },
        };
        // Choices say how a column is read, not which.
        let listed = FIELDS.iter().filter(|field| field.section == section);
        let listed = listed.filter(|field| !matches!(field.control, app::mapping::Control::Choice(_)));
        let listed = listed.filter(|field| !matches!(field.name, "table" | "schema"));
        let values = listed
            .filter_map(|field| Some((field.label().to_owned(), fields.get(&field.key())?.replace('\n', "; "))))
            .collect();
        PartInUse { section, source, values }
    };
    Section::ALL.map(part).into()
}

fn version(calendar: &Calendar, stored: StoredMapping, current: i64) -> VersionView {
    let tables = match Mapping::from_json(&stored.mapping) {
        Ok(mapping) => {
            let names = Part::ALL.into_iter().filter_map(|part| mapping.table(part).map(|table| table.name.clone()));
            names.collect::<Vec<_>>().join(", ")
        }
        Err(_) => String::new(),
    };
    VersionView {
        version: stored.version,
        saved: calendar.recently(instant(stored.created_at)),
        by: stored.created_by_name.unwrap_or_default(),
        based_on: stored.based_on,
        tables,
        current: stored.version == current,
    }
}

/// What these tables cannot tell: it is said, and nowhere invented.
fn untold(mapping: &Mapping) -> Vec<String> {
    let began_untold = tr!(
        "Quando uma conversa começou: não há números de conversas novas.",
        "When a conversation began: there are no figures for new conversations.",
    );
    let status_untold = tr!("O estado de uma conversa.", "The status of a conversation.");
    let mut all: Vec<&str> = Vec::new();
    match &mapping.conversations {
        Conversations::Absent => all.push(tr!(
            "As conversas: a página Conversas fica vazia.",
            "The conversations: the Conversations page stays empty.",
        )),
        Conversations::Gathered => {
            all.push(began_untold);
            all.push(status_untold);
        }
        Conversations::Table { began, changed, name, status, .. } => {
            if began.is_none() {
                all.push(began_untold);
            }
            if changed.is_none() {
                all.push(tr!(
                    "Quando uma conversa mudou: a lista vai pela identificação.",
                    "When a conversation changed: the list goes by the row’s ID.",
                ));
            }
            if name.is_none() {
                all.push(tr!("O nome do contato: aparece o telefone.", "The contact’s name: the phone is shown.",));
            }
            if status.is_none() {
                all.push(status_untold);
            }
        }
    }
    match &mapping.messages {
        None => all.push(tr!("As mensagens.", "The messages.")),
        Some(messages) => {
            if messages.at.is_none() {
                all.push(tr!(
                    "Quando uma mensagem foi escrita: aparecem na ordem da identificação, sem data.",
                    "When a message was written: they are shown in the order of their IDs, without a date.",
                ));
            }
            if matches!(messages.said, Said::Turn { .. }) {
                all.push(tr!(
                    "O tempo de resposta: pergunta e resposta têm uma data só.",
                    "How soon an answer comes: question and answer share one date.",
                ));
            }
        }
    }
    match &mapping.appointments {
        None => all
            .push(
                tr!("A agenda: a página Agenda fica vazia.", "The appointments: the Appointments page stays empty.",),
            ),
        Some(appointments) => {
            if appointments.ends == Ends::Unknown {
                all.push(tr!("Quando um horário termina.", "When an appointment ends."));
            }
            if appointments.booked.is_none() {
                all.push(tr!(
                    "Quando um horário foi marcado: não há antecedência média.",
                    "When an appointment was booked: how far ahead is not known.",
                ));
            }
            if appointments.status.is_none() {
                all.push(tr!(
                    "O que foi feito de um horário: cancelados e faltas não se contam.",
                    "What became of an appointment: cancelled ones and no-shows are not counted.",
                ));
            }
        }
    }
    all.into_iter().map(str::to_owned).collect()
}

/// Who wrote, in a word.
pub(super) fn author_label(author: mapping::Author) -> &'static str {
    mapping::author_word(author)
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
