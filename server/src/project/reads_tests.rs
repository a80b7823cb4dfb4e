//! The very requests that go out, and what comes of pages; a small server stands in where an answer must be odd.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{
    egress::AddressPolicy,
    mapping::{Expr, When},
    project::{
        Booking, Pace, Want,
        agenda::appointments,
        list::{listed, stretches},
        talk::{Passage, messages},
        value::Value,
    },
};

const CONVERSATION: &str = "select=id%2Cphone%2Cname%2Cstatus%2Clast_message%2Ccreated_at%2Cupdated_at";
const APPOINTMENT: &str = "select=id%2Cconversation_id%2Ccustomer_phone%2Ccustomer_name%2Cservice%2Cprofessional%2Cstatus%2Cmeet_link\
                           %2Cprice_cents%2Cstarts_at%2Cends_at";

fn key() -> ApiKey {
    ApiKey::new("sb_publishable_x".into()).unwrap()
}

#[track_caller]
fn check(query: &Query, path: &str, expected: &str) {
    let key = key();
    let outgoing = query.outgoing(&Url::parse("https://abc.supabase.co").unwrap(), &key, DEADLINE);
    assert_eq!(outgoing.url.as_str(), format!("https://abc.supabase.co/rest/v1/{path}?{expected}"));
    assert_eq!((outgoing.method.as_str(), outgoing.body.as_deref()), ("GET", None));
    assert_eq!(outgoing.headers["apikey"], "sb_publishable_x");
}

