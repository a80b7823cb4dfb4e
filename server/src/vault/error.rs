//! Why something does not seal or open. Carries identifiers and lengths, never key bytes, plaintext or ciphertext.

/// What went wrong in the vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The bytes are no sealed value: cut off, too short or too long.
    #[error("the sealed value is not well-formed")]
    Malformed,
    /// A format that this version does not know.
    #[error("unknown format {0} of a sealed value")]
    UnknownFormat(u8),
    /// An algorithm that this version does not know.
    #[error("unknown algorithm {0} of a sealed value")]
    UnknownAlgorithm(u8),
    /// Sealed under another version of the tenant's key than the one at hand.
    #[error("sealed under key version {sealed}, opened with version {held}")]
    KeyVersion {
        /// The version in the sealed value.
        sealed: u32,
        /// The version of the key at hand.
        held: u32,
    },
    /// Sealed under a version of the tenant's key that is not there.
    #[error("sealed under key version {0}, which this tenant does not have")]
    MissingVersion(u32),
    /// The tenant has no key at all: it was shredded, or its keys were not restored.
    #[error("this tenant has no key")]
    NoKey,
    /// The ring holds no key of that name.
    #[error("the key ring holds no key {0:?}")]
    UnknownRingKey(String),
    /// It does not authenticate: altered, moved from its place, or another key.
    #[error("the sealed value does not open here: altered, moved from its place, or sealed with another key")]
    Refused,
    /// A tenant's key was asked to work on another tenant's address.
    #[error("a tenant's key was asked to work for another tenant")]
    OtherTenant,
    /// Opened, but not UTF-8 text.
    #[error("the opened value is not text")]
    NotText,
    /// More than [`super::MAX_PLAINTEXT`] bytes.
    #[error("{0} bytes are too many for one sealed value")]
    TooLong(usize),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}
