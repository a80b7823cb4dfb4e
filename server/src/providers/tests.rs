//! What holds for every provider: blank keeps, required fields, unknown names, length, all errors at once.

use super::testing::card;
use app::credentials::Provider;
use std::collections::BTreeMap;

const TOKEN: &str = "A1B2C3D4-E5F6-7890-ABCD-EF1234567890";
const EVOLUTION: [(&str, &str); 3] =
    [("base_url", "https://evo.exemplo.com.br"), ("instance", "clinica"), ("token", TOKEN)];

fn fields(result: Result<BTreeMap<&'static str, String>, Vec<app::error::FieldError>>) -> Vec<String> {
    result.expect_err("must be refused").into_iter().map(|error| error.field).collect()
}

#[test]
fn sets_what_is_given_and_keeps_the_rest() {
    let set = card(Provider::Evolution, &EVOLUTION, &[]).unwrap();
    assert_eq!(set, BTreeMap::from(EVOLUTION.map(|(name, value)| (name, value.to_owned()))));
    let blank = [("base_url", ""), ("instance", "  barbearia "), ("token", " \n")];
    let set = card(Provider::Evolution, &blank, &EVOLUTION).unwrap();
    assert_eq!(set, BTreeMap::from([("instance", "barbearia".to_owned())]));
    assert_eq!(card(Provider::Evolution, &[], &EVOLUTION), Ok(BTreeMap::new()));
}

#[test]
fn wants_every_required_field_once() {
    for provider in Provider::ALL {
        let required: Vec<_> = provider.fields().iter().filter(|f| !f.optional).map(|f| f.name.to_owned()).collect();
        assert_eq!(fields(card(provider, &[], &[])), required);
        let blank: Vec<_> = provider.fields().iter().map(|field| (field.name, "   ")).collect();
        assert_eq!(fields(card(provider, &blank, &[])), required);
    }
}

#[test]
fn collects_all_errors_in_the_order_of_the_form() {
    let input = [("token", "x"), ("zzz", "1"), ("base_url", "ftp://x"), ("instance", "a/b"), ("aaa", "2")];
    assert_eq!(fields(card(Provider::Evolution, &input, &[])), ["base_url", "instance", "token", "aaa", "zzz"]);
}

#[test]
fn refuses_unknown_fields() {
    for name in ["plan_type", "is_active", "id", "TOKEN", " token", "token'; drop table x; --", ""] {
        let errors = card(Provider::Evolution, &[(name, "secret-value")], &EVOLUTION).unwrap_err();
        assert_eq!((errors.len(), errors[0].field.as_str()), (1, name));
    }
    let long = "x".repeat(5000);
    assert_eq!(fields(card(Provider::N8n, &[(&long, "")], &[]))[2..], [] as [String; 0]);
    assert_eq!(fields(card(Provider::Evolution, &[(&long, "")], &EVOLUTION)), ["x".repeat(40)]);
    assert_eq!(fields(card(Provider::GoogleMeet, &[("calendar_id", "primary")], &[])).last().unwrap(), "calendar_id");
}

#[test]
fn bounds_every_field() {
    for provider in Provider::ALL {
        for field in provider.fields() {
            let long = "1".repeat(4097);
            let errors = card(provider, &[(field.name, &long)], &[]).unwrap_err();
            let error = errors.iter().find(|error| error.field == field.name).unwrap();
            assert!(error.message.contains("longo demais"), "{error:?}");
        }
    }
}

/// Odd bytes in every field of every provider: refused or kept, never a panic, and never kept where they would end up
/// in a header.
#[test]
fn survives_odd_input() {
    for provider in Provider::ALL {
        for field in provider.fields() {
            for odd in [
                "\0",
                "a\r\nx-evil: 1",
                "\u{202e}abc",
                "💥💥💥💥💥💥💥💥",
                "%00%ff",
                "é",
                "\"\"",
                "https://",
                "https://[",
                "eyJ.eyJ.eyJ",
                "..",
                "+",
            ] {
                let stored: Vec<_> = provider.fields().iter().map(|other| (other.name, "stored")).collect();
                if let Ok(set) = card(provider, &[(field.name, odd)], &stored) {
                    let kept = set.get(field.name).map_or("", String::as_str);
                    assert!(!field.secret || kept.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{kept:?}");
                }
            }
        }
    }
}