fn place(at: &str, id: &str) -> Cursor {
    Cursor { at: Some(at.to_owned()), id: id.to_owned() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn conversations_go_by_keyset() {
    let cursor = place("2026-11-24T20:01:02.123456Z", "42");
    let mapping = Mapping::default();
    let asked = |direction: &Direction, limit| {
        let upwards = matches!(direction, Direction::NewerThan(_));
        let all = stretches(direction).into_iter().map(|stretch| listed(&mapping, stretch, upwards, limit).unwrap());
        all.collect::<Vec<Query>>()
    };
    let conversations = |direction: Direction, limit| asked(&direction, limit).remove(0);
    check(
        &conversations(Direction::Newest, 51),
        "conversations",
        &format!("{CONVERSATION}&order=updated_at.desc%2Cid.desc&updated_at=not.is.null&limit=51"),
    );
    check(
        &conversations(Direction::OlderThan(cursor.clone()), 51),
        "conversations",
        &format!(
            "{CONVERSATION}&order=updated_at.desc%2Cid.desc&updated_at=lte.2026-11-24T20%3A01%3A02.123456Z\
             &or=%28updated_at.lt.%222026-11-24T20%3A01%3A02.123456Z%22%2Cand%28updated_at.eq.%222026-11-24T20%3A01%3A02.123456Z%22\
             %2Cid.lt.%2242%22%29%29&limit=51"
        ),
    );
    check(
        &conversations(Direction::NewerThan(cursor), 51),
        "conversations",
        &format!(
            "{CONVERSATION}&order=updated_at.asc%2Cid.asc&updated_at=gte.2026-11-24T20%3A01%3A02.123456Z\
             &or=%28updated_at.gt.%222026-11-24T20%3A01%3A02.123456Z%22%2Cand%28updated_at.eq.%222026-11-24T20%3A01%3A02.123456Z%22\
             %2Cid.gt.%2242%22%29%29&limit=51"
        ),
    );

    // Those that never changed stand at the end, by their ids.
    let never = format!("{CONVERSATION}&order=id.desc&and=%28updated_at.is.null%29");
    let cursor = Cursor { at: None, id: "7".to_owned() };
    check(&asked(&Direction::Newest, 51)[1], "conversations", &format!("{never}&limit=51"));
    let [older] = &asked(&Direction::OlderThan(cursor.clone()), 51)[..] else { panic!("one question") };
    check(older, "conversations", &format!("{never}&id=lt.7&limit=51"));
    let [among, changed] = &asked(&Direction::NewerThan(cursor), 51)[..] else { panic!("two questions") };
    check(among, "conversations", &format!("{}&id=gt.7&limit=51", never.replace("desc", "asc")));
    check(
        changed,
        "conversations",
        &format!("{CONVERSATION}&order=updated_at.asc%2Cid.asc&updated_at=not.is.null&limit=51"),
    );
}

#[test]
fn messages_of_one_conversation() {
    let start = "select=id%2Cconversation_id%2Cdirection%2Ccontent%2Ccreated_at&order=id.desc&conversation_id=eq.7";
    let (mut mapping, seven) = (Mapping::default(), [Value::text("7").unwrap()]);
    let place_900 = Cursor { at: None, id: "900".to_owned() };
    let before = Passage::Before(place_900.clone());
    let zone = TimeZone::get("America/Sao_Paulo").unwrap();
    let messages =
        |mapping: &Mapping, keys: &[Value], passage: &Passage, limit| messages(mapping, keys, passage, &zone, limit);
    check(&messages(&mapping, &seven, &Passage::Latest, 101).unwrap(), "messages", &format!("{start}&limit=101"));
    let query = messages(&mapping, &seven, &before, 101).unwrap();
    check(&query, "messages", &format!("{start}&id=lt.900&limit=101"));
    let upwards = start.replace("id.desc", "id.asc");
    let query = messages(&mapping, &seven, &Passage::After(place_900), 101).unwrap();
    check(&query, "messages", &format!("{upwards}&id=gt.900&limit=101"));
    let since = Passage::Since(at("2026-11-24T03:00:00Z"));
    let query = messages(&mapping, &seven, &since, 101).unwrap();
    let bound = "and=%28created_at.gte.%222026-11-24T03%3A00%3A00Z%22%29";
    check(&query, "messages", &format!("{upwards}&{bound}&limit=101"));

    // Where ids do not rise with time, time goes first; rows without one are the oldest.
    mapping.messages.as_mut().unwrap().rising = false;
    let start = start.replace("order=id.desc", "order=created_at.desc.nullslast%2Cid.desc");
    let query = messages(&mapping, &seven, &Passage::Before(place("2026-11-24T20:01:02", "900")), 101).unwrap();
    check(
        &query,
        "messages",
        &format!(
            "{start}&or=%28created_at.lt.%222026-11-24T20%3A01%3A02%22%2Cand%28created_at.eq.%222026-11-24T20%3A01%3A02%22\
             %2Cid.lt.%22900%22%29%2Ccreated_at.is.null%29&limit=101"
        ),
    );
    let query = messages(&mapping, &seven, &before, 101).unwrap();
    check(&query, "messages", &format!("{start}&and=%28created_at.is.null%2Cid.lt.%22900%22%29&limit=101"));

    // Where no time can be compared, there is no day to go to.
    mapping.messages.as_mut().unwrap().at = None;
    let told = messages(&mapping, &seven, &since, 101).err();
    assert_eq!(told, Some(ProjectError::NotTold(Part::Messages)));
}

#[test]
fn a_person_is_asked_for_in_every_spelling() {
    let json = r#"{"conversations":"gathered","messages":{"table":{"name":"Message"},"id":"id","conversation":"key->remoteJid",
        "said":{"one":{"author":{"of":"key->fromMe"},"text":"message"}}}}"#;
    let mapping = Mapping::from_json(json).unwrap();
    let keys = ["a@x", "b,c"].map(|key| Value::text(key).unwrap());
    check(
        &messages(&mapping, &keys, &Passage::Latest, &TimeZone::UTC, 5).unwrap(),
        "Message",
        "select=id%2Ckey%2Cmessage&order=id.desc&key-%3E%3EremoteJid=in.%28%22a%40x%22%2C%22b%2Cc%22%29&limit=5",
    );
}

#[test]
fn appointments_by_their_start() {
    let mut mapping = Mapping::default();
    let (from, until) = (at("2026-11-24T03:00:00Z"), at("2026-11-25T03:00:00Z"));
    let zone = TimeZone::get("America/Sao_Paulo").unwrap();
    let start = format!("{APPOINTMENT}&order=starts_at.asc%2Cid.asc");
    check(
        &appointments(&mapping, Some(from), Some(until), &zone, 201).unwrap(),
        "appointments",
        &format!("{start}&starts_at=gte.2026-11-24T03%3A00%3A00Z&starts_at=lt.2026-11-25T03%3A00%3A00Z&limit=201"),
    );
    check(
        &appointments(&mapping, Some(from), None, &zone, 5).unwrap(),
        "appointments",
        &format!("{start}&starts_at=gte.2026-11-24T03%3A00%3A00Z&limit=5"),
    );
    // A day and an hour apart are compared by the day, in the tenant's zone.
    let (day, hour): (Expr, Expr) = ("data".parse().unwrap(), "hora".parse().unwrap());
    let by_day = |written| When::DayAndHour { day: day.clone(), hour: hour.clone(), written };
    mapping.appointments.as_mut().unwrap().starts = by_day(false);
    let query = appointments(&mapping, Some(from), Some(until), &zone, 201).unwrap();
    let asked = query.outgoing(&Url::parse("https://abc.supabase.co").unwrap(), &key(), DEADLINE).url.to_string();
    assert!(asked.ends_with("&order=data.asc%2Cid.asc&data=gte.2026-11-24&data=lte.2026-11-25&limit=201"), "{asked}");
    // What cannot be put in order is read from its end.
    mapping.appointments.as_mut().unwrap().starts = by_day(true);
    let query = appointments(&mapping, Some(from), Some(until), &zone, 201).unwrap();
    let asked = query.outgoing(&Url::parse("https://abc.supabase.co").unwrap(), &key(), DEADLINE).url.to_string();
    assert!(asked.ends_with("&order=id.desc&limit=1000"), "{asked}");
}

