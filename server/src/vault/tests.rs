//! The vault as a whole: what every release must still open, and what no secret's type can do.

use super::{
    Address, AgencyKey, KeyRing, LiveRing, Purpose, RootSecret, TenantKey, TenantKeys, VaultError, WrappedKey,
};
use crate::{auth::TotpSecret, project::ApiKey};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use secrecy::{ExposeSecret as _, SecretString};
use std::{collections::BTreeMap, fmt::Write as _, time::Instant};
use uuid::Uuid;

/// Fails to compile when a type can do what would let its secret out.
macro_rules! keeps_its_secret {
    ($($type:ty),+ $(,)?) => {{
        $(static_assertions::assert_not_impl_any!($type: std::fmt::Display, serde::Serialize, serde::de::DeserializeOwned, AsRef<str>, ToString);)+
        [$(stringify!($type)),+].len()
    }};
}

/// The same for copies that nobody wipes and comparisons that take longer the more is right.
macro_rules! is_not_copied_or_compared {
    ($($type:ty),+ $(,)?) => {{
        $(static_assertions::assert_not_impl_any!($type: Copy, PartialEq, std::hash::Hash);)+
        [$(stringify!($type)),+].len()
    }};
}

#[test]
fn secrets_have_no_way_out_but_the_one_that_says_so() {
    let kept = keeps_its_secret!(
        SecretString,
        KeyRing,
        LiveRing,
        TenantKey,
        TenantKeys,
        AgencyKey,
        RootSecret,
        WrappedKey,
        ApiKey,
        TotpSecret,
    );
    let compared = is_not_copied_or_compared!(
        SecretString,
        KeyRing,
        LiveRing,
        TenantKey,
        TenantKeys,
        AgencyKey,
        RootSecret,
        ApiKey,
    );
    eprintln!(
        "F2 types without Display, Serialize, Deserialize: {kept} of 10; without Copy, PartialEq, Hash: {compared} of 8"
    );
    let secret = SecretString::from("visible".to_owned());
    assert!(!format!("{secret:?} {:?}", [&secret]).contains("visible"));
}

/// What `golden.txt` holds.
#[derive(Default)]
struct Golden<'a> {
    ring: Vec<(&'a str, &'a str)>,
    checks: Vec<(&'a str, Vec<u8>)>,
    keys: BTreeMap<Uuid, Vec<(u32, WrappedKey, Vec<u8>)>>,
    values: Vec<Value<'a>>,
}

/// Tenant, provider, field, what is sealed, and what must come out.
type Value<'a> = (Uuid, &'a str, &'a str, Vec<u8>, Vec<u8>);

fn golden() -> Golden<'static> {
    let bytes = |word: &str| BASE64.decode(word.trim_start_matches('-')).unwrap();
    let mut golden = Golden::default();
    for line in include_str!("golden.txt").lines().filter(|line| !line.starts_with('#')) {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["ring", name, key] => golden.ring.push((name, key)),
            ["check", name, value] => golden.checks.push((name, bytes(value))),
            ["key", tenant, version, ring_key, wrapped, key] => {
                let wrapped = WrappedKey { ring_key: ring_key.to_owned(), bytes: bytes(wrapped) };
                let versions = golden.keys.entry(tenant.parse().unwrap()).or_default();
                versions.push((version.parse().unwrap(), wrapped, bytes(key)));
            }
            ["value", tenant, _version, provider, field, sealed, text] => {
                golden.values.push((tenant.parse().unwrap(), provider, field, bytes(sealed), bytes(text)));
            }
            _ => panic!("not a line of this file: {line}"),
        }
    }
    golden
}

fn golden_ring(golden: &Golden<'_>) -> KeyRing {
    let mut text = format!("{{\"active\":\"{}\",\"keys\":{{", golden.ring[0].0);
    for (place, (name, key)) in golden.ring.iter().enumerate() {
        write!(text, "{}\"{name}\":\"{key}\"", if place == 0 { "" } else { "," }).unwrap();
    }
    KeyRing::parse(&(text + "}}")).unwrap()
}

