//! Appointments as the pages show them.

use super::AgendaQuery;
use crate::{
    error::AppError,
    tr,
    ui::{Reading, Status, When},
};
use serde::{Deserialize, Serialize};

/// A view of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum View {
    /// One day, hour by hour.
    Day,
    /// Sunday to Saturday, hour by hour.
    #[default]
    Week,
    /// One month as a table of weeks.
    Month,
    /// Thirty days as a list.
    List,
}

impl View {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::List];

    /// The word in the address; the usual one needs none.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "",
            Self::Month => "month",
            Self::List => "list",
        }
    }

    /// The view of a word; the week for one that is none.
    pub fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.as_str() == word).unwrap_or_default()
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => tr!("Dia", "Day"),
            Self::Week => tr!("Semana", "Week"),
            Self::Month => tr!("Mês", "Month"),
            Self::List => tr!("Lista", "List"),
        }
    }
}

/// A span of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// What was asked, without what means nothing.
    pub asked: AgendaQuery,
    /// "24 a 30 de novembro".
    pub title: String,
    /// The day it is about, ISO.
    pub date: String,
    /// First day of the span, ISO.
    pub from: String,
    /// Last day, ISO.
    pub last: String,
    /// A day of the span before, ISO.
    pub previous: String,
    /// A day of the span after, ISO.
    pub next: String,
    /// The tenant's zone in words: "horário de São Paulo".
    pub zone: String,
    /// Who may be chosen: value and words.
    pub professionals: Vec<(String, String)>,
    /// What may be chosen.
    pub services: Vec<(String, String)>,
    /// Which statuses may be chosen.
    pub statuses: Vec<(String, String)>,
    /// How many are shown of those that start in the span.
    pub shown: u32,
    /// How many start in the span.
    pub total: u32,
    /// Set when the span holds more than was read.
    pub truncated: bool,
    /// Set when some that are drawn have no end: they take an hour.
    pub endless: bool,
    /// What is shown.
    pub body: Body,
    /// What there is to say about how it was read.
    pub reading: Reading,
}

/// What a view shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// A day or a week.
    Grid(Grid),
    /// A month's weeks, from Sunday.
    Month(Vec<Vec<MonthDay>>),
    /// Days with appointments, and those without in between.
    List(Vec<ListPart>),
}

/// Hours down, columns across.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// "08:00", one for each hour that is drawn.
    pub hours: Vec<String>,
    /// Days, or professionals.
    pub columns: Vec<Column>,
    /// Whether there are professionals enough to have a column each.
    pub groups: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// "ter 24", or the professional.
    pub label: String,
    /// "terça, 24 de novembro", or the professional.
    pub full: String,
    /// Whether it is today in the tenant's zone.
    pub today: bool,
    /// The day's own page.
    pub href: Option<String>,
    /// Those that take a day or more.
    pub long: Vec<Placed>,
    /// The others, by start.
    pub placed: Vec<Placed>,
    /// Those that have no room beside the others.
    pub more: Vec<More>,
    /// Where the present is.
    pub now: Option<Mark>,
}

/// A quarter of an hour in a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Whole hours below the grid's top.
    pub hour: u8,
    /// Quarters of an hour below that.
    pub quarter: u8,
}

/// Where a card stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Its upper edge.
    pub top: Mark,
    /// Its height.
    pub height: Mark,
    /// Which of the lanes that share the width, from 1.
    pub lane: u8,
    /// How many share the width.
    pub lanes: u8,
}

/// An appointment, or a part of one, in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// What it says.
    pub entry: Entry,
    /// Where it stands.
    pub spot: Spot,
    /// Whether it began before this column.
    pub before: bool,
    /// Whether it goes on after this column.
    pub after: bool,
}

/// Appointments without room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// How many.
    pub count: u32,
    /// Where all of them can be seen.
    pub href: String,
    /// Where it stands.
    pub spot: Spot,
}

/// An appointment in few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its own page.
    pub href: String,
    /// "15:00–15:45".
    pub when: String,
    /// The customer's name, or the phone when there is none.
    pub who: String,
    /// What is booked, and with whom: "Corte · Rui".
    pub what: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// Whether it was called off.
    pub off: bool,
    /// All of it in one line.
    pub full: String,
}

/// One day of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDay {
    /// "24".
    pub number: String,
    /// "terça, 24 de novembro, 3 agendamentos".
    pub full: String,
    /// The day's own page; none for a day of a neighbouring month.
    pub href: Option<String>,
    /// Whether it is today.
    pub today: bool,
    /// How many there are.
    pub count: u32,
    /// The first of them.
    pub entries: Vec<Entry>,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListPart {
    /// A day.
    Day(AgendaDay),
    /// "3 dias livres: 2 a 4 de dezembro".
    Free(String),
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaDay {
    /// "terça, 24 de novembro".
    pub label: String,
    /// Whether it is today in the tenant's zone.
    pub today: bool,
    /// By start.
    pub appointments: Vec<AppointmentRow>,
}

/// One appointment in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentRow {
    /// Its own page.
    pub href: String,
    /// "15:00".
    pub starts: When,
    /// "15:45"; empty where the project does not tell.
    pub ends: String,
    /// The customer's name, or the phone when there is none.
    pub who: String,
    /// The phone as people write it.
    pub phone: String,
    /// What is booked.
    pub service: String,
    /// With whom.
    pub professional: String,
    /// "R$ 180,00"; empty when there is none.
    pub price: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// A https link to the video call, when there is one.
    pub meet_link: Option<String>,
}

/// One appointment with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentDetail {
    /// The customer's name, or the phone when there is none.
    pub who: String,
    /// The phone as people write it.
    pub phone: String,
    /// The address of the conversation it came from.
    pub conversation: Option<String>,
    /// What is booked.
    pub service: String,
    /// With whom.
    pub professional: String,
    /// "terça, 24 de novembro, das 14:00 às 14:45", with the exact start.
    pub when: When,
    /// "horário de São Paulo".
    pub zone: String,
    /// "1 h 30 min"; empty where the project does not tell.
    pub duration: String,
    /// "R$ 180,00"; empty when there is none.
    pub price: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// A https link to the video call, when there is one.
    pub meet_link: Option<String>,
    /// That the table keeps times without a zone, and how they are read.
    pub assumed: Option<String>,
    /// The person's other appointments, the furthest ahead first; why they could not be read; none where nothing can be
    /// told.
    pub others: Option<Result<Vec<Other>, AppError>>,
    /// The file for calendars.
    pub file: String,
    /// What there is to say about how it was read.
    pub reading: Reading,
}

/// Another appointment of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Its path, without the agenda's query.
    pub path: String,
    /// "amanhã 09:30".
    pub starts: When,
    /// "Limpeza de pele · Dra. Inês".
    pub what: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
    /// Whether it is still to come.
    pub ahead: bool,
}
