//! The very requests that go out, and what comes of pages; a small server stands in where an answer must be odd.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{egress::AddressPolicy, project::starts::AppointmentStart};

const CONVERSATION: &str = "select=id%2Cphone%2Cname%2Cstatus%2Clast_message%2Ccreated_at%2Cupdated_at";
const APPOINTMENT: &str = "select=id%2Cconversation_id%2Ccustomer_name%2Ccustomer_phone%2Cservice%2Cprofessional%2Cstarts_at\
                           %2Cends_at%2Cstatus%2Cprice_cents%2Cmeet_link";

#[track_caller]
fn check(query: &Query, path: &str, expected: &str) {
    let key = ApiKey::new("sb_publishable_x".into()).unwrap();
    let outgoing = query.outgoing(&Url::parse("https://abc.supabase.co").unwrap(), &key, DEADLINE);
    assert_eq!(outgoing.url.as_str(), format!("https://abc.supabase.co/rest/v1/{path}?{expected}"));
    assert_eq!((outgoing.method.as_str(), outgoing.body.as_deref()), ("GET", None));
    assert_eq!(outgoing.headers["apikey"], "sb_publishable_x");
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn conversations_go_by_keyset() {
    let cursor = Cursor { updated_at: at("2026-11-24T20:01:02.123456Z"), id: 42 };
    check(
        &conversations(Direction::Newest, 51),
        "conversations",
        &format!("{CONVERSATION}&order=updated_at.desc%2Cid.desc&updated_at=not.is.null&limit=51"),
    );
    check(
        &conversations(Direction::OlderThan(cursor), 51),
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
fn contacts_by_one_text_or_several() {
    let value = |text| Value::text(text).unwrap();
    check(
        &conversations_of(Contact::Phone, vec![value("+55 11")], 11),
        "conversations",
        &format!("{CONVERSATION}&order=updated_at.desc%2Cid.desc&phone=eq.%2B55+11&limit=11"),
    );
    check(
        &conversations_of(Contact::Name, vec![value("a,b"), value("\"")], 11),
        "conversations",
        &format!("{CONVERSATION}&order=updated_at.desc%2Cid.desc&name=in.%28%22a%2Cb%22%2C%22%5C%22%22%29&limit=11"),
    );
}

#[test]
fn messages_of_one_conversation() {
    let start = "select=id%2Cconversation_id%2Cdirection%2Ccontent%2Ccreated_at&order=id.desc&conversation_id=eq.7";
    check(&messages(7, None, 101), "messages", &format!("{start}&limit=101"));
    check(&messages(7, Some(900), 101), "messages", &format!("{start}&id=lt.900&limit=101"));
}

#[test]
fn appointments() {
    check(
        &upcoming(at("2026-11-24T20:00:00Z"), 5),
        "appointments",
        &format!(
            "{APPOINTMENT}&order=starts_at.asc%2Cid.asc&and=%28or%28ends_at.gte.%222026-11-24T20%3A00%3A00Z%22\
             %2Cstarts_at.gte.%222026-11-24T20%3A00%3A00Z%22%29%2Cor%28status.is.null%2Cstatus.not.ilike.%22cancel*%22%29%29&limit=5"
        ),
    );
    check(
        &appointments_between(at("2026-11-24T03:00:00Z"), at("2026-11-25T03:00:00Z"), 201),
        "appointments",
        &format!(
            "{APPOINTMENT}&order=starts_at.asc%2Cid.asc&starts_at=gte.2026-11-24T03%3A00%3A00Z\
             &starts_at=lt.2026-11-25T03%3A00%3A00Z&limit=201"
        ),
    );
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
    let page = project.conversations_page(Direction::Newest, 5).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 1]);
    assert_eq!((page.more, page.skipped), (true, 3));
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
        let now = at("2026-01-01T00:00:00Z");
        let starts = project.appointment_starts(now, now).await.unwrap();
        assert_eq!(
            (starts.at.len(), starts.total, starts.complete),
            (read, total as u64, complete),
            "{total} by {most}"
        );
        let in_order = |(n, start): (usize, &AppointmentStart)| start.status == format!("s{n}");
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
    assert_eq!(passing.find_conversation(1).await, Ok(None));
    let (lasting, mut asked) = project(|_, _| reply(401, "*/*", AHEAD)).await;
    assert_eq!(lasting.find_conversation(1).await, Err(ProjectError::ClockAhead));
    assert!(asked.try_recv().is_ok() && asked.try_recv().is_ok() && asked.try_recv().is_err());
    let (refusing, mut asked) = project(|_, _| reply(401, "*/*", r#"{"message":"Invalid API key"}"#)).await;
    assert_eq!(refusing.find_conversation(1).await, Err(ProjectError::Key));
    assert!(asked.try_recv().is_ok() && asked.try_recv().is_err());
}

#[tokio::test]
async fn a_newer_page_is_turned_round() {
    let rows = r#"[{"id":1,"updated_at":"2026-01-01T00:00:00Z"},{"id":2,"updated_at":"2026-01-02T00:00:00Z"},
        {"id":3,"updated_at":"2026-01-03T00:00:00Z"}]"#;
    let (project, _) = project(move |_, _| reply(200, "0-2/*", rows)).await;
    let cursor = Cursor { updated_at: at("2025-01-01T00:00:00Z"), id: 0 };
    let page = project.conversations_page(Direction::NewerThan(cursor), 2).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 1]);
    assert!(page.more);
}

#[tokio::test]
async fn texts_that_nothing_can_match_are_not_asked_for() {
    let (project, mut asked) = project(|_, _| reply(200, "*/*", "[]")).await;
    for texts in [&[][..], &["a\0b"][..]] {
        let page = project.list_conversations_of(Contact::Phone, texts, 10).await.unwrap();
        assert!(page.rows.is_empty() && !page.more);
    }
    assert!(asked.try_recv().is_err());
}
