//! The key ring: every fault has its own error, and nothing of a key is ever printed.

use super::{BASE64, KeyRing, RingError};
use base64::Engine as _;
use secrecy::ExposeSecret as _;

fn ring(active: &str, keys: &[(&str, &str)]) -> String {
    let keys: Vec<_> = keys.iter().map(|(id, key)| format!("\"{id}\":\"{key}\"")).collect();
    format!("{{\"active\":\"{active}\",\"keys\":{{{}}}}}", keys.join(","))
}

fn key(byte: u8, length: usize) -> String {
    BASE64.encode(vec![byte; length])
}

#[test]
fn reads_a_ring() {
    let text = ring("k2", &[("k1", &key(1, 32)), ("k2", &key(2, 32))]);
    let ring = KeyRing::parse(&text).unwrap();
    assert_eq!(ring.active().as_str(), "k2");
    assert_eq!(ring.ids().map(|id| id.as_str()).collect::<Vec<_>>(), ["k1", "k2"]);
    assert_eq!(ring.find_key("k1").unwrap().bytes(), &[1; 32]);
    assert_eq!(ring.active_key().1.bytes(), &[2; 32]);
}

#[test]
fn every_fault_has_its_own_error() {
    let good = key(7, 32);
    let check = |text: &str, expected: &str| {
        let error = KeyRing::parse(text).err().unwrap_or_else(|| panic!("was read: {expected}"));
        let name = format!("{error:?}");
        assert!(name.starts_with(expected), "{expected} expected, was {name}");
        assert!(!error.to_string().contains(&good) && !name.contains(&good), "{expected} shows the key");
    };
    check("", "Empty");
    check(" \n\t", "Empty");
    check(&ring("k1", &[]), "Empty");
    check("not json", "Json");
    check("[]", "Json");
    check("{\"active\":\"k1\"}", "Json");
    check(&format!("\"{good}\""), "Json");
    check(&format!("{{\"active\":\"k1\",\"keys\":\"{good}\"}}"), "Json");
    check(&format!("{{\"active\":\"k1\",\"keys\":[\"{good}\"]}}"), "Json");
    check(&format!("{{\"active\":\"k1\",\"keys\":{{\"k1\":\"{good}\"}},\"{good}\":1}}"), "Json");
    check(&format!("{{\"active\":\"k1\",\"active\":\"k1\",\"keys\":{{\"k1\":\"{good}\"}}}}"), "Json");
    check(&format!("{}x", ring("k1", &[("k1", &good)])), "Json");
    check(&ring("k1", &[("k1", "@@@@")]), "Base64");
    check(&ring("k1", &[("k1", good.trim_end_matches('='))]), "Base64");
    check(&ring("k1", &[("k1", "")]), "Length { id: KeyId(\"k1\"), bytes: 0 }");
    check(&ring("k1", &[("k1", &key(1, 31))]), "Length { id: KeyId(\"k1\"), bytes: 31 }");
    check(&ring("k1", &[("k1", &key(1, 33))]), "Length { id: KeyId(\"k1\"), bytes: 33 }");
    check(&ring("k1", &[("k1", &good), ("k1", &key(1, 32))]), "DuplicateId");
    check(&ring("k2", &[("k1", &good)]), "ActiveAbsent");
    check(&ring("", &[("k1", &good)]), "BadKeyId");
    check(&ring("K1", &[("K1", &good)]), "BadKeyId");
    check(&ring("k1", &[("k1", &good), ("chave_2", &good)]), "BadKeyId");
    check(&ring("k1", &[("k1", &good), (&"a".repeat(33), &good)]), "BadKeyId");
    check(&ring(&good, &[(&good, &good)]), "BadKeyId");
    assert!(KeyRing::parse(&ring(&"a".repeat(32), &[(&"a".repeat(32), &good)])).is_ok());
}

#[test]
fn generates_a_ring_that_reads_back() {
    let (made, text) = KeyRing::generate("2026-01").unwrap();
    let read = KeyRing::parse(text.expose_secret()).unwrap();
    assert_eq!(made.check_value("2026-01"), read.check_value("2026-01"));
    assert_eq!(read.active().as_str(), "2026-01");
    let (other, _) = KeyRing::generate("2026-01").unwrap();
    assert_ne!(made.check_value("2026-01"), other.check_value("2026-01"));
    assert_eq!(KeyRing::generate("não").err(), Some(RingError::BadKeyId));
    // The longest name needs the most room.
    assert!(KeyRing::generate(&"a".repeat(32)).is_ok());
}

#[test]
fn check_values_find_a_wrong_ring() {
    let ring_a = KeyRing::parse(&ring("k1", &[("k1", &key(1, 32)), ("k2", &key(1, 32))])).unwrap();
    let ring_b = KeyRing::parse(&ring("k1", &[("k1", &key(9, 32))])).unwrap();
    let stored = ring_a.check_value("k1").unwrap();
    assert_eq!(ring_a.check("k1", &stored), Ok(()));
    assert_ne!(Some(stored), ring_a.check_value("k2"), "the name is part of it");
    assert!(matches!(ring_b.check("k1", &stored), Err(RingError::WrongKey(id)) if id.as_str() == "k1"));
    assert_eq!(ring_b.check("k2", &stored), Err(RingError::Missing("k2".into())));
    assert!(matches!(ring_a.check("k1", &stored[..15]), Err(RingError::WrongKey(_))));
    assert!(matches!(ring_a.check("k1", &[]), Err(RingError::WrongKey(_))));
    // Kept in databases: must stay the same for ever.
    assert_eq!(u128::from_be_bytes(stored), 0xc89e_e6a6_85ec_3589_f278_9a42_08a9_40d6);
}

#[test]
fn debug_shows_names_only() {
    let (ring, text) = KeyRing::generate("k1").unwrap();
    let encoded = text.expose_secret().split('"').rfind(|part| part.len() == 44).unwrap().to_owned();
    let bytes = ring.active_key().1.bytes();
    for shown in [format!("{ring:?}"), format!("{ring:#?}"), format!("{text:?}")] {
        assert!(!shown.contains(&encoded) && !shown.contains(&format!("{bytes:?}")), "{shown}");
        assert!(!shown.contains(&format!("{}, {}", bytes[0], bytes[1])), "{shown}");
    }
    assert_eq!(format!("{ring:?}"), "KeyRing { active: KeyId(\"k1\"), ids: [KeyId(\"k1\")], .. }");
}
