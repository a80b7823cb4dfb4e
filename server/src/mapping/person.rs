//! Whom a phone, a WhatsApp id or a session id names, so that one person is one however a table spells them.
//!
//! Brazil's mobile numbers got a ninth digit, which WhatsApp's ids of older area codes still lack: with and without it they
//! are the same person. Source: `field.md` §2, "Person key".

use std::fmt;

/// Digits after the area code, without the ninth.
const LOCAL: usize = 8;

/// Somebody, as far as a table tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Person {
    /// A Brazilian number: area code, and the eight digits without the ninth.
    Brazilian {
        /// Two digits, 11 to 99.
        area: String,
        /// Eight digits.
        local: String,
    },
    /// Another country's number, digits alone with the country's code.
    Foreign(String),
    /// Anything else that tells people apart: a hidden id (`…@lid`), a session's id, a key of the table.
    Other(String),
}

impl Person {
    /// Reads a phone, a WhatsApp id or any other key. `None` for what names nobody: nothing, a group, a broadcast.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, host) = text.split_once('@').unwrap_or((text, ""));
        if name.is_empty() || matches!(host, "g.us" | "broadcast" | "newsletter") {
            return None;
        }
        if host == "lid" {
            return Some(Self::Other(name.to_owned()));
        }
        // A device of the same person: `5511987654321:12@s.whatsapp.net`.
        let name = if host.is_empty() { name } else { name.split(':').next().unwrap_or(name) };
        if name.is_empty() {
            return None;
        }
        Some(Self::phone(without_prefix(name), !host.is_empty()).unwrap_or_else(|| Self::Other(name.to_owned())))
    }

    /// `whole`: what has no plus sign may have its country's code all the same.
    fn phone(text: &str, whole: bool) -> Option<Self> {
        if !text.chars().all(|sign| sign.is_ascii_digit() || " +()-./\u{a0}".contains(sign)) {
            return None;
        }
        let whole = whole || text.starts_with('+');
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        let national = match digits.len() {
            10 | 11 if !whole => Some(digits),
            12 | 13 => digits.strip_prefix("55"),
            _ => None,
        };
        match national.and_then(brazilian) {
            Some(person) => Some(person),
            // Shorter ones are extensions and ids, longer ones no phones.
            None if whole && (8..=15).contains(&digits.len()) => Some(Self::Foreign(digits.to_owned())),
            None if (12..=15).contains(&digits.len()) => Some(Self::Foreign(digits.to_owned())),
            None => None,
        }
    }

    /// Every way in which tables write this person's number as bare digits: for columns that hold numbers, and for asking
    /// by equality. Without the country's code too.
    pub fn spellings(&self) -> Vec<String> {
        match self {
            Self::Brazilian { area, local } => {
                let mut all = Vec::with_capacity(4);
                for ninth in if is_mobile(local) { &["9", ""][..] } else { &[""][..] } {
                    all.push(format!("55{area}{ninth}{local}"));
                    all.push(format!("{area}{ninth}{local}"));
                }
                all
            }
            Self::Foreign(digits) => vec![digits.clone()],
            Self::Other(text) => vec![text.clone()],
        }
    }

    /// Every way in which tables write this person as a text: digits alone, as WhatsApp's ids, as people do, and as `seen`.
    pub fn written(&self, seen: &str) -> Vec<String> {
        let digits = self.spellings();
        let mut all = vec![seen.to_owned()];
        let mut add = |text: String| {
            if !all.contains(&text) {
                all.push(text);
            }
        };
        if !matches!(self, Self::Other(_)) {
            for digits in &digits {
                add(digits.clone());
            }
            let whole = digits.iter().filter(|digits| digits.len() > LOCAL + 3);
            for digits in whole {
                add(format!("+{digits}"));
                add(format!("{digits}@s.whatsapp.net"));
                add(format!("{digits}@c.us"));
            }
        }
        if let Self::Brazilian { area, local } = self {
            let (head, tail) = local.split_at(LOCAL / 2);
            for ninth in if is_mobile(local) { &["9", ""][..] } else { &[""][..] } {
                add(format!("({area}) {ninth}{head}-{tail}"));
                add(format!("({area}){ninth}{head}-{tail}"));
                add(format!("{area} {ninth}{head}-{tail}"));
                add(format!("+55 {area} {ninth}{head}-{tail}"));
                add(format!("+55 ({area}) {ninth}{head}-{tail}"));
            }
        }
        all
    }

    /// The number as it is dialled, with the country's code and no plus sign; `None` for whoever has none.
    pub fn dialled(&self) -> Option<String> {
        match self {
            Self::Brazilian { .. } => self.spellings().into_iter().next(),
            Self::Foreign(digits) => Some(digits.clone()),
            Self::Other(_) => None,
        }
    }
}

