//! The six providers: what each one's fields must look like before they are sealed. One file a provider.
//!
//! | file | holds |
//! |---|---|
//! | `form.rs` | `Form`: given and stored fields of one card, its refusals, what will be set |
//! | `text.rs` | readers that several providers share: tokens, digits |
//! | `address.rs` | [`AddressRules`], and the early refusal of addresses that Painel never opens |
//! | `phone.rs` | a telephone number in E.164 |
//! | `supabase.rs` … `n8n.rs` | one provider each; `google.rs` is shared by its two |
//!
//! Which fields there are stands in `app::credentials::Provider::fields`. No network here: whether a key works is
//! found by the connection test. No message contains a value: it may be a secret in the wrong field.

mod address;
mod evolution;
mod form;
mod google;
mod google_calendar;
mod google_meet;
mod n8n;
mod phone;
mod supabase;
mod text;
mod whatsapp;

pub use address::AddressRules;
pub use supabase::{KeyKind, classify};

use app::{credentials::Provider, error::FieldError};
use form::Form;
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeMap;

/// Checks what was typed for one provider and returns the fields to set, normalised.
///
/// A blank field keeps what is stored; `stored` are the fields of the same card, already opened, for rules that look
/// at two fields at once. A stored field that is not in the answer stays as it is.
///
/// # Errors
/// Every refused field with what is wrong and what to do, in Portuguese, in the order of the form.
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

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