#[tokio::test]
async fn a_lost_column_is_left_out_and_named() {
    const LOST: &str =
        r#"{"code":"42703","details":null,"hint":null,"message":"column conversations.last_message does not exist"}"#;
    let (project, mut asked) = project(|line, _| match line {
        line if line.contains("last_message") => reply(400, "*/*", LOST),
        line if line.contains("updated_at.is.null") => reply(200, "*/*", "[]"),
        _ => reply(200, "0-0/1", r#"[{"id":1}]"#),
    })
    .await;
    let page = project.conversations_page(&Direction::Newest, 5).await.unwrap();
    assert_eq!((page.rows.len(), page.rows[0].last_message.clone()), (1, None));
    let lost = Lost { part: Part::Conversations, table: "conversations".into(), column: "last_message".into() };
    assert_eq!(project.lost(), [lost]);
    project.find_conversation("1").await.unwrap();
    let mut lines = Vec::new();
    while let Ok(line) = asked.try_recv() {
        lines.push(line);
    }
    assert_eq!(lines.len(), 4, "asked twice, and for those that never changed, and once the second time: {lines:?}");
}

#[tokio::test]
async fn without_what_makes_a_row_one_the_refusal_stands() {
    const LOST: &str = r#"{"code":"42703","message":"column conversations.id does not exist"}"#;
    let (project, _) = project(|_, _| reply(400, "*/*", LOST)).await;
    let page = project.conversations_page(&Direction::Newest, 5).await;
    assert_eq!(page, Err(ProjectError::ColumnMissing(Part::Conversations)));
    assert_eq!(project.lost(), []);
}

#[tokio::test]
async fn a_word_where_the_table_has_numbers_is_nobody() {
    const NO_NUMBER: &str = r#"{"code":"22P02","message":"invalid input syntax for type bigint: \"x\""}"#;
    let (project, _) = project(|_, _| reply(400, "*/*", NO_NUMBER)).await;
    assert_eq!(project.find_conversation("x").await, Ok(None));
    assert!(project.messages("x", &Passage::Latest, 5).await.unwrap().rows.is_empty());
}

/// A project whose every answer is made by `answer` from the request's first line; gives the lines that were asked.
pub(in crate::project) async fn project(
    answer: impl Fn(&str, usize) -> String + Send + Sync + 'static,
) -> (Project, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (lines, asked) = tokio::sync::mpsc::unbounded_channel();
    let answer = std::sync::Arc::new(answer);
    let nth = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, lines, nth) = (answer.clone(), lines.clone(), nth.clone());
            tokio::spawn(async move {
                loop {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        head.push(byte);
                    }
                    let line = String::from_utf8(head).unwrap().lines().next().unwrap().to_owned();
                    let reply = answer(&line, nth.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
                    let _ = lines.send(line);
                    stream.write_all(reply.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let egress = Egress::new(AddressPolicy::parse_allow(&address.to_string()).unwrap()).unwrap();
    let url = Url::parse(&format!("http://{address}")).unwrap();
    (Project::new(egress, Uuid::from_u128(1), url, ApiKey::new("sb_publishable_x".into()).unwrap()), asked)
}

pub(in crate::project) fn reply(status: u16, range: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-range: {range}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn one_bad_row_is_skipped_and_counted_and_the_page_stands() {
    let rows = r#"[{"id":3,"updated_at":"2026-01-03T00:00:00"},{"id":null},7,{"id":2,"updated_at":"infinity"},
        {"id":1,"phone":"1","updated_at":"2026-01-01T00:00:00+00:00","more":{"x":[1]}},{"id":0}]"#;
    let (project, _) = project(move |_, _| reply(200, "0-5/*", rows)).await;
    let page = project.conversations_page(&Direction::Newest, 5).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["3", "2", "1"]);
    assert_eq!(page.rows[1].changed, None, "a time that is none");
    assert_eq!((page.more, page.skipped), (true, 2));
}

/// A project with so many appointments that gives at most `most` rows an answer.
fn counted(total: usize, most: usize) -> impl Fn(&str, usize) -> String + Send + Sync {
    move |line, _| {
        let number = |name: &str| {
            let start = line.find(name)? + name.len();
            line[start..].split(['&', ' ']).next()?.parse::<usize>().ok()
        };
        let from = number("&offset=").unwrap_or(0);
        let until = total.min(from + most.min(number("&limit=").unwrap()));
        let row =
            |n: usize| format!(r#"{{"starts_at":"2026-01-01T00:{:02}:{:02}Z","status":"s{n}"}}"#, n / 60 % 60, n % 60);
        let rows: Vec<String> = (from..until).map(row).collect();
        let range = if from < until { format!("{from}-{}/{total}", until - 1) } else { format!("*/{total}") };
        reply(206, &range, &format!("[{}]", rows.join(",")))
    }
}

#[tokio::test]
async fn samples_read_every_page_in_order_and_say_when_they_are_not_all() {
    for (total, most, read, requests, complete) in [
        (0, 1000, 0, 1, true),
        (1, 1000, 1, 1, true),
        (1000, 1000, 1000, 1, true),
        (1001, 1000, 1001, 2, true),
        (2500, 1000, 2500, 3, true),
        (500, 100, 500, 5, true),
        (10_000, 1000, 10_000, 10, true),
        (10_001, 1000, 10_000, 10, false),
        // Twelve further pages are all that one page of ours asks for.
        (3000, 100, 1300, 13, false),
    ] {
        let (project, mut asked) = project(counted(total, most)).await;
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
        let found = project.bookings(&Pace::new(), Want::Newest, (from, until)).await.unwrap();
        assert_eq!(
            (found.rows.len(), found.read, found.total, found.complete),
            (read, read as u64, total as u64, complete),
            "{total} by {most}"
        );
        let in_order = |(n, one): (usize, &Booking)| one.at.as_second() - from.as_second() == n as i64 % 3600;
        assert!(found.rows.iter().enumerate().all(in_order), "{total} by {most}");
        let mut lines = Vec::new();
        while let Ok(line) = asked.try_recv() {
            lines.push(line);
        }
        assert_eq!(lines.len(), requests, "{total} by {most}");
    }
}

#[tokio::test]
async fn all_of_a_span_or_nothing() {
    for (total, requests, complete) in [(999, 1, true), (2500, 3, true), (7_000, 7, true), (7_001, 1, false)] {
        let (project, mut asked) = project(counted(total, 1000)).await;
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
        let found = project.bookings(&Pace::new(), Want::All, (from, until)).await.unwrap();
        assert_eq!((found.total, found.complete), (total as u64, complete), "{total}");
        assert_eq!(found.read, if complete { total as u64 } else { 0 }, "{total}");
        let lines = std::iter::from_fn(|| asked.try_recv().ok()).count();
        assert_eq!(lines, requests, "{total}");
        if complete {
            let middle = at("2026-01-01T00:10:00Z");
            let (newer, older) = found.parted(middle);
            assert!(newer.complete && older.complete && newer.rows.iter().all(|one| one.at >= middle));
            assert!(older.rows.iter().all(|one| one.at < middle) && older.total >= 600);
            assert_eq!(newer.total + older.total, total as u64, "{total}: none is lost");
        }
    }
    // Without a number of all rows these may be all, or not.
    let (project, _) = project(|_, _| reply(200, "0-0/*", r#"[{"id":1,"starts_at":"2026-01-01T00:00:00Z"}]"#)).await;
    let span = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    let found = project.bookings(&Pace::new(), Want::All, span).await.unwrap();
    assert_eq!((found.rows.len(), found.read, found.complete), (0, 0, false));
}

#[tokio::test]
async fn what_is_too_much_takes_no_pages_from_others() {
    let (project, mut asked) = project(counted(2100, 100)).await;
    let span = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    let pace = Pace::new();
    // Of twenty further pages not one.
    assert!(!project.bookings(&pace, Want::All, span).await.unwrap().complete);
    assert_eq!(std::iter::from_fn(|| asked.try_recv().ok()).count(), 1);
    let newest = project.bookings(&pace, Want::Newest, span).await.unwrap();
    assert_eq!((newest.read, newest.complete), (1300, false), "and all twelve are left for the newest");
}

#[tokio::test]
async fn samples_ask_for_little_the_newest_first() {
    let (project, mut asked) = project(counted(0, 1000)).await;
    let (pace, span) = (Pace::new(), (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")));
    let within = |column: &str| {
        format!(
            "order={column}.desc%2Cid.desc&{column}=gte.2026-01-01T00%3A00%3A00Z&{column}=lt.2026-02-01T00%3A00%3A00Z\
             &limit=1000 HTTP/1.1"
        )
    };
    project.talks(&pace, Want::Newest, span).await.unwrap();
    let columns = "id%2Ccreated_at%2Cphone";
    assert_eq!(
        asked.recv().await.unwrap(),
        format!("GET /rest/v1/conversations?select={columns}&{}", within("created_at"))
    );
    project.utterances(&pace, Want::Newest, span).await.unwrap();
    let columns = "id%2Ccreated_at%2Cconversation_id%2Cdirection";
    assert_eq!(asked.recv().await.unwrap(), format!("GET /rest/v1/messages?select={columns}&{}", within("created_at")));
    project.bookings(&pace, Want::Newest, span).await.unwrap();
    let columns = "id%2Cstarts_at%2Cstatus%2Cservice%2Cprofessional%2Cconversation_id%2Ccustomer_phone";
    assert_eq!(
        asked.recv().await.unwrap(),
        format!("GET /rest/v1/appointments?select={columns}&{}", within("starts_at"))
    );
    project.message_totals(&pace, span).await.unwrap();
    assert_eq!(
        asked.recv().await.unwrap(),
        "GET /rest/v1/messages?select=direction%2Ccount%28%29&order=direction.asc&created_at=gte.2026-01-01T00%3A00%3A00Z\
         &created_at=lt.2026-02-01T00%3A00%3A00Z&limit=1000 HTTP/1.1"
    );
}

#[tokio::test]
async fn without_a_count_nothing_is_called_complete() {
    let (project, _) = project(|_, _| reply(200, "0-0/*", r#"[{"id":1,"created_at":"2026-01-01T00:00:00Z"}]"#)).await;
    let span = (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    let found = project.talks(&Pace::new(), Want::Newest, span).await.unwrap();
    assert_eq!((found.rows.len(), found.read, found.total, found.complete), (1, 1, 1, false));
}

#[tokio::test]
async fn a_row_that_moves_to_the_next_page_is_counted_once_and_a_page_that_fails_makes_a_sample() {
    let rows = |from: usize, until: usize| {
        let row = |n: usize| format!(r#"{{"id":{n},"created_at":"2026-01-01T00:00:00Z"}}"#);
        format!("[{}]", (from..until).map(row).collect::<Vec<_>>().join(","))
    };
    for (fails, read, counted, complete) in [(false, 3, 2, true), (true, 2, 2, false)] {
        let (project, _) = project(move |line, _| match (line.contains("&offset="), fails) {
            (false, _) => reply(206, "0-1/3", &rows(1, 3)),
            (true, false) => reply(206, "2-2/3", &rows(2, 3)),
            (true, true) => reply(500, "*/*", "{}"),
        })
        .await;
        let span = (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
        let found = project.talks(&Pace::new(), Want::Newest, span).await.unwrap();
        assert_eq!((found.read, found.rows.len(), found.complete), (read, counted, complete), "fails: {fails}");
    }
}

#[tokio::test]
async fn clocks_that_disagree_are_given_a_moment_and_no_other_refusal_is() {
    const AHEAD: &str = r#"{"code":"PGRST303","details":null,"hint":null,"message":"JWT issued at future"}"#;
    let (passing, _) =
        project(|_, nth| if nth == 0 { reply(401, "*/*", AHEAD) } else { reply(200, "*/*", "[]") }).await;
    assert_eq!(passing.find_conversation("1").await, Ok(None));
    let (lasting, mut asked) = project(|_, _| reply(401, "*/*", AHEAD)).await;
    assert_eq!(lasting.find_conversation("1").await, Err(ProjectError::ClockAhead));
    assert!(asked.try_recv().is_ok() && asked.try_recv().is_ok() && asked.try_recv().is_err());
    let (refusing, mut asked) = project(|_, _| reply(401, "*/*", r#"{"message":"Invalid API key"}"#)).await;
    assert_eq!(refusing.find_conversation("1").await, Err(ProjectError::Key));
    assert!(asked.try_recv().is_ok() && asked.try_recv().is_err());
}

#[tokio::test]
async fn a_newer_page_is_turned_round() {
    let rows = r#"[{"id":1,"updated_at":"2026-01-01T00:00:00Z"},{"id":2,"updated_at":"2026-01-02T00:00:00Z"},
        {"id":3,"updated_at":"2026-01-03T00:00:00Z"}]"#;
    let (project, _) = project(move |_, _| reply(200, "0-2/*", rows)).await;
    let cursor = place("2025-01-01T00:00:00Z", "0");
    let page = project.conversations_page(&Direction::NewerThan(cursor), 2).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    assert!(page.more);
}

/// Conversations of which the last ones never changed, by a project that answers as PostgREST does.
fn with_unchanged(changed: i64, unchanged: i64) -> impl Fn(&str, usize) -> String + Send + Sync {
    move |line, _| {
        let part =
            |name: &str| line.find(name).map(|at| line[at + name.len()..].split(['&', ' ', '%']).next().unwrap());
        let limit: usize = part("&limit=").unwrap().parse().unwrap();
        let beyond = part("id.lt.%22").or(part("&id=lt.")).map_or(i64::MAX, |id| id.parse().unwrap());
        let (low, high, nulls) =
            if line.contains("updated_at.is.null") { (1, unchanged, true) } else { (1001, 1000 + changed, false) };
        let row = |id: i64| match nulls {
            true => format!(r#"{{"id":{id},"updated_at":null}}"#),
            false => format!(r#"{{"id":{id},"updated_at":"2026-01-01T00:{:02}:{:02}Z"}}"#, id / 60 % 60, id % 60),
        };
        let rows: Vec<String> = (low..=high).rev().filter(|id| *id < beyond).take(limit).map(row).collect();
        reply(200, "*/*", &format!("[{}]", rows.join(",")))
    }
}

#[tokio::test]
async fn conversations_that_never_changed_stand_at_the_end_once() {
    for (changed, unchanged, limit) in [(7, 5, 3), (6, 5, 3), (0, 4, 2), (4, 0, 2), (2, 9, 50)] {
        let (project, _) = project(with_unchanged(changed, unchanged)).await;
        let (mut found, mut direction) = (Vec::new(), Direction::Newest);
        loop {
            let page = project.conversations_page(&direction, limit).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.id.parse::<i64>().unwrap()));
            match page.ends.filter(|_| page.more) {
                Some((_, last)) => direction = Direction::OlderThan(last),
                None => break,
            }
        }
        let all: Vec<i64> = (1001..=1000 + changed).rev().chain((1..=unchanged).rev()).collect();
        assert_eq!(found, all, "{changed} and {unchanged} by {limit}");
    }
}

#[tokio::test]
async fn a_status_of_a_type_of_its_own_is_asked_for_by_the_words_that_are_there() {
    use crate::project::Search;
    const NO_LIKE: &str = r#"{"code":"42883","message":"operator does not exist: estado ~~* unknown"}"#;
    let (project, mut asked) = project(|line, _| match line {
        line if line.contains("ilike") => reply(404, "*/*", NO_LIKE),
        line if line.contains("select=status") => {
            reply(200, "*/*", r#"[{"status":"Bot"},{"status":"human"},{"status":null},{"status":"Bot"}]"#)
        }
        _ => reply(200, "*/*", r#"[{"id":1,"updated_at":"2026-01-01T00:00:00Z","status":"Bot"}]"#),
    })
    .await;
    let search = Search { statuses: vec!["bot".to_owned(), "robo".to_owned()], ..Search::default() };
    let found = project.search_page(&search, &Direction::Newest, 1).await.unwrap();
    assert_eq!((found.page.rows.len(), found.latest_statuses), (1, true));
    let mut lines = Vec::new();
    while let Ok(line) = asked.try_recv() {
        lines.push(line);
    }
    assert!(lines[2].contains("status.in.%28%22Bot%22%29"), "{lines:?}");
    assert_eq!(lines.len(), 4, "refused, looked at, asked, and once more for those that never changed");
}
