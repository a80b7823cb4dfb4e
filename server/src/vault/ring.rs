//! The key ring: the installation's named 32-byte keys, of which one is active. What it wraps are tenant keys
//! (`tenant_key.rs`); it never touches a tenant's fields. Reading the file and its mode is `config`'s matter.
//!
//! The text is `{"active":"k1","keys":{"k1":"<base64 of 32 bytes>"}}`. Every fault has its own error, and no error
//! carries anything that may be key material: not a bad name, not serde's own words, which quote the input.

use super::{aad, envelope::KEY_LEN};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Tells two keys apart without telling anything about them; kept in the store beside the name.
pub type CheckValue = [u8; 16];

/// A ring key's name: `[a-z0-9-]{1,32}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        ((1..=32).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a key ring cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// No text, or no keys in it.
    #[error("the key ring is empty")]
    Empty,
    /// Not JSON, or not the expected fields.
    #[error("the key ring is not JSON of the form {{\"active\":…,\"keys\":{{…}}}} (line {line}, column {column})")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// A key's name has other characters than `[a-z0-9-]`, or not 1 to 32 of them.
    #[error("a name in the key ring is not made of 1 to 32 characters a-z, 0-9 and -")]
    BadKeyId,
    /// A name stands twice.
    #[error("the key ring names the key {0} twice")]
    DuplicateId(KeyId),
    /// A key is not base64.
    #[error("the key {0} of the key ring is not base64")]
    Base64(KeyId),
    /// A key has not 32 bytes.
    #[error("the key {id} of the key ring has {bytes} bytes, not 32")]
    Length {
        /// Which key.
        id: KeyId,
        /// How many bytes it has.
        bytes: usize,
    },
    /// The active name is not among the keys.
    #[error("the active key {0} is not in the key ring")]
    ActiveAbsent(KeyId),
    /// The store uses a key that the ring does not hold.
    #[error("the stored data needs the key {0:?}, which is not in this key ring")]
    Missing(String),
    /// The ring holds another key of that name than the store was written with.
    #[error("the key {0} of this key ring is not the key that the stored data was sealed with")]
    WrongKey(KeyId),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

/// One key of the ring.
pub(super) struct RingKey(Zeroizing<[u8; KEY_LEN]>);

impl RingKey {
    pub(super) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

/// Several named keys, one of them active. Cheap to read, wiped when dropped, never printed.
pub struct KeyRing {
    active: KeyId,
    keys: BTreeMap<KeyId, RingKey>,
}

impl KeyRing {
    /// Reads the text of a key file.
    ///
    /// # Errors
    /// Each fault as its own [`RingError`].
    pub fn parse(text: &str) -> Result<Self, RingError> {
        if text.trim().is_empty() {
            return Err(RingError::Empty);
        }
        let raw: RawRing = serde_json::from_str(text)
            .map_err(|fault| RingError::Json { line: fault.line(), column: fault.column() })?;
        if raw.keys.0.is_empty() {
            return Err(RingError::Empty);
        }
        let active = KeyId::parse(&raw.active).ok_or(RingError::BadKeyId)?;
        let mut keys = BTreeMap::new();
        for (name, encoded) in &raw.keys.0 {
            let id = KeyId::parse(name).ok_or(RingError::BadKeyId)?;
            if keys.contains_key(&id) {
                return Err(RingError::DuplicateId(id));
            }
            let bytes = Zeroizing::new(BASE64.decode(encoded.trim()).map_err(|_| RingError::Base64(id.clone()))?);
            let key = <[u8; KEY_LEN]>::try_from(bytes.as_slice())
                .map_err(|_| RingError::Length { id: id.clone(), bytes: bytes.len() })?;
            keys.insert(id, RingKey(Zeroizing::new(key)));
        }
        if !keys.contains_key(&active) {
            return Err(RingError::ActiveAbsent(active));
        }
        Ok(Self { active, keys })
    }

    /// A new ring of one random key with the given name, and the text to keep in the key file.
    ///
    /// # Errors
    /// `BadKeyId` for the name, `Random`.
    pub fn generate(name: &str) -> Result<(Self, SecretString), RingError> {
        let id = KeyId::parse(name).ok_or(RingError::BadKeyId)?;
        let mut key = Zeroizing::new([0; KEY_LEN]);
        getrandom::fill(&mut *key).map_err(|_| RingError::Random)?;
        let ring = Self { active: id.clone(), keys: BTreeMap::from([(id, RingKey(key))]) };
        let text = ring.to_text();
        Ok((ring, text))
    }

