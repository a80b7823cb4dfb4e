//! From a client's columns to our providers' cards: opened, renamed, checked field by field.
//!
//! What Painel would not let anybody type is not taken either (a `service_role` key above all), but a card is not given up
//! for it: the good fields are kept, and the report says what the tenant's admin must add.

use super::{
    fernet::{SourceKey, Unopened},
    record::{Client, RowFault},
};
use crate::providers::{self, AddressRules, classify};
use app::credentials::Provider;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One provider's fields as they will be sealed.
#[derive(Debug)]
pub struct Card {
    /// Whose.
    pub provider: Provider,
    /// The column they come from; of the two of Supabase, the address's.
    pub column: &'static str,
    /// Good fields by our names, normalised.
    pub fields: BTreeMap<&'static str, SecretString>,
    /// Required fields that the source does not have.
    pub missing: Vec<String>,
    /// Fields that are not taken, each with its reason.
    pub refused: Vec<String>,
    /// What the source holds, as a keyed digest.
    pub digest: [u8; 32],
}

/// Why a column as a whole cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// Not a text.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// The token does not open.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// It opens to something else.
    #[error("opens, but does not hold a JSON object of fields")]
    NotFields,
}

/// A card, or the column that gives none.
pub type Reading = Result<Card, (&'static str, ColumnFault)>;

/// Reads all cards of a client; a column that is empty gives none.
pub fn read_cards(client: &Client, key: &SourceKey, rules: &AddressRules) -> Vec<Reading> {
    let mut cards = Vec::new();
    for (column, provider) in [
        ("google_calendar_credentials", Provider::GoogleCalendar),
        ("google_meet_credentials", Provider::GoogleMeet),
        ("whatsapp_credentials", Provider::Whatsapp),
        ("evolution_api_credentials", Provider::Evolution),
    ] {
        let fields = value(client, column).and_then(|value| value.map(|value| sealed_fields(value, key)).transpose());
        match fields {
            Ok(fields) => {
                let card = finish(column, provider, fields.unwrap_or_default(), Vec::new(), key, rules);
                cards.extend(card.map(Ok));
            }
            Err(fault) => cards.push(Err((column, fault))),
        }
    }
    for (provider, columns) in [
        (Provider::Supabase, &[("supabase_url", "project_url"), ("supabase_key", "api_key")][..]),
        (Provider::N8n, &[("n8n_webhook_url", "webhook_url")]),
    ] {
        let (mut fields, mut refused) = (BTreeMap::new(), Vec::new());
        for (column, field) in columns {
            match clear(client, column, key) {
                Ok(value) => fields.extend(value.map(|value| ((*field).to_owned(), value))),
                Err(fault) => refused.push(format!("{column} {fault}")),
            }
        }
        cards.extend(finish(columns[0].0, provider, fields, refused, key, rules).map(Ok));
    }
    cards
}

fn value<'a>(client: &'a Client, column: &str) -> Result<Option<&'a str>, ColumnFault> {
    match client.credentials.get(column) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value.expose_secret())),
        Some(Err(fault)) => Err(fault.clone().into()),
    }
}

/// A column that the former installation kept open; one that somebody sealed nevertheless is opened.
fn clear(client: &Client, column: &str, key: &SourceKey) -> Result<Option<String>, ColumnFault> {
    let Some(value) = value(client, column)? else { return Ok(None) };
    if !SourceKey::is_token(value) {
        return Ok(Some(value.to_owned()));
    }
    let opened = key.open(value)?;
    let opened = opened.expose_secret();
    Ok(Some(serde_json::from_str(opened).unwrap_or_else(|_| opened.to_owned())).filter(|text| !text.is_empty()))
}

/// A column that holds the token of a JSON object, or the object itself where it was never sealed.
fn sealed_fields(value: &str, key: &SourceKey) -> Result<BTreeMap<String, String>, ColumnFault> {
    let opened;
    let text = if value.starts_with('{') {
        value
    } else {
        opened = key.open(value)?;
        opened.expose_secret()
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(texts(fields)),
        // What the former form left when nothing was filled in.
        Ok(Value::Null) => Ok(BTreeMap::new()),
        _ => Err(ColumnFault::NotFields),
    }
}

/// A blank field is no field. A list or object is kept as its JSON, which no field accepts, so that it is reported.
fn texts(fields: Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).filter(|(_, text)| !text.is_empty()).collect()
}

/// Our name for a field of the former form, or of the services' own documentation.
fn our_name(provider: Provider, name: &str) -> Option<&'static str> {
    let ours = match (provider, name) {
        (Provider::Whatsapp, "phone_number" | "number" | "phone") => "display_number",
        (Provider::Whatsapp, "api_key" | "token") => "access_token",
        (Provider::Whatsapp, "business_account_id") => "waba_id",
        (Provider::Evolution, "url" | "api_url" | "server_url") => "base_url",
        (Provider::Evolution, "instance_name" | "instanceName") => "instance",
        (Provider::Evolution, "api_key" | "apikey" | "apiKey") => "token",
        (_, same) => same,
    };
    provider.field(ours).map(|field| field.name)
}

/// The card of a provider; `None` when there is nothing to say of it.
fn finish(
    column: &'static str,
    provider: Provider,
    fields: BTreeMap<String, String>,
    mut refused: Vec<String>,
    key: &SourceKey,
    rules: &AddressRules,
) -> Option<Card> {
    if fields.is_empty() && refused.is_empty() {
        return None;
    }
    let parts: Vec<&str> = fields.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    let digest = key.digest(&parts);
    let (mut input, mut missing) = (BTreeMap::new(), Vec::new());
    for (name, value) in fields {
        match our_name(provider, &name) {
            // The first of two names for one field stands; the other is reported.
            Some(ours) if !input.contains_key(ours) => drop(input.insert(ours.to_owned(), value)),
            _ => refused.push(format!("{} has no place in Painel", shown(&name))),
        }
    }
    let (fields, refusals) = providers::accept(provider, &input, rules);
    for refusal in refusals {
        match input.get(&refusal.field) {
            None => missing.push(refusal.field),
            Some(value) if classify(value, Timestamp::now(), None).is_elevated() => refused.push(format!(
                "{} holds a secret (service_role) key, which Painel never keeps: replace it in the Supabase project, and \
                 let the admin enter the publishable one",
                refusal.field
            )),
            Some(_) => refused.push(format!("{} is refused: {}", refusal.field, refusal.message)),
        }
    }
    Some(Card { provider, column, fields, missing, refused, digest })
}

/// A foreign field's name, as far as it can be shown: somebody may have pasted a secret as a name.
fn shown(name: &str) -> String {
    let plain = name.len() <= 30 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain { format!("the field \"{name}\"") } else { "a field of another name".to_owned() }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
