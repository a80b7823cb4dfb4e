//! Credentials as the settings page shows and sends them. A secret's value never comes back this way.

use super::catalog::Provider;
use crate::ui::When;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One provider's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialCard {
    /// Whose card it is.
    pub provider: Provider,
    /// The stored version to send back when saving; 0 when nothing is stored.
    pub version: i64,
    /// What is stored, by field name; a field that is not stored is missing.
    pub stored: BTreeMap<String, StoredField>,
    /// When it was last saved.
    pub saved: Option<When>,
    /// Who saved it last.
    pub saved_by: String,
}

/// What is known of one stored field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredField {
    /// Not a secret: shown as it is.
    Plain(String),
    /// A secret: only its end, when it is long enough to show one (16 characters).
    Secret {
        /// The last four characters, or nothing.
        last_four: Option<String>,
    },
    /// Stored, but it does not open: restore the key or save again.
    Unreadable,
}

/// What a form sends. Blank keeps what is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialForm {
    /// Which card.
    pub provider: Provider,
    /// The version the form was filled from.
    pub version: i64,
    /// The fields by name.
    pub fields: BTreeMap<String, String>,
}
