//! The secret part of a single-use link (invitation, new password): 256 random bits that only the link's reader has.
//! The store keeps their SHA-256, so that a stolen database opens no link. Expiry and single use are the store's.

use super::random::{NoRandomness, random};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;
/// Base64 of [`BYTES`].
const CHARS: usize = 43;

/// What makes a link valid. Wiped when dropped, and never printed.
pub struct LinkToken(Zeroizing<[u8; BYTES]>);

impl LinkToken {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// Reads the part of a link; `None` for anything that [`LinkToken::as_url_part`] does not write.
    pub fn parse(part: &str) -> Option<Self> {
        if part.len() != CHARS {
            return None;
        }
        // Decoding into a Vec would leave a copy behind that nobody wipes.
        let mut bytes = Zeroizing::new([0; BYTES]);
        let length = URL_SAFE_NO_PAD.decode_slice(part, &mut *bytes).ok()?;
        (length == BYTES).then_some(Self(bytes))
    }

    /// The text that goes into the link: 43 characters that need no escaping.
    pub fn as_url_part(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// SHA-256: what the store keeps and looks up.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(*self.0).into()
    }
}

impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{CHARS, LinkToken, Zeroizing};
    use std::collections::HashSet;

    #[test]
    fn what_is_written_is_read() {
        for _ in 0..100 {
            let token = LinkToken::generate().unwrap();
            let part = token.as_url_part();
            assert_eq!(part.len(), CHARS);
            assert!(part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            assert_eq!(LinkToken::parse(&part).unwrap().hash(), token.hash());
        }
    }

    #[test]
    fn no_two_are_the_same() {
        let hashes: HashSet<_> = (0..1_000).map(|_| LinkToken::generate().unwrap().hash()).collect();
        assert_eq!(hashes.len(), 1_000);
    }

    #[test]
    fn anything_else_is_no_token() {
        let part = LinkToken::generate().unwrap().as_url_part();
        let shorter = &part[1..];
        let long = format!("{}A", *part);
        let padded = format!("{}=", *part);
        let blank = format!(" {shorter}");
        let plus = format!("+{shorter}");
        // The last character carries four of its six bits: a set rest would be a second spelling of one token.
        let second_spelling = format!("{}B", &part[..CHARS - 1]);
        let wide = "é".repeat(CHARS / 2);
        for text in ["", shorter, &long, &padded, &blank, &plus, &second_spelling, &wide] {
            assert!(LinkToken::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn hashes_as_others_do() {
        // sha256 of 32 zero bytes.
        let zero = LinkToken(Zeroizing::new([0; 32]));
        let hex: String = zero.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
        assert_eq!(*zero.as_url_part(), "A".repeat(43));
    }

    #[test]
    fn prints_nothing() {
        let token = LinkToken::generate().unwrap();
        assert_eq!(format!("{token:?}"), "LinkToken(..)");
    }
}
