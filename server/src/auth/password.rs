//! Argon2id: making and checking password hashes. Slow on purpose (tens of milliseconds and 19 MiB each): the server
//! calls it only through `gate.rs`; the command line may call it directly.
//!
//! Users moved in from elsewhere may have bare SHA-256 digests. Such a digest is never kept: it is itself hashed, under
//! the scheme `sha256+`, and the first right password replaces it with a hash of the password.

use super::memory::Memory;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane, 32 bytes out.
const M_COST_KIB: u32 = 19_456;
const T_COST: u32 = 2;
const P_COST: u32 = 1;
const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;
/// A stored hash that asks for more memory than this is not one of ours; obeying it could exhaust the machine.
const MAX_M_COST_KIB: u32 = 256 * 1024;
const MAX_T_COST: u32 = 16;
/// Before the PHC string of a wrapped digest: `argon2id(lower-case hex of sha256(password))`.
const WRAPPED: &str = "sha256+";

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, under parameters or a scheme of another time: hash it again and store that.
    RightButOld,
}

/// Why a hash could not be made or read. Never carries the password or the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The stored text is no Argon2 PHC string that we would compute.
    #[error("the stored password hash is not readable")]
    Unreadable,
    /// Not the digest of a password.
    #[error("not a SHA-256 digest: 64 hexadecimal digits are expected")]
    NotSha256,
    /// No random salt, or no memory.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes a password: Argon2id v19, m=19456, t=2, p=1, 16-byte random salt, as a PHC string.
///
/// # Errors
/// `Failed`.
pub fn hash(password: &SecretString) -> Result<String, HashError> {
    hash_in(&mut Memory::default(), password)
}

/// The same in memory at hand.
pub(super) fn hash_in(memory: &mut Memory, password: &SecretString) -> Result<String, HashError> {
    hash_text(memory, password.expose_secret())
}

/// Hashes an imported SHA-256 digest, so that it can be kept: [`verify`] then takes the password of that digest, and
/// not the digest.
///
/// # Errors
/// `NotSha256` for anything but 64 hexadecimal digits, `Failed`.
pub fn wrap_sha256(hex: &str) -> Result<String, HashError> {
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(HashError::NotSha256);
    }
    let hex = Zeroizing::new(hex.to_ascii_lowercase());
    Ok(format!("{WRAPPED}{}", hash_text(&mut Memory::default(), &hex)?))
}

/// What a new hash is made with.
fn current() -> Params {
    Params::new(M_COST_KIB, T_COST, P_COST, Some(OUTPUT_LEN)).expect("constant parameters in range")
}

fn hash_text(memory: &mut Memory, text: &str) -> Result<String, HashError> {
    let mut salt = [0; SALT_LEN];
    getrandom::fill(&mut salt).map_err(|_| HashError::Failed)?;
    let (algorithm, version, params) = (Algorithm::Argon2id, Version::V0x13, current());
    let output = compute(memory, algorithm, version, &params, &salt, text)?;
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).map_err(|_| HashError::Failed)?,
        salt: Some(Salt::new(&salt).map_err(|_| HashError::Failed)?),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn compute(
    memory: &mut Memory,
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    salt: &[u8],
    text: &str,
) -> Result<Output, HashError> {
    let mut output = Zeroizing::new([0; Output::MAX_LENGTH]);
    let output = output.get_mut(..params.output_len().unwrap_or(OUTPUT_LEN)).ok_or(HashError::Failed)?;
    let argon2 = Argon2::new(algorithm, version, params.clone());
    memory
        .with(params, &current(), |blocks| argon2.hash_password_into_with_memory(text.as_bytes(), salt, output, blocks))
        .map_err(|_| HashError::Failed)?;
    Output::new(output).map_err(|_| HashError::Failed)
}

/// Compares a password with a stored PHC string, in the parameters of that string; or with a wrapped digest, where the
/// right password is always `RightButOld`.
///
/// # Errors
/// `Unreadable` when the stored string is broken: an alarm, not a wrong password.
pub fn verify(stored: &str, password: &SecretString) -> Result<Verdict, HashError> {
    verify_in(&mut Memory::default(), stored, password)
}

