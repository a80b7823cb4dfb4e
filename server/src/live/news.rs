//! One thing that listeners are told, and its place in the order of all that a watcher told. No words: listeners have
//! languages of their own.

use app::error::{AppError, Outage};
use std::{fmt, str::FromStr, sync::Arc};

/// What happened. No content: a page that is concerned reads again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Messages or conversations are not as they were.
    Conversations,
    /// Appointments are not as they were.
    Appointments,
    /// The project answers.
    Live,
    /// The project does not answer, or what it says cannot be read.
    Stale,
    /// What was missed cannot be told: anything may have changed.
    Refresh,
}

impl What {
    /// The word for it on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Appointments => "appointments",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Refresh => "refresh",
        }
    }

    /// Whether it says how the project is, which only the latest one of does.
    pub fn is_standing(self) -> bool {
        matches!(self, Self::Live | Self::Stale)
    }
}

/// One thing that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Where it stands in the order.
    pub place: Place,
    /// What happened.
    pub what: What,
    /// What a person is told of it.
    pub told: Told,
}

/// What a person is told, in words that [`crate::words::live`] has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Every change can be told.
    Watching,
    /// The tables do not tell what is new.
    Blind,
    /// Something changed.
    Changed {
        /// When, on the tenant's clock: "14:32".
        at: Arc<str>,
    },
    /// Nothing new comes.
    Stopped {
        /// Why.
        why: Why,
        /// Since when, on the tenant's clock.
        since: Arc<str>,
    },
    /// Anything may have changed.
    Refresh,
}

/// Why nothing new comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The project is paused.
    Paused,
    /// Too many of the tenant's requests are under way.
    Busy,
    /// What the project sends is not what PostgREST sends.
    Rubbish,
    /// Its address is not one that Painel may open.
    AddressRefused,
    /// It does not answer.
    Silent,
    /// It says no.
    Refused,
    /// There is none.
    NotConfigured,
    /// Its key does not open.
    Unreadable,
    /// For another reason.
    Unknown,
}

impl Why {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Paused,
        Self::Busy,
        Self::Rubbish,
        Self::AddressRefused,
        Self::Silent,
        Self::Refused,
        Self::NotConfigured,
        Self::Unreadable,
        Self::Unknown,
    ];

    /// The word by which one process tells another.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Busy => "busy",
            Self::Rubbish => "rubbish",
            Self::AddressRefused => "address_refused",
            Self::Silent => "silent",
            Self::Refused => "refused",
            Self::NotConfigured => "not_configured",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word of [`Why::word`]. What another version of Painel says beyond that is [`Why::Unknown`].
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|why| why.word() == word).unwrap_or(Self::Unknown)
    }

    /// Why a look failed.
    pub fn of(error: &AppError) -> Self {
        match error {
            AppError::ProjectUnreachable(Outage::Paused) => Self::Paused,
            AppError::ProjectUnreachable(Outage::Busy) => Self::Busy,
            AppError::ProjectUnreachable(Outage::Rubbish) => Self::Rubbish,
            AppError::ProjectUnreachable(Outage::AddressRefused) => Self::AddressRefused,
            AppError::ProjectUnreachable(_) => Self::Silent,
            AppError::ProjectRefused(_) => Self::Refused,
            AppError::NotConfigured => Self::NotConfigured,
            AppError::Unreadable => Self::Unreadable,
            _ => Self::Unknown,
        }
    }
}

/// A place in the order of one watcher's news. Means nothing to another watcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which watcher: drawn anew for each.
    pub epoch: u32,
    /// How many were told before and with it.
    pub sequence: u64,
}

/// The text is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place")]
pub struct BadPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.epoch, self.sequence)
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        let (epoch, sequence) = text.split_once('-').ok_or(BadPlace)?;
        let epoch = u32::from_str_radix(epoch, 16).map_err(|_| BadPlace)?;
        Ok(Self { epoch, sequence: sequence.parse().map_err(|_| BadPlace)? })
    }
}
