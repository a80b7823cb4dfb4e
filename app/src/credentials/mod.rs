//! Credentials: what a tenant keeps for each provider. Secrets go in and never come back.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod card;
mod catalog;
mod google;
mod health;
mod page;
mod pairing;
mod replace;
mod report;
mod types;

pub use api::{
    ListCards, ReadPairing, RemoveCredential, SaveCredential, SendEvent, TestConnection, list_cards, read_pairing,
    remove_credential, save_credential, send_event, test_connection,
};
#[cfg(feature = "ssr")]
pub use backend::CredentialsBackend;
pub use catalog::{Field, FieldWords, Provider};
#[cfg(feature = "ssr")]
pub use google::GoogleBackend;
pub use google::{ConnectGoogle, DisconnectGoogle, connect_google, disconnect_google};
pub use page::CredentialsPage;
pub use pairing::PairingPage;
pub use types::{
    ConnectionHealth, CredentialCard, CredentialForm, CredentialsView, GoogleCard, GoogleGrant, MOST_CODES, Pairing,
    PairingCode, StoredField, StripMark, TestFact, TestFinding, TestReport,
};
