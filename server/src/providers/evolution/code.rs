//! The code that connects a telephone: what `connect` answers, in the shapes of either version.
//!
//! We draw the code ourselves from its text. Only where a server gives nothing but a picture is that shown, and then only
//! when it is what it says: a PNG, small, and encoded again here, so that no byte of it stands in the page as it came.

use super::state::State;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// Longest text of a code: WhatsApp's have some 240 characters.
const MOST_TEXT: usize = 1_000;
/// Largest picture, in bytes.
const MOST_PICTURE: usize = 64 * 1024;
/// Widest picture, in pixels.
const MOST_SIDE: u32 = 2_000;

/// What there is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// The text of a QR code, and the letters to type instead when the server has them.
    Text {
        /// What the QR code says.
        text: String,
        /// Eight letters and digits.
        pairing: Option<String>,
    },
    /// A picture of a QR code.
    Picture {
        /// A checked PNG.
        png: Vec<u8>,
        /// Eight letters and digits.
        pairing: Option<String>,
    },
    /// Connected already.
    Connected,
    /// Nothing yet: worth asking again.
    NotYet,
    /// The server has stopped making codes.
    GivenUp,
}

/// Reads an answer of `connect` that was no refusal; an empty one is `Null`.
pub(super) fn read(body: &Value) -> Code {
    match State::read(body) {
        Some(State::Open) => return Code::Connected,
        Some(State::Refused) => return Code::GivenUp,
        _ => {}
    }
    // In some answers the code stands beside the instance.
    let body = body.get("qrcode").filter(|inner| inner.is_object()).unwrap_or(body);
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let pairing = text("pairingCode").filter(|code| is_pairing_code(code)).map(str::to_owned);
    if let Some(text) = text("code").filter(|text| text.len() <= MOST_TEXT) {
        return Code::Text { text: text.to_owned(), pairing };
    }
    match text("base64").and_then(png) {
        Some(png) => Code::Picture { png, pairing },
        None => Code::NotYet,
    }
}

fn is_pairing_code(code: &str) -> bool {
    code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The bytes of a `data:` picture, when they are those of a PNG of sensible size.
fn png(picture: &str) -> Option<Vec<u8>> {
    let encoded = picture.strip_prefix("data:image/png;base64,").unwrap_or(picture);
    if encoded.len() > MOST_PICTURE / 3 * 4 {
        return None;
    }
    let bytes = STANDARD.decode(encoded).ok()?;
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let side = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let sensible = [side(0)?, side(4)?].iter().all(|side| (1..=MOST_SIDE).contains(side));
    sensible.then_some(bytes)
}