/// The same in memory at hand.
pub(super) fn verify_in(memory: &mut Memory, stored: &str, password: &SecretString) -> Result<Verdict, HashError> {
    let password = password.expose_secret();
    match stored.strip_prefix(WRAPPED) {
        None => verify_text(memory, stored, password),
        Some(stored) => Ok(match verify_text(memory, stored, &sha256_hex(password))? {
            Verdict::Wrong => Verdict::Wrong,
            Verdict::Right | Verdict::RightButOld => Verdict::RightButOld,
        }),
    }
}

fn sha256_hex(password: &str) -> Zeroizing<String> {
    let mut hex = Zeroizing::new(String::with_capacity(64));
    for byte in Sha256::digest(password.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn verify_text(memory: &mut Memory, stored: &str, text: &str) -> Result<Verdict, HashError> {
    let stored = PasswordHash::new(stored).map_err(|_| HashError::Unreadable)?;
    let params = Params::try_from(&stored).map_err(|_| HashError::Unreadable)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Err(HashError::Unreadable) };
    if params.m_cost() > MAX_M_COST_KIB || params.t_cost() > MAX_T_COST {
        return Err(HashError::Unreadable);
    }
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(|_| HashError::Unreadable)?;
    let version = stored.version.map(Version::try_from).transpose().map_err(|_| HashError::Unreadable)?;
    let version = version.unwrap_or_default();
    // Outputs are compared in constant time.
    if compute(memory, algorithm, version, &params, salt, text).map_err(|_| HashError::Unreadable)? != *expected {
        return Ok(Verdict::Wrong);
    }
    Ok(if is_current(&stored, &params) { Verdict::Right } else { Verdict::RightButOld })
}

fn is_current(stored: &PasswordHash, params: &Params) -> bool {
    stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (M_COST_KIB, T_COST, P_COST)
        && stored.salt.as_ref().is_some_and(|salt| salt.len() >= SALT_LEN)
        && stored.hash.as_ref().is_some_and(|hash| hash.len() == OUTPUT_LEN)
}

#[cfg(test)]
mod tests {
    use super::{
        Algorithm, Argon2, HashError, Memory, Params, PasswordHash, SecretString, Verdict, Version, hash, hash_in,
        verify, verify_in, wrap_sha256,
    };
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    /// A hash under other parameters, as an older release or an import may have left it.
    fn old(password: &str, algorithm: Algorithm, m_cost: u32, salt: &[u8]) -> String {
        let argon2 = Argon2::new(algorithm, Version::V0x13, Params::new(m_cost, 2, 1, Some(32)).unwrap());
        argon2.hash_password_with_salt(password.as_bytes(), salt).unwrap().to_string()
    }

    #[test]
    fn hashes_with_the_parameters_we_promise() {
        let text = hash(&"correct horse battery".into()).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let parsed = PasswordHash::new(&text).unwrap();
        assert_eq!(parsed.salt.unwrap().len(), 16);
        assert_eq!(parsed.hash.unwrap().len(), 32);
        assert_ne!(text, hash(&"correct horse battery".into()).unwrap(), "the salt is random");
        assert!(!text.contains("horse"));
    }

    #[test]
    fn tells_right_from_wrong_to_the_last_byte() {
        for password in ["correct horse battery", "naïve ☀ passphrase", "nul\0inside the password", &"x".repeat(1024)]
        {
            let stored = hash(&password.into()).unwrap();
            let check = |text: String| verify(&stored, &SecretString::from(text)).unwrap();
            assert_eq!(check(password.to_owned()), Verdict::Right);
            let shorter: String = password.chars().take(password.chars().count() - 1).collect();
            for other in
                [format!("{password} "), format!(" {password}"), format!("{password}\0"), shorter, String::new()]
            {
                assert_eq!(check(other), Verdict::Wrong);
            }
            assert_eq!(check(password.to_uppercase()), Verdict::Wrong);
        }
    }

    #[test]
    fn notices_old_parameters() {
        let check = |stored: &str, password: &str| verify(stored, &password.into());
        let weaker = old("the password", Algorithm::Argon2id, 8_192, &[1; 16]);
        assert_eq!(check(&weaker, "the password"), Ok(Verdict::RightButOld));
        assert_eq!(check(&weaker, "the passwort"), Ok(Verdict::Wrong));
        assert_eq!(check(&old("p", Algorithm::Argon2i, 19_456, &[1; 16]), "p"), Ok(Verdict::RightButOld));
        assert_eq!(check(&old("p", Algorithm::Argon2id, 19_456, &[1; 8]), "p"), Ok(Verdict::RightButOld));
        assert_eq!(check(&old("p", Algorithm::Argon2id, 19_456, &[1; 16]), "p"), Ok(Verdict::Right));
    }

    /// In memory that other hashes have left, of several shapes, the verdicts and hashes are those of the crate by itself.
    #[test]
    fn used_memory_changes_nothing() {
        let mut memory = Memory::default();
        let (mut agreed, mut asked) = (0, 0);
        for (algorithm, m_cost) in [
            (Algorithm::Argon2id, 19_456),
            (Algorithm::Argon2i, 4_096),
            (Algorithm::Argon2d, 19_456),
            (Algorithm::Argon2id, 32_768),
            (Algorithm::Argon2id, 8_192),
        ] {
            let stored = old("the password", algorithm, m_cost, &[7; 16]);
            for (password, right) in [("the password", true), ("another one", false)] {
                let verdict = verify_in(&mut memory, &stored, &password.into()).unwrap();
                agreed += u32::from((verdict != Verdict::Wrong) == right);
                let fresh = hash_in(&mut memory, &password.into()).unwrap();
                let parsed = PasswordHash::new(&fresh).unwrap();
                agreed += u32::from(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
                asked += 2;
            }
        }
        eprintln!("hashes in used memory that are as in fresh memory: {agreed} of {asked}");
        assert_eq!(agreed, asked);
    }

    #[test]
    fn a_broken_hash_is_not_a_wrong_password() {
        let good = hash(&"the password".into()).unwrap();
        let hungry = good.replace("m=19456", "m=4194304");
        let no_hash = good.rsplit_once('$').unwrap().0.to_owned();
        let sha256 = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd62a11ef721d1542d8".to_owned();
        for stored in [String::new(), "x".into(), sha256, "$argon2id$".into(), "$2b$12$abc".into(), hungry, no_hash] {
            assert_eq!(verify(&stored, &"the password".into()), Err(HashError::Unreadable), "{stored}");
        }
    }

    /// Digests as Python's `hashlib.sha256(password.encode()).hexdigest()` writes them.
    #[test]
    fn wrapped_digests_take_the_password_and_not_the_digest() {
        let imported = [
            ("123456", "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92"),
            ("senha123", "55a5e9e78207b4df8699d60886fa070079463547b095d1a05bc719bb4e6cd251"),
            ("Clínica Sol 2023!", "7cebc58c57e329341d8788f1d7b3d8f303422fe4a7e4c0664dda87df88114488"),
            ("correct horse battery staple", "c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a"),
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (&"a".repeat(200), "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5"),
            ("maria@2020", "1488f67cc32df0fb046ad62957d6b10abff23a73803a80c646bf6201175eedea"),
            ("ção ☀ passphrase", "c2f826dcd2928df362652c990184ddc9ac77c7ab2157a09b9971d47d809aebf3"),
        ];
        let (mut right, mut passed) = (0, 0);
        for (password, digest) in imported {
            let stored = wrap_sha256(digest).unwrap();
            assert!(stored.starts_with("sha256+$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
            assert!(!stored.contains(digest));
            let check = |text: &str| verify(&stored, &text.into()).unwrap();
            right += usize::from(check(password) == Verdict::RightButOld);
            let as_password = [digest.to_owned(), digest.to_uppercase(), stored.clone()];
            passed += as_password.iter().filter(|text| check(text) != Verdict::Wrong).count();
            assert_eq!(check(&format!("{password} ")), Verdict::Wrong);
        }
        eprintln!(
            "wrapped digests: {right} of {} imported users get in, {passed} by the digest itself",
            imported.len()
        );
        assert_eq!((right, passed), (imported.len(), 0));
    }

    #[test]
    fn wraps_digests_only_whatever_their_case() {
        let digest = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92";
        let stored = wrap_sha256(&digest.to_uppercase()).unwrap();
        assert_eq!(verify(&stored, &"123456".into()), Ok(Verdict::RightButOld));
        assert_ne!(stored, wrap_sha256(digest).unwrap(), "the salt is random");
        for other in ["", "123456", &digest[1..], &format!("{digest}0"), &digest.replace('8', "g"), &"é".repeat(32)] {
            assert_eq!(wrap_sha256(other), Err(HashError::NotSha256), "{other}");
        }
        for broken in [&format!("sha256+{digest}"), "sha256+", &format!("sha256+{stored}"), &stored[1..]] {
            assert_eq!(verify(broken, &"123456".into()), Err(HashError::Unreadable), "{broken}");
        }
    }
}
