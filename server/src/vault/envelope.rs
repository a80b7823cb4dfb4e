//! The sealed form, byte by byte, and the one place where the cipher is called.
//!
//! ```text
//! format=1 | algorithm=1 | key version, u32 big-endian | nonce, 12 bytes | ciphertext and 16-byte tag
//! ```
//!
//! AES-256-GCM-SIV (RFC 8452) is not among the ciphers that ASVS 5.0 appendix C lists; it is chosen because a repeated
//! nonce does not break it. The algorithm byte stands in the envelope so that AES-256-GCM can take its place.
//! Who calls binds format-independent facts through the associated data; this file adds nothing to them.

use super::error::VaultError;
use aes_gcm_siv::{
    Aes256GcmSiv, Nonce,
    aead::{Aead, Key, KeyInit, Payload},
};
use zeroize::Zeroizing;

/// Bytes of a key.
pub(super) const KEY_LEN: usize = 32;
/// The longest plaintext, in bytes: far below the bounds of RFC 8452 §9 for random nonces.
pub const MAX_PLAINTEXT: usize = 16 * 1024;

const FORMAT: u8 = 1;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;
const HEADER_LEN: usize = 2 + 4 + NONCE_LEN;

/// The cipher of a sealed value; the number is the byte in the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Algorithm {
    Aes256GcmSiv = 1,
}

impl Algorithm {
    /// What new values are sealed with.
    pub(super) const CURRENT: Self = Self::Aes256GcmSiv;

    fn parse(byte: u8) -> Result<Self, VaultError> {
        match byte {
            1 => Ok(Self::Aes256GcmSiv),
            other => Err(VaultError::UnknownAlgorithm(other)),
        }
    }

    /// The byte in the envelope, which every AAD contains too.
    pub(super) fn byte(self) -> u8 {
        self as u8
    }
}

/// A sealed value taken apart, not yet opened.
pub(super) struct Envelope<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_version: u32,
    nonce: [u8; NONCE_LEN],
    ciphertext: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Takes the bytes apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, VaultError> {
        // The format is looked at first: a later format may have another shape.
        match bytes.first() {
            None => return Err(VaultError::Malformed),
            Some(&FORMAT) => {}
            Some(&other) => return Err(VaultError::UnknownFormat(other)),
        }
        if bytes.len() < HEADER_LEN + TAG_LEN || bytes.len() > HEADER_LEN + MAX_PLAINTEXT + TAG_LEN {
            return Err(VaultError::Malformed);
        }
        let (header, ciphertext) = bytes.split_at(HEADER_LEN);
        Ok(Self {
            algorithm: Algorithm::parse(header[1])?,
            key_version: u32::from_be_bytes(header[2..6].try_into().expect("four bytes of a checked header")),
            nonce: header[6..].try_into().expect("twelve bytes of a checked header"),
            ciphertext,
        })
    }

    /// Opens it; the buffer is wiped when dropped.
    pub(super) fn open(&self, key: &[u8; KEY_LEN], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let Algorithm::Aes256GcmSiv = self.algorithm;
        let payload = Payload { msg: self.ciphertext, aad };
        cipher(key).decrypt(&Nonce::from(self.nonce), payload).map(Zeroizing::new).map_err(|_| VaultError::Refused)
    }
}

/// Which version of its key a sealed value needs, without opening it.
///
/// # Errors
/// `Malformed`, `UnknownFormat`, `UnknownAlgorithm`.
pub fn key_version(sealed: &[u8]) -> Result<u32, VaultError> {
    Envelope::parse(sealed).map(|envelope| envelope.key_version)
}

/// Seals under a fresh random nonce.
pub(super) fn seal(key: &[u8; KEY_LEN], key_version: u32, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(|_| VaultError::Random)?;
    seal_with_nonce(key, key_version, nonce, aad, plaintext)
}

/// Only [`seal`] and the tests choose a nonce.
pub(super) fn seal_with_nonce(
    key: &[u8; KEY_LEN],
    key_version: u32,
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, VaultError> {
    if plaintext.len() > MAX_PLAINTEXT {
        return Err(VaultError::TooLong(plaintext.len()));
    }
    let ciphertext = cipher(key)
        .encrypt(&Nonce::from(nonce), Payload { msg: plaintext, aad })
        .expect("AES-GCM-SIV refuses only lengths of 64 GiB");
    let mut sealed = Vec::with_capacity(HEADER_LEN + ciphertext.len());
    sealed.extend([FORMAT, Algorithm::CURRENT.byte()]);
    sealed.extend(key_version.to_be_bytes());
    sealed.extend(nonce);
    sealed.extend(ciphertext);
    Ok(sealed)
}

fn cipher(key: &[u8; KEY_LEN]) -> Aes256GcmSiv {
    let key: &Key<Aes256GcmSiv> = key.into();
    Aes256GcmSiv::new(key)
}

#[cfg(test)]
mod tests;
