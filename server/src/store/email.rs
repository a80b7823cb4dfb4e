//! The e-mail address a user signs in with.

use std::{fmt, str::FromStr};

/// An address, trimmed and in lower case, so that one person is one row however they type it.
///
/// Only the shape is checked; that it reaches anyone, only a message to it can show. The domain needs no dot:
/// development hosts have none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// RFC 5321's limit of a path, less its brackets.
    #[error("the e-mail address is longer than 254 bytes: use a shorter one")]
    TooLong,
    /// Blanks, line ends and other invisible characters.
    #[error("the e-mail address has a space or control character in it: remove it")]
    Blank,
    /// Not `name@domain`.
    #[error("not an e-mail address: write it as name@domain, with one '@'")]
    Shape,
}

impl Email {
    /// RFC 5321, 4.5.3.1.3, less `<` and `>`; in bytes.
    const MAX: usize = 254;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before `@`: a name for a user who gave none.
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim().to_lowercase();
        if text.len() > Self::MAX {
            return Err(EmailError::TooLong);
        }
        if text.chars().any(|char| char.is_whitespace() || char.is_control()) {
            return Err(EmailError::Blank);
        }
        match text.split_once('@') {
            Some((local, domain))
                if !local.is_empty()
                    && !domain.is_empty()
                    && !domain.contains('@')
                    && !domain.starts_with('.')
                    && !domain.ends_with('.') =>
            {
                Ok(Self(text))
            }
            _ => Err(EmailError::Shape),
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, EmailError};

    fn parse(text: &str) -> Result<String, EmailError> {
        text.parse().map(|email: Email| email.to_string())
    }

    #[test]
    fn addresses_are_trimmed_and_lowered() {
        assert_eq!(parse("  Ana@Demo.Localhost\n"), Ok("ana@demo.localhost".into()));
        assert_eq!(parse("dev@localhost"), Ok("dev@localhost".into()));
        assert_eq!(parse("a+b.c@x.com.br"), Ok("a+b.c@x.com.br".into()));
        assert_eq!("Ana.Souza@x".parse::<Email>().unwrap().local_part(), "ana.souza");
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for text in ["", "   ", "ana", "@x", "ana@", "a@b@c", "ana@.x", "ana@x."] {
            assert_eq!(parse(text), Err(EmailError::Shape), "for {text:?}");
        }
        for text in ["a na@x", "ana@x\ny", "ana\0@x", "a\u{a0}b@x", "a\u{7f}@x"] {
            assert_eq!(parse(text), Err(EmailError::Blank), "for {text:?}");
        }
        assert!(parse(&format!("{}@x", "a".repeat(252))).is_ok());
        assert_eq!(parse(&format!("{}@x", "a".repeat(253))), Err(EmailError::TooLong));
    }
}
