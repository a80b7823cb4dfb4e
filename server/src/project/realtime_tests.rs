//! Frames as a project sends them, and as somebody would who means no good.

use super::*;
use proptest::prelude::*;

fn topics() -> Vec<Topic> {
    Part::ALL.map(|part| Listened { part, schema: SCHEMA.to_owned(), name: part.name().to_owned() }.topic()).into()
}

fn subscribed(part: &str, status: &str) -> String {
    format!(
        r#"{{"ref":null,"event":"system","topic":"realtime:painel-{part}","payload":{{"message":"Subscribed to PostgreSQL",
        "status":"{status}","extension":"postgres_changes","channel":"painel-{part}"}}}}"#
    )
}

fn replied(part: &str, status: &str) -> String {
    format!(
        r#"{{"ref":"1","event":"phx_reply","topic":"realtime:painel-{part}","payload":{{"status":"{status}",
        "response":{{"postgres_changes":[{{"id":106243155,"event":"*","schema":"public","table":"{part}"}}]}}}}}}"#
    )
}

fn changed(part: &str) -> String {
    format!(
        r#"{{"ref":null,"event":"postgres_changes","topic":"realtime:painel-{part}","payload":{{"ids":[106243155],"data":
        {{"schema":"public","table":"{part}","commit_timestamp":"2025-11-19T00:22:40.877Z","type":"INSERT",
        "columns":[{{"name":"id","type":"int8"}}],"record":{{"id":46,"content":"\"segredo\\"}},"errors":null}}}}}}"#
    )
}

#[test]
fn a_connection_goes_as_the_protocol_says() {
    let mut topics = topics();
    let mut hear = |text: &str| take(&mut topics, text);
    let beat = r#"{"ref":"9","event":"phx_reply","topic":"phoenix","payload":{"status":"ok","response":{}}}"#;
    assert_eq!(hear(beat), Ok(Heard::Alive));
    for part in ["conversations", "messages", "appointments"] {
        assert_eq!(hear(&replied(part, "ok")), Ok(Heard::Joined));
    }
    assert_eq!(hear(&subscribed("messages", "ok")), Ok(Heard::Listening { whole: false }));
    assert_eq!(hear(&changed("messages")), Ok(Heard::Changed(Part::Messages)));
    assert_eq!(hear(&subscribed("conversations", "ok")), Ok(Heard::Listening { whole: false }));
    assert_eq!(hear(&subscribed("appointments", "ok")), Ok(Heard::Listening { whole: true }));
    assert_eq!(hear(&subscribed("appointments", "ok")), Ok(Heard::Listening { whole: true }), "once more");
    assert_eq!(hear(&changed("appointments")), Ok(Heard::Changed(Part::Appointments)));
    let presence = r#"{"ref":null,"event":"presence_state","topic":"realtime:painel-messages","payload":{}}"#;
    assert_eq!(hear(presence), Ok(Heard::Alive));
    let disconnect = r#"{"ref":null,"event":"system","topic":"realtime:painel-messages","payload":
        {"extension":"system","status":"ok","message":"Server requested disconnect"}}"#;
    assert_eq!(hear(disconnect), Ok(Heard::Alive));
    let close = r#"{"ref":"1","event":"phx_close","topic":"realtime:painel-messages","payload":{}}"#;
    assert_eq!(hear(close), Err(RealtimeError::Ended));
    assert_eq!(hear(&subscribed("messages", "error")), Err(RealtimeError::Ended), "it was told of before");
}

#[test]
fn a_table_that_is_not_published_leaves_the_others_and_none_leaves_nothing() {
    let mut topics = topics();
    let mut hear = |text: &str| take(&mut topics, text);
    assert_eq!(hear(&subscribed("messages", "error")), Ok(Heard::Alive));
    assert_eq!(hear(&replied("conversations", "error")), Ok(Heard::Alive));
    assert_eq!(hear(&subscribed("appointments", "ok")), Ok(Heard::Listening { whole: false }));
    assert_eq!(hear(&subscribed("messages", "ok")), Ok(Heard::Listening { whole: false }), "published since");
    let mut topics = self::topics();
    let mut hear = |text: &str| take(&mut topics, text);
    assert_eq!(hear(&replied("messages", "error")), Ok(Heard::Alive));
    assert_eq!(hear(&replied("conversations", "error")), Ok(Heard::Alive));
    assert_eq!(hear(&subscribed("appointments", "error")), Err(RealtimeError::NoTables));
}

