//! Bodies as they were seen from gateways and from PostgREST 12 to 16, and what each must tell the user.

use app::error::{AppError, Outage, Refusal};

use super::*;

fn incoming(status: u16, body: &str) -> Incoming {
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap())]);
    Incoming { status: StatusCode::from_u16(status).unwrap(), headers, body: body.into() }
}

#[track_caller]
fn check(status: u16, body: &str, expected: AppError) {
    let error = Answer::read(&incoming(status, body), Part::Messages).expect_err(body);
    assert_eq!(AppError::from(error), expected, "{status} {body}");
}

/// A body of PostgREST with all its four keys.
fn body(code: &str, message: &str) -> String {
    serde_json::json!({ "code": code, "details": null, "hint": null, "message": message }).to_string()
}

fn refused(refusal: Refusal) -> AppError {
    AppError::ProjectRefused(refusal)
}

fn out(outage: Outage) -> AppError {
    AppError::ProjectUnreachable(outage)
}

fn table() -> String {
    "messages".to_owned()
}

#[test]
fn gateways() {
    for (status, body) in [
        (
            401,
            r#"{"message":"No API key found in request","hint":"No `apikey` request header or url param was found."}"#,
        ),
        (401, r#"{"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}"#),
        (401, r#"{"message":"Legacy API keys are disabled","hint":"Your legacy API keys were disabled."}"#),
        (401, r#"{"message":"Forbidden use of secret API key in browser","hint":"Delete this key."}"#),
        (
            401,
            r#"{"message":"Invalid API key","hint":"Only the `service_role` API key can be used for this endpoint."}"#,
        ),
        (401, r#"{"message":"Secret API key required","hint":"Only secret API keys can be used for this endpoint."}"#),
        (401, r#"{"message":"No API key found in request"}"#),
        (401, r#"{"message":"Unauthorized"}"#),
        (401, r#"{"message":"Invalid authentication credentials"}"#),
        (401, "Unauthorized"),
        (401, ""),
    ] {
        check(status, body, refused(Refusal::Key));
    }
    let root = r#"{"message":"Access to schema is forbidden","hint":"Accessing the schema via the Data API is only allowed using a secret API key."}"#;
    check(403, root, refused(Refusal::Other));
    for (status, body) in [
        (
            402,
            r#"{"message":"Service for this project is restricted due to the following violations: exceed_egress_quota."}"#,
        ),
        (402, ""),
        (521, "<html>Web server is down</html>"),
        (522, "error code: 522"),
        (540, r#"{"message":"Project paused"}"#),
    ] {
        check(status, body, out(Outage::Paused));
    }
    for (status, body) in [
        (500, r#"{"message":"An unexpected error occurred"}"#),
        (502, ""),
        (503, "upstream connect error"),
        (504, "<html>"),
        (520, ""),
        (525, ""),
        (530, "error code: 1016"),
        (544, ""),
    ] {
        check(status, body, out(Outage::Fault));
    }
    check(429, r#"{"message":"API rate limit exceeded"}"#, refused(Refusal::RateLimited));
    check(429, "Too Many Requests", refused(Refusal::RateLimited));
}

#[test]
fn hosts_that_are_no_project() {
    for (status, body) in [
        (301, ""),
        (302, "<a href>"),
        (307, ""),
        (404, "<html>Not found</html>"),
        (404, "{}"),
        (403, "<html>Attention Required!</html>"),
        (400, ""),
        (200, ""),
        (200, "<!DOCTYPE html><html></html>"),
        (200, "OK"),
        (200, "{}"),
        (200, "null"),
        (200, "[{\"id\":1"),
        (200, "[1,2"),
        (200, r#"{"rows":[]}"#),
        (200, "[NaN]"),
        (204, ""),
    ] {
        check(status, body, out(Outage::Rubbish));
    }
    check(404, r#"{"error":"requested path is invalid"}"#, out(Outage::Rubbish));
    check(200, &"[".repeat(100_000), out(Outage::Rubbish));
    check(200, &format!("[{}{}]", "{\"a\":".repeat(500), "}".repeat(500)), out(Outage::Rubbish));
}

#[test]
fn tables_and_columns() {
    let missing = || refused(Refusal::TableMissing { table: table() });
    check(404, &body("42P01", "relation \"public.messages\" does not exist"), missing());
    check(404, &body("PGRST205", "Could not find the table 'public.messages' in the schema cache"), missing());
    let hint = r#"{"code":"PGRST205","details":null,"hint":"Perhaps you meant the table 'public.message'","message":"Could not find the table"}"#;
    check(404, hint, missing());
    let column = || refused(Refusal::ColumnMissing { table: table() });
    check(400, &body("42703", "column messages.content does not exist"), column());
    check(400, &body("PGRST204", "Column 'zzz' of relation 'messages' does not exist"), column());
    check(400, &body("PGRST204", "Could not find the 'zzz' column of 'messages' in the schema cache"), column());
    let grant = || refused(Refusal::Grant { table: table() });
    check(401, &body("42501", "permission denied for table messages"), grant());
    check(403, &body("42501", "permission denied for table messages"), grant());
    check(403, &body("42501", "new row violates row-level security policy for table \"messages\""), grant());
    let hint = r#"{"code":"42501","details":null,"hint":"Grant the required privileges to the current role with: GRANT SELECT ON public.messages TO anon;","message":"permission denied for table messages"}"#;
    check(401, hint, grant());
}

#[test]
fn keys() {
    for (status, code, message) in [
        (401, "PGRST301", "JWSError JWSInvalidSignature"),
        (401, "PGRST301", "JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)"),
        (401, "PGRST301", "Expected 3 parts in JWT; got 1"),
        (401, "PGRST301", "No suitable key or wrong key type"),
        (401, "PGRST301", "Empty JWT is sent in Authorization header"),
        (401, "PGRST303", "JWT not in audience"),
        (401, "PGRST303", "JWT not yet valid"),
        (401, "PGRST302", "Anonymous access is disabled"),
        (400, "22023", "role \"nosuchrole\" does not exist"),
        (401, "22023", "role \"nosuchrole\" does not exist"),
    ] {
        check(status, &body(code, message), refused(Refusal::Key));
    }
    check(401, &body("PGRST301", "JWT expired"), refused(Refusal::KeyExpired));
    check(401, &body("PGRST303", "JWT expired"), refused(Refusal::KeyExpired));
    check(401, &body("PGRST303", "JWT issued at future"), out(Outage::Fault));
    let ahead = Answer::read(&incoming(401, &body("PGRST303", "JWT issued at future")), Part::Messages).err();
    assert_eq!(ahead, Some(ProjectError::ClockAhead), "this one is retried");
}

#[test]
fn faults_of_the_database() {
    check(500, &body("57014", "canceling statement due to statement timeout"), refused(Refusal::Slow));
    for (status, code) in [
        (503, "PGRST000"),
        (503, "PGRST001"),
        (503, "PGRST002"),
        (504, "PGRST003"),
        (500, "PGRST300"),
        (503, "08006"),
        (503, "53300"),
        (503, "57P03"),
        (500, "XX000"),
        (500, "40001"),
        (500, "58030"),
    ] {
        check(status, &body(code, "Database connection error. Retrying the connection."), out(Outage::Fault));
    }
    check(500, "Something went wrong", out(Outage::Fault));
}

#[test]
fn anything_else_is_other() {
    for (status, code) in [
        (500, "42P17"),
        (400, "22P02"),
        (400, "22023"),
        (409, "23503"),
        (409, "23505"),
        (400, "23502"),
        (400, "23514"),
        (400, "PGRST100"),
        (400, "PGRST102"),
        (405, "PGRST105"),
        (406, "PGRST106"),
        (415, "PGRST107"),
        (406, "PGRST107"),
        (400, "PGRST108"),
        (406, "PGRST116"),
        (405, "PGRST117"),
        (400, "PGRST122"),
        (400, "PGRST123"),
        (404, "PGRST125"),
        (400, "PGRST201"),
        (300, "PGRST201"),
        (404, "PGRST202"),
        (300, "PGRST203"),
        (400, "P0001"),
        (418, "PT418"),
    ] {
        check(status, &body(code, "x"), refused(Refusal::Other));
    }
    // Details may be any JSON.
    check(
        300,
        r#"{"code":"PGRST201","details":[{"a":{"b":1}}],"hint":"Try","message":"Could not embed"}"#,
        refused(Refusal::Other),
    );
    check(429, &body("PT429", "slow down"), refused(Refusal::RateLimited));
}

#[test]
fn without_an_answer() {
    use crate::egress::EgressError as E;
    for (error, outage) in [
        (E::AddressRefused, Outage::AddressRefused),
        (E::Name, Outage::Name),
        (E::Connect, Outage::Connect),
        (E::Tls, Outage::Tls),
        (E::Timeout, Outage::Timeout),
        (E::TooLarge, Outage::Rubbish),
        (E::Busy, Outage::Busy),
        (E::Resting { seconds: 9 }, Outage::Resting { retry_after: 9 }),
        (E::Broken, Outage::Fault),
    ] {
        assert_eq!(AppError::from(ProjectError::from(error)), out(outage));
    }
}

#[test]
fn nothing_of_the_answer_gets_into_an_error() {
    for code in ["42P01", "42501", "42703", "23505", "PGRST000", "canary"] {
        let text = body(code, "canary").replace("null", "\"canary\"");
        let error = Answer::read(&incoming(500, &text), Part::Messages).unwrap_err();
        assert!(!format!("{error} {error:?} {:?}", AppError::from(error)).contains("canary"), "{code}");
    }
}

#[test]
fn sixty_four_levels_and_no_more() {
    let nested = |levels: usize| format!("[{{\"a\":{}{}}}]", "[".repeat(levels - 2), "]".repeat(levels - 2));
    assert!(Answer::read(&incoming(200, &nested(64)), Part::Messages).is_ok());
    check(200, &nested(65), out(Outage::Rubbish));
    // Brackets in a text are none.
    let text = format!(r#"[{{"a":"\"{}\\"}}]"#, "[".repeat(500));
    assert!(Answer::read(&incoming(200, &text), Part::Messages).is_ok());
}

#[test]
fn rows_come_as_json_or_not_at_all() {
    for (kind, rows) in [
        ("application/json", true),
        ("application/json; charset=utf-8", true),
        ("Application/JSON", true),
        ("application/vnd.pgrst.array+json", true),
        ("text/html", false),
        ("text/plain; application/json", false),
        ("application/jsonp", false),
        ("", false),
    ] {
        let mut incoming = incoming(200, "[]");
        incoming.headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        assert_eq!(Answer::read(&incoming, Part::Messages).is_ok(), rows, "{kind}");
    }
    let bare = Incoming { headers: HeaderMap::new(), ..incoming(200, "[]") };
    assert!(Answer::read(&bare, Part::Messages).is_err());
}

#[test]
fn rows_and_totals() {
    let read = |status, body: &str, range: Option<&'static str>| {
        let mut incoming = incoming(status, body);
        if let Some(range) = range {
            incoming.headers.insert("content-range", range.parse().unwrap());
        }
        let answer = Answer::read(&incoming, Part::Messages).unwrap();
        (answer.rows.len(), answer.total)
    };
    assert_eq!(read(200, "[]", Some("*/0")), (0, Some(0)));
    assert_eq!(read(200, "[]", Some("*/*")), (0, None));
    assert_eq!(read(206, "[{},{}]", Some("0-1/251")), (2, Some(251)));
    assert_eq!(read(200, "[{},{}]", Some("0-1/*")), (2, None));
    assert_eq!(read(200, " [1,null,{\"id\":1}] ", None), (3, None));
    assert_eq!(read(200, "[{}]", Some("rubbish")), (1, None));
    let too_many = format!("[{}0]", "0,".repeat(50_000));
    assert_eq!(read(200, &too_many, None), (MOST_ROWS, None));
    let beyond = body("PGRST103", "Requested range not satisfiable");
    assert_eq!(read(416, &beyond, Some("*/251")), (0, Some(251)));
}
