//! Recovery codes: what stands in for a lost second factor, each once. 128 random bits each, so that a plain SHA-256 is
//! enough to keep (ASVS 6.5.2). They are shown once, for paper; which are used up, the store knows.

use super::random::{NoRandomness, random};
use base32::Alphabet;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Codes a person gets at once.
pub const RECOVERY_CODES: usize = 10;
/// Characters between two hyphens; the last group takes what is left over.
const GROUP: usize = 5;
const GROUPS: usize = 5;

/// Ten new codes as people see them: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX`, in Crockford's base 32 (no I, L, O, U).
///
/// # Errors
/// [`NoRandomness`].
pub fn generate_recovery_codes() -> Result<[SecretString; RECOVERY_CODES], NoRandomness> {
    let mut codes = std::array::from_fn(|_| SecretString::default());
    for code in &mut codes {
        let text = Zeroizing::new(base32::encode(Alphabet::Crockford, &*random::<16>()?));
        *code = grouped(&text).into();
    }
    Ok(codes)
}

/// SHA-256 of a code as somebody typed it: what the store keeps and looks up. Case, hyphens, spaces and look-alikes
/// (O for 0, I and L for 1) do not matter.
pub fn hash_of_recovery_code(code: &str) -> [u8; 32] {
    let plain: Zeroizing<String> = Zeroizing::new(
        code.chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect(),
    );
    Sha256::digest(plain.as_bytes()).into()
}

fn grouped(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() + GROUPS);
    for (place, c) in text.chars().enumerate() {
        if place > 0 && place % GROUP == 0 && place < GROUP * GROUPS {
            grouped.push('-');
        }
        grouped.push(c);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{RECOVERY_CODES, Sha256, generate_recovery_codes, grouped, hash_of_recovery_code};
    use secrecy::ExposeSecret as _;
    use sha2::Digest as _;
    use std::collections::HashSet;

    #[test]
    fn ten_codes_of_26_readable_characters() {
        for _ in 0..50 {
            let codes = generate_recovery_codes().unwrap();
            let different: HashSet<_> = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
            assert_eq!(different.len(), RECOVERY_CODES);
            for code in different {
                assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5, 6], "{code}");
                assert!(code.chars().all(|c| c == '-' || "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c)), "{code}");
            }
        }
    }

    /// 16 bytes are 25 characters and 3 bits: the last character has 8 values, all others 32.
    #[test]
    fn all_128_bits_are_in_the_code() {
        let mut seen = vec![HashSet::new(); 26];
        for _ in 0..100 {
            for code in generate_recovery_codes().unwrap() {
                for (place, c) in code.expose_secret().replace('-', "").chars().enumerate() {
                    seen[place].insert(c);
                }
            }
        }
        let sizes: Vec<_> = seen.iter().map(HashSet::len).collect();
        assert_eq!(sizes, [vec![32; 25], vec![8]].concat());
    }

    #[test]
    fn as_people_type_it() {
        let code = "0123V-ABCD1-0XYZ1-11100-9GH8K2";
        let expected: [u8; 32] = Sha256::digest(b"0123VABCD10XYZ1111009GH8K2").into();
        let spellings = [
            code.to_owned(),
            code.to_lowercase(),
            code.replace('-', " "),
            code.replace('-', ""),
            code.replace('-', "\u{2013}"),
            code.replace('0', "O").replace('1', "l"),
            code.replace('0', "o").replace('1', "I"),
            format!("\t {code}\r\n"),
        ];
        let same = spellings.iter().filter(|code| hash_of_recovery_code(code) == expected).count();
        eprintln!("recovery codes: {same} of {} spellings are the code", spellings.len());
        assert_eq!(same, spellings.len());
    }

    #[test]
    fn a_wrong_code_is_another() {
        let code = "0123V-ABCD1-0XYZ1-11100-9GH8K2";
        let right = hash_of_recovery_code(code);
        for wrong in ["", &code[1..], &code.replace('V', "U"), &format!("{code}0"), &code.replace("K2", "2K"), "é"] {
            assert_ne!(hash_of_recovery_code(wrong), right, "{wrong}");
        }
    }

    #[test]
    fn groups_for_the_eye() {
        assert_eq!(grouped("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "ABCDE-FGHIJ-KLMNO-PQRST-UVWXYZ");
    }
}
