//! A user's own account as `/settings/security` shows it.

use crate::ui::When;
use serde::{Deserialize, Serialize};

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityView {
    /// What the user signs in with.
    pub email: String,
    /// When the password was last changed.
    pub password_changed: When,
    /// The second factor.
    pub second_factor: SecondFactor,
    /// Whether a tenant or the agency demands one.
    pub second_factor_required: bool,
    /// The user's live sessions, this one first, at most 10.
    pub sessions: Vec<SessionView>,
}

/// The state of the second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondFactor {
    /// None.
    Off,
    /// Begun and not confirmed yet: shown until it is.
    Enrolling(Enrolment),
    /// On.
    On {
        /// Since when.
        since: When,
        /// Recovery codes not used yet.
        recovery_left: u32,
    },
}

/// What an authenticator needs, and the codes to keep for the day the phone is lost. Shown before it is switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The QR code's side in modules, quiet zone included.
    pub qr_side: u32,
    /// Its dark modules as SVG path data, in modules.
    pub qr_path: String,
    /// The same secret to type in, in groups.
    pub secret: String,
    /// Ten codes, each good once.
    pub recovery: Vec<String>,
}

/// One live session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Names it when it is ended; worth nothing as a cookie.
    pub id: String,
    /// Whether it is the one at hand.
    pub current: bool,
    /// Browser and system in words: "Chrome no Android".
    pub device: String,
    /// The address it was begun from.
    pub source: String,
    /// When it began.
    pub began: When,
    /// When it was last used.
    pub last_seen: When,
}
