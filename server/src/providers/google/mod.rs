//! Google, as its two providers share it: the tenant's own OAuth client, a person's consent, and the access tokens that come
//! of it.
//!
//! | file | holds |
//! |---|---|
//! | `client.rs` | [`Client`]: the OAuth client's id and secret, and how the card's fields are read |
//! | `scope.rs` | what each provider has to be allowed, in Google's words and in the tenant's |
//! | `consent.rs` | [`Consent`]: one person on their way to Google and back, by PKCE and a state |
//! | `token.rs` | the token endpoint: a code exchanged, an access token refreshed, a grant revoked, a client checked |
//! | `grant.rs` | [`Grant`]: what a consent left, as fields of the card |
//! | `cache.rs` | [`TokenCache`]: access tokens, in memory alone, one refresh at a time |
//! | `call.rs` | a call with an access token, once more with a new one after 401 |
//! | `answer.rs` | Google's refusals of a call, as findings |
//! | `words.rs` | the token endpoint's refusals, as findings |
//!
//! Refresh tokens and client secrets go to the token endpoint alone; access tokens to Google's APIs alone. Nobody logs either.

mod answer;
mod cache;
mod call;
mod client;
mod consent;
mod grant;
mod scope;
mod token;
mod words;

pub(super) use answer::refusal;
pub use cache::{AccessToken, TokenCache};
pub(super) use call::{Call, call};
pub use client::Client;
pub(super) use client::check_client;
pub(super) use consent::under;
pub use consent::{Consent, redirect_uri};
pub use grant::{GRANT_FIELDS, Grant};
pub use scope::{in_words as scope_in_words, missing as missing_scopes};
pub use token::{Granted, TokenError, exchange, revoke};
pub(super) use words::{connect_first, unknown};
pub use words::{denied, refused};

use super::{
    probe::Probe,
    report::{Cause, Fact, Finding, Report},
};
use app::{both, credentials::Provider};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// What stands before every test of a call: a client, a person's consent, an access token, and all that has to be allowed.
///
/// # Errors
/// The report that ends the test.
pub(super) async fn ready(
    provider: Provider,
    fields: &BTreeMap<String, SecretString>,
    probe: &Probe,
) -> Result<(Grant, Vec<Fact>), Report> {
    let Some(client) = Client::of(fields) else {
        return Err(Report::one(Finding::new(
            Cause::BadCredential,
            both!("Faltam o Client ID e o Client secret.", "The Client ID and the Client secret are missing."),
            both!(
                "Copie os dois em Google Cloud → Google Auth Platform → Clients.",
                "Copy both in Google Cloud → Google Auth Platform → Clients."
            ),
        )));
    };
    let Some(grant) = Grant::of(fields) else {
        let pair = token::check_client(&client, probe).await;
        return Err(Report::one(
            pair.map_or_else(|error| refused(error, None, probe.now), |()| connect_first(provider)),
        ));
    };
    if let Err(error) = probe.google.access(provider, &grant, probe).await {
        return Err(Report::one(refused(error, grant.since, probe.now)));
    }
    let facts = grant.facts();
    let missing = scope::missing(provider, &grant.scopes);
    if missing.is_empty() {
        return Ok((grant, facts));
    }
    Err(Report { findings: missing.into_iter().map(words::missing).collect(), facts })
}
