//! Tenant keys: a sealed field opens at its own address and nowhere else.

use super::{Address, KEY_LEN, TenantKey, VaultError, WrappedKey, envelope, field_aad};
use crate::vault::{KeyRing, envelope::Algorithm};
use app::credentials::Provider;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use proptest::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::{Uuid, uuid};
use zeroize::Zeroizing;

const A: Uuid = uuid!("0196f0a0-0000-7000-8000-00000000000a");
const B: Uuid = uuid!("0196f0a0-0000-7000-8000-00000000000b");
const HERE: Address<'static> = Address { tenant: A, provider: "evolution", field: "token" };

fn ring(name: &str) -> KeyRing {
    KeyRing::generate(name).unwrap().0
}

fn key(tenant: Uuid, version: u32, byte: u8) -> TenantKey {
    TenantKey { tenant, version, bytes: Zeroizing::new([byte; KEY_LEN]) }
}

fn opened(key: &TenantKey, address: &Address<'_>, sealed: &[u8]) -> Result<String, VaultError> {
    key.open(address, sealed).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn equal_texts_give_unequal_envelopes() {
    let (key, _) = ring("k1").create_tenant_key(A, 1).unwrap();
    let secret = SecretString::from("the same");
    let (one, two) = (key.seal(&HERE, &secret).unwrap(), key.seal(&HERE, &secret).unwrap());
    assert_ne!(one, two);
    assert_ne!(one[18..], two[18..]);
    assert_eq!(opened(&key, &HERE, &one), opened(&key, &HERE, &two));
}

#[test]
fn every_flipped_bit_and_every_prefix_is_refused() {
    let (key, _) = ring("k1").create_tenant_key(A, 1).unwrap();
    let sealed = key.seal(&HERE, &"s".repeat(166).into()).unwrap();
    assert_eq!(sealed.len(), 200);
    let mut refused = 0;
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(key.open(&HERE, &altered).is_err(), "bit {bit}");
        refused += 1;
    }
    for length in 0..sealed.len() {
        assert!(key.open(&HERE, &sealed[..length]).is_err(), "prefix of {length}");
        refused += 1;
    }
    eprintln!("E2 flipped bits and prefixes refused: {refused} of 1800");
    assert_eq!(refused, 1600 + 200);
    assert!(key.open(&HERE, &sealed).is_ok());
}

/// Two tenants × all fields of all providers × two key versions: each value in each other slot. All keys have the same
/// bytes, so that it is the address that refuses, not the luck of another key.
#[test]
fn a_value_moved_to_any_other_slot_is_refused() {
    let mut slots = vec![];
    for (tenant, version) in [(A, 1), (A, 2), (B, 1), (B, 2)] {
        for provider in Provider::ALL {
            for field in provider.fields() {
                let address = Address { tenant, provider: provider.as_str(), field: field.name };
                let sealed = key(tenant, version, 5).seal(&address, &"secret".into()).unwrap();
                slots.push((address, version, sealed));
            }
        }
    }
    let (mut moved, mut stayed) = (0, 0);
    for (i, (address, version, _)) in slots.iter().enumerate() {
        for (j, (_, _, sealed)) in slots.iter().enumerate() {
            let result = opened(&key(address.tenant, *version, 5), address, sealed);
            if i == j {
                assert_eq!(result.as_deref(), Ok("secret"));
                stayed += 1;
            } else {
                assert!(
                    matches!(result, Err(VaultError::Refused | VaultError::KeyVersion { .. })),
                    "{i} {j} {result:?}"
                );
                moved += 1;
            }
        }
    }
    let all = slots.len() * (slots.len() - 1);
    eprintln!("E1 values moved to another slot and refused: {moved} of {all} ({stayed} slots)");
    assert_eq!((stayed, moved), (slots.len(), all));
    assert!(all >= 756);
}

#[test]
fn a_key_works_for_its_own_tenant_only() {
    let key = key(A, 1, 5);
    let there = Address { tenant: B, ..HERE };
    assert_eq!(key.seal(&there, &"x".into()), Err(VaultError::OtherTenant));
    assert_eq!(opened(&key, &there, &[]), Err(VaultError::OtherTenant));
}

#[test]
fn what_opens_must_be_text() {
    let key = key(A, 1, 5);
    let aad = field_aad(&HERE, Algorithm::CURRENT, 1);
    let sealed = envelope::seal(&key.bytes, 1, &aad, &[0xff, 0xfe]).unwrap();
    assert_eq!(opened(&key, &HERE, &sealed), Err(VaultError::NotText));
}

#[test]
fn a_wrapped_key_opens_for_its_tenant_version_and_ring_only() {
    let ring_1 = ring("k1");
    let (key, wrapped) = ring_1.create_tenant_key(A, 3).unwrap();
    assert_eq!((wrapped.ring_key.as_str(), wrapped.bytes.len()), ("k1", 18 + 32 + 16));
    let again = ring_1.open_tenant_key(A, 3, &wrapped).unwrap();
    assert_eq!((again.tenant(), again.version()), (A, 3));
    assert_eq!(*again.bytes, *key.bytes);

    let failure = |ring: &KeyRing, tenant, version, wrapped: &WrappedKey| {
        ring.open_tenant_key(tenant, version, wrapped).expect_err("must not open")
    };
    assert_eq!(failure(&ring_1, B, 3, &wrapped), VaultError::Refused);
    assert_eq!(failure(&ring_1, A, 4, &wrapped), VaultError::KeyVersion { sealed: 3, held: 4 });
    assert_eq!(failure(&ring("k1"), A, 3, &wrapped), VaultError::Refused);
    assert_eq!(failure(&ring("k2"), A, 3, &wrapped), VaultError::UnknownRingKey("k1".into()));
    for bit in 0..wrapped.bytes.len() * 8 {
        let mut altered = wrapped.clone();
        altered.bytes[bit / 8] ^= 1 << (bit % 8);
        failure(&ring_1, A, 3, &altered);
    }
    for length in 0..wrapped.bytes.len() {
        failure(&ring_1, A, 3, &WrappedKey { bytes: wrapped.bytes[..length].to_vec(), ..wrapped.clone() });
    }
}

