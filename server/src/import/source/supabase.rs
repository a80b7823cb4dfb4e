//! A Supabase project over its REST API, page by page by id, through the one way out.
//!
//! By id and not by offset: rows that are added or removed meanwhile shift no page. The server may give fewer rows than
//! asked for, so only an empty page is the end.

use super::{RawRow, SourceError, Tables, from_json};
use crate::{
    egress::{BODY_CAP, Egress, EgressError, LONGEST, Outgoing},
    project::ApiKey,
};
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

/// Rows a page. A client's row with all its tokens has a few KB, so this stays far below the cap of a body.
const PAGE: usize = 200;

/// Reads both tables.
///
/// # Errors
/// When the project does not answer, refuses the key, or has no such table.
pub(super) async fn read(egress: &Egress, project: &Url, key: &ApiKey) -> Result<Tables, SourceError> {
    let clients = read_table(egress, project, key, "clients").await?;
    if clients.is_empty() {
        // Row-level security answers to a key without rights as to an empty table.
        let problem = "it gives no rows: is this the key that the former dashboard used?".to_owned();
        return Err(SourceError::Project { table: "clients", problem });
    }
    let users = read_table(egress, project, key, "client_users").await?;
    Ok(Tables { clients, users })
}

async fn read_table(
    egress: &Egress,
    project: &Url,
    key: &ApiKey,
    table: &'static str,
) -> Result<Vec<RawRow>, SourceError> {
    let failed = |problem: String| SourceError::Project { table, problem };
    let (mut rows, mut after, mut size) = (Vec::<RawRow>::new(), None, PAGE);
    loop {
        let page = match read_page(egress, project, key, table, after.as_deref(), size).await {
            Ok(page) => page,
            Err(PageError::Send(EgressError::TooLarge)) if size > 1 => {
                size /= 2;
                continue;
            }
            Err(PageError::Send(EgressError::TooLarge)) => {
                return Err(failed(format!("a single row has more than {BODY_CAP} bytes")));
            }
            Err(PageError::Send(EgressError::AddressRefused)) => {
                let hint = "the address may not be opened; a private one must stand in PAINEL_EGRESS_ALLOW";
                return Err(failed(hint.to_owned()));
            }
            Err(PageError::Send(error)) => return Err(failed(error.to_string())),
            Err(PageError::Answer(problem)) => return Err(failed(problem)),
        };
        let Some(last) = page.last() else { return Ok(rows) };
        let last = match last.get("id") {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(failed("its rows have no id to go on from".to_owned())),
        };
        if after.as_ref() == Some(&last) {
            return Err(failed("it gives the same page again".to_owned()));
        }
        after = Some(last);
        let first = rows.len();
        let placed = |(at, row)| from_json(format!("{table}, row {}", first + at + 1), row);
        rows.extend(page.into_iter().enumerate().map(placed));
    }
}

enum PageError {
    Send(EgressError),
    Answer(String),
}

async fn read_page(
    egress: &Egress,
    project: &Url,
    key: &ApiKey,
    table: &str,
    after: Option<&str>,
    size: usize,
) -> Result<Vec<Value>, PageError> {
    let mut url = project.clone();
    url.set_path(&format!("/rest/v1/{table}"));
    url.set_fragment(None);
    url.query_pairs_mut()
        .clear()
        .append_pair("select", "*")
        .append_pair("order", "id.asc")
        .append_pair("limit", &size.to_string());
    if let Some(id) = after {
        url.query_pairs_mut().append_pair("id", &format!("gt.{id}"));
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    key.put_into(&mut headers);
    let outgoing = Outgoing { method: Method::GET, url, headers, body: None, deadline: Some(LONGEST) };
    let answer = egress.send(Uuid::nil(), outgoing).await.map_err(PageError::Send)?;
    match answer.status.as_u16() {
        200 | 206 => serde_json::from_slice(&answer.body)
            .map_err(|_unquoted| PageError::Answer("its answer is not a JSON array".to_owned())),
        401 | 403 => {
            let hint = "the key may not read it: give the key that the former dashboard used, by --supabase-key-file";
            Err(PageError::Answer(hint.to_owned()))
        }
        404 => Err(PageError::Answer("there is no such table".to_owned())),
        status => Err(PageError::Answer(format!("it answers with status {status}"))),
    }
}
