//! What the store keeps of a session id: its SHA-256 only, so that a stolen database logs nobody in.
//!
//! A plain digest is enough because the id is 128 random bits; it would not be for anything a person chose.

use sha2::{Digest, Sha256};

/// SHA-256 of a session id.
pub fn hash_of(session_id: &str) -> [u8; 32] {
    Sha256::digest(session_id.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::hash_of;

    #[test]
    fn is_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hex: String = hash_of("abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }
}