/// One text for one person, the same for every spelling: good for comparing and for addresses of pages.
impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brazilian { area, local } => write!(f, "55{area}{local}"),
            Self::Foreign(digits) => f.write_str(digits),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// `APP-5511987654321` and `whatsapp:+55…` name who stands behind the sign.
fn without_prefix(text: &str) -> &str {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    match text[letters..].strip_prefix(['-', '_', ':']) {
        Some(rest) if letters > 0 => rest,
        _ => text,
    }
}

/// Area code and number, with or without the ninth digit.
fn brazilian(national: &str) -> Option<Person> {
    let (area, number) = national.split_at_checked(2)?;
    if area.contains('0') {
        return None;
    }
    let local = match number.len() {
        LOCAL => number,
        _ if number.len() == LOCAL + 1 => number.strip_prefix('9').filter(|local| is_mobile(local))?,
        _ => return None,
    };
    // No number begins with these.
    if local.starts_with(['0', '1']) {
        return None;
    }
    Some(Person::Brazilian { area: area.to_owned(), local: local.to_owned() })
}

/// Landlines begin with 2 to 5 and have no ninth digit.
fn is_mobile(local: &str) -> bool {
    local.starts_with(['6', '7', '8', '9'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_person_however_written() {
        let same = [
            "+5511987654321",
            "5511987654321",
            "551187654321",
            "11987654321",
            "1187654321",
            "(11) 98765-4321",
            "+55 (11) 8765-4321",
            "011 98765-4321",
            "5511987654321@s.whatsapp.net",
            "551187654321@c.us",
            "5511987654321:12@s.whatsapp.net",
            "APP-5511987654321",
            "whatsapp:+5511987654321",
        ];
        for text in same {
            assert_eq!(Person::read(text).unwrap().to_string(), "551187654321", "{text}");
            assert_eq!(Person::read(text).unwrap().dialled().as_deref(), Some("5511987654321"), "{text}");
        }
        let spellings = Person::read(same[0]).unwrap().spellings();
        assert_eq!(spellings, ["5511987654321", "11987654321", "551187654321", "1187654321"]);
    }

    #[test]
    fn landlines_have_no_ninth_digit() {
        let person = Person::read("+55 81 3333-4444").unwrap();
        assert_eq!((person.to_string(), person.dialled()), ("558133334444".into(), Some("558133334444".into())));
        assert_eq!(person.spellings().len(), 2);
        // A nine in front of a landline's digits makes another country's number or none of it.
        assert_ne!(Person::read("+5581933334444"), Some(person));
    }

    #[test]
    fn groups_are_nobody_and_hidden_ids_stay_themselves() {
        for text in ["", "  ", "120363041234567890@g.us", "status@broadcast", "123@newsletter", "@c.us", ":@c.us"] {
            assert_eq!(Person::read(text), None, "{text}");
        }
        for (text, key) in [
            ("84211234567890@lid", "84211234567890"),
            ("b7f0c9c2-8a57-4d6a-9a51-000000000001", "b7f0c9c2-8a57-4d6a-9a51-000000000001"),
            ("sessao-42", "sessao-42"),
            ("42", "42"),
            ("ramal 5511987654321", "ramal 5511987654321"),
        ] {
            assert_eq!(Person::read(text), Some(Person::Other(key.to_owned())), "{text}");
        }
        assert_eq!(Person::read("+351 912 345 678"), Some(Person::Foreign("351912345678".to_owned())));
        assert_eq!(Person::read("15550783881@s.whatsapp.net"), Some(Person::Foreign("15550783881".to_owned())));
    }

    proptest! {
        #[test]
        fn every_spelling_is_read_back_as_the_same_person(tens in 1u8..=9, units in 1u8..=9, local in 20_000_000u32..=99_999_999) {
            let area = tens * 10 + units;
            let person = Person::read(&format!("55{area}{local}")).unwrap();
            for spelling in person.spellings() {
                prop_assert_eq!(Person::read(&spelling), Some(person.clone()), "{}", spelling);
            }
            prop_assert_eq!(Person::read(&person.to_string()), Some(person.clone()));
        }

        #[test]
        fn nothing_panics_and_nobody_is_empty(text in ".*") {
            if let Some(person) = Person::read(&text) {
                prop_assert!(!person.to_string().is_empty());
            }
        }
    }
}