    /// The same ring with one more random key, which is not active yet.
    ///
    /// # Errors
    /// `BadKeyId` for the name, `DuplicateId` when it stands there already, `Random`.
    pub fn with_new_key(mut self, name: &str) -> Result<Self, RingError> {
        let id = KeyId::parse(name).ok_or(RingError::BadKeyId)?;
        if self.keys.contains_key(&id) {
            return Err(RingError::DuplicateId(id));
        }
        let mut key = Zeroizing::new([0; KEY_LEN]);
        getrandom::fill(&mut *key).map_err(|_| RingError::Random)?;
        self.keys.insert(id, RingKey(key));
        Ok(self)
    }

    /// The same ring with another of its keys active.
    ///
    /// # Errors
    /// `BadKeyId` for the name, `ActiveAbsent` when the ring holds no such key.
    pub fn with_active(mut self, name: &str) -> Result<Self, RingError> {
        let id = KeyId::parse(name).ok_or(RingError::BadKeyId)?;
        if !self.keys.contains_key(&id) {
            return Err(RingError::ActiveAbsent(id));
        }
        self.active = id;
        Ok(self)
    }

    /// The text of its file.
    pub fn to_text(&self) -> SecretString {
        let mut text = Zeroizing::new(format!("{{\n  \"active\": \"{}\",\n  \"keys\": {{", self.active));
        // As long as it will get, so that no half of it is left behind where it grew.
        let (begun, more) = (text.len(), self.keys.len() * 96 + 16);
        text.reserve(more);
        for (place, (id, key)) in self.keys.iter().enumerate() {
            let encoded = Zeroizing::new(BASE64.encode(key.bytes()));
            let comma = if place == 0 { "" } else { "," };
            for part in [comma, "\n    \"", id.as_str(), "\": \"", encoded.as_str(), "\""] {
                text.push_str(part);
            }
        }
        text.push_str("\n  }\n}\n");
        debug_assert!(text.len() <= begun + more, "it grew");
        text.as_str().into()
    }

    /// The name of the key that new tenant keys are wrapped with.
    pub fn active(&self) -> &KeyId {
        &self.active
    }

    /// All names.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.keys.keys()
    }

    /// The check value of a key, if the ring holds one of that name.
    pub fn check_value(&self, key_id: &str) -> Option<CheckValue> {
        let (id, key) = self.keys.get_key_value(&KeyId::parse(key_id)?)?;
        let digest = aad::digest("key-check", &[id.as_str().as_bytes(), key.bytes()]);
        Some(*digest.first_chunk().expect("16 of 32 bytes"))
    }

    /// Compares a stored check value with the ring, so that a wrong ring is found at start and not by a user.
    ///
    /// # Errors
    /// `Missing` when the ring holds no such key, `WrongKey` when it holds another one under that name.
    pub fn check(&self, key_id: &str, stored: &[u8]) -> Result<(), RingError> {
        let held = self.check_value(key_id).ok_or_else(|| RingError::Missing(key_id.to_owned()))?;
        if bool::from(held.as_slice().ct_eq(stored)) {
            Ok(())
        } else {
            Err(RingError::WrongKey(KeyId(key_id.to_owned())))
        }
    }

    /// The active key with its name.
    pub(super) fn active_key(&self) -> (&KeyId, &RingKey) {
        self.keys.get_key_value(&self.active).expect("the active key is in the ring, or the ring was not made")
    }

    /// A key by its name.
    pub(super) fn find_key(&self, key_id: &str) -> Option<&RingKey> {
        self.keys.get(&KeyId::parse(key_id)?)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("active", &self.active)
            .field("ids", &self.keys.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The file's fields as they stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRing {
    active: String,
    keys: RawKeys,
}

/// The pairs in order: a map would silently keep only the last of two keys with one name.
struct RawKeys(Vec<(String, Zeroizing<String>)>);

impl<'de> Deserialize<'de> for RawKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = RawKeys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of named keys")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<RawKeys, M::Error> {
                let mut pairs = Vec::new();
                while let Some((name, encoded)) = map.next_entry::<String, String>()? {
                    pairs.push((name, Zeroizing::new(encoded)));
                }
                Ok(RawKeys(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests;
