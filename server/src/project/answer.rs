//! Reads an answer of PostgREST, or of the gateway before it.
//!
//! The code in the body decides, not the status: a missing grant is 401 for one role and 403 for another, and the same
//! fault has other codes and texts in other versions (12 to 16 are known here). The gateway has no codes, may answer in
//! plain text or with nothing, and then the status is all there is.

use std::{fmt, time::Duration};

use http::{HeaderMap, StatusCode, header};
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::error::ProjectError;
use crate::{
    egress::Incoming,
    mapping::{Part, Row},
};

/// Rows kept of one answer; more are never asked for.
const MOST_ROWS: usize = 1001;

/// Levels of arrays and objects in an answer. A column of JSON may have some of its own.
const DEEPEST: usize = 64;

/// The rows of one answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// As they came, at most [`MOST_ROWS`].
    pub(super) rows: Vec<Row>,
    /// The number of all rows that match, when it was asked for and told.
    pub(super) total: Option<u64>,
}

/// The part of an error body that is looked at. PostgREST sends four keys, the gateway two.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Complaint {
    code: Option<String>,
    message: Option<String>,
}

impl Answer {
    /// # Errors
    /// What the project says is wrong, in our words.
    pub(super) fn read(incoming: &Incoming, part: Part) -> Result<Self, ProjectError> {
        if incoming.status.is_success() {
            if !is_json(&incoming.headers) || nests_deeper(&incoming.body, DEEPEST) {
                return Err(ProjectError::Rubbish);
            }
            let rows: Rows = serde_json::from_slice(&incoming.body).map_err(|_| ProjectError::Rubbish)?;
            return Ok(Self { rows: rows.0, total: total(&incoming.headers) });
        }
        let complaint = serde_json::from_slice::<Complaint>(&incoming.body).ok();
        let code = complaint.as_ref().and_then(|complaint| complaint.code.as_deref());
        tracing::debug!(status = incoming.status.as_u16(), code, %part, "a project refused a read");
        match code {
            // Rows vanished between two pages: an offset beyond the end is an empty page.
            Some("PGRST103") => Ok(Self { rows: Vec::new(), total: total(&incoming.headers) }),
            Some(code) => {
                let message = complaint.as_ref().and_then(|complaint| complaint.message.as_deref()).unwrap_or_default();
                Err(by_code(code, message, incoming.status, part))
            }
            None => Err(by_status(incoming.status, complaint.is_some_and(|complaint| complaint.message.is_some()))),
        }
    }
}

fn by_code(code: &str, message: &str, status: StatusCode, part: Part) -> ProjectError {
    match code {
        "42P01" | "PGRST205" => ProjectError::TableMissing(part),
        "42703" | "PGRST200" | "PGRST204" => ProjectError::ColumnMissing(part),
        "42501" => ProjectError::Grant(part),
        "57014" => ProjectError::Slow,
        "22P02" | "22003" | "22007" | "22008" | "42883" => ProjectError::Mismatch(part),
        // Expiry has moved from 301 to 303; the text has not.
        "PGRST301" | "PGRST303" if message.contains("JWT expired") => ProjectError::KeyExpired,
        "PGRST303" if message.contains("issued at future") => ProjectError::ClockAhead,
        "PGRST301" | "PGRST302" | "PGRST303" => ProjectError::Key,
        // A key whose role is not in this project.
        "22023" if message.starts_with("role ") => ProjectError::Key,
        // The database is down, starting, full or out of connections.
        "PGRST000" | "PGRST001" | "PGRST002" | "PGRST003" | "PGRST300" => ProjectError::Fault(status),
        code if ["08", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class)) => {
            ProjectError::Fault(status)
        }
        // Policies that call each other: the tenant's own to mend, and no retry helps.
        "42P17" => ProjectError::Other(status),
        _ if status == StatusCode::TOO_MANY_REQUESTS => ProjectError::RateLimited,
        _ if status.is_server_error() => ProjectError::Fault(status),
        _ => ProjectError::Other(status),
    }
}

/// Which of the names that were asked for the project says is not there: the only thing that its words are compared with.
pub(super) fn lost<'a>(incoming: &Incoming, asked: &[&'a str]) -> Option<&'a str> {
    let complaint = serde_json::from_slice::<Complaint>(&incoming.body).ok()?;
    let message = complaint.message?;
    let found = asked.iter().filter(|name| {
        // Postgres: `column t.name does not exist`, `column "name" does not exist`; PostgREST: `Could not find the 'name'
        // column`, `Could not find a relationship between 't' and 'name'`.
        message.contains(&format!(".{name} does not exist"))
            || message.contains(&format!("\"{name}\" does not exist"))
            || message.contains(&format!("'{name}' column"))
            || message.contains(&format!("and '{name}'"))
    });
    found.max_by_key(|name| name.len()).copied()
}

/// How long whoever answered wants to be left alone. A date in place of seconds is one of a clock that we do not know.
pub(super) fn retry_after(incoming: &Incoming) -> Option<Duration> {
    let slow_down = matches!(incoming.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let seconds = incoming.headers.get(header::RETRY_AFTER).filter(|_| slow_down)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

fn by_status(status: StatusCode, says_something: bool) -> ProjectError {
    match status.as_u16() {
        401 => ProjectError::Key,
        402 | 521 | 522 | 540 => ProjectError::Paused,
        429 => ProjectError::RateLimited,
        500.. => ProjectError::Fault(status),
        // Refused in the gateway's own words, by a rule we do not know.
        400..500 if says_something => ProjectError::Other(status),
        // A redirect, a web page, an unknown path: not a project's address.
        _ => ProjectError::Rubbish,
    }
}

/// Whether rows were announced as JSON. A web page may begin like it.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether JSON opens more levels than these; looked at before anything is built from it.
fn nests_deeper(body: &[u8], most: usize) -> bool {
    let (mut level, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => level += 1,
            b']' | b'}' if !in_text => level = level.saturating_sub(1),
            _ => {}
        }
        if level > most {
            return true;
        }
    }
    false
}

/// The number after the slash of `0-4/251`, `*/251`, `0-99/*`.
fn total(headers: &HeaderMap) -> Option<u64> {
    headers.get("content-range")?.to_str().ok()?.rsplit_once('/')?.1.parse().ok()
}

/// An array of rows, kept up to the cap.
struct Rows(Vec<Row>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(RowsVisitor)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Rows, A::Error> {
        let mut rows = Vec::new();
        while rows.len() < MOST_ROWS {
            match sequence.next_element()? {
                Some(row) => rows.push(row),
                None => return Ok(Rows(rows)),
            }
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Rows(rows))
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