#[test]
fn what_is_no_frame_ends_it_and_what_is_nobodys_is_passed_over() {
    for rubbish in ["", "null", "[]", "7", "{", "{}", r#"{"topic":"x"}"#, r#"{"topic":1,"event":"x"}"#, "[[[[[[[["] {
        assert_eq!(take(&mut topics(), rubbish), Err(RealtimeError::Rubbish), "{rubbish}");
    }
    for passed in [
        r#"{"topic":"","event":""}"#,
        r#"{"topic":"realtime:other","event":"postgres_changes","payload":{}}"#,
        r#"{"topic":"realtime:painel-messages","event":"phx_reply"}"#,
        r#"{"topic":"realtime:painel-messages","event":"phx_reply","payload":null}"#,
        r#"{"topic":"realtime:painel-messages","event":"phx_reply","payload":{"status":7}}"#,
        r#"{"topic":"realtime:painel-messages","event":"phx_reply","payload":{"status":"timeout"}}"#,
        r#"{"topic":"realtime:painel-messages","event":"system","payload":{"status":"ok"}}"#,
    ] {
        assert_eq!(take(&mut topics(), passed), Ok(Heard::Alive), "{passed}");
    }
    // Written otherwise it is the same text.
    let escaped = r#"{"topic":"realtime\u003apainel-messages","event":"postgres\u005fchanges"}"#;
    assert_eq!(take(&mut topics(), escaped), Ok(Heard::Changed(Part::Messages)));
    let deep = format!(r#"{{"topic":"x","event":"y","payload":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(take(&mut topics(), &deep), Ok(Heard::Alive));
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in ".*", event in "[a-z_]*", payload in ".*") {
        let _ = take(&mut topics(), &text);
        let frame = json!({"topic": "realtime:painel-messages", "event": event, "payload": payload}).to_string();
        prop_assert!(take(&mut topics(), &frame).is_ok() || event.starts_with("phx_"));
    }
}

#[tokio::test]
async fn the_tables_of_a_mapping_are_asked_for_by_schema_and_name() {
    let egress = Egress::new(crate::egress::AddressPolicy::public_only()).unwrap();
    let url = Url::parse("https://abc.supabase.co/?x=1#y").unwrap();
    let key = ApiKey::new("sb_publishable_a+b".into()).unwrap();
    let mut mapping = Mapping::default();
    mapping.appointments.as_mut().unwrap().table.schema = Some("clientes".into());
    mapping.conversations = crate::mapping::Conversations::Gathered;
    let realtime = Realtime::new(egress.clone(), Uuid::nil(), url.clone(), key.clone(), &mapping).unwrap();
    let asked: Vec<(String, serde_json::Value)> = realtime
        .tables
        .iter()
        .map(|table| {
            let join: serde_json::Value = serde_json::from_str(&table.join(0)).unwrap();
            let of = join["payload"]["config"]["postgres_changes"][0].clone();
            (join["topic"].as_str().unwrap().to_owned(), of)
        })
        .collect();
    let messages = json!({"event": "*", "schema": "public", "table": "messages"});
    let appointments = json!({"event": "*", "schema": "clientes", "table": "appointments"});
    let expected = [("realtime:painel-messages", messages), ("realtime:painel-appointments", appointments)];
    assert_eq!(asked, expected.map(|(topic, of)| (topic.to_owned(), of)));
    assert_eq!(
        address(&url, &key).as_str(),
        "https://abc.supabase.co/realtime/v1/websocket?apikey=sb_publishable_a%2Bb&vsn=1.0.0"
    );
    mapping.messages = None;
    mapping.appointments = None;
    assert!(Realtime::new(egress, Uuid::nil(), url, key, &mapping).is_none(), "nothing is read");
}

#[test]
fn what_lasts_is_told_from_what_passes() {
    let no_answer = RealtimeError::NoAnswer;
    for lasts in [
        RealtimeError::Refused(StatusCode::FORBIDDEN),
        RealtimeError::NoTables,
        RealtimeError::Rubbish,
        no_answer(EgressError::TooLarge),
        no_answer(EgressError::AddressRefused),
    ] {
        assert!(lasts.lasts() && !lasts.is_ours(), "{lasts}");
    }
    for passes in [RealtimeError::Ended, no_answer(EgressError::Broken), no_answer(EgressError::Timeout)] {
        assert!(!passes.lasts() && !passes.is_ours(), "{passes}");
    }
    assert!(no_answer(EgressError::Busy).is_ours());
}
