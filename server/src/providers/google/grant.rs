//! What a person's consent left: fields of the card that no form can set, sealed like all others.

use super::{client::Client, token::Granted};
use crate::providers::report::Fact;
use app::tr;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const TOKEN: &str = "refresh_token";
const SCOPES: &str = "granted_scopes";
const SINCE: &str = "granted_at";
const UNTIL: &str = "granted_until";
const ACCOUNT: &str = "granted_account";

/// The fields of a consent. They go when the client changes: Google takes a refresh token from its own client alone.
pub const GRANT_FIELDS: &[&str] = &[ACCOUNT, SINCE, SCOPES, UNTIL, TOKEN];

/// A consent and the client that it was given to.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The client.
    pub client: Client,
    /// What access tokens are made of.
    pub refresh_token: SecretString,
    /// What was allowed, parted by spaces.
    pub scopes: String,
    /// When it was given.
    pub since: Option<Timestamp>,
    /// When it ends, where Google said so.
    pub until: Option<Timestamp>,
    /// Whose account it is; empty when that is not known.
    pub account: String,
}

impl Grant {
    /// The consent of a card, when there is one.
    pub fn of(fields: &BTreeMap<String, SecretString>) -> Option<Self> {
        let text = |name: &str| fields.get(name).map(|value| value.expose_secret().to_owned()).unwrap_or_default();
        Some(Self {
            client: Client::of(fields)?,
            refresh_token: fields.get(TOKEN)?.clone(),
            scopes: text(SCOPES),
            since: text(SINCE).parse().ok(),
            until: text(UNTIL).parse().ok(),
            account: text(ACCOUNT),
        })
    }

    /// A consent that has just been given; `None` when Google gave no refresh token.
    pub fn new(client: Client, granted: &Granted, now: Timestamp) -> Option<Self> {
        Some(Self {
            client,
            refresh_token: granted.refresh_token.clone()?,
            scopes: granted.scope.clone(),
            since: Some(now),
            until: granted.ends_in.map(|seconds| now + SignedDuration::from_secs(seconds.into())),
            account: granted.account.clone(),
        })
    }

    /// All of [`GRANT_FIELDS`], to be sealed: those of an earlier consent do not outlive it.
    pub fn fields(&self) -> BTreeMap<&'static str, SecretString> {
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        BTreeMap::from([
            (TOKEN, self.refresh_token.clone()),
            (SCOPES, self.scopes.clone().into()),
            (SINCE, instant(self.since).into()),
            (UNTIL, instant(self.until).into()),
            (ACCOUNT, self.account.clone().into()),
        ])
    }

    /// Whether two cards hold the same consent.
    pub fn same_as(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }

    /// By which a cache knows that it is still the same consent. No secret can be found from it.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let parts = [self.client.id.as_str(), self.client.secret.expose_secret(), self.refresh_token.expose_secret()];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }

    /// What a test tells of it.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let fact = || Fact { label: tr!("Conta", "Account"), value: self.account.clone() };
        let account = (!self.account.is_empty()).then(fact);
        account.into_iter().collect()
    }
}
