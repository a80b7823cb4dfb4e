//! A tenant's short name in commands, addresses and logs.

use std::{fmt, str::FromStr};

/// 1–63 of `a-z`, `0-9` and `-`, not beginning or ending with `-`: what a DNS label may be, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a text is no slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a slug: use 1 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends, for example \"clinica-aurora\""
)]
pub struct SlugError;

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let allowed = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if allowed && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-') {
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
