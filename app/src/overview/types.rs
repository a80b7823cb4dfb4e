//! What the overview shows: finished texts and numbers, nothing to compute in the browser.

use crate::{
    error::AppError,
    ui::{Reading, Status, When},
};
use serde::{Deserialize, Serialize};

/// The whole page. Each panel stands or falls alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Today in the tenant's zone: "terça, 24 de novembro".
    pub today: String,
    /// When the figures were read: "14:32".
    pub as_of: When,
    /// Seconds from now for which the same figures are shown to whoever asks again.
    pub kept_for: u32,
    /// What there is to say about how it was read.
    pub reading: Reading,
    /// What it is about.
    pub period: Period,
    /// The figures, the most important first.
    pub figures: Vec<Figure>,
    /// More of them.
    pub more: Vec<Figure>,
    /// What these tables do not tell, a sentence each.
    pub untold: Vec<String>,
    /// Conversations that began, or messages where that is not told.
    pub bars: Result<Bars, AppError>,
    /// When in the week contacts write.
    pub week: Result<Week, AppError>,
    /// What became of appointments.
    pub appointments: Result<AppointmentPanel, AppError>,
    /// The next appointments, soonest first.
    pub upcoming: Result<Vec<Upcoming>, AppError>,
    /// When the business is open.
    pub hours: Hours,
}

/// Which span of time the figures are about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Period {
    /// Its word in the address: `today`, `7`, `30`, `90` or `custom`.
    pub word: String,
    /// Its first day, as `2026-11-24`.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// "18 a 24 de novembro".
    pub label: String,
    /// What it is compared to: "7 dias antes, até esta hora".
    pub against: String,
}

/// A figure, with the one of the period before where both are whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// This period: "1.234", "12,5%", "4 min"; a dash where it could not be read.
    pub now: String,
    /// The change since the period before.
    pub change: Option<Change>,
    /// What else there is to say: how many of how many, by whom.
    pub notes: Vec<String>,
    /// "Amostra: …" when not everything was counted.
    pub sample: Option<String>,
    /// Where to look: an address and its words.
    pub link: Option<(String, String)>,
    /// Whether it could not be read; the first note says why.
    pub failed: bool,
}

/// How a figure changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The period before: "1.100".
    pub before: String,
    /// Which that is: "7 dias antes, até esta hora".
    pub against: String,
    /// In words: "12%", "igual", "novo".
    pub words: String,
    /// Which way it went.
    pub trend: Trend,
    /// Whether that is good; none where it is neither.
    pub good: Option<bool>,
}

/// Which way a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trend {
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// The same.
    Level,
}

/// A chart of bars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bars {
    /// "Conversas novas por dia".
    pub title: String,
    /// "123 no total".
    pub sub: String,
    /// What it shows, in a sentence with the main figures.
    pub summary: String,
    /// The heads of its table.
    pub heads: (String, String),
    /// The bars, oldest first.
    pub bars: Vec<BarCount>,
    /// Whether the last bar is not over yet.
    pub open: bool,
    /// "Amostra: …" when not everything was counted.
    pub sample: Option<String>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarCount {
    /// "24 nov".
    pub label: String,
    /// "terça, 24 de novembro".
    pub full: String,
    /// How many.
    pub count: u32,
}

/// A week by day and hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// "1.234 mensagens recebidas; mais na terça, das 10 às 11 h (34)."
    pub summary: String,
    /// Monday first.
    pub days: Vec<WeekDay>,
    /// "Amostra: …" when not everything was counted.
    pub sample: Option<String>,
}

/// One day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekDay {
    /// "seg".
    pub label: String,
    /// "segunda".
    pub full: String,
    /// One for each hour, from midnight on: how many, and the step of the colour, 0 to 5.
    pub hours: Vec<(u32, u8)>,
}

/// What became of appointments, with whom, what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentPanel {
    /// "120 agendamentos no período, com 8 cancelados".
    pub sub: String,
    /// By status; none where the tables do not tell.
    pub statuses: Vec<Part>,
    /// By professional, without the cancelled ones.
    pub professionals: Vec<Part>,
    /// By service, without the cancelled ones.
    pub services: Vec<Part>,
    /// Whether there are none at all.
    pub none: bool,
    /// "Amostra: …" when not everything was counted.
    pub sample: Option<String>,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub label: Label,
    /// How many: "1.234".
    pub count: String,
    /// "12,5%".
    pub share: String,
    /// The length of its bar, 0 to 1000.
    pub length: u32,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Label {
    /// A status.
    Status(Status),
    /// A name out of the tenant's tables.
    Name(String),
    /// Our own word: "outros".
    Word(String),
}

/// One appointment to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// "hoje 15:00", "qui 09:30".
    pub starts: When,
    /// The customer's name, or the phone when there is none.
    pub who: String,
    /// "Limpeza de pele · Dra. Inês".
    pub what: String,
    /// The status, for colour and word, where the project keeps one.
    pub status: Option<Status>,
}

/// When the business is open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hours {
    /// "segunda a sexta, das 08:00 às 18:00".
    pub words: String,
    /// Whether nobody has said so yet.
    pub assumed: bool,
    /// Whether the reader may say so.
    pub may_set: bool,
    /// As the form has them.
    pub form: HoursForm,
}

/// The form of business hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HoursForm {
    /// Monday.
    #[serde(default)]
    pub mon: bool,
    /// Tuesday.
    #[serde(default)]
    pub tue: bool,
    /// Wednesday.
    #[serde(default)]
    pub wed: bool,
    /// Thursday.
    #[serde(default)]
    pub thu: bool,
    /// Friday.
    #[serde(default)]
    pub fri: bool,
    /// Saturday.
    #[serde(default)]
    pub sat: bool,
    /// Sunday.
    #[serde(default)]
    pub sun: bool,
    /// `08:00`.
    pub opens: String,
    /// `18:00`.
    pub closes: String,
}

/// Which overview is wanted, as the address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OverviewQuery {
    /// `today`, `7`, `30`, `90` or `custom`; anything else is 7.
    pub period: String,
    /// The first day of one's own choice.
    pub from: String,
    /// The last one.
    pub to: String,
    /// Anything at all: read again, not from a moment ago.
    pub refresh: String,
}

impl OverviewQuery {
    /// The same, from a moment ago if it may be.
    #[must_use]
    pub fn calmly(self) -> Self {
        Self { refresh: String::new(), ..self }
    }
}
