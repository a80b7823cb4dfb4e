//! The six providers: what each one's fields must look like before they are sealed. One file a provider.
//!
//! | file | holds |
//! |---|---|
//! | `form.rs` | `Form`: given and stored fields of one card, its refusals, what will be set |
//! | `text.rs` | readers that several providers share: tokens, digits |
//! | `address.rs` | [`AddressRules`], and the early refusal of addresses that Painel never opens |
//! | `phone.rs` | a telephone number in E.164 |
//! | `report.rs` | what a connection test tells: causes, findings, facts |
//! | `probe.rs` | [`Probe`]: what a test works with, and the words for a host that gave no answer |
//! | `span.rs` | how long, in words |
//! | `supabase/` … `n8n/` | one provider each: its fields, its test; `google/` is shared by its two |
//!
//! Which fields there are stands in `app::credentials::Provider::fields`. [`validate`] touches no network; [`test`] does,
//! through `egress` alone, and asks only what changes nothing. No message contains a value: it may be a secret in the
//! wrong field; and nothing of an answer's text is passed on.

mod address;
mod evolution;
mod form;
pub mod google;
mod google_calendar;
mod google_meet;
pub mod n8n;
mod phone;
mod probe;
mod report;
mod span;
mod supabase;
mod text;
mod whatsapp;

pub use address::AddressRules;
pub use evolution::{Code, connect};
pub use probe::{Bases, Probe};
pub use report::{Cause, Fact, Finding, Place, Report, Standing};
pub use supabase::{KeyKind, classify};

use app::{credentials::Provider, error::FieldError, tr};
use form::Form;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, time::Duration};

/// Checks what was typed for one provider and returns the fields to set, normalised.
///
/// A blank field keeps what is stored; `stored` are the fields of the same card, already opened, for rules that look
/// at two fields at once. A stored field that is not in the answer stays as it is.
///
/// # Errors
/// Every refused field with what is wrong and what to do, in the order of the form.
pub fn validate(
    provider: Provider,
    input: &BTreeMap<String, String>,
    stored: &BTreeMap<String, SecretString>,
    rules: &AddressRules,
) -> Result<BTreeMap<&'static str, SecretString>, Vec<FieldError>> {
    validate_at(provider, input, stored, rules, Timestamp::now())
}

/// [`validate`] at a given time: keys expire.
///
/// # Errors
/// As [`validate`].
pub fn validate_at(
    provider: Provider,
    input: &BTreeMap<String, String>,
    stored: &BTreeMap<String, SecretString>,
    rules: &AddressRules,
    now: Timestamp,
) -> Result<BTreeMap<&'static str, SecretString>, Vec<FieldError>> {
    check(provider, input, stored, rules, now).finish()
}

/// Whether a test may send what is stored to where it would go: a stored secret leaves for its stored address alone, so
/// that whoever can test, and no more, cannot have it sent to a server of their own. `set` is what [`validate`] gave.
///
/// # Errors
/// Every secret that must be typed together with the new address.
pub fn keep_at_home(
    provider: Provider,
    set: &BTreeMap<&'static str, SecretString>,
    stored: &BTreeMap<String, SecretString>,
) -> Result<(), Vec<FieldError>> {
    let text = |secret: &SecretString| secret.expose_secret().to_owned();
    let moved = ADDRESSES.iter().any(|address| {
        let (new, old) = (set.get(address).map(text), stored.get(*address).map(text));
        new.is_some() && new != old
    });
    let secrets = provider.fields().iter().filter(|field| field.secret && !set.contains_key(field.name));
    let refused: Vec<FieldError> = secrets
        .filter(|field| moved && stored.contains_key(field.name))
        .map(|field| {
            FieldError::new(
                field.name,
                tr!(
                    "Para testar outro endereço, digite também este campo: o guardado só vai ao endereço guardado.",
                    "To test another address, type this field too: the saved one only goes to the saved address.",
                ),
            )
        })
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

/// The fields that say where a card's secrets are sent. n8n's is itself the secret, and nothing else is sent in a test.
const ADDRESSES: [&str; 2] = ["project_url", "base_url"];

/// What can be kept of a card that nobody can be asked about, as when moving in: the fields that are good by themselves,
/// normalised, and every refusal. A field that is required and was not given is refused too.
pub fn accept(
    provider: Provider,
    input: &BTreeMap<String, String>,
    rules: &AddressRules,
) -> (BTreeMap<&'static str, SecretString>, Vec<FieldError>) {
    check(provider, input, &BTreeMap::new(), rules, Timestamp::now()).split()
}

fn check<'a>(
    provider: Provider,
    input: &'a BTreeMap<String, String>,
    stored: &'a BTreeMap<String, SecretString>,
    rules: &AddressRules,
    now: Timestamp,
) -> Form<'a> {
    let mut form = Form::new(provider, input, stored);
    match provider {
        Provider::Supabase => supabase::check(&mut form, rules, now),
        Provider::Whatsapp => whatsapp::check(&mut form),
        Provider::Evolution => evolution::check(&mut form, rules),
        Provider::GoogleCalendar => google_calendar::check(&mut form),
        Provider::GoogleMeet => google_meet::check(&mut form),
        Provider::N8n => n8n::check(&mut form, rules),
    }
    form
}

/// Names of stored fields that do not hold any more once these are set: a consent was given to one client.
pub fn outdated(
    provider: Provider,
    set: &BTreeMap<&'static str, SecretString>,
    stored: &BTreeMap<String, SecretString>,
) -> &'static [&'static str] {
    let changes = |name: &str| {
        let new = set.get(name).map(|value| value.expose_secret());
        new.is_some() && new != stored.get(name).map(|value| value.expose_secret())
    };
    // Without a readable token the rest of a consent is of no use, and what does not open would sound for ever.
    let over = changes("client_id") || changes("client_secret") || google::Grant::of(stored).is_none();
    if provider.google_sibling().is_some() && over { google::GRANT_FIELDS } else { &[] }
}

/// Longest test, a retry included: well within the time that a request may take.
const LONGEST_TEST: Duration = Duration::from_secs(12);

/// Asks a provider whether these fields, opened and normalised, work: the connection test. It changes nothing there.
pub async fn test(provider: Provider, fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let test = async {
        match provider {
            Provider::Supabase => supabase::test(fields, probe).await,
            Provider::Whatsapp => whatsapp::test(fields, probe).await,
            Provider::Evolution => evolution::test(fields, probe).await,
            Provider::N8n => n8n::test(fields, probe).await,
            Provider::GoogleCalendar => google_calendar::test(fields, probe).await,
            Provider::GoogleMeet => google_meet::test(fields, probe).await,
        }
    };
    tokio::time::timeout(LONGEST_TEST, test).await.unwrap_or_else(|_| Report::one(probe::too_slow()))
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
