//! What was said, out of what tables keep of it: a text, JSON as a column or inside a text, lists of parts, several bubbles
//! in one row, notes of tools, and media of which only a placeholder can be shown.
//!
//! Everything comes from strangers: depth and length are bounded, and what is not understood is shown as it stands.

use serde_json::Value;

/// Levels of JSON looked into.
const DEEPEST: u32 = 6;
/// Bubbles of one row.
const MOST_BUBBLES: usize = 20;
/// What parts the bubbles of one row, in tables that write a turn so.
const BETWEEN_BUBBLES: &str = " | ";
/// Keys under which a text stands, the likeliest first.
const TEXTS: [&str; 13] = [
    "content",
    "text",
    "body",
    "output",
    "message",
    "mensagem",
    "conversation",
    "caption",
    "extendedTextMessage",
    "data",
    "kwargs",
    "parts",
    "response",
];

/// Something that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Media {
    /// A photo or another picture.
    Image,
    /// A voice message or other sound.
    Audio,
    /// A film.
    Video,
    /// A file.
    Document,
    /// A sticker.
    Sticker,
    /// A place on a map.
    Location,
    /// Somebody's contact.
    Contact,
}

/// One bubble of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bubble {
    /// What stands in it; empty beside media without a caption.
    pub text: String,
    /// What was sent with it.
    pub media: Option<Media>,
}

/// The bubbles of a value. `split` parts a text at ` | `, as tables do that keep a whole turn in one row.
pub fn bubbles(value: &Value, split: bool) -> Vec<Bubble> {
    let mut found = Vec::new();
    collect(value, 0, &mut found);
    let parted = found.into_iter().flat_map(|bubble| {
        let text = without_tools(&bubble.text);
        // Only where a text is taken apart do its edges mean nothing.
        let texts: Vec<&str> = match split {
            true => text.split(BETWEEN_BUBBLES).map(str::trim).collect(),
            false if text.len() < bubble.text.len() => vec![text.trim()],
            false => vec![text],
        };
        texts
            .into_iter()
            .enumerate()
            .map(|(index, text)| Bubble { text: text.to_owned(), media: bubble.media.filter(|_| index == 0) })
            .collect::<Vec<_>>()
    });
    parted.filter(|bubble| !bubble.text.trim().is_empty() || bubble.media.is_some()).take(MOST_BUBBLES).collect()
}

