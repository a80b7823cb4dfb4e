//! Asking for the code that connects a telephone: every answer there is.

use super::{Fake, Reply, card, refusal, state};
use crate::providers::{
    Cause,
    evolution::{Code, connect},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A PNG's beginning, of so many pixels a side.
fn png(side: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.extend([1, 0, 0, 0, 0]);
    bytes
}

#[tokio::test]
async fn every_answer_of_connect() {
    let picture = |bytes: &[u8]| format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    let both = |code: &str, base64: &str| {
        Reply::new(200, format!(r#"{{"pairingCode":null,"code":{code},"base64":"{base64}","count":1}}"#))
    };
    let text = |text: &str, pairing: Option<&str>| {
        Ok(Code::Text { text: text.to_owned(), pairing: pairing.map(str::to_owned) })
    };
    let small = png(300);
    let paired = r#"{"pairingCode":"WZYEH1YY","code":"2@abc,def","base64":"x","count":1}"#;
    let nested = r#"{"instance":{"instanceName":"x","status":"qr"},"qrcode":{"code":"2@n","count":3}}"#;
    let refused = |cause: Cause| Err(cause);
    let rows: Vec<(&str, Reply, Result<Code, Cause>)> = vec![
        ("a code to read", both("\"2@abc\"", "x"), text("2@abc", None)),
        ("and one to type", Reply::new(200, paired), text("2@abc,def", Some("WZYEH1YY"))),
        (
            "a pairing code that is none",
            Reply::new(200, r#"{"pairingCode":"<b>x</b>","code":"2@a"}"#),
            text("2@a", None),
        ),
        ("beside the instance", Reply::new(200, nested), text("2@n", None)),
        ("a picture alone", both("null", &picture(&small)), Ok(Code::Picture { png: small.clone(), pairing: None })),
        ("a picture that is a web page", both("null", &picture(b"<svg onload=x>")), Ok(Code::NotYet)),
        ("a picture of a kilometre", both("null", &picture(&png(100_000))), Ok(Code::NotYet)),
        (
            "a picture of a megabyte",
            both("null", &picture(&[small.clone(), vec![0; 1 << 20]].concat())),
            Ok(Code::NotYet),
        ),
        ("a picture from elsewhere", both("null", "https://elsewhere.example/qr.png"), Ok(Code::NotYet)),
        ("a code of a kilometre", Reply::new(200, format!(r#"{{"code":"{}"}}"#, "x".repeat(5_000))), Ok(Code::NotYet)),
        ("open already", state("open"), Ok(Code::Connected)),
        ("nothing yet", Reply::new(200, r#"{"count":0}"#), Ok(Code::NotYet)),
        ("an empty object", Reply::new(200, "{}"), Ok(Code::NotYet)),
        ("empty (v1)", Reply::new(200, ""), Ok(Code::NotYet)),
        ("nobody read it in time", state("refused"), Ok(Code::GivenUp)),
        (
            "200 with error true",
            Reply::new(200, r#"{"error":true,"message":"[object Object]"}"#),
            refused(Cause::ProviderDown),
        ),
        ("401", refusal(401, "Unauthorized", "\"Unauthorized\""), refused(Cause::BadCredential)),
        ("404", refusal(404, "Not Found", r#"["The \"x\" instance does not exist"]"#), refused(Cause::NotFound)),
        ("503", Reply::new(503, r#"{"code":"LICENSE_REQUIRED"}"#), refused(Cause::ProviderDown)),
    ];
    let (all, mut right) = (rows.len(), 0);
    for (name, told, expected) in rows {
        let server = Fake::start(move |asked| match asked.path.as_str() {
            "/instance/connect/Cl%C3%ADnica%202" => told.clone(),
            _ => Reply::new(500, ""),
        })
        .await;
        let got = connect(&card(server.url.as_str()), &server.probe()).await;
        assert_eq!(got.map_err(|finding| finding.cause), expected, "{name}");
        // What may pass by itself is asked once more by the way out.
        let times = if name == "503" { 2 } else { 1 };
        assert_eq!(server.seen().len(), times, "{name}");
        right += 1;
    }
    eprintln!("evolution: {right} of {all} rows of connect answered right");
}
