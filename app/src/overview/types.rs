//! What the overview shows: finished texts and numbers, nothing to compute in the browser.

use crate::{
    error::AppError,
    ui::{Reading, When},
};
use serde::{Deserialize, Serialize};

/// The whole page. Each panel stands or falls alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Today in the tenant's zone: "terça, 24 de novembro".
    pub today: String,
    /// When the figures were read: "14:32".
    pub as_of: When,
    /// What there is to say about how it was read.
    pub reading: Reading,
    /// Conversations: figures and the days behind them.
    pub conversations: Result<ConversationPanel, AppError>,
    /// Appointments: figures.
    pub appointments: Result<AppointmentPanel, AppError>,
    /// The next appointments, soonest first.
    pub upcoming: Result<Vec<Upcoming>, AppError>,
}

/// A figure with the one of the period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// This period.
    pub now: u32,
    /// The period before.
    pub before: u32,
    /// The change in words: "+12%", "−6%", "igual", "novo".
    pub change: String,
    /// Which way it went.
    pub trend: Trend,
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

/// New conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationPanel {
    /// Today, against yesterday up to the same hour.
    pub today: Figure,
    /// The last 7 days with today, against the 7 before.
    pub week: Figure,
    /// 30 days, oldest first, today last.
    pub days: Vec<DayCount>,
    /// Set when only the newest conversations were counted: how many.
    pub sample: Option<u32>,
}

/// New conversations of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// "24 nov".
    pub label: String,
    /// "terça, 24 de novembro".
    pub full: String,
    /// How many.
    pub count: u32,
}

/// Appointments by their start, whatever became of them but cancelled ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentPanel {
    /// The whole of today, against the whole of yesterday.
    pub today: Figure,
    /// The last 7 days with today, against the 7 before.
    pub week: Figure,
    /// Cancelled in the last 7 days.
    pub cancelled: u32,
    /// Set when there were more than could be counted.
    pub sample: Option<u32>,
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
    pub status: Option<crate::ui::Status>,
}