/// If this fails, the code is wrong, not the file: what it holds stands in databases.
#[test]
fn golden_envelopes_open_for_ever() {
    let golden = golden();
    let ring = golden_ring(&golden);
    for (name, value) in &golden.checks {
        assert_eq!(ring.check(name, value), Ok(()), "{name}");
    }
    let (mut opened, mut keys) = (0, 0);
    for (tenant, versions) in &golden.keys {
        for (version, wrapped, bytes) in versions {
            let key = ring.open_tenant_key(*tenant, *version, wrapped).unwrap();
            assert_eq!(key.bytes().as_slice(), bytes, "{tenant} {version}");
            keys += 1;
        }
    }
    for (tenant, provider, field, sealed, text) in &golden.values {
        let stored = golden.keys[tenant].iter().map(|(version, wrapped, _)| (*version, wrapped.clone()));
        let keys = ring.open_tenant_keys(*tenant, stored);
        let address = Address { tenant: *tenant, provider, field };
        assert_eq!(keys.open(&address, sealed).unwrap().expose_secret().as_bytes(), text, "{provider}.{field}");
        // And at no other golden value's place.
        for (other, provider, field, ..) in &golden.values {
            let there = Address { tenant: *other, provider, field };
            assert!(there == address || keys.open(&there, sealed).is_err(), "{provider}.{field}");
        }
        opened += 1;
    }
    eprintln!("E6 golden values opened: {opened} of {}; golden keys unwrapped: {keys} of 5", golden.values.len());
    assert_eq!((opened, keys), (35, 5));
}

#[test]
fn golden_values_of_the_agency_open_by_their_purpose() {
    let golden = golden();
    let ring = golden_ring(&golden);
    let (version, wrapped, _) = &golden.keys[&Uuid::nil()][0];
    let agency = ring.open_agency_key(*version, wrapped).unwrap();
    let purposes = [Purpose::Password, Purpose::SecondFactor, Purpose::Secret];
    let mut opened = 0;
    for (_, provider, field, sealed, text) in golden.values.iter().filter(|(tenant, ..)| tenant.is_nil()) {
        for purpose in purposes {
            let right = provider.strip_prefix("agency.").unwrap() == word(purpose);
            match agency.open(purpose, field, sealed) {
                Ok(value) => {
                    assert!(right && value.expose_secret().as_bytes() == text);
                    opened += 1;
                }
                Err(error) => assert!(!right && error == VaultError::Refused),
            }
        }
    }
    assert_eq!(opened, 3);
}

fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Password => "password",
        Purpose::SecondFactor => "second-factor",
        Purpose::Secret => "secret",
        Purpose::Enrolment | Purpose::Flash => unreachable!("never stored"),
    }
}

#[test]
#[ignore = "half a minute where nothing is optimised; `scripts/test.sh` runs it"]
fn a_million_seals_repeat_no_nonce() {
    const SEALS: usize = 1_000_000;
    let start = Instant::now();
    let (ring, _) = KeyRing::generate("k1").unwrap();
    let (key, _) = ring.create_tenant_key(Uuid::nil(), 1).unwrap();
    let address = Address { tenant: Uuid::nil(), provider: "n8n", field: "signing_secret" };
    let secret = SecretString::from("x".to_owned());
    let mut nonces: Vec<[u8; 12]> =
        (0..SEALS).map(|_| key.seal(&address, &secret).unwrap()[6..18].try_into().unwrap()).collect();
    nonces.sort_unstable();
    let equal = nonces.windows(2).filter(|pair| pair[0] == pair[1]).count();
    eprintln!("E7 equal nonces: {equal} of {SEALS} seals, in {:.1} s", start.elapsed().as_secs_f64());
    assert_eq!(equal, 0);
}

#[test]
fn a_ring_grows_and_its_text_reads_back() {
    let (ring, _) = KeyRing::generate("k1").unwrap();
    let (_, wrapped) = ring.create_tenant_key(Uuid::nil(), 1).unwrap();
    let ring = ring.with_new_key("k2").unwrap();
    assert_eq!(ring.active().as_str(), "k1");
    let ring = KeyRing::parse(ring.to_text().expose_secret()).unwrap().with_active("k2").unwrap();
    let read = KeyRing::parse(ring.to_text().expose_secret()).unwrap();
    assert_eq!(read.active().as_str(), "k2");
    assert!(read.open_tenant_key(Uuid::nil(), 1, &wrapped).is_ok(), "the old key is still in it");
    for name in ["k1", "k2"] {
        assert_eq!(read.check_value(name), ring.check_value(name));
        assert!(read.check_value(name).is_some());
    }
    assert_ne!(read.check_value("k1"), read.check_value("k2"));
    assert!(ring.with_new_key("k1").is_err());
    assert!(read.with_active("k3").is_err());
    assert!(KeyRing::generate("k1").unwrap().0.with_new_key("K 2").is_err());
}