/// The name of the ring key is bound too: the same key under two names is two keys.
#[test]
fn a_renamed_ring_key_does_not_open() {
    let bytes = BASE64.encode([1; 32]);
    let ring = KeyRing::parse(&format!(r#"{{"active":"k1","keys":{{"k1":"{bytes}","k2":"{bytes}"}}}}"#)).unwrap();
    let (_, wrapped) = ring.create_tenant_key(A, 1).unwrap();
    let renamed = WrappedKey { ring_key: "k2".into(), ..wrapped };
    assert_eq!(ring.open_tenant_key(A, 1, &renamed).err(), Some(VaultError::Refused));
}

#[test]
fn a_key_wrapped_again_still_opens_the_old_values() {
    let old = BASE64.encode([1; 32]);
    let both = format!(r#"{{"active":"k2","keys":{{"k1":"{old}","k2":"{}"}}}}"#, BASE64.encode([2; 32]));
    let before = KeyRing::parse(&format!(r#"{{"active":"k1","keys":{{"k1":"{old}"}}}}"#)).unwrap();
    let after = KeyRing::parse(&both).unwrap();
    let (key, wrapped) = before.create_tenant_key(A, 1).unwrap();
    let sealed = key.seal(&HERE, &"kept".into()).unwrap();
    let again = after.wrap_tenant_key(&after.open_tenant_key(A, 1, &wrapped).unwrap()).unwrap();
    assert_eq!(again.ring_key, "k2");
    assert_eq!(opened(&after.open_tenant_key(A, 1, &again).unwrap(), &HERE, &sealed).as_deref(), Ok("kept"));
}

/// A value and a wrapped key as the first release made them. They stand in databases: if this fails, the code is
/// wrong, not the fixture.
#[test]
fn golden_envelopes_open_for_ever() {
    let ring = KeyRing::parse(&format!(r#"{{"active":"k1","keys":{{"k1":"{}"}}}}"#, BASE64.encode([42; 32]))).unwrap();
    let wrapped = WrappedKey { ring_key: "k1".into(), bytes: BASE64.decode(GOLDEN_KEY).unwrap() };
    let key = ring.open_tenant_key(A, 7, &wrapped).unwrap();
    assert_eq!(*key.bytes, [17; KEY_LEN]);
    let sealed = BASE64.decode(GOLDEN_VALUE).unwrap();
    assert_eq!(opened(&key, &HERE, &sealed).as_deref(), Ok("segredo de ouro ☀"));
    // And with the same nonce the very same bytes come out, until another algorithm or format is chosen.
    let (nonce, aad) = (sealed[6..18].try_into().unwrap(), field_aad(&HERE, Algorithm::CURRENT, 7));
    assert_eq!(envelope::seal_with_nonce(&key.bytes, 7, nonce, &aad, "segredo de ouro ☀".as_bytes()), Ok(sealed));
}

const GOLDEN_KEY: &str = "AQEAAAAH3WLPGX6JAyEu7tHH+tQt8nTUE8qTFW9Koztxlxw46/EwetjroQH+elhngkn1atVcrWOuvEFZ/5XXIUve";
const GOLDEN_VALUE: &str = "AQEAAAAH9rfMfh9vh5u0sfGvuSQkLSAlhy8+mYMgndrI/9Xc6xOLac84yk8U3PyGQHRfl3U=";

#[test]
fn debug_shows_no_key_bytes() {
    let key = key(A, 1, 211);
    let wrapped = ring("k1").wrap_tenant_key(&key).unwrap();
    assert_eq!(format!("{key:?}"), format!("TenantKey {{ tenant: {A:?}, version: 1, .. }}"));
    assert_eq!(format!("{wrapped:?}"), "WrappedKey { ring_key: \"k1\", .. }");
    let sealed = key.seal(&HERE, &"segredo".into()).unwrap();
    let error = key.open(&HERE, &sealed[1..]).unwrap_err();
    for shown in [format!("{key:#?}"), format!("{wrapped:#?}"), format!("{error:?} {error}")] {
        assert!(!shown.contains("211") && !shown.contains("d3d3") && !shown.contains("segredo"), "{shown}");
    }
}

proptest! {
    #[test]
    fn what_is_sealed_opens(secret: String, tenant: u128, version: u32, provider: String, field: String) {
        let address = Address { tenant: Uuid::from_u128(tenant), provider: &provider, field: &field };
        let (key, wrapped) = ring("k1").create_tenant_key(address.tenant, version).unwrap();
        prop_assert!(wrapped.bytes.len() == 66);
        let sealed = key.seal(&address, &secret.as_str().into()).unwrap();
        prop_assert_eq!(opened(&key, &address, &sealed), Ok(secret));
    }

    #[test]
    fn another_place_is_refused(provider: String, field: String, provider_2: String, field_2: String) {
        prop_assume!((&provider, &field) != (&provider_2, &field_2));
        let key = key(A, 1, 5);
        let sealed = key.seal(&Address { tenant: A, provider: &provider, field: &field }, &"x".into()).unwrap();
        let there = Address { tenant: A, provider: &provider_2, field: &field_2 };
        prop_assert_eq!(opened(&key, &there, &sealed), Err(VaultError::Refused));
    }
}
