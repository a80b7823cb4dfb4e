//! What every request shares: one of each, made at start.

use crate::{
    auth::PasswordGate,
    config::Config,
    egress::{AddressPolicy, Egress},
    providers::AddressRules,
    startup::{self, Refusal},
    store::Store,
    vault::KeyRing,
};
use std::sync::Arc;

/// The parts of a running server. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// The database.
    pub store: Store,
    /// The keys that wrap the tenants' keys.
    pub ring: Arc<KeyRing>,
    /// The one place where passwords are hashed.
    pub gate: PasswordGate,
    /// The one way out to foreign hosts.
    pub egress: Egress,
    /// Which addresses a tenant may enter.
    pub rules: Arc<AddressRules>,
}

impl State {
    /// Opens everything, after checking that it fits together.
    ///
    /// # Errors
    /// A [`Refusal`] that says what to do.
    pub async fn open(config: &Config) -> Result<Self, Refusal> {
        let policy =
            AddressPolicy::parse_allow(&config.egress_allow).map_err(|error| Refusal::Egress(error.to_string()))?;
        let rules = AddressRules::new(config.egress_allow.split(','));
        let egress = Egress::new(policy).map_err(|error| Refusal::Egress(error.to_string()))?;
        let gate = PasswordGate::new().map_err(|error| Refusal::Passwords(error.to_string()))?;
        let (store, ring) = startup::open(config).await?;
        Ok(Self { store, ring: Arc::new(ring), gate, egress, rules: Arc::new(rules) })
    }
}
