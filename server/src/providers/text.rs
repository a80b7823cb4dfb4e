//! Readers that several providers share. Each refuses with what to do, and never repeats what it was given.

use super::{
    form::Refusal,
    report::{Cause, Finding},
};
use app::{both, tr};
use http::{HeaderMap, HeaderValue, header};

/// Quotes that come along when a value is copied from a file or a chat.
pub(super) const QUOTES: [char; 9] = ['"', '\'', '`', '“', '”', '‘', '’', '«', '»'];

/// A key or token as it goes into a header: visible ASCII only, no quotes around it.
pub(super) fn header_safe(text: &str) -> Result<&str, Refusal> {
    if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        return Err(tr!(
            "Veio com aspas em volta: cole só o valor, sem elas.",
            "It came with quotes around it: paste only the value, without them.",
        )
        .into());
    }
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(tr!(
            "Cole só o valor, sem a palavra “Bearer”.",
            "Paste only the value, without the word “Bearer”.",
        )
        .into());
    }
    if !text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return Err(tr!(
            "Há espaços, acentos ou quebras de linha no meio: copie outra vez, inteiro e numa linha só.",
            "There are spaces, accents or line breaks in the middle: copy it again, in full and on a single line.",
        )
        .into());
    }
    Ok(text)
}

/// ASCII digits only, between `min` and `max` of them.
pub(super) fn is_digits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A foreign service's own name or number for something, fit for one line of a report: nothing that is longer than a name
/// and no control characters, which could forge lines. `None` when nothing is left.
pub(super) fn short(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|sign| !sign.is_control()).take(80).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The seconds of a `Retry-After` header; a day at most. Dates are not read: no provider here sends them.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let seconds: u32 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.min(86_400))
}

/// A secret as a header's value, which no log prints. `None` when it is none: what was taken over from elsewhere is
/// checked by nobody before.
pub(super) fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A card that lacks what a test asks with.
pub(super) fn incomplete() -> Finding {
    Finding::new(
        Cause::BadCredential,
        both!(
            "Falta um campo, ou o que está guardado não pode ser enviado.",
            "A field is missing, or what is saved cannot be sent.",
        ),
        both!(
            "Preencha outra vez os campos obrigatórios e teste de novo.",
            "Fill in the required fields again and test again.",
        ),
    )
}
