//! A tenant's short name in commands, addresses and logs.

use std::{fmt, str::FromStr};

/// 1–63 of `a-z`, `0-9` and `-`, not beginning or ending with `-`: what a DNS label may be, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// In bytes, which are characters here.
const LONGEST: usize = 63;

/// Why a text is no slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a slug: use 1 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends, for example \"clinica-aurora\""
)]
pub struct SlugError;

impl Slug {
    /// The slug that a name makes: `Clínica Sol` gives `clinica-sol`. `None` when nothing of the name can stand in one.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut text = slug::slugify(name);
        text.truncate(LONGEST);
        text.trim_end_matches('-').parse().ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let allowed = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if allowed && (1..=LONGEST).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(SlugError)
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn a_name_makes_a_slug() {
        for (name, slug) in [
            ("Clínica Sol", "clinica-sol"),
            ("  São João & Filhos Ltda. ", "sao-joao-filhos-ltda"),
            ("Barbearia 7", "barbearia-7"),
        ] {
            assert_eq!(Slug::from_name(name).unwrap().as_str(), slug);
        }
        assert!(Slug::from_name("!!!").is_none());
        assert_eq!(Slug::from_name(&"á".repeat(90)).unwrap().as_str().len(), 63);
    }

    #[test]
    fn only_dns_labels_in_lower_case_are_slugs() {
        let longest = "a".repeat(63);
        for text in ["a", "7", "a-b", "clinica-aurora", "a--b", longest.as_str()] {
            assert_eq!(text.parse::<Slug>().map(|slug| slug.to_string()), Ok(text.to_owned()));
        }
        let too_long = "a".repeat(64);
        for text in ["", "-", "-a", "a-", "A", "a b", "a_b", "clínica", "a\n", "a.b", too_long.as_str()] {
            assert!(text.parse::<Slug>().is_err(), "for {text:?}");
        }
    }
}
