//! Credentials: what a tenant keeps for each provider. Secrets go in and never come back.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod card;
mod catalog;
mod page;
mod types;

pub use api::{ListCards, RemoveCredential, SaveCredential, list_cards, remove_credential, save_credential};
#[cfg(feature = "ssr")]
pub use backend::CredentialsBackend;
pub use catalog::{Field, Provider};
pub use page::CredentialsPage;
pub use types::{CredentialCard, CredentialForm, StoredField};