fn collect(value: &Value, depth: u32, found: &mut Vec<Bubble>) {
    if depth > DEEPEST || found.len() >= MOST_BUBBLES {
        return;
    }
    match value {
        Value::String(text) => match inside(text) {
            Some(value) if depth < DEEPEST && holds_speech(&value) => collect(&value, depth + 1, found),
            _ => found.push(by_placeholder(text)),
        },
        Value::Number(number) => found.push(Bubble { text: number.to_string(), media: None }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, found)),
        Value::Object(fields) => {
            let media = media(value);
            let mut texts = Vec::new();
            if let Some(said) = TEXTS.iter().find_map(|key| fields.get(*key).filter(|said| is_something(said))) {
                collect(said, depth + 1, &mut texts);
            } else if let Some((_, caption)) =
                fields.iter().find(|(key, part)| key.ends_with("Message") && part.is_object())
            {
                collect_caption(caption, depth + 1, &mut texts);
            }
            // The picture carries the first of its texts.
            if let Some(media) = media {
                match texts.first_mut() {
                    Some(first) => first.media = Some(media),
                    None => texts.push(Bubble { text: String::new(), media: Some(media) }),
                }
            }
            found.append(&mut texts);
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Of a medium only its caption is a text; addresses and keys of files are not.
fn collect_caption(part: &Value, depth: u32, found: &mut Vec<Bubble>) {
    if let Some(caption) = ["caption", "text"].iter().find_map(|key| part.get(*key)) {
        collect(caption, depth, found);
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Number(_) | Value::Object(_) => true,
    }
}

/// JSON inside a text.
fn inside(text: &str) -> Option<Value> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Whether JSON found in a text is a message at all: people write brackets too.
fn holds_speech(value: &Value) -> bool {
    match value {
        Value::Object(fields) => TEXTS.iter().any(|key| fields.contains_key(*key)) || media(value).is_some(),
        Value::Array(items) => items.iter().any(|item| item.is_object() && holds_speech(item)),
        _ => false,
    }
}

/// What kind of medium an object stands for: by WhatsApp's own keys, or by a type.
fn media(value: &Value) -> Option<Media> {
    const KEYS: [(&str, Media); 8] = [
        ("imageMessage", Media::Image),
        ("audioMessage", Media::Audio),
        ("videoMessage", Media::Video),
        ("documentMessage", Media::Document),
        ("documentWithCaptionMessage", Media::Document),
        ("stickerMessage", Media::Sticker),
        ("locationMessage", Media::Location),
        ("contactMessage", Media::Contact),
    ];
    let fields = value.as_object()?;
    if let Some((_, media)) = KEYS.iter().find(|(key, _)| fields.contains_key(*key)) {
        return Some(*media);
    }
    let word = ["type", "message_type", "messageType", "mimetype", "mime_type"]
        .iter()
        .find_map(|key| fields.get(*key)?.as_str())?;
    by_word(word)
}

/// What a column or field that tells the kind of a message means; a text is no medium.
pub fn by_word(word: &str) -> Option<Media> {
    let word = word.to_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
    Some(if begins(&["image", "imagem", "photo", "foto"]) {
        Media::Image
    } else if begins(&["audio", "áudio", "ptt", "voice", "voz"]) {
        Media::Audio
    } else if begins(&["video", "vídeo"]) {
        Media::Video
    } else if begins(&["document", "documento", "file", "arquivo", "application/pdf"]) {
        Media::Document
    } else if begins(&["sticker", "figurinha"]) {
        Media::Sticker
    } else if begins(&["location", "localiza"]) {
        Media::Location
    } else if begins(&["contact", "contato", "vcard"]) {
        Media::Contact
    } else {
        return None;
    })
}

/// Texts that stand for a medium: `[image]`, `<áudio>`, `[Áudio recebido]`.
fn by_placeholder(text: &str) -> Bubble {
    let trimmed = text.trim();
    let inner = trimmed
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .or_else(|| trimmed.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')));
    match inner.filter(|inner| inner.chars().count() <= 24).and_then(by_word) {
        Some(media) => Bubble { text: String::new(), media: Some(media) },
        None => Bubble { text: text.to_owned(), media: None },
    }
}

/// Without the note that agents of n8n put before their answers: `[Used tools: Tool: …, Input: {…}, Result: […]] Olá`.
fn without_tools(text: &str) -> &str {
    let trimmed = text.trim_start();
    if !trimmed.starts_with("[Used tools:") {
        return text;
    }
    let (mut open, mut in_text, mut escaped) = (0_u32, false, false);
    for (index, sign) in trimmed.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '[' if !in_text => open += 1,
            ']' if !in_text => {
                open -= 1;
                if open == 0 {
                    return &trimmed[index + 1..];
                }
            }
            _ => {}
        }
    }
    // Cut off in the middle: nothing of it was said.
    ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn texts(value: &Value, split: bool) -> Vec<String> {
        bubbles(value, split).into_iter().map(|bubble| bubble.text).collect()
    }

    #[test]
    fn texts_are_found_wherever_they_stand() {
        for (value, said) in [
            (json!("oi"), vec!["oi"]),
            (json!(42), vec!["42"]),
            (json!({"type": "ai", "content": "Olá!"}), vec!["Olá!"]),
            (json!({"type": "human", "data": {"content": "quero marcar"}}), vec!["quero marcar"]),
            (json!("{\"content\":\"de dentro\"}"), vec!["de dentro"]),
            (json!({"content": "{\"output\":\"duas vezes\"}"}), vec!["duas vezes"]),
            (
                json!({"content": [{"type": "text", "text": "um"}, {"type": "text", "text": "dois"}]}),
                vec!["um", "dois"],
            ),
            (json!({"conversation": "oi"}), vec!["oi"]),
            (json!({"extendedTextMessage": {"text": "com link"}}), vec!["com link"]),
            (json!(["a", "b"]), vec!["a", "b"]),
            (json!("[não é json]"), vec!["[não é json]"]),
            (json!("{chave}"), vec!["{chave}"]),
            (json!("[1, 2]"), vec!["[1, 2]"]),
            (json!({"content": ""}), vec![]),
            (json!(null), vec![]),
            (json!(true), vec![]),
            (json!({}), vec![]),
        ] {
            assert_eq!(texts(&value, false), said, "{value}");
        }
    }

    #[test]
    fn a_turn_in_one_row_is_parted_only_where_that_is_so() {
        let turn = json!("Oi! | Tudo bem? |  | Posso ajudar?");
        assert_eq!(texts(&turn, true), ["Oi!", "Tudo bem?", "Posso ajudar?"]);
        assert_eq!(texts(&turn, false).len(), 1);
    }

    #[test]
    fn notes_of_tools_are_not_said() {
        for (text, said) in [
            (
                r#"[Used tools: Tool: agenda, Input: {"dia":"]"}, Result: [["10:00"]]] Temos às 10h."#,
                vec!["Temos às 10h."],
            ),
            ("[Used tools: Tool: x, Input: {", vec![]),
            ("[Outra coisa] fica", vec!["[Outra coisa] fica"]),
        ] {
            assert_eq!(texts(&json!(text), false), said, "{text}");
        }
    }

    #[test]
    fn media_are_told_by_keys_types_and_placeholders() {
        for (value, media, text) in [
            (json!({"imageMessage": {"caption": "a ferida", "url": "https://x"}}), Media::Image, "a ferida"),
            (json!({"audioMessage": {"seconds": 4, "url": "https://x"}}), Media::Audio, ""),
            (json!({"type": "document", "caption": "exame.pdf"}), Media::Document, "exame.pdf"),
            (json!("[Áudio recebido]"), Media::Audio, ""),
            (json!("<image>"), Media::Image, ""),
        ] {
            assert_eq!(bubbles(&value, false), [Bubble { text: text.to_owned(), media: Some(media) }], "{value}");
        }
        assert_eq!(by_word("conversation"), None);
        assert_eq!(by_word("text"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".*", split: bool) {
            let found = bubbles(&Value::String(text), split);
            prop_assert!(found.len() <= MOST_BUBBLES);
        }
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let mut deep = json!("fundo");
        for _ in 0..60 {
            deep = json!({ "content": deep });
        }
        assert!(bubbles(&deep, false).is_empty());
        assert_eq!(bubbles(&json!(vec!["x"; 500]), false).len(), MOST_BUBBLES);
    }
}
