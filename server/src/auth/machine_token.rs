//! What a tenant's automation shows to read its credentials: 256 random bits behind a word that tells people, and programs
//! that look for leaked secrets, what it is.

use super::{link::LinkToken, random::NoRandomness};
use zeroize::Zeroizing;

/// What every machine token begins with.
const PREFIX: &str = "painel_";

/// A machine token. Wiped when dropped, and never printed.
#[derive(Debug)]
pub struct MachineToken(LinkToken);

impl MachineToken {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        LinkToken::generate().map(Self)
    }

    /// Reads a token; `None` for anything that [`MachineToken::as_text`] does not write.
    pub fn parse(text: &str) -> Option<Self> {
        LinkToken::parse(text.strip_prefix(PREFIX)?).map(Self)
    }

    /// The text that is shown once: `painel_` and 43 characters.
    pub fn as_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", *self.0.as_url_part()))
    }

    /// SHA-256 of the bits: what the store keeps and looks up.
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let token = MachineToken::generate().unwrap();
        let text = token.as_text();
        assert_eq!(text.len(), 50);
        assert_eq!(MachineToken::parse(&text).unwrap().hash(), token.hash());
        let part = text.strip_prefix(PREFIX).unwrap();
        for other in [part.to_owned(), format!("Painel_{part}"), format!("{} ", *text), format!("painel_{}", *text)] {
            assert!(MachineToken::parse(&other).is_none(), "{other:?}");
        }
        assert_eq!(format!("{token:?}"), "MachineToken(LinkToken(..))");
    }
}
