//! A tenant's project against the real thing: Postgres, PostgREST and a gateway that behaves as Supabase's does.
//!
//! What is compared with is read by plain requests, written out here by hand, so that a mistake in composing requests
//! cannot hide in both. Rows are added to the second project only, in years that nobody else looks at. What happens when
//! something is wrong stands in `project/trouble.rs`.

mod trouble;

use std::{collections::BTreeSet, sync::Arc};

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use server::{
    egress::{AddressPolicy, Egress, Incoming, Outgoing},
    mapping::{Conversation, Mapping},
    project::{ApiKey, Cursor, Direction, Pace, Passage, Project, Want},
};
use url::Url;
use uuid::Uuid;

use crate::harness::stack;

fn text(project: usize, field: &str) -> &'static str {
    stack()["projects"][project][field].as_str().unwrap_or_else(|| panic!("projects[{project}].{field} is missing"))
}

fn url_of(project: usize) -> Url {
    text(project, "url").parse().unwrap()
}

fn egress_to(urls: &[&Url]) -> Egress {
    let pairs: Vec<String> =
        urls.iter().map(|url| format!("{}:{}", url.host().unwrap(), url.port().unwrap())).collect();
    Egress::new(AddressPolicy::parse_allow(&pairs.join(",")).unwrap()).unwrap()
}

fn project_with(project: usize, key: &str) -> Project {
    let url = url_of(project);
    Project::new(egress_to(&[&url]), Uuid::new_v4(), url, ApiKey::new(key.into()).unwrap())
}

fn project(number: usize) -> Project {
    project_with(number, text(number, "publishable_key"))
}

