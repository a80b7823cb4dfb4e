//! The very requests that go out, and what comes of pages; a small server stands in where an answer must be odd.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{egress::AddressPolicy, project::starts::AppointmentStart};

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
    let conversations = |direction: Direction, limit| conversations(&mapping, &direction, limit).unwrap();
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
}

#[test]
fn messages_of_one_conversation() {
    let start = "select=id%2Cconversation_id%2Cdirection%2Ccontent%2Ccreated_at&order=id.desc&conversation_id=eq.7";
    let (mut mapping, seven) = (Mapping::default(), [Value::text("7").unwrap()]);
    let before = Cursor { at: None, id: "900".to_owned() };
    check(&messages(&mapping, &seven, None, 101).unwrap(), "messages", &format!("{start}&limit=101"));
    let query = messages(&mapping, &seven, Some(&before), 101).unwrap();
    check(&query, "messages", &format!("{start}&id=lt.900&limit=101"));

    // Where ids do not rise with time, time goes first; rows without one are the oldest.
    mapping.messages.as_mut().unwrap().rising = false;
    let start = start.replace("order=id.desc", "order=created_at.desc.nullslast%2Cid.desc");
    let query = messages(&mapping, &seven, Some(&place("2026-11-24T20:01:02", "900")), 101).unwrap();
    check(
        &query,
        "messages",
        &format!(
            "{start}&or=%28created_at.lt.%222026-11-24T20%3A01%3A02%22%2Cand%28created_at.eq.%222026-11-24T20%3A01%3A02%22\
             %2Cid.lt.%22900%22%29%2Ccreated_at.is.null%29&limit=101"
        ),
    );
    let query = messages(&mapping, &seven, Some(&before), 101).unwrap();
    check(&query, "messages", &format!("{start}&and=%28created_at.is.null%2Cid.lt.%22900%22%29&limit=101"));
}

#[test]
fn a_person_is_asked_for_in_every_spelling() {
    let json = r#"{"conversations":"gathered","messages":{"table":{"name":"Message"},"id":"id","conversation":"key->remoteJid",
        "said":{"one":{"author":{"of":"key->fromMe"},"text":"message"}}}}"#;
    let mapping = Mapping::from_json(json).unwrap();
    let keys = ["a@x", "b,c"].map(|key| Value::text(key).unwrap());
    check(
        &messages(&mapping, &keys, None, 5).unwrap(),
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
    let (project, mut asked) = project(|line, _| {
        if line.contains("last_message") { reply(400, "*/*", LOST) } else { reply(200, "0-0/1", r#"[{"id":1}]"#) }
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
    assert_eq!(lines.len(), 3, "asked twice the first time, and once the second: {lines:?}");
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
    assert!(project.messages("x", None, 5).await.unwrap().rows.is_empty());
}

/// A project whose every answer is made by `answer` from the request's first line; gives the lines that were asked.
async fn project(
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

fn reply(status: u16, range: &str, body: &str) -> String {
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
async fn starts_read_every_page_in_order_and_say_when_they_are_not_all() {
    for (total, most, read, requests, complete) in [
        (0, 1000, 0, 1, true),
        (1, 1000, 1, 1, true),
        (1000, 1000, 1000, 1, true),
        (1001, 1000, 1001, 2, true),
        (2500, 1000, 2500, 3, true),
        (500, 100, 500, 5, true),
        (10_000, 1000, 10_000, 10, true),
        (10_001, 1000, 10_000, 10, false),
        (3000, 100, 2000, 20, false),
    ] {
        let (project, mut asked) = project(counted(total, most)).await;
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
        let starts = project.appointment_starts(from, until).await.unwrap();
        assert_eq!(
            (starts.at.len(), starts.total, starts.complete),
            (read, total as u64, complete),
            "{total} by {most}"
        );
        let in_order =
            |(n, start): (usize, &AppointmentStart)| start.at.as_second() - from.as_second() == n as i64 % 3600;
        assert!(starts.at.iter().enumerate().all(in_order), "{total} by {most}");
        let mut lines = Vec::new();
        while let Ok(line) = asked.try_recv() {
            lines.push(line);
        }
        assert_eq!(lines.len(), requests, "{total} by {most}");
    }
}

#[tokio::test]
async fn starts_ask_for_little_and_for_the_count() {
    let (project, mut asked) = project(counted(0, 1000)).await;
    project.conversation_starts(at("2026-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(
        asked.recv().await.unwrap(),
        "GET /rest/v1/conversations?select=created_at&order=created_at.asc%2Cid.asc&created_at=gte.2026-01-01T00%3A00%3A00Z\
         &limit=1000 HTTP/1.1"
    );
    project.appointment_starts(at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")).await.unwrap();
    assert_eq!(
        asked.recv().await.unwrap(),
        "GET /rest/v1/appointments?select=starts_at%2Cstatus&order=starts_at.asc%2Cid.asc&starts_at=gte.2026-01-01T00%3A00%3A00Z\
         &starts_at=lt.2026-02-01T00%3A00%3A00Z&limit=1000 HTTP/1.1"
    );
}

#[tokio::test]
async fn without_a_count_nothing_is_called_complete() {
    let (project, _) = project(|_, _| reply(200, "0-0/*", r#"[{"created_at":"2026-01-01T00:00:00Z"}]"#)).await;
    let starts = project.conversation_starts(at("2026-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((starts.at.len(), starts.total, starts.complete), (1, 1, false));
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
