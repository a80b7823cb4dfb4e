//! The former installation's one key: it opens the credentials' Fernet tokens, and keys the digests by which a row is
//! known again.
//!
//! Nothing is ever sealed with it: what it opens goes to the vault. It is read from a file, never from an argument.

use base64::{Engine as _, prelude::BASE64_URL_SAFE};
use fernet::Fernet;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::SecretString;
use sha2::Sha256;
use zeroize::Zeroizing;

/// A Fernet key: 16 bytes that sign and 16 that encrypt.
const KEY_LEN: usize = 32;
/// How every token begins: version 0x80, and a time whose first bytes are zero until the year 2106.
const TOKEN_START: &str = "gAAAAA";

/// Why a text is no Fernet key. Never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing but blanks.
    #[error("the Fernet key's file is empty")]
    Empty,
    /// Not base64.
    #[error("the Fernet key is not URL-safe base64: copy it again, whole, as ENCRYPTION_KEY has it")]
    Base64,
    /// Base64 of something else.
    #[error(
        "the Fernet key has {chars} characters, which are {bytes} bytes: a Fernet key has 44 characters for 32 bytes. \
         A sample from a manual is none; look for the key that the running installation has in ENCRYPTION_KEY"
    )]
    Length {
        /// Characters of the text.
        chars: usize,
        /// Bytes that they stand for.
        bytes: usize,
    },
}

/// The token is damaged, or was made with another key: Fernet cannot tell these apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("does not open with this Fernet key: it is damaged or was made with another one")]
pub struct Unopened;

/// The former installation's key. Has no `Debug`.
pub struct SourceKey {
    fernet: Fernet,
    bytes: Zeroizing<[u8; KEY_LEN]>,
}

impl SourceKey {
    /// Reads a key file's text: the key alone, or the line `ENCRYPTION_KEY=…` of an environment file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim().trim_start_matches('\u{feff}');
        let text = text.strip_prefix("ENCRYPTION_KEY=").unwrap_or(text).trim_matches(['"', '\'', ' ']);
        if text.is_empty() {
            return Err(KeyError::Empty);
        }
        let decoded = Zeroizing::new(BASE64_URL_SAFE.decode(text).map_err(|_| KeyError::Base64)?);
        let length = || KeyError::Length { chars: text.chars().count(), bytes: decoded.len() };
        let bytes = <[u8; KEY_LEN]>::try_from(decoded.as_slice()).map_err(|_| length())?;
        let fernet = Fernet::new(text).ok_or(KeyError::Base64)?;
        Ok(Self { fernet, bytes: Zeroizing::new(bytes) })
    }

    /// Whether a text looks like a token rather than like what a token holds.
    pub fn is_token(text: &str) -> bool {
        text.starts_with(TOKEN_START)
    }

    /// Opens a token to its text.
    ///
    /// # Errors
    /// [`Unopened`]; also when what it holds is not UTF-8, which the former installation never sealed.
    pub fn open(&self, token: &str) -> Result<SecretString, Unopened> {
        let plain = Zeroizing::new(self.fernet.decrypt(token.trim()).map_err(|_| Unopened)?);
        std::str::from_utf8(&plain).map(SecretString::from).map_err(|_| Unopened)
    }

    /// HMAC-SHA256 over the length-prefixed parts: what a row held, without holding it. Keyed, because rows hold SHA-256
    /// passwords, and with this key, because a thief of our database has no use for its digests without it.
    pub fn digest(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.bytes.as_slice()).expect("HMAC takes keys of any length");
        for part in ["painel/import/v1"].iter().chain(parts) {
            let length = u64::try_from(part.len()).expect("a length fits 64 bits");
            mac.update(&length.to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyError, SourceKey, Unopened};
    use secrecy::ExposeSecret as _;

    /// Both made by Python's `cryptography`: `Fernet(key).encrypt(b'{"client_id": "ação"}')`.
    const KEY: &str = "6jEuufpfe-NNPkqw4Ka-4EVkgxex_W34gORhg1xMsZA=";
    const TOKEN: &str = "gAAAAABrBhrxHRs0vnHFH7o_2Nof1nAoVd0QOfsdJbMmaU8qfcqaO_NpC8V76_dz0tTytTjxBoSEvgUiKoVnnsotj_Kc8SweAubbYnJ_onqEKOM41TyBFl4=";

    fn refused(text: &str) -> KeyError {
        SourceKey::parse(text).err().expect("no key")
    }

    #[test]
    fn opens_what_python_sealed() {
        for text in [KEY.to_owned(), format!("{KEY}\r\n"), format!("ENCRYPTION_KEY=\"{KEY}\"\n")] {
            let key = SourceKey::parse(&text).expect("a key");
            assert_eq!(key.open(TOKEN).expect("opens").expose_secret(), "{\"client_id\": \"ação\"}");
            assert_eq!(key.open(&format!(" {TOKEN}\n")).map(drop), Ok(()));
        }
    }

    #[test]
    fn what_was_altered_or_made_with_another_key_does_not_open() {
        let key = SourceKey::parse(KEY).expect("a key");
        let other = SourceKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key");
        assert_eq!(other.open(TOKEN).map(drop), Err(Unopened));
        for at in 0..TOKEN.len() - 2 {
            let mut altered = TOKEN.to_owned().into_bytes();
            altered[at] = if altered[at] == b'B' { b'C' } else { b'B' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(key.open(&altered).map(drop), Err(Unopened), "character {at}");
        }
        for text in ["", "x", "gAAAAA", &TOKEN[..TOKEN.len() - 4]] {
            assert_eq!(key.open(text).map(drop), Err(Unopened), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_no_keys_and_are_told_why() {
        assert_eq!(refused(" \n"), KeyError::Empty);
        assert_eq!(refused("chave com espaços"), KeyError::Base64);
        // The sample of the sketch: made to look like a token, and no key.
        let sample = "gAAAAABhZ5J9X8Y2K3L4M5N6O7P8Q9R0S1T2U3V4W5X6Y7Z8A9B0";
        assert_eq!(refused(sample), KeyError::Length { chars: 52, bytes: 39 });
        let said = refused(sample).to_string();
        assert!(said.contains("52 characters") && said.contains("32 bytes") && !said.contains("gAAAA"), "{said}");
        assert_eq!(refused(&KEY[4..]), KeyError::Length { chars: 40, bytes: 29 });
    }

    #[test]
    fn a_digest_depends_on_every_part_and_on_the_key() {
        let key = SourceKey::parse(KEY).expect("a key");
        let other = SourceKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key");
        let all = [key.digest(&["ab", "c"]), key.digest(&["a", "bc"]), key.digest(&["abc"]), other.digest(&["abc"])];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|later| later != one), "digest {at} stands twice");
        }
        assert_eq!(key.digest(&["abc"]), key.digest(&["abc"]));
    }
}