/// A plain request with a key, past all of the code under test but the client.
async fn plain(method: Method, url: Url, key: &str, body: Option<Value>) -> Incoming {
    let mut headers = HeaderMap::new();
    headers.insert("apikey", key.parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    headers.insert("prefer", "return=representation, count=exact".parse().unwrap());
    let body = body.map(|body| body.to_string().into_bytes());
    let egress = egress_to(&[&url]);
    egress.send(Uuid::new_v4(), Outgoing { method, url, headers, body, deadline: None }).await.unwrap()
}

/// All rows of a plain query, thousand by thousand.
async fn all_rows(project: usize, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    loop {
        let address = format!("{}/rest/v1/{query}&limit=1000&offset={}", text(project, "url"), rows.len());
        let page = plain(Method::GET, address.parse().unwrap(), text(project, "publishable_key"), None).await;
        let Ok(Value::Array(page)) = serde_json::from_slice(&page.body) else { panic!("{query}: {page:?}") };
        let last = page.len() < 1000;
        rows.extend(page);
        if last {
            return rows;
        }
    }
}

fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// Walks over all conversations, page by page.
async fn walk(project: &Project, mut direction: Direction, limit: u32) -> Vec<Vec<Conversation>> {
    let mut pages = Vec::new();
    loop {
        let page = project.conversations_page(&direction, limit).await.unwrap();
        assert_eq!(page.skipped, 0);
        let (first, last) = page.ends.unzip();
        pages.push(page.rows);
        assert!(pages.len() < 5000, "pages that never end");
        if !page.more {
            return pages;
        }
        // Through the text form, as a link does it.
        let again = |cursor: Option<Cursor>| cursor.unwrap().to_string().parse().unwrap();
        direction = match direction {
            Direction::Newest | Direction::OlderThan(_) => Direction::OlderThan(again(last)),
            Direction::NewerThan(_) => Direction::NewerThan(again(first)),
        };
    }
}

fn number(row: &Conversation) -> i64 {
    row.id.parse().unwrap()
}

/// A place as a link has it.
fn place(at: &str, id: i64) -> Cursor {
    Cursor { at: Some(at.to_owned()), id: id.to_string() }
}

/// The place of the last row of all pages.
async fn end_of(project: &Project, pages: &[Vec<Conversation>]) -> Cursor {
    let last = pages.iter().flatten().last().unwrap();
    let place = Cursor { at: Some(last.changed.unwrap().to_string()), id: last.id.clone() };
    let page = project.conversations_page(&Direction::OlderThan(place.clone()), 1).await.unwrap();
    assert!(page.rows.is_empty(), "it is the end");
    place
}

#[tokio::test]
async fn pages_of_conversations_are_the_whole_list_in_both_directions() {
    let truth = ids(&all_rows(0, "conversations?select=id&order=updated_at.desc,id.desc").await);
    assert!(truth.len() >= 2000 && truth.iter().collect::<BTreeSet<_>>().len() == truth.len());
    let project = project(0);
    for limit in [50, 7, 999] {
        let down = walk(&project, Direction::Newest, limit).await;
        let found: Vec<i64> = down.iter().flatten().map(number).collect();
        assert!(found == truth, "downwards by {limit}: {} of {}", found.len(), truth.len());
        assert!(down.iter().rev().skip(1).all(|page| page.len() == limit as usize));

        let end = end_of(&project, &down).await;
        let up = walk(&project, Direction::NewerThan(end), limit).await;
        let found: Vec<i64> = up.iter().rev().flatten().map(number).collect();
        assert!(found == truth[..truth.len() - 1], "upwards by {limit}: {} of {}", found.len(), truth.len() - 1);
    }
}

/// Rows of ours in the second project, all of one year long ago, so that no other test's first pages hold them.
struct Extra {
    table: Url,
    year: Url,
    ids: Vec<i64>,
}

impl Extra {
    /// Adds rows, after removing what an earlier run may have left.
    async fn add(year: u16, rows: Vec<Value>) -> Self {
        let table = format!("{}/rest/v1/conversations", text(1, "url"));
        let of_year = format!("{table}?updated_at=gte.{year}-01-01&updated_at=lt.{}-01-01", year + 1);
        let mut extra = Self { table: table.parse().unwrap(), year: of_year.parse().unwrap(), ids: Vec::new() };
        extra.remove().await;
        let key = text(1, "service_role_key");
        let saved = plain(Method::POST, extra.table.clone(), key, Some(rows.into())).await;
        let Ok(Value::Array(saved)) = serde_json::from_slice(&saved.body) else { panic!("{saved:?}") };
        extra.ids = ids(&saved);
        extra
    }

    async fn remove(&self) {
        let removed = plain(Method::DELETE, self.year.clone(), text(1, "service_role_key"), None).await;
        assert!(removed.status.is_success(), "{removed:?}");
    }
}

fn row(text: &str, updated_at: &str) -> Value {
    json!({ "phone": text, "name": text, "status": "test", "last_message": "", "created_at": updated_at, "updated_at": updated_at })
}

#[tokio::test]
async fn rows_of_one_instant_and_of_the_next_microsecond_keep_their_places() {
    let instants = ["2003-05-05T05:05:05.123456Z", "2003-05-05T05:05:05.123457Z", "2003-05-05T05:05:05.1234Z"];
    let rows = (0..90).map(|n| row(&n.to_string(), instants[n / 7 % 3])).collect();
    let extra = Extra::add(2003, rows).await;
    let project = project(1);
    let start = place("2003-12-31T00:00:00Z", 0);
    let year = |pages: Vec<Vec<Conversation>>| -> Vec<Conversation> {
        pages.into_iter().flatten().filter(|row| row.changed.unwrap().to_string().starts_with("2003")).collect()
    };
    for limit in [1, 4, 30, 90] {
        let down = year(walk(&project, Direction::OlderThan(start.clone()), limit).await);
        let order = |row: &Conversation| (row.changed, number(row));
        assert!(down.is_sorted_by(|one, next| order(one) > order(next)), "downwards by {limit}");
        let found: BTreeSet<i64> = down.iter().map(number).collect();
        assert_eq!((down.len(), found), (90, extra.ids.iter().copied().collect()), "downwards by {limit}");

        let mut up = Vec::new();
        let mut at = place("2002-12-31T00:00:00Z", 0);
        while up.len() < 90 {
            let page = project.conversations_page(&Direction::NewerThan(at.clone()), limit).await.unwrap();
            let (first, _) = page.ends.unwrap();
            assert!(first != at, "a page that leads nowhere");
            at = first;
            up.extend(page.rows.iter().rev().map(number));
        }
        up.truncate(90);
        assert!(up.iter().rev().copied().eq(down.iter().map(number)), "upwards by {limit}");
    }
    extra.remove().await;
}

#[tokio::test]
async fn messages_run_backwards_through_one_conversation() {
    let project = project(0);
    let most = all_rows(0, "messages?select=conversation_id&order=id").await;
    let mut counts = std::collections::HashMap::new();
    most.iter().for_each(|row| *counts.entry(row["conversation_id"].as_i64().unwrap()).or_insert(0) += 1);
    let (&id, &count) = counts.iter().max_by_key(|(_, count)| **count).unwrap();
    let truth = ids(&all_rows(0, &format!("messages?select=id&conversation_id=eq.{id}&order=id.desc")).await);
    let (mut found, mut passage) = (Vec::new(), Passage::Latest);
    loop {
        let page = project.messages(&id.to_string(), &passage, 3).await.unwrap();
        assert!(page.rows.iter().all(|message| message.conversation == id.to_string()));
        found.extend(page.rows.iter().map(|message| message.row.parse::<i64>().unwrap()));
        match page.ends.filter(|_| page.more) {
            Some((_, last)) => passage = Passage::Before(last),
            None => break,
        }
    }
    assert_eq!((found.len(), &found), (count, &truth));
    assert!(project.messages("-1", &Passage::Latest, 100).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn counted_rows_and_appointments_are_what_the_tables_hold() {
    let project = project(0);
    let long_ago = "2000-01-01T00:00:00Z".parse().unwrap();
    let far_off = "2100-01-01T00:00:00Z".parse().unwrap();
    let conversations = all_rows(0, "conversations?select=id&order=id").await.len();
    let appointments = all_rows(0, "appointments?select=id,status,starts_at,ends_at&order=starts_at,id").await;

    let pace = Pace::new();
    let talks = project.talks(&pace, Want::Newest, (long_ago, far_off)).await.unwrap();
    assert_eq!((talks.rows.len(), talks.total, talks.complete), (conversations, conversations as u64, true));
    assert!(talks.rows.iter().rev().is_sorted_by_key(|talk| talk.at), "the newest first");

    let booked = project.bookings(&pace, Want::Newest, (long_ago, far_off)).await.unwrap();
    assert_eq!((booked.rows.len(), booked.complete), (appointments.len(), true));
    let statuses: Vec<_> = appointments.iter().rev().map(|row| row["status"].as_str().unwrap()).collect();
    let outcomes = booked.rows.iter().map(|one| one.outcome.map_or("?", |outcome| outcome.as_str()));
    assert!(outcomes.eq(statuses.iter().copied()));

    let middle = booked.rows[booked.rows.len() / 2].at;
    let half = project.appointments_between(long_ago, middle, 999).await.unwrap();
    assert!(
        half.rows.iter().all(|row| row.starts < middle)
            && half.rows.is_sorted_by_key(|row| (row.starts, row.id.parse::<i64>().unwrap()))
    );
    assert_eq!(half.rows.len(), booked.rows.iter().filter(|one| one.at < middle).count());
    assert!(project.appointments_between(long_ago, far_off, 10).await.unwrap().more);

    let upcoming = project.upcoming(&pace, middle, 999).await.unwrap();
    let expected = appointments.iter().filter(|row| {
        let ends: jiff::Timestamp = row["ends_at"].as_str().unwrap().parse().unwrap();
        ends >= middle && !row["status"].as_str().unwrap().to_lowercase().starts_with("cancel")
    });
    let expected: Vec<String> = expected.map(|row| row["id"].to_string()).collect();
    assert_eq!(upcoming.iter().map(|row| row.id.clone()).collect::<Vec<_>>(), expected);
    assert!(
        expected.len() < appointments.len() / 2 + 50 && project.upcoming(&pace, middle, 5).await.unwrap().len() == 5
    );
}

/// Texts made to break out of a filter, and as many again put together from such letters.
fn nasty_texts() -> Vec<String> {
    #[rustfmt::skip]
    let known = [
        "a,b", "\"", "\\", "\\\"", "\"\\", "a\"b", "João, \"Zé\" (filho)", "back\\slash", "(", ")", "a)b", "a(b", "()", "{a,b}", "{", "}", ".", "..",
        "eq.1", "*", "%", "_", "a*b", "50%", "null", "true", "not.is.null", "in.(1)", "x),id.gt.(0", "\"),id.gt.0,(\"", "\",\"", "a&b=c", "a#b", "a?b", "a/b",
        "a;b", "a+b", "a b", " a", "a ", "\t", "\n", "\r\n", "+55 (11) 98888-7777", "5511988887777@s.whatsapp.net", "'", "''; drop table x; --", "<b>&amp;",
        "😀", "👩‍👩‍👧‍👦", "مرحبا", "\u{202e}abc", "é", "e\u{301}", "ẞ", "\u{feff}", "\u{1}", "\u{7f}", "\u{fffd}", "日本", "%00", "%2C", "%22", "\\u0000", ":", "a:b", "=", "[", "]",
        "$1", "@>", "|", "^", "~", "`", "-", "--", "1", "-1", "1e5", "::text", "->>",
    ];
    let letters: Vec<char> = "\",\\().{}*%_+& '=:a1é😀\u{202e}\n".chars().collect();
    let mut seed = 20_261_124_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let made = (0..200).map(|_| (0..1 + next() % 12).map(|_| letters[next() % letters.len()]).collect::<String>());
    let all: BTreeSet<String> = known.iter().map(|text| (*text).to_owned()).chain(made.collect::<Vec<_>>()).collect();
    all.into_iter().collect()
}

/// The same project by a mapping of its own.
fn read_by(number: usize, mapping: Value) -> Project {
    let mapping = Mapping::from_json(&mapping.to_string()).unwrap();
    project(number).reading(Arc::new(mapping), jiff::tz::TimeZone::UTC)
}

#[tokio::test]
async fn every_nasty_text_is_found_as_itself_and_finds_nothing_else() {
    let texts = nasty_texts();
    let rows = texts.iter().map(|text| row(text, "2001-01-01T00:00:00Z")).collect();
    let extra = Extra::add(2001, rows).await;
    let stamp = json!({ "kind": "stamp", "at": "updated_at", "naive": "utc" });
    let mut wrong = Vec::new();
    // Each text as the id that a page's address gives.
    let by_name = read_by(
        1,
        json!({ "conversations": { "table": {
        "table": { "name": "conversations", "only": [{ "column": "status", "is": { "equal": "test" } }] },
        "id": "name", "last_message": "id", "changed": stamp } } }),
    );
    // White space alone is no id.
    for (text, id) in texts.iter().zip(&extra.ids).filter(|(text, _)| !text.trim().is_empty()) {
        let found = by_name.find_conversation(text).await.unwrap();
        if found.is_none_or(|found| found.last_message != Some(id.to_string())) {
            wrong.push(format!("eq {text:?}"));
        }
    }
    // And many of them in one list: who of these has written since?
    let gathered = read_by(
        1,
        json!({ "conversations": "gathered", "messages": {
        "table": { "name": "conversations" }, "id": "id", "conversation": "phone", "at": stamp,
        "said": { "turn": { "question": "name", "answer": "last_message" } } } }),
    );
    let from = place("2001-12-31T00:00:00Z", 0);
    let page = gathered.conversations_page(&Direction::OlderThan(from), 100).await.unwrap();
    let known: BTreeSet<&str> = texts.iter().map(|text| text.trim()).collect();
    assert_eq!(page.rows.len(), 100);
    wrong.extend(page.rows.iter().filter(|row| !known.contains(row.id.as_str())).map(|row| format!("in {:?}", row.id)));
    extra.remove().await;
    assert!(wrong.is_empty(), "{} of {} texts:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}
