//! The rows of a former installation, in types. Tolerant where nothing is lost by it (a missing column, another spelling
//! of "true"), strict where a guess would let the wrong person in.
//!
//! A fault names the column and never repeats its value: a secret may stand in the wrong one.

use super::{
    report::{Finding, Kind},
    source::RawRow,
};
use crate::store::{Email, EmailError, SourceTable};
use app::session::Role;
use jiff::{Timestamp, civil, tz::TimeZone};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The columns of `clients` that hold credentials.
pub const CREDENTIAL_COLUMNS: [&str; 7] = [
    "google_calendar_credentials",
    "google_meet_credentials",
    "whatsapp_credentials",
    "evolution_api_credentials",
    "supabase_url",
    "supabase_key",
    "n8n_webhook_url",
];
/// The most characters of a tenant's name, as when one is made by hand.
const MAX_NAME: usize = 120;
/// The most bytes of a row's id: a UUID has 36, a number fewer.
const MAX_ID: usize = 128;

/// A row of `clients`.
pub struct Client {
    /// Its id there.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its own domain, as somebody once wrote it.
    pub domain: Option<String>,
    /// What it paid for.
    pub plan: Option<String>,
    /// Whether its users were let in.
    pub active: bool,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
    /// What stands in the columns of [`CREDENTIAL_COLUMNS`]: a text, or why it is none.
    pub credentials: BTreeMap<&'static str, Result<SecretString, RowFault>>,
}

/// A row of `client_users`.
pub struct Person {
    /// Its id there.
    pub id: String,
    /// Whose user.
    pub client_id: String,
    /// What they sign in with.
    pub email: Email,
    /// The unsalted SHA-256 of their password, in lower-case hexadecimal. As good as the password until it is wrapped.
    pub sha256: SecretString,
    /// What they may do.
    pub role: Role,
    /// Whether their role's word is one that is known; else they may only read.
    pub known_role: bool,
    /// When they last signed in.
    pub last_login: Option<OffsetDateTime>,
    /// When they were made.
    pub created_at: Option<OffsetDateTime>,
}

/// Why a row cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Not even columns.
    #[error("it cannot be read: {0}")]
    NoColumns(&'static str),
    /// No id: it could not be known again.
    #[error("it has no id")]
    NoId,
    /// A column that must hold something.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A list or an object where a text should be.
    #[error("{0} is not a text")]
    NotText(&'static str),
    /// Longer than Painel takes.
    #[error("client_name has more than 120 characters")]
    LongName,
    /// No address.
    #[error("user_email: {0}")]
    Email(EmailError),
    /// Not what `hashlib.sha256(…).hexdigest()` gives.
    #[error("user_password_hash is not the 64 hexadecimal digits of a SHA-256: let the person set a new password")]
    Hash,
    /// Not an instant.
    #[error("{0} is not a time that can be read")]
    Time(&'static str),
    /// Neither of the two.
    #[error("is_active is neither true nor false")]
    Active,
}

/// Reads a row of `clients`.
///
/// # Errors
/// A [`Finding`] that says which row is skipped, and why.
pub fn read_client(raw: &RawRow) -> Result<Client, Finding> {
    let columns = columns(SourceTable::Clients, raw)?;
    let read = |id: String| -> Result<Client, RowFault> {
        let name = text(columns, "client_name")?.ok_or(RowFault::Empty("client_name"))?;
        if name.chars().count() > MAX_NAME {
            return Err(RowFault::LongName);
        }
        let credential = |column: &'static str| match text(columns, column) {
            Ok(value) => value.map(|value| (column, Ok(SecretString::from(value)))),
            Err(fault) => Some((column, Err(fault))),
        };
        Ok(Client {
            id,
            name,
            domain: text(columns, "client_domain")?,
            plan: text(columns, "plan_type")?,
            active: flag(columns, "is_active")?,
            created_at: instant(columns, "created_at")?,
            credentials: CREDENTIAL_COLUMNS.into_iter().filter_map(credential).collect(),
        })
    };
    read_row(SourceTable::Clients, raw, columns, read)
}

/// Reads a row of `client_users`.
///
/// # Errors
/// A [`Finding`] that says which row is skipped, and why.
pub fn read_person(raw: &RawRow) -> Result<Person, Finding> {
    let columns = columns(SourceTable::ClientUsers, raw)?;
    let read = |id: String| -> Result<Person, RowFault> {
        let client_id = text(columns, "client_id")?.ok_or(RowFault::Empty("client_id"))?;
        let email = text(columns, "user_email")?.ok_or(RowFault::Empty("user_email"))?;
        let sha256 = text(columns, "user_password_hash")?.ok_or(RowFault::Empty("user_password_hash"))?;
        if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(RowFault::Hash);
        }
        let role = text(columns, "role")?.as_deref().and_then(role_of);
        Ok(Person {
            id,
            client_id,
            email: email.parse().map_err(RowFault::Email)?,
            sha256: SecretString::from(sha256.to_ascii_lowercase()),
            role: role.unwrap_or(Role::Viewer),
            known_role: role.is_some(),
            last_login: instant(columns, "last_login")?,
            created_at: instant(columns, "created_at")?,
        })
    };
    read_row(SourceTable::ClientUsers, raw, columns, read)
}

