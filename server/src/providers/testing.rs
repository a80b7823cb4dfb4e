//! What the providers' table tests share: one card at a time, against fixed rules and a fixed clock; a report as one text,
//! and a log that is listened to.

use super::{AddressRules, Report, validate_at};
use crate::telemetry::Pen;
use app::{credentials::Provider, error::FieldError};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use std::collections::BTreeMap;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::util::SubscriberInitExt;

/// The time of all tests: 2026-01-01T00:00:00Z.
pub(super) const NOW: i64 = 1_767_225_600;

/// [`NOW`] as a timestamp.
pub(super) fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// Rules that list one address of a development machine.
pub(super) fn rules() -> AddressRules {
    AddressRules::new(["127.0.0.1:54321", "supabase.local:8000", "[::1]:9000"])
}

/// A JWT with these claims; nobody here looks at its signature.
pub(super) fn jwt(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims), part("signature"))
}

/// Checks a card: what is set, or the refused fields with their messages.
pub(super) fn card(
    provider: Provider,
    input: &[(&str, &str)],
    stored: &[(&str, &str)],
) -> Result<BTreeMap<&'static str, String>, Vec<FieldError>> {
    let input: BTreeMap<_, _> = input.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let stored = stored.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
    let result = validate_at(provider, &input, &stored, &rules(), now());
    if let Err(errors) = &result {
        for error in errors {
            never_echoes(&input, error);
        }
    }
    result.map(|set| set.into_iter().map(|(name, value)| (name, value.expose_secret().to_owned())).collect())
}

/// No message may contain what was typed (short values may be ordinary words).
fn never_echoes(input: &BTreeMap<String, String>, error: &FieldError) {
    for value in input.values().map(|value| value.trim()).filter(|value| value.len() > 7 && *value != "https://") {
        assert!(!error.message.contains(value), "the message repeats the value: {error:?}");
    }
}

/// One field typed over a complete stored card: `Ok` with its normalised value, or `Err` with a part of the message
/// at that field.
#[track_caller]
pub(super) fn check(
    provider: Provider,
    stored: &[(&str, &str)],
    field: &'static str,
    value: &str,
    expected: Result<&str, &str>,
) {
    let result = card(provider, &[(field, value)], stored);
    match (result, expected) {
        (Ok(set), Ok(wanted)) => {
            assert_eq!(set.get(field).map(String::as_str), Some(wanted), "{value:?}");
            assert_eq!(set.len(), 1, "{value:?} sets other fields too");
        }
        (Err(errors), Err(part)) => {
            let error =
                errors.iter().find(|error| error.field == field).unwrap_or_else(|| panic!("{value:?}: {errors:?}"));
            assert!(error.message.contains(part), "{value:?}: {:?} expected, was {:?}", part, error.message);
        }
        (result, expected) => panic!("{value:?}: {expected:?} expected, was {result:?}"),
    }
}

/// Everything of a report that a page shows, as one text.
pub(super) fn shown(report: &Report) -> String {
    let findings = report.findings.iter().map(|finding| {
        format!(
            "{:?}: {} {} {}\n",
            finding.cause,
            finding.what.pt,
            finding.fix.pt,
            finding.paste.as_deref().unwrap_or_default()
        )
    });
    findings.chain(report.facts.iter().map(|fact| format!("{}: {}\n", fact.label, fact.value))).collect()
}

/// All that this thread logs, down to traces of the HTTP client, while the guard lives.
pub(super) fn listen() -> (Pen, DefaultGuard) {
    let log = Pen::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    (log, subscriber.set_default())
}
