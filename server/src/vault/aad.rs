//! The digest that binds a sealed value to its place: SHA-256 over length-prefixed parts.
//!
//! Length prefixes, because without them ("ab","c") and ("a","bc") would be one place. A fixed 32 bytes, because the
//! cipher's bounds are stated for short associated data.

use sha2::{Digest, Sha256};

/// First part of every digest, so that no other program's digest is ever taken for ours.
const DOMAIN: &[u8] = b"painel/v1";

/// SHA-256 over ("painel/v1", purpose, parts…), each preceded by its length as a big-endian `u32`.
pub(super) fn digest(purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [DOMAIN, purpose.as_bytes()].iter().chain(parts) {
        let length = u32::try_from(part.len()).expect("a part of a digest is far below 4 GiB");
        hash.update(length.to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let all = [
            digest("credential", &[b"ab", b"c"]),
            digest("credential", &[b"a", b"bc"]),
            digest("credential", &[b"abc"]),
            digest("credential", &[b"abc", b""]),
            digest("credentialabc", &[]),
            digest("tenant-key", &[b"ab", b"c"]),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other != one), "digest {i} stands twice");
        }
    }
}