/// Painel's role for a word of the former installation, which kept any text there.
fn role_of(word: &str) -> Option<Role> {
    match word.to_lowercase().as_str() {
        "admin" | "administrator" | "administrador" | "administradora" => Some(Role::Admin),
        "user" | "agent" | "usuario" | "usuário" | "atendente" => Some(Role::Agent),
        "viewer" | "readonly" | "read_only" | "leitura" => Some(Role::Viewer),
        _ => None,
    }
}

fn columns(table: SourceTable, raw: &RawRow) -> Result<&Map<String, Value>, Finding> {
    raw.columns.as_ref().map_err(|reason| skipped(table, &raw.place, &RowFault::NoColumns(reason)))
}

fn read_row<T>(
    table: SourceTable,
    raw: &RawRow,
    columns: &Map<String, Value>,
    read: impl FnOnce(String) -> Result<T, RowFault>,
) -> Result<T, Finding> {
    match text(columns, "id") {
        Ok(Some(id)) if id.len() <= MAX_ID && !id.contains(char::is_control) => {
            read(id.clone()).map_err(|fault| skipped(table, &id, &fault))
        }
        _ => Err(skipped(table, &raw.place, &RowFault::NoId)),
    }
}

fn skipped(table: SourceTable, row: &str, fault: &RowFault) -> Finding {
    Finding { kind: Kind::Skipped, table, row: row.to_owned(), text: fault.to_string() }
}

/// What a column says, trimmed; `None` when it is absent, null or blank.
fn text(columns: &Map<String, Value>, name: &'static str) -> Result<Option<String>, RowFault> {
    let text = match columns.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        // An export may have opened up a column of JSON.
        Some(object @ Value::Object(_)) if CREDENTIAL_COLUMNS.contains(&name) => object.to_string(),
        Some(Value::Array(_) | Value::Object(_)) => return Err(RowFault::NotText(name)),
    };
    // No database keeps it, and Postgres would refuse the whole client for it.
    if text.contains('\0') {
        return Err(RowFault::NotText(name));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The former default was true.
fn flag(columns: &Map<String, Value>, name: &'static str) -> Result<bool, RowFault> {
    match text(columns, name)?.map(|word| word.to_lowercase()).as_deref() {
        None | Some("true" | "t" | "1" | "yes") => Ok(true),
        Some("false" | "f" | "0" | "no") => Ok(false),
        Some(_) => Err(RowFault::Active),
    }
}

/// With an offset, or without one as Postgres' TIMESTAMP and Python write it: then it is UTC, as on Supabase.
fn instant(columns: &Map<String, Value>, name: &'static str) -> Result<Option<OffsetDateTime>, RowFault> {
    let Some(text) = text(columns, name)? else { return Ok(None) };
    let instant: Timestamp = match text.parse() {
        Ok(instant) => instant,
        Err(_) => {
            let local: civil::DateTime = text.parse().map_err(|_| RowFault::Time(name))?;
            TimeZone::UTC.to_timestamp(local).map_err(|_| RowFault::Time(name))?
        }
    };
    OffsetDateTime::from_unix_timestamp_nanos(instant.as_nanosecond()).map(Some).map_err(|_| RowFault::Time(name))
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
