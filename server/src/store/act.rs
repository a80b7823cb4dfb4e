//! Who does something, and from where: what every audited change is told.

use super::UserId;
use std::net::IpAddr;

/// The one behind a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub(super) actor_id: Option<UserId>,
    pub(super) actor: String,
    pub(super) source: String,
    pub(super) request_id: String,
}

impl Act {
    /// A signed-in user in a request.
    pub fn of_user(user: UserId, label: &str, source: Option<IpAddr>, request_id: &str) -> Self {
        Self { actor_id: Some(user), ..Self::of_stranger(label, source, request_id) }
    }

    /// Somebody who is not signed in: the address they gave.
    pub fn of_stranger(label: &str, source: Option<IpAddr>, request_id: &str) -> Self {
        Self {
            actor_id: None,
            actor: shorten(label),
            source: source.map(|address| address.to_string()).unwrap_or_default(),
            request_id: shorten(request_id),
        }
    }

    /// Somebody at the server's own machine.
    pub fn of_command_line() -> Self {
        Self::of_stranger(COMMAND_LINE, None, "")
    }

    /// Painel itself.
    pub fn of_painel() -> Self {
        Self::of_stranger(PAINEL, None, "")
    }

    /// The user behind it.
    pub fn user(&self) -> Option<UserId> {
        self.actor_id
    }
}

/// The actor's word for the command line.
pub const COMMAND_LINE: &str = "linha de comando";
/// The actor's word for Painel itself.
pub const PAINEL: &str = "Painel";

/// Longest text of one column of the trail, in characters.
const LONGEST: usize = 200;

pub(super) fn shorten(text: &str) -> String {
    text.chars().map(|sign| if forges(sign) { ' ' } else { sign }).take(LONGEST).collect()
}

/// What could forge lines, or another order of signs, wherever the trail is printed: control characters, Unicode's line
/// and paragraph separators, and marks of direction.
fn forges(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
