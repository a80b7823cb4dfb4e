//! Readers that several providers share. Each refuses with what to do, and never repeats what it was given.

use super::form::Refusal;

/// Quotes that come along when a value is copied from a file or a chat.
pub(super) const QUOTES: [char; 9] = ['"', '\'', '`', '“', '”', '‘', '’', '«', '»'];

/// A key or token as it goes into a header: visible ASCII only, no quotes around it.
pub(super) fn header_safe(text: &str) -> Result<&str, Refusal> {
    if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        return Err("Veio com aspas em volta: cole só o valor, sem elas.".into());
    }
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err("Cole só o valor, sem a palavra “Bearer”.".into());
    }
    if !text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return Err("Há espaços, acentos ou quebras de linha no meio: copie outra vez, inteiro e numa linha só.".into());
    }
    Ok(text)
}

/// ASCII digits only, between `min` and `max` of them.
pub(super) fn is_digits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
