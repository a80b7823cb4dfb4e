//! Appointments as the pages show them.

use crate::ui::{Reading, Status, When};
use serde::{Deserialize, Serialize};

/// Seven days of appointments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// "24 a 30 de novembro".
    pub title: String,
    /// First day, ISO: "2026-11-24".
    pub from: String,
    /// Last day, ISO.
    pub last: String,
    /// First day of the seven before, ISO.
    pub previous: String,
    /// First day of the seven after, ISO.
    pub next: String,
    /// The tenant's zone in words: "horário de São Paulo".
    pub zone: String,
    /// The days, each with its appointments; a day without one is there, empty.
    pub days: Vec<AgendaDay>,
    /// How many in all.
    pub total: u32,
    /// Set when the seven days hold more than this page shows.
    pub truncated: bool,
    /// What there is to say about how it was read.
    pub reading: Reading,
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

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentRow {
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
    /// The address of the conversation it came from.
    pub conversation: Option<String>,
}
