//! The encodings that a secret could come out in, and a search for them in any bytes.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// Their names.
pub const ENCODINGS: [&str; 8] =
    ["raw", "base64 at 0", "base64 at 1", "base64 at 2", "base64url", "hex", "percent", "JSON"];

/// A secret in one encoding, in each way of writing it; the first is the usual one.
pub fn shape(encoding: &str, secret: &[u8]) -> Vec<String> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    match encoding {
        "raw" => vec![wide(secret)],
        "base64 at 0" => vec![base64_at(0, secret)],
        "base64 at 1" => vec![base64_at(1, secret)],
        "base64 at 2" => vec![base64_at(2, secret)],
        // At each offset: what stands before it in the same text is not ours to choose.
        "base64url" => (0..3).map(|at| base64_at(at, secret).replace('+', "-").replace('/', "_")).collect(),
        "hex" => vec![hex.clone(), hex.to_uppercase()],
        "percent" => vec![
            percent(secret, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)),
            percent(secret, |byte| byte.is_ascii_alphanumeric() || b"-_.~!*'()".contains(&byte)),
            percent(secret, |byte| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte)).replace("%20", "+"),
            percent(secret, |_| false),
        ],
        "JSON" => match std::str::from_utf8(secret) {
            Ok(text) => {
                let json = serde_json::to_string(text).unwrap();
                let json = &json[1..json.len() - 1];
                // Searched byte by byte, hence spelled so.
                vec![
                    wide(json.as_bytes()),
                    wide(json.replace('<', "\\u003c").as_bytes()),
                    wide(format!("{text:?}").trim_matches('"').as_bytes()),
                ]
            }
            // Bytes that are no text come out as a list of numbers.
            Err(_) => {
                [",", ", "].map(|comma| secret.iter().map(u8::to_string).collect::<Vec<_>>().join(comma)).to_vec()
            }
        },
        _ => unreachable!("no encoding of that name"),
    }
}

/// The part of the encoding that does not depend on what stands before or behind the secret.
fn base64_at(offset: usize, secret: &[u8]) -> String {
    let text = STANDARD_NO_PAD.encode([&vec![0; offset][..], secret].concat());
    let (from, to) = ((offset * 8).div_ceil(6), (offset + secret.len()) * 8 / 6);
    text[from..to].to_owned()
}

fn percent(secret: &[u8], plain: impl Fn(u8) -> bool) -> String {
    let each = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    secret.iter().map(each).collect()
}

/// Any bytes as a text with a sign a byte, so that all of them can be searched as texts are.
fn wide(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// What is searched.
#[derive(Default)]
pub struct Haystack(String);

impl Haystack {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.extend(bytes.iter().map(|byte| char::from(*byte)));
        self.0.push('\n');
    }

    pub fn holds(&self, shape: &str) -> bool {
        self.0.contains(shape)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[test]
fn each_encoding_is_found_between_other_text() {
    // With what the two alphabets of base64 write differently, at each offset.
    let secret = "a \"secret\" of <<<>>>>>>>??????? words: ção 0123456789";
    for encoding in ENCODINGS {
        let mut hay = Haystack::default();
        match encoding {
            "base64 at 0" => hay.add(STANDARD_NO_PAD.encode(format!("abc{secret}yz")).as_bytes()),
            "base64 at 1" => hay.add(STANDARD_NO_PAD.encode(format!("a{secret}z")).as_bytes()),
            "base64 at 2" => hay.add(STANDARD_NO_PAD.encode(format!("ab{secret}")).as_bytes()),
            "base64url" => hay.add(URL_SAFE_NO_PAD.encode(format!("abcde{secret}yz")).as_bytes()),
            "JSON" => hay.add(serde_json::json!({ "x": format!("before {secret} after") }).to_string().as_bytes()),
            "percent" => {
                hay.add(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>().as_bytes())
            }
            "hex" => hay.add(format!("xx{}", shape("hex", secret.as_bytes())[1]).as_bytes()),
            _ => hay.add(format!("before {secret} after").as_bytes()),
        }
        let found: Vec<_> = ENCODINGS
            .into_iter()
            .filter(|name| shape(name, secret.as_bytes()).iter().any(|text| hay.holds(text)))
            .collect();
        assert_eq!(found, [encoding]);
    }
}
