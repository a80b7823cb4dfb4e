//! The sealed form: strict parsing, and the cipher against Project Wycheproof's vectors, through our own functions.

use super::{Envelope, KEY_LEN};
use super::{HEADER_LEN, MAX_PLAINTEXT, TAG_LEN, VaultError, key_version, seal, seal_with_nonce};
use proptest::prelude::*;

const KEY: [u8; KEY_LEN] = [3; KEY_LEN];

fn open(bytes: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    Envelope::parse(bytes)?.open(&KEY, aad).map(|plaintext| plaintext.to_vec())
}

#[test]
fn is_laid_out_as_described() {
    let sealed = seal_with_nonce(&KEY, 0x0102_0304, [9; 12], b"aad", b"text").unwrap();
    assert_eq!(sealed[..HEADER_LEN], [1, 1, 1, 2, 3, 4, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    assert_eq!(sealed.len(), HEADER_LEN + 4 + TAG_LEN);
    assert_eq!(key_version(&sealed), Ok(0x0102_0304));
}

#[test]
fn parses_strictly() {
    let sealed = seal(&KEY, 1, b"aad", b"").unwrap();
    assert_eq!(open(&sealed, b"aad"), Ok(vec![]));
    assert_eq!(open(&[], b"aad"), Err(VaultError::Malformed));
    assert_eq!(open(&sealed[..sealed.len() - 1], b"aad"), Err(VaultError::Malformed));
    for (at, byte, expected) in [
        (0, 0, VaultError::UnknownFormat(0)),
        (0, 2, VaultError::UnknownFormat(2)),
        (1, 0, VaultError::UnknownAlgorithm(0)),
        (1, 2, VaultError::UnknownAlgorithm(2)),
    ] {
        let mut altered = sealed.clone();
        altered[at] = byte;
        assert_eq!(open(&altered, b"aad"), Err(expected.clone()));
        assert_eq!(key_version(&altered), Err(expected));
    }
    let mut longer = sealed;
    longer.push(0);
    assert_eq!(open(&longer, b"aad"), Err(VaultError::Refused));
}

#[test]
fn bounds_the_length() {
    assert_eq!(MAX_PLAINTEXT, 16_384, "16 KiB");
    let longest = seal(&KEY, 1, b"", &vec![b'x'; MAX_PLAINTEXT]).unwrap();
    assert_eq!(open(&longest, b"").unwrap().len(), MAX_PLAINTEXT);
    assert_eq!(seal(&KEY, 1, b"", &vec![b'x'; MAX_PLAINTEXT + 1]), Err(VaultError::TooLong(MAX_PLAINTEXT + 1)));
    assert_eq!(open(&[longest, vec![0]].concat(), b""), Err(VaultError::Malformed));
}

#[test]
fn nonces_do_not_repeat() {
    let nonces: std::collections::BTreeSet<_> =
        (0..10_000).map(|_| seal(&KEY, 1, b"", b"").unwrap()[6..HEADER_LEN].to_vec()).collect();
    assert_eq!(nonces.len(), 10_000);
}

#[test]
fn agrees_with_wycheproof() {
    let bytes = |hex: &str| -> Vec<u8> {
        let digits = hex.trim_start_matches('-').as_bytes();
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    };
    let (mut passed, mut failed) = (0, 0);
    for line in include_str!("wycheproof.txt").lines().filter(|line| !line.starts_with('#')) {
        let [verdict, key, nonce, aad, plaintext, ciphertext] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("six words a line: {line}");
        };
        let key: [u8; KEY_LEN] = bytes(key).try_into().unwrap();
        let header = [vec![1, 1, 0, 0, 0, 1], bytes(nonce)].concat();
        let sealed = [header, bytes(ciphertext)].concat();
        let opened = Envelope::parse(&sealed).and_then(|envelope| envelope.open(&key, &bytes(aad)));
        if verdict == "pass" {
            assert_eq!(*opened.unwrap(), bytes(plaintext), "{line}");
            let nonce = bytes(nonce).try_into().unwrap();
            assert_eq!(seal_with_nonce(&key, 1, nonce, &bytes(aad), &bytes(plaintext)).unwrap(), sealed, "{line}");
            passed += 1;
        } else {
            assert!(opened.is_err(), "{line}");
            failed += 1;
        }
    }
    eprintln!("E2 Wycheproof's vectors for 256-bit keys: {} of 80 ({passed} open, {failed} refused)", passed + failed);
    assert_eq!((passed, failed), (45, 35));
}

proptest! {
    #[test]
    fn what_is_sealed_opens(plaintext: Vec<u8>, aad: Vec<u8>, version: u32) {
        let sealed = seal(&KEY, version, &aad, &plaintext).unwrap();
        prop_assert_eq!(key_version(&sealed), Ok(version));
        prop_assert_eq!(open(&sealed, &aad), Ok(plaintext));
    }

    #[test]
    fn other_associated_data_is_refused(plaintext: Vec<u8>, aad: Vec<u8>, other: Vec<u8>) {
        prop_assume!(aad != other);
        prop_assert_eq!(open(&seal(&KEY, 1, &aad, &plaintext).unwrap(), &other), Err(VaultError::Refused));
    }

    #[test]
    fn rubbish_never_opens_or_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(&bytes, b"").is_err());
        if bytes.len() > 1 {
            bytes[..2].copy_from_slice(&[1, 1]);
        }
        prop_assert!(open(&bytes, b"").is_err());
    }
}
